#ifndef LAGNET_SERVER_RPC_STATUS_H_
#define LAGNET_SERVER_RPC_STATUS_H_

#include <string>

#include "absl/status/status.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace lagnet::rpc {

// The one mapping from our errors to the wire. What is nobody's business
// (INTERNAL, DATA_LOSS, UNKNOWN without a reason) leaves as "internal error"
// with the id of the call, which stands in the log beside the true message.
google::rpc::Status ToWire(const absl::Status& status,
                           const std::string& call_id);

grpc::Status ToGrpc(const absl::Status& status, const std::string& call_id);

}  // namespace lagnet::rpc

#endif  // LAGNET_SERVER_RPC_STATUS_H_
