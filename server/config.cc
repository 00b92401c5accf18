#include "server/config.h"

#include <arpa/inet.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/base/status_macros.h"

namespace lagnet {
namespace {

absl::Status Refuse(absl::string_view text) {
  return absl::InvalidArgumentError(text);
}

bool IsOwnMachine(const std::string& address) {
  if (absl::StartsWith(address, "unix:")) return true;
  const std::string host = address.substr(0, address.rfind(':'));
  in_addr number{};  // A name may begin with 127, too.
  return host == "localhost" || host == "[::1]" ||
         (inet_pton(AF_INET, host.c_str(), &number) == 1 &&
          absl::StartsWith(host, "127."));
}

// CLI11 puts the file before the environment. Here it is flag, environment,
// file.
class SettingsFile : public CLI::ConfigINI {
 public:
  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    std::vector<CLI::ConfigItem> items = CLI::ConfigINI::from_config(input);
    const auto is_overruled = [](const CLI::ConfigItem& item) {
      const std::string variable = absl::StrCat(
          "LAGNET_",
          absl::AsciiStrToUpper(absl::StrReplaceAll(item.name, {{"-", "_"}})));
      return std::getenv(variable.c_str()) != nullptr;
    };
    items.erase(std::remove_if(items.begin(), items.end(), is_overruled),
                items.end());
    return items;
  }
};

}  // namespace

void AddOptions(CLI::App& app, Config& config) {
  const char* const file = std::getenv("LAGNET_CONFIG");
  app.config_formatter(std::make_shared<SettingsFile>());
  app.set_config("--config", file == nullptr ? "" : file,
                 "A file with settings, one `name=value` a line "
                 "(Env:LAGNET_CONFIG)",
                 /*config_required=*/file != nullptr);
  app.add_option("--data", config.data,
                 "Folder for the private database and the keys (default: "
                 "/var/lib/lagnet as root, else ./data)")
      ->envname("LAGNET_DATA");
  app.add_option("--database", config.database,
                 "PostgreSQL 15 or newer to use instead of a private one; "
                 "several hosts allowed")
      ->envname("LAGNET_DATABASE");
  app.add_option("--user", config.user,
                 "System user to become when started as root")
      ->envname("LAGNET_USER")
      ->capture_default_str();
  app.add_option("--listen", config.listen, "Where gRPC is served")
      ->envname("LAGNET_LISTEN")
      ->capture_default_str();
  app.add_option("--metrics", config.metrics,
                 "Where Prometheus reads; off for nowhere")
      ->envname("LAGNET_METRICS")
      ->capture_default_str();
  app.add_flag("--insecure", config.insecure,
               "Allow gRPC without TLS beyond this machine");
  app.add_option("--tls-cert", config.tls_cert, "Server certificate (PEM)")
      ->envname("LAGNET_TLS_CERT");
  app.add_option("--tls-key", config.tls_key, "Its private key (PEM)")
      ->envname("LAGNET_TLS_KEY");
  app.add_option("--tls-client-ca", config.tls_client_ca,
                 "CA of client certificates (PEM)")
      ->envname("LAGNET_TLS_CLIENT_CA");
  app.add_option("--tls-deny", config.tls_deny,
                 "Serial numbers of client certificates that open nothing any "
                 "more, one a line")
      ->envname("LAGNET_TLS_DENY");
  app.add_flag("--tls-require-client", config.tls_require_client,
               "Take no connection without a client certificate")
      ->envname("LAGNET_TLS_REQUIRE_CLIENT");
  app.add_option("--workers", config.workers,
                 "Calls that wait for the database at once")
      ->envname("LAGNET_WORKERS")
      ->check(CLI::Range(1, 200))
      ->capture_default_str();
  app.add_option("--queue", config.queue, "Calls that may wait for a worker")
      ->envname("LAGNET_QUEUE")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  app.add_option("--rate-limit", config.rate_limit,
                 "Calls a second for each caller; 0 for no limit")
      ->envname("LAGNET_RATE_LIMIT")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--mail-server", config.mail_server,
                 "Mail server for letters to people: smtp://HOST:PORT (with "
                 "STARTTLS) or smtps://HOST:PORT; without it none are sent")
      ->envname("LAGNET_MAIL_SERVER");
  app.add_option("--mail-user", config.mail_user, "User of the mail server")
      ->envname("LAGNET_MAIL_USER");
  app.add_option("--mail-password-file", config.mail_password_file,
                 "File with the user's password in its first line")
      ->envname("LAGNET_MAIL_PASSWORD_FILE");
  app.add_option("--mail-ca", config.mail_ca,
                 "CA of the mail server's certificate (PEM), if it is not one "
                 "of the system's")
      ->envname("LAGNET_MAIL_CA");
  app.add_option("--mail-from", config.mail_from,
                 "Sender of letters: \"Name <address>\"")
      ->envname("LAGNET_MAIL_FROM");
  app.add_option("--web-url", config.web_url,
                 "Where the pages are that letters link to, for example "
                 "https://visits.example.org")
      ->envname("LAGNET_WEB_URL");
  app.add_option("--log-level", config.log_level)
      ->envname("LAGNET_LOG_LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->capture_default_str();
}

