#include "server/mail/pace.h"

#include "absl/strings/ascii.h"

namespace lagnet::mail {

absl::Duration Pace::Count(absl::string_view address, absl::Time now) {
  constexpr absl::Duration kCounts = absl::Minutes(1);
  for (auto domain = sent_.begin(); domain != sent_.end();) {
    std::deque<absl::Time>& times = domain->second;
    while (!times.empty() && times.front() <= now - kCounts) times.pop_front();
    domain = times.empty() ? sent_.erase(domain) : std::next(domain);
  }
  std::deque<absl::Time>& times =
      sent_[absl::AsciiStrToLower(address.substr(address.rfind('@') + 1))];
  if (static_cast<int>(times.size()) >= per_minute_) {
    return times.front() + kCounts - now;
  }
  times.push_back(now);
  return absl::ZeroDuration();
}

}  // namespace lagnet::mail
