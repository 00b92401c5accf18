#ifndef LAGNET_SERVER_DB_TX_H_
#define LAGNET_SERVER_DB_TX_H_

#include <stdexcept>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/db/array.h"
#include "server/db/pool.h"
#include "server/db/rows.h"
#include "server/db/statement.h"

namespace lagnet::db {

// Thrown by a body whose view of the data turned out to be old (a unique key
// that another transaction has just taken): Transact() runs it again.
struct RunAgain : std::runtime_error {
  RunAgain() : std::runtime_error("another transaction was first") {}
};

// A transaction under way (READ COMMITTED). Made by Transact() only; rolled
// back unless Transact() commits it. Belongs to one thread.
class Tx {
 public:
  // Starts a transaction that PostgreSQL gives up on at `deadline`.
  Tx(Pool& pool, Pool::Lease& lease, absl::Time deadline, Plans plans);
  ~Tx();
  Tx(const Tx&) = delete;
  Tx& operator=(const Tx&) = delete;

  // Runs a statement. Throws pqxx exceptions, which Transact() handles; do
  // not catch them: PostgreSQL has ended the transaction.
  template <typename... Args>
  Rows Run(const Statement& statement, const Args&... args) {
    return Execute(statement, {ToArgument(args)...});
  }

  // The same for rows that a unique key has the last word on: throws RunAgain
  // if there is such a row. Cheaper than ON CONFLICT, which looks each key up
  // before it stores it.
  template <typename... Args>
  Rows RunOrAgain(const Statement& statement, const Args&... args) {
    return ExecuteOrAgain(statement, {ToArgument(args)...});
  }

  // Runs a part of what the transaction does. If it fails, what it wrote is
  // undone, and the transaction can go on: for items of which each may fail by
  // itself. What the part locked stays locked. Parts do not hold parts.
  absl::Status Try(absl::FunctionRef<absl::Status()> part);

  // The database's clock: the same moment for everything the transaction
  // does.
  absl::Time now() const { return now_; }

  void Commit();

 private:
  Rows Execute(const Statement& statement,
               const std::vector<Argument>& arguments);
  Rows ExecuteOrAgain(const Statement& statement,
                      const std::vector<Argument>& arguments);

  Pool& pool_;
  Connection& connection_;
  absl::Time now_;
  bool failed_ = false;
  bool committed_ = false;
};

}  // namespace lagnet::db

#endif  // LAGNET_SERVER_DB_TX_H_
