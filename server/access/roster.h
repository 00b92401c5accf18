#ifndef LAGNET_SERVER_ACCESS_ROSTER_H_
#define LAGNET_SERVER_ACCESS_ROSTER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "server/access/store.h"
#include "server/privacy/vault.h"
#include "server/rpc/gate.h"

namespace lagnet::access {

// Who may call, in memory: every key, certificate and grant. A network has
// some hundred accounts, so all of them are read again when one changes.
// Thread-safe.
class Roster {
 public:
  explicit Roster(const privacy::Vault* vault) : vault_(vault) {}

  // Takes over what LoadAllFacts() read.
  void Replace(const std::vector<AccountFacts>& facts);

  // The same for what `load` reads, one after the other: a slow reader must
  // not bring back a key that was revoked while it read.
  absl::Status Reload(
      absl::FunctionRef<absl::StatusOr<std::vector<AccountFacts>>()> load);

  // The gate's authenticator. Fails with UNAUTHENTICATED / BAD_CREDENTIALS
  // for a key, session, certificate or link that is unknown, revoked or
  // expired; the answer does not tell which.
  absl::StatusOr<rpc::Caller> Identify(const rpc::Credentials& credentials,
                                       absl::Time now) const;

 private:
  struct Entry {
    std::shared_ptr<const rpc::Caller> caller;
    absl::Time expire_time;
  };
  using Entries = absl::flat_hash_map<std::string, Entry>;
  struct Everybody {
    Entries keys;          // By the key's hash.
    Entries certificates;  // By a name in it.
    Entries accounts;      // By id.
    absl::flat_hash_set<std::string> ended_sessions;
  };

  absl::StatusOr<rpc::Caller> Holder(const std::string& token) const;
  absl::StatusOr<rpc::Caller> SignedIn(const Everybody& everybody,
                                       const std::string& token,
                                       absl::Time now) const;
  absl::StatusOr<rpc::Caller> Find(const Entries& entries,
                                   const std::string& key,
                                   absl::Time now) const;

  const privacy::Vault* const vault_;
  absl::Mutex reload_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Everybody> everybody_ ABSL_GUARDED_BY(mutex_) =
      std::make_shared<Everybody>();
};

}  // namespace lagnet::access

#endif  // LAGNET_SERVER_ACCESS_ROSTER_H_
