#ifndef LAGNET_SERVER_RPC_FIELD_MASK_H_
#define LAGNET_SERVER_RPC_FIELD_MASK_H_

#include "absl/status/status.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/message.h"

namespace lagnet::rpc {

// Takes over from `wanted` into `resource` the fields that `mask` names
// (AIP-134): every field that is set if the mask is empty, all for "*". Only
// whole top-level fields can be named. Output-only fields and the etag are
// passed over.
//
// Fails with INVALID_ARGUMENT: UNKNOWN_FIELD for a path that the resource does
// not have, IMMUTABLE_FIELD for one that cannot change and would.
absl::Status ApplyMask(const google::protobuf::FieldMask& mask,
                       const google::protobuf::Message& wanted,
                       google::protobuf::Message& resource);

// Fails with ABORTED / ETAG_MISMATCH unless `given` is empty or `current`.
absl::Status CheckEtag(const std::string& given, const std::string& current);

// The etag of a version: a quoted string (RFC 9110).
std::string EtagOf(int64_t version);

}  // namespace lagnet::rpc

#endif  // LAGNET_SERVER_RPC_FIELD_MASK_H_
