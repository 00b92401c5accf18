#ifndef LAGNET_SERVER_RPC_METHOD_H_
#define LAGNET_SERVER_RPC_METHOD_H_

#include <string>
#include <vector>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "lagnet/options/v1/options.pb.h"

namespace lagnet::rpc {

// What the protos declare about a method, made ready for the gate.
struct Method {
  struct Allow {
    std::vector<options::v1::Role> roles;
    // The way from the request to the field that names the resource; empty:
    // the whole installation.
    std::vector<const google::protobuf::FieldDescriptor*> path;
  };

  std::string name;  // "lagnet.visits.v1.SignUpService/CreateSignUp".
  bool is_public = false;
  bool signed_in = false;
  bool reads_only = false;  // idempotency_level = NO_SIDE_EFFECTS
  std::vector<Allow> allow;
  const google::protobuf::FieldDescriptor* request_id = nullptr;
};

// Reads the declaration of a method. Ends the program if it makes no sense (a
// field that does not exist): the server must not start with a hole.
Method DescribeMethod(const google::protobuf::MethodDescriptor& descriptor);

// The text at the end of `path`; "" if something on the way is not set.
std::string TextAt(
    const google::protobuf::Message& request,
    const std::vector<const google::protobuf::FieldDescriptor*>& path);

}  // namespace lagnet::rpc

#endif  // LAGNET_SERVER_RPC_METHOD_H_
