#include "clients/cpp/cli/failure.h"

#include "absl/strings/cord.h"

namespace lagnet::cli {
namespace {

constexpr char kUsageUrl[] = "lagnet/usage";
constexpr char kToldUrl[] = "lagnet/told";
constexpr char kTryLaterUrl[] = "lagnet/try-later";

}  // namespace

absl::Status UsageError(absl::string_view message) {
  absl::Status status = absl::InvalidArgumentError(message);
  status.SetPayload(kUsageUrl, absl::Cord());
  return status;
}

bool IsUsageError(const absl::Status& status) {
  return status.GetPayload(kUsageUrl).has_value();
}

absl::Status ToldFailure(absl::Status status) {
  status.SetPayload(kToldUrl, absl::Cord());
  return status;
}

bool IsToldFailure(const absl::Status& status) {
  return status.GetPayload(kToldUrl).has_value();
}

absl::Status TryLater(absl::Status status) {
  status.SetPayload(kTryLaterUrl, absl::Cord());
  return status;
}

bool IsTryLater(const absl::Status& status) {
  return status.GetPayload(kTryLaterUrl).has_value();
}

}  // namespace lagnet::cli
