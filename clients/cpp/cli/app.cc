#include "clients/cpp/cli/app.h"

#include <algorithm>
#include <cstdlib>

#include "CLI/Config.hpp"
#include "CLI/Formatter.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "clients/cpp/cli/complete.h"
#include "clients/cpp/cli/explain.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/cli/text.h"
#include "clients/cpp/cli/unknown.h"

namespace lagnet::cli {
namespace {

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string DefaultConfig() {
  const std::string folder = Environment("XDG_CONFIG_HOME");
  return folder.empty() ? Environment("HOME") + "/.config/lagnet/config.ini"
                        : folder + "/lagnet/config.ini";
}

// CLI11 puts the file before the environment. Here it is flag, environment,
// file.
class Config : public CLI::ConfigINI {
 public:
  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    std::vector<CLI::ConfigItem> items = CLI::ConfigINI::from_config(input);
    items.erase(std::remove_if(items.begin(), items.end(),
                               [](const CLI::ConfigItem& item) {
                                 return (item.name == "server" &&
                                         std::getenv("LAGNET_SERVER")) ||
                                        (item.name == "key-file" &&
                                         std::getenv("LAGNET_KEY_FILE"));
                               }),
                items.end());
    return items;
  }
};

void AddGlobals(CLI::App& app, Session& session) {
  client::ConnectOptions& connect = session.connect;
  app.add_option("--server", connect.server, "where the server listens")
      ->type_name("HOST:PORT")
      ->envname("LAGNET_SERVER")
      ->capture_default_str();
  app.add_option("--key-file", connect.key_file, "a file with your API key")
      ->type_name("FILE")
      ->envname("LAGNET_KEY_FILE");
  app.add_option("--ca", connect.ca_file,
                 "who signed the server's certificate (PEM)")
      ->type_name("FILE");
  app.add_option("--cert", connect.certificate_file,
                 "your client certificate (PEM)")
      ->type_name("FILE");
  app.add_option("--cert-key", connect.certificate_key_file,
                 "your client certificate's key (PEM)")
      ->type_name("FILE");
  app.add_flag("--insecure", connect.insecure,
               "without TLS, also to another machine");
  app.add_option("--timeout", session.timeout_seconds,
                 "how long to wait for an answer, retries included")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.001, 86400.0))
      ->capture_default_str();
  app.add_flag("--json", session.json, "print JSON, for programs");
  session.language = LanguageOf(Environment("LANG"));
  app.add_option("--language", session.language,
                 "the language to show texts in")
      ->type_name("LANG")
      ->capture_default_str();
  app.config_formatter(std::make_shared<Config>());
  app.set_config("--config", DefaultConfig(), "a file with these options")
      ->type_name("FILE");
  app.allow_config_extras(CLI::config_extras_mode::error);
}

}  // namespace

std::unique_ptr<CLI::App> MakeApp(Session& session) {
  auto app = std::make_unique<CLI::App>(
      "Study visits and cooperation of Local Action Groups.", "lagnet");
  app->fallthrough();
  app->require_subcommand(1);
  app->set_help_all_flag("--help-all", "the help of every command");
  app->set_version_flag("--version", "lagnet " LAGNET_VERSION,
                        "print the version");
  AddGlobals(*app, session);
  AddSearch(*app, session);
  AddOrg(*app, session);
  AddNetwork(*app, session);
  AddTerritory(*app, session);
  AddTheme(*app, session);
  AddProject(*app, session);
  AddVisit(*app, session);
  AddSignUp(*app, session);
  AddWatch(*app, session);
  AddAccount(*app, session);
  AddKey(*app, session);
  AddWhoAmI(*app, session);
  AddChanges(*app, session);
  AddMail(*app, session);
  AddImport(*app, session);
  AddCompletion(*app, session);
  return app;
}

int RunApp(const std::vector<std::string>& arguments) {
  Session session;
  const std::unique_ptr<CLI::App> app = MakeApp(session);
  if (!arguments.empty() && arguments[0] == kCompleteCommand) {
    for (const std::string& word :
         Complete(*app, {arguments.begin() + 1, arguments.end()})) {
      std::cout << word << '\n';
    }
    return 0;
  }
  try {
    // CLI11 takes them from the back.
    app->parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    const std::string unknown =
        error.get_exit_code() == 0 ? "" : ExplainUnknown(*app, arguments);
    if (unknown.empty()) {
      return app->exit(error) == 0 ? 0 : static_cast<int>(ExitCode::kUsage);
    }
    std::cerr << unknown
              << "\nRun with --help or --help-all for more "
                 "information.\n";
    return static_cast<int>(ExitCode::kUsage);
  }
  const absl::Status status = session.command();
  std::cerr << Explain(status, session.connect);
  std::cout.flush();
  return static_cast<int>(ToExitCode(status));
}

}  // namespace lagnet::cli
