#ifndef LAGNET_SERVER_RPC_PEER_H_
#define LAGNET_SERVER_RPC_PEER_H_

#include <string>

#include "absl/strings/string_view.h"
#include "grpcpp/server_context.h"
#include "server/rpc/gate.h"

namespace lagnet::rpc {

// What the client sent along, from metadata and TLS.
Credentials CredentialsOf(const grpc::ServerContextBase& context);

// The client's address without its port; of IPv6 the /64 network: what a
// limit for callers without a name counts by.
std::string AddressOf(const grpc::ServerContextBase& context);

// The same for a peer as gRPC writes it: "ipv4:…", "ipv6:%5B…%5D:1".
std::string NetworkOf(absl::string_view peer);

// The revision that the answer must at least show: what a write returned as
// `lagnet-revision`. 0 if the client did not send one.
uint64_t RevisionOf(const grpc::ServerContextBase& context);

// The W3C `traceparent`, if it is one.
std::string TraceOf(const grpc::ServerContextBase& context);

}  // namespace lagnet::rpc

#endif  // LAGNET_SERVER_RPC_PEER_H_
