#include "tests/support/server.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/status.pb.h"
#include "server/base/error.h"
#include "tests/support/callers.h"

namespace lagnet::support {

absl::Status FromWire(const grpc::Status& status) {
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
  google::rpc::Status wire;
  if (!wire.ParseFromString(status.error_details())) return result;
  for (const auto& detail : wire.details()) {
    result.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
  return result;
}

void MeetAtTheWire() {
  static auto* const wire = new absl::Mutex;
  absl::MutexLock lock(wire);
}

void Prepare(const With& with, grpc::ClientContext* context) {
  context->set_deadline(absl::ToChronoTime(absl::Now() + with.timeout));
  context->set_wait_for_ready(with.wait_for_ready);
  if (!with.token.empty()) {
    context->AddMetadata("authorization", absl::StrCat("Bearer ", with.token));
  }
  for (const auto& [key, value] : with.metadata) {
    context->AddMetadata(key, value);
  }
}

TestServer::TestServer(const std::string& dsn, Options options)
    : authenticator_(std::move(options.authenticator)),
      pool_(dsn, options.connections),
      workers_(std::make_unique<rpc::Workers>(options.workers, options.queue)),
      gate_(options.gate, workers_.get(), &metrics_,
            [this](const rpc::Credentials& credentials, absl::Time now) {
              return Identify(credentials, now);
            }) {}

TestServer::~TestServer() {
  Stop();
  workers_.reset();
}

void TestServer::Start() {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port);
  builder.SetMaxReceiveMessageSize(1 << 20);
  for (const auto& service : services_) builder.RegisterService(service.get());
  for (grpc::Service* service : borrowed_) builder.RegisterService(service);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) {
    std::fprintf(stderr, "the test server does not start\n");
    std::abort();
  }
  address_ = absl::StrCat("127.0.0.1:", port);
  channel_ = NewChannel();
}

void TestServer::Stop() {
  if (server_ == nullptr) return;
  gate_.EndStreams(Error(absl::StatusCode::kUnavailable, "STOPPING",
                         "the server is stopping"));
  server_->Shutdown(absl::ToChronoTime(absl::Now() + absl::Seconds(5)));
  server_->Wait();
  server_.reset();
}

void TestServer::SetCaller(const std::string& token, rpc::Caller caller) {
  absl::MutexLock lock(&mutex_);
  callers_[token] = std::move(caller);
}

absl::StatusOr<rpc::Caller> TestServer::Identify(
    const rpc::Credentials& credentials, absl::Time now) {
  if (authenticator_) return authenticator_(credentials, now);
  {
    absl::MutexLock lock(&mutex_);
    const auto found = callers_.find(credentials.token);
    if (found != callers_.end()) return found->second;
  }
  return CallerOf(credentials.token);
}

std::shared_ptr<grpc::Channel> TestServer::channel() { return channel_; }

std::shared_ptr<grpc::Channel> TestServer::NewChannel() const {
  grpc::ChannelArguments arguments;
  // Without this, equal channels share one connection.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address_, grpc::InsecureChannelCredentials(),
                                   arguments);
}

}  // namespace lagnet::support
