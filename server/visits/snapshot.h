#ifndef LAGNET_SERVER_VISITS_SNAPSHOT_H_
#define LAGNET_SERVER_VISITS_SNAPSHOT_H_

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/changes/tailer.h"
#include "server/db/pool.h"
#include "server/visits/visit.h"
#include "server/visits/watch_store.h"

namespace lagnet::visits {

// A visit as it is read: in wire form, since to copy a message and write it out
// anew was most of a read. Each part has fields of its own, so
// that they make one message when they are put one behind the other.
struct Shown {
  // What an edit changes.
  struct Page {
    StudyVisit visit;
    Instants instants;
    std::string basic;  // Without days and description.
    std::string full;
  };
  std::shared_ptr<const Page> page;
  std::string counts;  // What each sign-up changes.

  // Appends a StudyVisit, with what depends on the time.
  void AppendTo(std::string* answer, absl::Time now) const;
  // Appends an item of a ListStudyVisitsResponse, in its basic form.
  void AppendItemTo(std::string* answer, absl::Time now) const;
};

// Every study visit, in memory: a catalogue is read a thousand times for each
// change. Follows the change log, so it is right up to some transaction; a
// reader who has to see a later one (see HasAll) reads the database instead.
// Thread-safe.
class Snapshot {
 public:
  explicit Snapshot(db::Pool* pool) : pool_(pool) {}

  // Reads everything. To be called once, after the tailer's Prepare().
  absl::Status Load(const changes::Position& position);

  // The tailer's listener. What many sign-ups change is read at most every
  // 20 ms.
  absl::Status Hear(const changes::Stretch& stretch);

  // Whether it shows what the transaction `xid` did, and all before it.
  bool HasAll(uint64_t xid) const;

  // Null if there is no such visit.
  std::shared_ptr<const Shown> Find(const std::string& id) const;

  // Visits, the soonest first, behind (`after_start`, `after_row`), of which
  // `wanted` says so; at most `limit`.
  std::vector<std::shared_ptr<const Shown>> List(
      absl::Time after_start, int64_t after_row, size_t limit,
      absl::FunctionRef<bool(const Shown::Page&)> wanted) const;

 private:
  using Key = std::pair<absl::Time, int64_t>;

  absl::Status Refresh(const changes::Position& position);
  void Put(StudyVisit visit) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Put(const VisitCounts& counts) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Drop(const std::string& id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  db::Pool* const pool_;

  // Only the tailer's thread touches these: what changed and is not read yet.
  std::set<std::string> edited_;
  std::set<std::string> counted_;
  absl::Time refreshed_at_ = absl::InfinitePast();

  mutable absl::Mutex mutex_;
  uint64_t complete_below_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<std::string, std::shared_ptr<const Shown>> by_id_
      ABSL_GUARDED_BY(mutex_);
  std::map<Key, std::shared_ptr<const Shown>> by_start_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_SNAPSHOT_H_
