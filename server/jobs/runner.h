#ifndef LAGNET_SERVER_JOBS_RUNNER_H_
#define LAGNET_SERVER_JOBS_RUNNER_H_

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/db/pool.h"
#include "server/db/tx.h"

namespace lagnet::jobs {

// Work that is done from time to time, by one server of all that share the
// database: whoever holds the advisory lock in the job's own transaction does
// it, the others pass, and so does who finds that it was done in the last half
// of its period. Each run is one transaction, so a crash leaves nothing
// half-done. Thread-safe.
class Runner {
 public:
  struct Job {
    std::string name;
    absl::Duration every;
    // Returns how much was done; 0 means there is nothing more for now.
    std::function<int(db::Tx& tx)> run;
  };

  // With connections of its own, so that jobs never wait for calls nor calls
  // for jobs.
  Runner(db::Pool* pool, std::vector<Job> jobs);
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

 private:
  void Run();
  void RunDue(absl::Time now);
  absl::Status RunOnce(const Job& job, int& done);

  db::Pool* const pool_;
  const std::vector<Job> jobs_;
  std::vector<absl::Time> due_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace lagnet::jobs

#endif  // LAGNET_SERVER_JOBS_RUNNER_H_
