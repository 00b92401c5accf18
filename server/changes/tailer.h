#ifndef LAGNET_SERVER_CHANGES_TAILER_H_
#define LAGNET_SERVER_CHANGES_TAILER_H_

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/changes/history.h"
#include "server/db/pool.h"

namespace lagnet::changes {

// Who follows the log gives up a read of the database after this, and tries
// again.
inline constexpr absl::Duration kReadTime = absl::Seconds(10);

// Follows the change log and tells whoever listens: watches, the roster,
// snapshots. One thread. This server's own commits wake it (Wake); those of
// other servers are found by asking every `poll`. No NOTIFY: it takes a lock
// for the whole database at each commit. Wake() is thread-safe.
class Tailer {
 public:
  // Hears of each stretch, without the parts of what changed, on the tailer's
  // thread; may use the database. What fails is told again at the next tick.
  // Also called without changes at each tick, so that listeners can do what is
  // due.
  using Listener = std::function<absl::Status(const Stretch& stretch)>;

  Tailer(db::Pool* pool, absl::Duration poll);
  ~Tailer();
  Tailer(const Tailer&) = delete;
  Tailer& operator=(const Tailer&) = delete;

  // Reads where the log stands. To be called once, before Start() and before
  // listeners load what they will follow.
  absl::Status Prepare();

  // To be called before Start().
  void Listen(Listener listener);
  void Start();

  void Wake();

  const std::string& history() const { return history_; }
  // Up to where every listener has heard.
  Position position() const;
  // How long ago the log was last read to its end: the lag.
  absl::Duration lag() const;

 private:
  void Run();
  bool Tick();  // Whether there may be more at once.

  db::Pool* const pool_;
  const absl::Duration poll_;
  std::string history_;
  std::vector<Listener> listeners_;

  mutable absl::Mutex mutex_;
  Position position_ ABSL_GUARDED_BY(mutex_);
  absl::Time complete_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace lagnet::changes

#endif  // LAGNET_SERVER_CHANGES_TAILER_H_
