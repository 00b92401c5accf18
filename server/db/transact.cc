#include "server/db/transact.h"

#include <algorithm>
#include <pqxx/except>

#include "absl/random/random.h"
#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "server/base/error.h"
#include "server/base/log.h"

namespace lagnet::db {
namespace {

// kDone: committed, or refused by the body. kFailed: the database refused.
enum class Next { kDone, kFailed, kRunAgain, kInDoubt };

struct Attempt {
  Next next;
  absl::Status status;
};

Attempt Conflict() {
  return {Next::kRunAgain,
          Error(absl::StatusCode::kAborted, "TRANSACTION_CONFLICT",
                "too many calls change the same thing")
              .RetryAfter(absl::Milliseconds(500))};
}

Attempt Lost() {
  return {Next::kRunAgain,
          Error(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE",
                "the connection to the database was lost")
              .RetryAfter(absl::Seconds(2))};
}

Attempt Unexpected(absl::string_view what) {
  // The first line says what is wrong; those behind it quote data, which does
  // not belong in a log.
  const absl::string_view line = what.substr(0, what.find('\n'));
  Log(Severity::kError, "database_error").With("error", line);
  return {Next::kFailed, absl::InternalError(line)};
}

// SQLSTATEs for which libpqxx has no exception of its own.
Attempt FromSqlState(const pqxx::sql_error& e) {
  const std::string& state = e.sqlstate();
  if (state == "57014" || state == "55P03") {
    return {Next::kFailed,
            Error(absl::StatusCode::kDeadlineExceeded, "STATEMENT_TIMEOUT",
                  "the database took too long")
                .RetryAfter(absl::Seconds(1))};
  }
  if (state == "25006" || absl::StartsWith(state, "57P")) {
    return {Next::kRunAgain,
            Error(absl::StatusCode::kUnavailable, "DATABASE_FAILOVER",
                  "the database is switching over")
                .RetryAfter(absl::Seconds(2))};
  }
  if (absl::StartsWith(state, "53")) {
    return {Next::kFailed,
            Error(absl::StatusCode::kUnavailable, "DATABASE_FULL",
                  "the database has no room or no connections left")
                .RetryAfter(absl::Seconds(10))};
  }
  return Unexpected(e.what());
}

// The order of these clauses matters: "did it complete?" derives from an
// exception that is safe to retry, and from libpqxx 7 on that one derives from
// sql_error.
Attempt RunOnce(Pool& pool, Pool::Lease& lease, absl::Time deadline,
                absl::FunctionRef<absl::Status(Tx&)> body, Plans plans) {
  try {
    Tx tx(pool, lease, deadline, plans);
    if (absl::Status status = body(tx); !status.ok()) {
      return {Next::kDone, status};
    }
    tx.Commit();
    return {Next::kDone, absl::OkStatus()};
  } catch (const pqxx::in_doubt_error&) {
    return {Next::kInDoubt, Error(absl::StatusCode::kUnknown, "COMMIT_IN_DOUBT",
                                  "repeat the call with the same request_id")
                                .RetryAfter(absl::Seconds(1))};
  } catch (const pqxx::statement_completion_unknown&) {
    return Lost();  // Not a COMMIT: the transaction is gone as a whole.
  } catch (const pqxx::broken_connection&) {
    return Lost();
  } catch (const pqxx::transaction_rollback&) {
    return Conflict();
  } catch (const RunAgain&) {
    return Conflict();
  } catch (const pqxx::sql_error& e) {
    return FromSqlState(e);
  } catch (const std::exception& e) {  // A wrong column type, for example.
    return Unexpected(e.what());
  }
}

}  // namespace

absl::Status Transact(Pool& pool, absl::Time deadline,
                      absl::FunctionRef<absl::Status(Tx&)> body,
                      InDoubt in_doubt, Plans plans) {
  constexpr absl::Duration kMaxWait = absl::Milliseconds(400);
  absl::BitGen random;
  absl::Status doubt;  // About an earlier attempt's COMMIT.
  const auto fail = [&](const absl::Status& status) {
    return doubt.ok() ? status : doubt;
  };
  for (absl::Duration wait = absl::Milliseconds(5);;
       wait = std::min(wait * 2, kMaxWait)) {
    Attempt attempt;
    {
      absl::StatusOr<Pool::Lease> lease = pool.Borrow(deadline);
      if (!lease.ok()) return fail(lease.status());
      attempt = RunOnce(pool, *lease, deadline, body, plans);
    }
    if (attempt.next == Next::kDone) return attempt.status;
    if (attempt.next == Next::kFailed) return fail(attempt.status);
    if (attempt.next == Next::kInDoubt) {
      doubt = attempt.status;
      if (in_doubt == InDoubt::kReport) return doubt;
    }
    const absl::Duration pause = wait * absl::Uniform(random, 0.5, 1.5);
    if (absl::Now() + pause > deadline) return fail(attempt.status);
    absl::SleepFor(pause);
  }
}

}  // namespace lagnet::db
