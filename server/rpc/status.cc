#include "server/rpc/status.h"

#include "absl/strings/cord.h"
#include "server/base/error.h"

namespace lagnet::rpc {
namespace {

// The two enums share their numbers; this is what lets us cast.
static_assert(static_cast<int>(absl::StatusCode::kUnauthenticated) ==
              grpc::StatusCode::UNAUTHENTICATED);
static_assert(static_cast<int>(absl::StatusCode::kAborted) ==
              grpc::StatusCode::ABORTED);

bool IsPrivate(const absl::Status& status) {
  return absl::IsInternal(status) || absl::IsDataLoss(status) ||
         (absl::IsUnknown(status) && ReasonOf(status).empty());
}

absl::Status Masked(const std::string& call_id) {
  return Error(absl::StatusCode::kInternal, "INTERNAL",
               "internal error; tell the network's staff the call id")
      .With("callId", call_id);
}

}  // namespace

google::rpc::Status ToWire(const absl::Status& original,
                           const std::string& call_id) {
  const absl::Status status = IsPrivate(original) ? Masked(call_id) : original;
  google::rpc::Status wire;
  wire.set_code(static_cast<int>(status.code()));
  wire.set_message(std::string(status.message()));
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
    auto* detail = wire.add_details();
    detail->set_type_url(std::string(url));
    detail->set_value(std::string(payload));
  });
  return wire;
}

grpc::Status ToGrpc(const absl::Status& status, const std::string& call_id) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status wire = ToWire(status, call_id);
  return grpc::Status(static_cast<grpc::StatusCode>(wire.code()),
                      wire.message(), wire.SerializeAsString());
}

}  // namespace lagnet::rpc
