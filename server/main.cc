// lagnetd: the lagnet server.

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "server/access/operator_key.h"
#include "server/app.h"
#include "server/base/log.h"
#include "server/base/process.h"
#include "server/base/status_macros.h"
#include "server/changes/history.h"
#include "server/config.h"
#include "server/db/connection.h"
#include "server/db/embedded.h"
#include "server/db/migrate.h"
#include "server/db/transact.h"

namespace lagnet {
namespace {

// The signals that end the program or have it read its certificates again,
// blocked before any thread starts so that main() alone waits for them.
sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

// What holds secrets leaves no core dumps; what serves many needs descriptors.
void SetLimits() {
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  prctl(PR_SET_DUMPABLE, 0);  // Nor may others of the same user look into it.
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

absl::Status Prepare(Config& config) {
  RETURN_IF_ERROR(CompleteConfig(config));
  SetLimits();
  RETURN_IF_ERROR(MakePrivateFolder(config.data, config.user));
  RETURN_IF_ERROR(BecomeUser(config.user));
  if (::access(config.data.c_str(), R_OK | W_OK | X_OK) != 0) {
    return absl::FailedPreconditionError(
        "the data folder " + config.data + " is closed to this user (" +
        config.user + " if started as root); choose another with --data");
  }
  return absl::OkStatus();
}

Severity SeverityOf(const std::string& level) {
  if (level == "debug") return Severity::kDebug;
  if (level == "warning") return Severity::kWarning;
  return level == "error" ? Severity::kError : Severity::kInfo;
}

absl::Status Serve(Config config) {
  const sigset_t signals = BlockSignals();
  RETURN_IF_ERROR(Prepare(config));
  InitLog(SeverityOf(config.log_level));
  ASSIGN_OR_RETURN(auto app, App::Start(config));
  Log(Severity::kInfo, "ready").With("address", app->address());
  std::printf("lagnet is ready: grpc %s\n", app->address().c_str());
  std::fflush(stdout);
  int signal = 0;
  while (sigwait(&signals, &signal) == 0 && signal == SIGHUP) app->Reload();
  Log(Severity::kInfo, "stopping").With("signal", signal);
  app.reset();
  Log(Severity::kInfo, "stopped");
  return absl::OkStatus();
}

// Runs `body` with the DSN of the database, starting a private one if needed.
template <typename Body>
absl::Status WithDatabase(Config config, Body body) {
  RETURN_IF_ERROR(Prepare(config));
  InitLog(SeverityOf(config.log_level));
  std::string dsn = config.database;
  if (dsn.empty()) {
    // Left running if a server uses it: adopting is harmless.
    ASSIGN_OR_RETURN(const auto embedded,
                     db::Embedded::Start({.folder = config.data + "/pg"}));
    dsn = embedded->Dsn();
  }
  ASSIGN_OR_RETURN(dsn, db::CompleteDsn(dsn));
  return body(dsn);
}

absl::Status PrintAdminKey(const Config& config) {
  return WithDatabase(config, [&](const std::string& dsn) -> absl::Status {
    db::Pool pool(dsn, 1);
    ASSIGN_OR_RETURN(const std::string key,
                     access::MakeOperatorKey(pool, config.admin_key_file()));
    std::printf("%s\n", key.c_str());
    return absl::OkStatus();
  });
}

absl::Status StartNewHistory(const Config& config) {
  return WithDatabase(config, [](const std::string& dsn) -> absl::Status {
    RETURN_IF_ERROR(db::CheckSchema(dsn));
    db::Pool pool(dsn, 1);
    const auto start = [](db::Tx& tx) -> absl::Status {
      changes::NewHistory(tx);
      return absl::OkStatus();
    };
    return db::Transact(pool, absl::Now() + absl::Seconds(20),
                        absl::FunctionRef<absl::Status(db::Tx&)>(start));
  });
}

absl::Status Check(Config config) {
  RETURN_IF_ERROR(CompleteConfig(config));
  return App::CheckFiles(config);
}

int Report(const absl::Status& status) {
  FlushLog();
  if (status.ok()) return 0;
  std::fprintf(stderr, "lagnetd: %s\n", std::string(status.message()).c_str());
  return 1;
}

}  // namespace
}  // namespace lagnet

int main(int argc, char** argv) {
#ifdef NDEBUG
  // Debian's Abseil looks for deadlocks at each lock. Tests are where to look.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
#endif
  lagnet::Config config;
  CLI::App cli(
      "The lagnet server: study visits, partners and experience for "
      "networks of Local Action Groups.");
  cli.require_subcommand(1);
  cli.fallthrough();
  lagnet::AddOptions(cli, config);
  auto* serve = cli.add_subcommand("serve", "Serve until told to stop");
  auto* migrate =
      cli.add_subcommand("migrate", "Bring the database up to date, then end");
  auto* check = cli.add_subcommand("check-config", "Check the settings");
  auto* key = cli.add_subcommand(
      "admin-key",
      "Make a new key for the operator, print it, and revoke the "
      "old ones");
  auto* history = cli.add_subcommand(
      "new-history",
      "After the database was restored: whoever watches or lists changes "
      "begins anew. Restart the servers then");
  for (CLI::App* command : cli.get_subcommands({})) {
    command->footer("The settings are those of `lagnetd --help`.");
  }
  CLI11_PARSE(cli, argc, argv);
  if (serve->parsed()) return lagnet::Report(lagnet::Serve(config));
  if (key->parsed()) return lagnet::Report(lagnet::PrintAdminKey(config));
  if (history->parsed()) {
    return lagnet::Report(lagnet::StartNewHistory(config));
  }
  if (migrate->parsed()) {
    return lagnet::Report(lagnet::WithDatabase(
        config,
        [](const std::string& dsn) { return lagnet::db::Migrate(dsn); }));
  }
  return check->parsed() ? lagnet::Report(lagnet::Check(config)) : 2;
}
