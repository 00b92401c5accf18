// bench_echo BYTES: a bare gRPC server (callback API) that answers each call
// with BYTES bytes. Prints its port. What lagnetd does beyond this is its own
// cost, so both are built and set up alike.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "echo.grpc.pb.h"
#include "grpcpp/grpcpp.h"

namespace lagnet::bench {
namespace {

class EchoService final : public Echo::CallbackService {
 public:
  explicit EchoService(size_t bytes) : payload_(bytes, 'x') {}

  grpc::ServerUnaryReactor* Call(grpc::CallbackServerContext* context,
                                 const EchoRequest*,
                                 EchoResponse* response) override {
    response->set_payload(payload_);
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  const std::string payload_;
};

int Serve(size_t bytes) {
  // Tag and length take some of the message.
  const size_t around = bytes < 128 ? 2 : 3;
  EchoService service(bytes - std::min(bytes, around));
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  std::printf("%d\n", port);
  std::fflush(stdout);
  server->Wait();
  return 0;
}

}  // namespace
}  // namespace lagnet::bench

int main(int argc, char** argv) {
  return lagnet::bench::Serve(argc > 1 ? static_cast<size_t>(std::atoi(argv[1]))
                                       : 300);
}
