#ifndef LAGNET_SERVER_BASE_CLOCK_H_
#define LAGNET_SERVER_BASE_CLOCK_H_

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace lagnet {

// Tells the time of this machine, for timeouts and caches. What people are
// promised (deadlines, expiry) is decided by the database's clock: Tx::now().
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const { return absl::Now(); }
};

}  // namespace lagnet

#endif  // LAGNET_SERVER_BASE_CLOCK_H_
