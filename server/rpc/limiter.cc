#include "server/rpc/limiter.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"

namespace lagnet::rpc {
namespace {

constexpr size_t kMostBuckets = 100'000;

}  // namespace

absl::Status Limiter::Take(const std::string& caller, absl::Time now) {
  if (rate_ <= 0) return absl::OkStatus();
  absl::MutexLock lock(&mutex_);
  if (buckets_.size() >= kMostBuckets) ForgetFullBuckets(now);
  Bucket& bucket =
      buckets_.try_emplace(caller, Bucket{burst_, now}).first->second;
  const double passed =
      std::max(0.0, absl::ToDoubleSeconds(now - bucket.filled));
  bucket.tokens = std::min(burst_, bucket.tokens + passed * rate_);
  bucket.filled = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return absl::OkStatus();
  }
  return Error(absl::StatusCode::kResourceExhausted, "RATE_LIMITED",
               "too many calls; slow down")
      .Quota(caller, absl::StrCat(rate_, " calls a second"))
      .RetryAfter(absl::Seconds((1 - bucket.tokens) / rate_));
}

void Limiter::ForgetFullBuckets(absl::Time now) {
  const absl::Duration to_fill = absl::Seconds(burst_ / rate_);
  absl::erase_if(buckets_, [&](const auto& entry) {
    return now - entry.second.filled > to_fill;
  });
}

}  // namespace lagnet::rpc
