#ifndef LAGNET_SERVER_RPC_TLS_CREDENTIALS_H_
#define LAGNET_SERVER_RPC_TLS_CREDENTIALS_H_

#include <deque>
#include <memory>
#include <string>

#include "grpc/grpc_security.h"
#include "grpcpp/security/server_credentials.h"
#include "server/rpc/tls.h"

namespace lagnet::rpc {

// Serves TLS with what a Tls holds at the time of each handshake. gRPC has
// this in its C interface only (docs/adr/0017-certificates.md). Must live as
// long as the server.
class TlsCredentials final : public grpc::ServerCredentials {
 public:
  explicit TlsCredentials(const Tls* tls) : tls_(tls) {}

  // What becomes of a token is the gate's business.
  void SetAuthMetadataProcessor(
      const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {}

 private:
  // A place where connections are taken, and what gRPC has for it.
  struct Listener {
    const Tls* tls;
    int64_t version = 0;  // Of the material.
  };

  int AddPortToServer(const std::string& address, grpc_server* server) override;
  int Add(const std::string& address, grpc_server* server);
  // gRPC asks at each handshake whether there is something new; it asks for
  // one listener from one thread at a time.
  static grpc_ssl_certificate_config_reload_status Fetch(
      void* listener, grpc_ssl_server_certificate_config** config);

  const Tls* const tls_;
  std::deque<Listener> listeners_;  // Their places in memory must not change.
};

}  // namespace lagnet::rpc

#endif  // LAGNET_SERVER_RPC_TLS_CREDENTIALS_H_
