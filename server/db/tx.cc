#include "server/db/tx.h"

#include <pqxx/except>

#include "absl/time/clock.h"
#include "server/base/work.h"

namespace lagnet::db {

Tx::Tx(Pool& pool, Pool::Lease& lease, absl::Time deadline, Plans plans)
    : pool_(pool), connection_(*lease) {
  pool_.Guard(&connection_, deadline);
  try {
    now_ = connection_.Begin(deadline - absl::Now(), plans);
  } catch (...) {
    pool_.Release(&connection_);
    throw;
  }
}

Tx::~Tx() {
  if (!committed_) connection_.Rollback();
  pool_.Release(&connection_);
  AddStatements(connection_.statements());
}

Rows Tx::Execute(const Statement& statement,
                 const std::vector<Argument>& arguments) {
  try {
    return connection_.Execute(statement, arguments);
  } catch (...) {
    failed_ = true;
    throw;
  }
}

Rows Tx::ExecuteOrAgain(const Statement& statement,
                        const std::vector<Argument>& arguments) {
  try {
    return Execute(statement, arguments);
  } catch (const pqxx::unique_violation&) {
    throw RunAgain();
  }
}

namespace {

constexpr db::Statement kBeginPart{"db.begin_part", "SAVEPOINT part"};
constexpr db::Statement kEndPart{"db.end_part", "RELEASE SAVEPOINT part"};
constexpr db::Statement kUndoPart{"db.undo_part", "ROLLBACK TO SAVEPOINT part"};

}  // namespace

absl::Status Tx::Try(absl::FunctionRef<absl::Status()> part) {
  Run(kBeginPart);
  absl::Status status = part();
  if (!status.ok()) Run(kUndoPart);
  Run(kEndPart);
  return status;
}

void Tx::Commit() {
  // PostgreSQL answers COMMIT of a failed transaction with a silent ROLLBACK.
  if (failed_) throw std::logic_error("commit after a failed statement");
  committed_ = true;
  connection_.Commit();
}

}  // namespace lagnet::db
