#include "lagnet/error.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"

namespace lagnet::client {
namespace {

constexpr char kRequestIdUrl[] = "lagnet/request_id";

// Reads the payload of type T, if there is one.
template <typename T>
std::optional<T> Detail(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(
      absl::StrCat("type.googleapis.com/", T::descriptor()->full_name()));
  T detail;
  if (!payload || !detail.ParseFromString(std::string(*payload))) return {};
  return detail;
}

}  // namespace

Error Decode(const absl::Status& status) {
  Error error{.code = status.code(), .message = std::string(status.message())};
  if (const auto info = Detail<google::rpc::ErrorInfo>(status)) {
    error.reason = info->reason();
    error.metadata = {info->metadata().begin(), info->metadata().end()};
  }
  if (const auto bad = Detail<google::rpc::BadRequest>(status)) {
    for (const auto& field : bad->field_violations()) {
      error.fields.push_back({field.field(), field.description()});
    }
  }
  if (const auto retry = Detail<google::rpc::RetryInfo>(status)) {
    error.retry_delay = absl::Seconds(retry->retry_delay().seconds()) +
                        absl::Nanoseconds(retry->retry_delay().nanos());
  }
  if (const auto id = status.GetPayload(kRequestIdUrl)) {
    error.request_id = std::string(*id);
  }
  return error;
}

absl::Status ToStatus(const grpc::Status& status) {
  google::rpc::Status wire;
  // What is not a google.rpc.Status is dropped: code and message remain.
  if (!wire.ParseFromString(status.error_details())) wire.Clear();
  wire.set_code(status.error_code());
  wire.set_message(status.error_message());
  return ToStatus(wire);
}

absl::Status ToStatus(const google::rpc::Status& status) {
  absl::Status result(static_cast<absl::StatusCode>(status.code()),
                      status.message());
  for (const auto& detail : status.details()) {
    result.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
  return result;
}

void SetRequestId(const std::string& request_id, absl::Status& status) {
  if (request_id.empty()) return;
  status.SetPayload(kRequestIdUrl, absl::Cord(request_id));
}

}  // namespace lagnet::client
