#ifndef LAGNET_SERVER_RPC_SERVER_H_
#define LAGNET_SERVER_RPC_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "server/rpc/tls.h"

namespace lagnet::rpc {

// The gRPC server itself: TLS, limits, health, reflection.
class Server {
 public:
  struct Options {
    std::string address;       // "127.0.0.1:7300"; port 0 takes a free one.
    const Tls* tls = nullptr;  // Must outlive the server; null: plaintext.
  };

  // Starts serving; health says SERVING for each service and for "". Fails
  // with FAILED_PRECONDITION if the port is taken.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const Options& options, const std::vector<grpc::Service*>& services,
      const std::vector<std::string>& names);
  ~Server();

  int port() const { return port_; }

  // Tells those who ask for its health that it is about to go.
  void SayNotServing();

  // Says NOT_SERVING, sends GOAWAY, lets calls finish, cuts what is left at
  // `deadline`.
  void Stop(absl::Time deadline);

 private:
  Server() = default;

  std::vector<std::string> names_;
  int port_ = 0;
  std::shared_ptr<grpc::ServerCredentials> credentials_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace lagnet::rpc

#endif  // LAGNET_SERVER_RPC_SERVER_H_
