#ifndef LAGNET_SERVER_DB_REQUESTS_H_
#define LAGNET_SERVER_DB_REQUESTS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/request_key.h"
#include "server/base/status_macros.h"
#include "server/db/transact.h"

namespace lagnet::db {

// Makes mutations happen once. A request id and the name of what it made or
// changed are stored in the mutation's own transaction and kept for 400 days;
// a repeat finds them and renders the answer anew. Only successes are stored,
// and no personal data.

// What an earlier call with the same key did.
struct EarlierCall {
  bool found = false;
  std::string resource;
};

// Looks keys up, in their order. Fails for a key whose id was used with other
// content: FAILED_PRECONDITION / REQUEST_ID_REUSED, as that key's status.
std::vector<absl::StatusOr<EarlierCall>> FindRequests(
    Tx& tx, const std::vector<const RequestKey*>& keys);
absl::StatusOr<EarlierCall> FindRequest(Tx& tx, const RequestKey& key);

// Stores what calls did. If another transaction has stored one of the keys
// meanwhile, throws RunAgain: the rerun will find it.
struct DoneCall {
  const RequestKey* key;
  std::string resource;
};
void SaveRequests(Tx& tx, const std::vector<DoneCall>& calls);

// Deletes at most `limit` request ids older than 400 days; returns how many.
int PurgeRequests(Tx& tx, int limit);

// How a mutation runs: once for each key, or (validate_only) not at all.
struct OnceOptions {
  absl::Time deadline;
  RequestKey key;
  bool validate_only = false;
};

// Runs `act`, which makes the change and returns the name of the resource,
// unless a call with the same key did so already; then `render`, which reads
// what the answer needs. Both run in one transaction. A COMMIT in doubt is
// resolved by running again: the request id tells what happened.
//
//   act:    (Tx&) -> absl::StatusOr<std::string>
//   render: (Tx&, const std::string& name) -> absl::StatusOr<T>
template <
    typename Act, typename Render,
    typename Result = std::invoke_result_t<Render, Tx&, const std::string&>>
Result Once(Pool& pool, const OnceOptions& options, Act act, Render render) {
  Result result = absl::UnknownError("not run");
  bool tried = false;
  const auto body = [&](Tx& tx) -> absl::Status {
    ASSIGN_OR_RETURN(const EarlierCall earlier, FindRequest(tx, options.key));
    std::string name = earlier.resource;
    if (!earlier.found) {
      absl::StatusOr<std::string> made = act(tx);
      if (!made.ok()) {
        // It may have failed because the same call, sent twice, was first.
        ASSIGN_OR_RETURN(const EarlierCall twin, FindRequest(tx, options.key));
        if (twin.found) throw RunAgain();
        return made.status();
      }
      name = *std::move(made);
    }
    result = render(tx, name);
    RETURN_IF_ERROR(result.status());
    tried = options.validate_only && !earlier.found;
    if (tried) return absl::CancelledError("only tried");  // Rolls back.
    if (!earlier.found) SaveRequests(tx, {{&options.key, name}});
    return absl::OkStatus();
  };
  const absl::Status status =
      Transact(pool, options.deadline,
               absl::FunctionRef<absl::Status(Tx&)>(body), InDoubt::kRunAgain);
  if (!status.ok() && !tried) return status;
  return result;
}

}  // namespace lagnet::db

#endif  // LAGNET_SERVER_DB_REQUESTS_H_
