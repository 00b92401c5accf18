#ifndef LAGNET_SERVER_MAIL_PACE_H_
#define LAGNET_SERVER_MAIL_PACE_H_

#include <deque>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace lagnet::mail {

// How fast letters go to the mailboxes of one domain: whoever gets hundreds at
// once takes the sender for one of unwanted mail. For one thread.
class Pace {
 public:
  explicit Pace(int per_minute) : per_minute_(per_minute) {}

  // Counts a letter to `address`, unless its domain has had enough for now.
  // Returns how long it is until there may be one; zero: it is counted.
  absl::Duration Count(absl::string_view address, absl::Time now);

 private:
  const int per_minute_;
  std::map<std::string, std::deque<absl::Time>> sent_;  // By domain.
};

}  // namespace lagnet::mail

#endif  // LAGNET_SERVER_MAIL_PACE_H_
