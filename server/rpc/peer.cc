#include "server/rpc/peer.h"

#include <arpa/inet.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "grpc/grpc_security_constants.h"

namespace lagnet::rpc {
namespace {

std::string Metadata(const grpc::ServerContextBase& context, const char* key) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find(key);
  if (found == metadata.end()) return "";
  return std::string(found->second.data(), found->second.size());
}

std::string Property(const grpc::AuthContext& auth, const char* name) {
  const auto values = auth.FindPropertyValues(name);
  if (values.empty()) return "";
  return std::string(values[0].data(), values[0].size());
}

// Not just any alternative name counts: an e-mail address can be spelt like a
// host. Nor does the subject: anyone may be called so there.
void ReadCertificate(const grpc::AuthContext& auth, Credentials& credentials) {
  credentials.certificate = Property(auth, GRPC_X509_PEM_CERT_PROPERTY_NAME);
  if (credentials.certificate.empty()) return;
  credentials.chain = Property(auth, GRPC_X509_PEM_CERT_CHAIN_PROPERTY_NAME);
  for (const auto& value :
       auth.FindPropertyValues(GRPC_PEER_DNS_PROPERTY_NAME)) {
    const absl::string_view host(value.data(), value.size());
    if (absl::StrContains(host, ":")) continue;  // Not to pass for a URI.
    credentials.certificate_names.push_back(absl::AsciiStrToLower(host));
  }
  for (const auto& value :
       auth.FindPropertyValues(GRPC_PEER_URI_PROPERTY_NAME)) {
    const absl::string_view uri(value.data(), value.size());
    if (!absl::StrContains(uri, ":")) continue;  // Nor for a host.
    credentials.certificate_names.emplace_back(uri);
  }
}

}  // namespace

Credentials CredentialsOf(const grpc::ServerContextBase& context) {
  Credentials credentials;
  const std::string header = Metadata(context, "authorization");
  absl::string_view value = header;
  if (absl::StartsWithIgnoreCase(value, "bearer ")) {
    credentials.token =
        std::string(absl::StripAsciiWhitespace(value.substr(7)));
  } else if (!value.empty()) {
    credentials.token = "unknown scheme";  // Refused, not taken for nobody.
  }
  const auto auth = context.auth_context();
  if (auth != nullptr) ReadCertificate(*auth, credentials);
  return credentials;
}

std::string AddressOf(const grpc::ServerContextBase& context) {
  return NetworkOf(context.peer());
}

std::string NetworkOf(absl::string_view peer) {
  absl::string_view text = peer;
  if (absl::ConsumePrefix(&text, "ipv4:")) {
    return std::string(text.substr(0, text.rfind(':')));
  }
  if (absl::ConsumePrefix(&text, "ipv6:")) {
    if (!absl::ConsumePrefix(&text, "%5B")) absl::ConsumePrefix(&text, "[");
    // Up to the bracket, or the zone of a link-local address.
    const std::string address(text.substr(0, text.find_first_of("]%")));
    in6_addr bytes{};
    char network[INET6_ADDRSTRLEN];
    if (inet_pton(AF_INET6, address.c_str(), &bytes) == 1) {
      std::fill(bytes.s6_addr + 8, bytes.s6_addr + 16, 0);
      inet_ntop(AF_INET6, &bytes, network, sizeof(network));
      return network;
    }
  }
  return std::string(peer);
}

uint64_t RevisionOf(const grpc::ServerContextBase& context) {
  uint64_t revision = 0;
  if (!absl::SimpleAtoi(Metadata(context, "lagnet-revision"), &revision)) {
    return 0;
  }
  return revision;
}

std::string TraceOf(const grpc::ServerContextBase& context) {
  std::string trace = Metadata(context, "traceparent");
  const bool good =
      trace.size() == 55 &&
      std::all_of(trace.begin(), trace.end(), [](unsigned char c) {
        return absl::ascii_isdigit(c) || (c >= 'a' && c <= 'f') || c == '-';
      });
  return good ? trace : "";
}

}  // namespace lagnet::rpc
