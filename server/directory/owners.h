#ifndef LAGNET_SERVER_DIRECTORY_OWNERS_H_
#define LAGNET_SERVER_DIRECTORY_OWNERS_H_

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "server/changes/tailer.h"
#include "server/db/pool.h"
#include "server/directory/standing_store.h"
#include "server/rpc/caller.h"

namespace lagnet::directory {

// What networks and organisations belong to, in memory, so that the gate need
// not ask the database for each call. Follows the change log. Thread-safe.
class Owners {
 public:
  explicit Owners(db::Pool* pool) : pool_(pool) {}

  // Reads everything. To be called once, after the tailer's Prepare().
  absl::Status Load();

  // The tailer's listener.
  absl::Status Hear(const changes::Stretch& stretch);

  // Nothing if it is not known here: the database may know it already.
  std::optional<rpc::Scope> OfNetwork(const std::string& name) const;
  std::optional<rpc::Scope> OfOrganization(const std::string& name) const;

  // Old names of entries that were merged, for the gate: whether there are any,
  // and the name that stays. `name` may go on: "organizations/old/…".
  bool knows_old_names() const { return knows_old_names_; }
  std::optional<std::string> StayingName(absl::string_view name) const;

  // Told by who merges, so that this server knows it at once.
  void NoteMerge(const std::string& id, const std::string& into);

 private:
  void Put(OrganizationOwner owner) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  db::Pool* const pool_;
  std::atomic<bool> knows_old_names_{false};
  mutable absl::Mutex mutex_;
  absl::flat_hash_set<std::string> networks_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, rpc::Scope> organizations_
      ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, std::string> old_names_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_OWNERS_H_
