#include "server/rpc/tls_credentials.h"

#include <netdb.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "grpc/grpc.h"

namespace lagnet::rpc {
namespace {

struct Endpoint {
  std::string host;
  std::string port;
};

Endpoint EndpointOf(absl::string_view address) {
  const size_t colon = address.rfind(':');
  absl::string_view host = address.substr(0, colon);
  if (absl::ConsumePrefix(&host, "[")) absl::ConsumeSuffix(&host, "]");
  return {std::string(host), colon == absl::string_view::npos
                                 ? ""
                                 : std::string(address.substr(colon + 1))};
}

// The hosts that a name stands for, as numbers; none if it is not one.
std::vector<std::string> HostsOf(const Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  if (getaddrinfo(endpoint.host.c_str(), endpoint.port.c_str(), &hints,
                  &found) != 0) {
    return {};
  }
  std::vector<std::string> hosts;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    char number[NI_MAXHOST];
    if (getnameinfo(each->ai_addr, each->ai_addrlen, number, sizeof(number),
                    nullptr, 0, NI_NUMERICHOST) != 0) {
      continue;
    }
    std::string host = number;
    if (absl::StrContains(host, ":")) host = absl::StrCat("[", host, "]");
    if (std::find(hosts.begin(), hosts.end(), host) == hosts.end()) {
      hosts.push_back(std::move(host));
    }
  }
  freeaddrinfo(found);
  return hosts;
}

}  // namespace

// A name such as localhost can stand for several addresses. Each becomes a
// listener of its own: gRPC 1.51 guards the certificates of one listener, but
// not against two threads that take connections for it, as there would be.
int TlsCredentials::AddPortToServer(const std::string& address,
                                    grpc_server* server) {
  const Endpoint endpoint = EndpointOf(address);
  const std::vector<std::string> hosts = HostsOf(endpoint);
  if (hosts.size() < 2) return Add(address, server);
  int port = 0;
  for (const std::string& host : hosts) {
    const int added = Add(
        absl::StrCat(host, ":", port == 0 ? endpoint.port : absl::StrCat(port)),
        server);
    if (port == 0) port = added;
  }
  return port;
}

int TlsCredentials::Add(const std::string& address, grpc_server* server) {
  const bool asks = !tls_->files().client_ca.empty();
  const bool requires_one = tls_->files().require_client;
  listeners_.push_back({.tls = tls_});
  grpc_server_credentials* const credentials =
      grpc_ssl_server_credentials_create_with_options(
          grpc_ssl_server_credentials_create_options_using_config_fetcher(
              !asks ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
              : requires_one
                  ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
                  : GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY,
              &TlsCredentials::Fetch, &listeners_.back()));
  const int port =
      grpc_server_add_http2_port(server, address.c_str(), credentials);
  grpc_server_credentials_release(credentials);
  return port;
}

grpc_ssl_certificate_config_reload_status TlsCredentials::Fetch(
    void* listener, grpc_ssl_server_certificate_config** config) {
  Listener& mine = *static_cast<Listener*>(listener);
  const std::shared_ptr<const Tls::Material> material = mine.tls->material();
  if (material->version == mine.version) {
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
  }
  const grpc_ssl_pem_key_cert_pair pair{material->key.c_str(),
                                        material->cert.c_str()};
  // gRPC asserts that there is an authority, also if no client is asked for a
  // certificate; nobody looks at it then.
  const std::string& authority =
      material->client_ca.empty() ? material->cert : material->client_ca;
  *config =
      grpc_ssl_server_certificate_config_create(authority.c_str(), &pair, 1);
  mine.version = material->version;
  return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
}

}  // namespace lagnet::rpc
