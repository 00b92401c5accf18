#ifndef LAGNET_SERVER_RPC_LIMITER_H_
#define LAGNET_SERVER_RPC_LIMITER_H_

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace lagnet::rpc {

// A token bucket for each caller: `rate` calls a second on average, `burst`
// at once. A rate of 0 means no limit. Thread-safe.
class Limiter {
 public:
  Limiter(double rate, double burst) : rate_(rate), burst_(burst) {}

  // Takes one token of `caller`. Fails with RESOURCE_EXHAUSTED / RATE_LIMITED,
  // with the time after which there is one again.
  absl::Status Take(const std::string& caller, absl::Time now);

 private:
  struct Bucket {
    double tokens;
    absl::Time filled;
  };
  void ForgetFullBuckets(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const double rate_;
  const double burst_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Bucket> buckets_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lagnet::rpc

#endif  // LAGNET_SERVER_RPC_LIMITER_H_