namespace {

absl::Status CheckMail(Config& config) {
  if (config.mail_server.empty()) return absl::OkStatus();
  if (!absl::StartsWith(config.mail_server, "smtp://") &&
      !absl::StartsWith(config.mail_server, "smtps://")) {
    return Refuse("--mail-server begins with smtp:// or smtps://");
  }
  if (config.mail_from.find('@') == std::string::npos) {
    return Refuse(
        "--mail-server needs --mail-from: the address that letters come from");
  }
  if (config.mail_user.empty() != config.mail_password_file.empty()) {
    return Refuse("--mail-user and --mail-password-file go together");
  }
  while (absl::EndsWith(config.web_url, "/")) config.web_url.pop_back();
  if (!absl::StartsWith(config.web_url, "https://") &&
      !absl::StartsWith(config.web_url, "http://")) {
    return Refuse(
        "--mail-server needs --web-url: letters link to the web gateway, for "
        "example https://visits.example.org");
  }
  return absl::OkStatus();
}

}  // namespace

bool IsPlainMail(const Config& config) {
  constexpr absl::string_view kPlain = "smtp://";
  return absl::StartsWith(config.mail_server, kPlain) &&
         config.mail_ca.empty() && config.mail_user.empty() &&
         IsOwnMachine(config.mail_server.substr(kPlain.size()));
}

absl::Status CompleteConfig(Config& config) {
  RETURN_IF_ERROR(CheckMail(config));
  if (config.data.empty()) {
    config.data = geteuid() == 0 ? "/var/lib/lagnet" : "./data";
  }
  config.data = std::filesystem::absolute(config.data).lexically_normal();
  while (config.data.size() > 1 && config.data.back() == '/') {
    config.data.pop_back();
  }
  if (config.tls_cert.empty() != config.tls_key.empty()) {
    return Refuse("--tls-cert and --tls-key go together");
  }
  if (config.tls_cert.empty() && !config.tls_client_ca.empty()) {
    return Refuse("--tls-client-ca needs --tls-cert and --tls-key");
  }
  if (config.tls_client_ca.empty() &&
      (!config.tls_deny.empty() || config.tls_require_client)) {
    return Refuse(
        "--tls-deny and --tls-require-client need --tls-client-ca: without it "
        "no client is asked for a certificate");
  }
  if (config.tls_cert.empty() && !config.insecure &&
      !IsOwnMachine(config.listen)) {
    return Refuse(absl::StrCat(
        "gRPC on ", config.listen,
        " would be readable on the way; give "
        "--tls-cert and --tls-key, or --insecure if something in front does "
        "TLS"));
  }
  return absl::OkStatus();
}

}  // namespace lagnet
