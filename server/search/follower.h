#ifndef LAGNET_SERVER_SEARCH_FOLLOWER_H_
#define LAGNET_SERVER_SEARCH_FOLLOWER_H_

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/changes/tailer.h"
#include "server/db/pool.h"
#include "server/search/analysis.h"
#include "server/search/document.h"
#include "server/search/index.h"
#include "server/search/lemmas.h"
#include "server/search/tags.h"
#include "server/search/thesaurus.h"

namespace lagnet::search {

// Keeps an index of what slices have registered: fills it at start and follows
// the change log. Owns the index and all that it reads with. Load() once, then
// thread-safe.
class Follower {
 public:
  // All sources that there are.
  Follower(db::Pool* pool, std::vector<Source> sources);

  // Reads everything. To be called once, after the tailer's Prepare().
  absl::Status Load(const changes::Position& position);

  // The tailer's listener.
  absl::Status Hear(const changes::Stretch& stretch);

  // Whether the index shows what the transaction `xid` did, and all before it.
  bool HasAll(uint64_t xid) const;

  // Waits until it does, or `patience` is over.
  void WaitFor(uint64_t xid, absl::Duration patience) const;

  const Index& index() const { return *index_; }
  const Tags& tags() const { return *tags_; }
  const Analysis& analysis() const { return analysis_; }
  std::shared_ptr<const NetworkNames> network_names() const;

 private:
  absl::Status LoadNetworkNames(absl::Time deadline);

  db::Pool* const pool_;
  const std::vector<Source> sources_;
  const Lemmas lemmas_;
  const Analysis analysis_;
  const Thesaurus thesaurus_;
  std::unique_ptr<const Tags> tags_;
  std::unique_ptr<Index> index_;

  // Only the tailer's thread touches it: ids that changed and are not read yet,
  // by collection; and whether a network did.
  std::map<std::string, std::set<std::string>> changed_;
  bool network_changed_ = false;

  mutable absl::Mutex mutex_;
  uint64_t complete_below_ ABSL_GUARDED_BY(mutex_) = 0;
  std::shared_ptr<const NetworkNames> network_names_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_FOLLOWER_H_
