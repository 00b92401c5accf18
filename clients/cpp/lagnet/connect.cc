#include "lagnet/connect.h"

#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "lagnet/retry.h"
#include "lagnet/status_macros.h"

namespace lagnet::client {
namespace {

absl::StatusOr<std::string> ReadFile(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream content;
  if (!in || !(content << in.rdbuf())) {
    return absl::NotFoundError(absl::StrCat("cannot read ", file));
  }
  return content.str();
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> Credentials(
    const ConnectOptions& options) {
  const bool any_file =
      !options.ca_file.empty() || !options.certificate_file.empty();
  if (options.certificate_file.empty() !=
      options.certificate_key_file.empty()) {
    return absl::InvalidArgumentError(
        "a client certificate and its key are given together or not at all");
  }
  if (options.insecure && any_file) {
    return absl::InvalidArgumentError(
        "insecure means without TLS: it does not go with certificates");
  }
  if (options.insecure || (IsLocal(options.server) && !any_file)) {
    return grpc::InsecureChannelCredentials();
  }
  grpc::SslCredentialsOptions tls;
  if (!options.ca_file.empty()) {
    ASSIGN_OR_RETURN(tls.pem_root_certs, ReadFile(options.ca_file));
  }
  if (!options.certificate_file.empty()) {
    ASSIGN_OR_RETURN(tls.pem_cert_chain, ReadFile(options.certificate_file));
    ASSIGN_OR_RETURN(tls.pem_private_key,
                     ReadFile(options.certificate_key_file));
  }
  return grpc::SslCredentials(tls);
}

}  // namespace

bool IsLocal(absl::string_view server) {
  if (absl::StartsWith(server, "unix:")) return true;
  absl::string_view host = server.substr(0, server.rfind(':'));
  if (host == "localhost" || host == "[::1]") return true;
  const std::vector<absl::string_view> parts = absl::StrSplit(host, '.');
  if (parts.size() != 4 || parts[0] != "127") return false;
  for (const absl::string_view part : parts) {
    int number;
    if (!absl::SimpleAtoi(part, &number) || number < 0 || number > 255) {
      return false;
    }
  }
  return true;
}

absl::StatusOr<std::string> ReadKey(const std::string& file) {
  ASSIGN_OR_RETURN(const std::string content, ReadFile(file));
  const std::string key(absl::StripAsciiWhitespace(content));
  if (key.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("no key in ", file));
  }
  for (const char c : key) {
    if (c <= ' ' || c > '~') {
      return absl::InvalidArgumentError(
          absl::StrCat(file, " is not a key file: a key is one line"));
    }
  }
  return key;
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(
    const ConnectOptions& options) {
  ASSIGN_OR_RETURN(const auto credentials, Credentials(options));
  grpc::ChannelArguments arguments;
  arguments.SetServiceConfigJSON(kServiceConfig);
  // A server that was restarted is found again within seconds.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5000);
  return grpc::CreateCustomChannel(options.server, credentials, arguments);
}

}  // namespace lagnet::client
