#ifndef LAGNET_SERVER_DB_TRANSACT_H_
#define LAGNET_SERVER_DB_TRANSACT_H_

#include <type_traits>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/db/pool.h"
#include "server/db/tx.h"

namespace lagnet::db {

// What to do when nobody knows whether a COMMIT took place.
enum class InDoubt {
  kReport,    // Answer COMMIT_IN_DOUBT.
  kRunAgain,  // The body finds out by itself (it looks up its request id).
};

// Runs `body` in a transaction and commits if it returns OK.
//
// If the database breaks the transaction off (serialisation, deadlock, a
// connection lost before COMMIT), runs `body` again from the start, with
// jittered back-off, until `deadline`. So `body` must have no effect outside
// `tx`. No exception leaves this function.
//
// Fails with the body's own status, or: ABORTED / TRANSACTION_CONFLICT,
// UNAVAILABLE / DATABASE_UNAVAILABLE or DATABASE_FAILOVER or OVERLOADED,
// DEADLINE_EXCEEDED / STATEMENT_TIMEOUT, UNKNOWN / COMMIT_IN_DOUBT, INTERNAL.
absl::Status Transact(Pool& pool, absl::Time deadline,
                      absl::FunctionRef<absl::Status(Tx&)> body,
                      InDoubt in_doubt = InDoubt::kReport,
                      Plans plans = Plans::kFitted);

// The same for a body that returns an absl::StatusOr.
template <typename Body, typename Result = std::invoke_result_t<Body, Tx&>,
          typename = typename Result::value_type>
Result Transact(Pool& pool, absl::Time deadline, Body body,
                InDoubt in_doubt = InDoubt::kReport,
                Plans plans = Plans::kFitted) {
  Result result = absl::UnknownError("not run");
  const auto run = [&](Tx& tx) -> absl::Status {
    result = body(tx);
    return result.status();
  };
  const absl::Status status =
      Transact(pool, deadline, absl::FunctionRef<absl::Status(Tx&)>(run),
               in_doubt, plans);
  if (!status.ok()) return status;
  return result;
}

}  // namespace lagnet::db

#endif  // LAGNET_SERVER_DB_TRANSACT_H_
