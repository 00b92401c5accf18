#ifndef LAGNET_TESTS_ACCESS_ANY_CALL_H_
#define LAGNET_TESTS_ACCESS_ANY_CALL_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/grpcpp.h"
#include "tests/support/server.h"

namespace lagnet::access {

// Calls a method that is known by its descriptor only. A stream counts as
// answered with its first message, and is left then.
absl::Status CallAny(const std::shared_ptr<grpc::Channel>& channel,
                     const google::protobuf::MethodDescriptor& method,
                     const google::protobuf::Message& request,
                     const support::With& with);

// The same for a message that is bytes already; the answer's go to `response`,
// if that is not nullptr.
absl::Status CallWithBytes(const std::shared_ptr<grpc::Channel>& channel,
                           const std::string& path, const std::string& request,
                           const support::With& with,
                           std::string* response = nullptr);

}  // namespace lagnet::access

#endif  // LAGNET_TESTS_ACCESS_ANY_CALL_H_
