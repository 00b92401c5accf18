#ifndef LAGNET_SERVER_RPC_VALIDATE_H_
#define LAGNET_SERVER_RPC_VALIDATE_H_

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace lagnet::rpc {

// Checks a request against the `(rules)` of its fields, down into messages,
// repeated fields and maps. Fails with INVALID_ARGUMENT / INVALID_FIELDS that
// names every wrong field at once.
//
// In an update (a request with an `update_mask`) a field of the resource that
// the mask does not name may be absent although it is required: it stays as it
// is.
absl::Status Validate(const google::protobuf::Message& request);

}  // namespace lagnet::rpc

#endif  // LAGNET_SERVER_RPC_VALIDATE_H_
