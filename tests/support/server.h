#ifndef LAGNET_TESTS_SUPPORT_SERVER_H_
#define LAGNET_TESTS_SUPPORT_SERVER_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "grpcpp/impl/service_type.h"
#include "server/db/pool.h"
#include "server/rpc/gate.h"
#include "server/rpc/metrics.h"
#include "server/rpc/workers.h"

namespace lagnet::support {

// What a call carries beside the request, and what came back beside the
// response.
struct With {
  std::string token;  // See CallerOf(); "" for the public.
  absl::Duration timeout = absl::Seconds(20);
  std::map<std::string, std::string> metadata;
  std::multimap<std::string, std::string>* trailing = nullptr;
  bool wait_for_ready = true;  // Whether to try again to connect.
};

// A status with the details that came over the wire.
absl::Status FromWire(const grpc::Status& status);

// What a call orders, said to TSan: it does not see the way over the wire.
// Both ends do it: Call() does, and so must a handler (or a reader of a
// stream) that shares variables with its test, as it begins and as it ends.
void MeetAtTheWire();
struct Meeting {
  Meeting() { MeetAtTheWire(); }
  ~Meeting() { MeetAtTheWire(); }
};

// Puts token, deadline and metadata into a fresh context.
void Prepare(const With& with, grpc::ClientContext* context);

// Calls a unary method over a stub:
//
//   Call(*stub, &DirectoryStub::GetNetwork, request, {"role:NETWORK_ADMIN"})
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Call(Stub& stub,
                              grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                           const Request&,
                                                           Response*),
                              const Request& request, const With& with = {}) {
  grpc::ClientContext context;
  Prepare(with, &context);
  Response response;
  const grpc::Status status = [&] {
    const Meeting meeting;
    return (stub.*method)(&context, request, &response);
  }();
  if (with.trailing != nullptr) {
    for (const auto& [key, value] : context.GetServerTrailingMetadata()) {
      with.trailing->emplace(std::string(key.data(), key.size()),
                             std::string(value.data(), value.size()));
    }
  }
  if (!status.ok()) return FromWire(status);
  return response;
}

// The whole of lagnetd in this process, but for the services, which the test
// chooses, and for who callers are: tokens as in CallerOf(), or those that
// SetCaller() made.
//
//   TestServer server(database.dsn());
//   server.Add<directory::NetworkService>();
//   server.Start();
//   auto stub = directory::v1::NetworkService::NewStub(server.channel());
class TestServer {
 public:
  struct Options {
    rpc::Gate::Options gate = {.calls_per_second = 0};
    int connections = 4;
    int workers = 4;
    int queue = 256;
    // Instead of tokens as in CallerOf() and SetCaller().
    rpc::Authenticator authenticator;
  };

  // `dsn` may be "" if no service uses the database.
  explicit TestServer(const std::string& dsn) : TestServer(dsn, Options()) {}
  TestServer(const std::string& dsn, Options options);
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  rpc::Gate& gate() { return gate_; }
  rpc::Workers& workers() { return *workers_; }
  rpc::Metrics& metrics() { return metrics_; }
  db::Pool& pool() { return pool_; }

  // Makes a Service(gate, pool, more…) and serves it. Before Start().
  template <typename Service, typename... More>
  Service& Add(More&&... more) {
    return Own(
        std::make_unique<Service>(&gate_, &pool_, std::forward<More>(more)...));
  }
  // Serves a service that was made otherwise.
  template <typename Service>
  Service& Own(std::unique_ptr<Service> service) {
    Service& result = *service;
    services_.push_back(std::move(service));
    return result;
  }
  // Serves a service that belongs to the test.
  void Borrow(grpc::Service* service) { borrowed_.push_back(service); }

  // Listens on a free port of the loopback.
  void Start();
  // Ends streams and calls, and waits for the server. The services live on.
  void Stop();

  // Who the holder of `token` is from now on. Thread-safe.
  void SetCaller(const std::string& token, rpc::Caller caller);

  const std::string& address() const { return address_; }
  // One channel for all; NewChannel() for a connection of its own.
  std::shared_ptr<grpc::Channel> channel();
  std::shared_ptr<grpc::Channel> NewChannel() const;

 private:
  absl::StatusOr<rpc::Caller> Identify(const rpc::Credentials& credentials,
                                       absl::Time now);

  const rpc::Authenticator authenticator_;
  absl::Mutex mutex_;
  std::map<std::string, rpc::Caller> callers_ ABSL_GUARDED_BY(mutex_);
  rpc::Metrics metrics_;
  db::Pool pool_;
  // Destroyed before the services, which its tasks use; so it is a pointer.
  std::unique_ptr<rpc::Workers> workers_;
  rpc::Gate gate_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::vector<grpc::Service*> borrowed_;
  std::string address_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace lagnet::support

#endif  // LAGNET_TESTS_SUPPORT_SERVER_H_
