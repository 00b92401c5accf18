#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cpp/cli/explain.h"
#include "clients/cpp/cli/failure.h"
#include "clients/cpp/cli/importer.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/cli/text.h"
#include "lagnet/status_macros.h"
#include "nlohmann/json.hpp"

namespace lagnet::cli {
namespace {

struct ImportInput {
  std::vector<std::string> paths;
  std::string source;
  bool dry_run = false;
};

// `organizations 12/24`: rewritten in place on a terminal, elsewhere once for
// each kind.
void TellProgress(const ImportReport& report, const ImportItem& item) {
  static const bool terminal = isatty(STDERR_FILENO);
  const ImportReport::Count& count = report.kinds.at(item.kind);
  const bool last = count.done() == count.all;
  if (!terminal && !last) return;
  std::cerr << (terminal ? "\r" : "") << item.kind << ' ' << count.done() << '/'
            << count.all << (last ? "\n" : "") << std::flush;
}

void PrintJson(const ImportReport& report) {
  nlohmann::json kinds = nlohmann::json::object();
  for (const auto& [kind, count] : report.kinds) {
    kinds[kind] = {{"all", count.all},
                   {"created", count.created},
                   {"existed", count.existed},
                   {"unchecked", count.unchecked},
                   {"failed", count.failed}};
  }
  nlohmann::json failures = nlohmann::json::array();
  for (const ImportReport::Failure& failure : report.failures) {
    const client::Error error = client::Decode(failure.status);
    failures.push_back({{"file", failure.file},
                        {"resource", failure.resource},
                        {"reason", error.reason},
                        {"message", error.message}});
  }
  std::cout << nlohmann::json{{"kinds", kinds}, {"failures", failures}}.dump(
                   1, ' ', false, nlohmann::json::error_handler_t::replace)
            << '\n';
}

void Print(const ImportReport& report, bool dry_run) {
  ImportReport::Count sum;
  for (const auto& [kind, count] : report.kinds) {
    sum.all += count.all;
    sum.created += count.created;
    sum.existed += count.existed;
    sum.unchecked += count.unchecked;
    sum.failed += count.failed;
  }
  std::cout << (dry_run ? "would create " : "created ") << sum.created
            << ", existed " << sum.existed << ", failed " << sum.failed;
  if (sum.unchecked > 0) {
    std::cout << ", not to be checked before others are created "
              << sum.unchecked;
  }
  if (sum.done() < sum.all) {
    std::cout << ", not tried " << sum.all - sum.done();
  }
  std::cout << '\n';
}

void PrintFailures(const Session& session, const ImportReport& report) {
  for (const ImportReport::Failure& failure : report.failures) {
    std::cerr << failure.file << ": " << OneLine(failure.resource) << ": "
              << Explain(failure.status, session.connect);
  }
}

absl::Status Import(Session& session, const ImportInput& input) {
  const absl::CivilDay today =
      absl::ToCivilDay(absl::Now(), absl::LocalTimeZone());
  ASSIGN_OR_RETURN(const std::vector<ImportItem> items,
                   LoadImport(input.paths, today));
  ASSIGN_OR_RETURN(client::Client* const client, session.Connected());
  const ImportReport report =
      Importer(*client, input.dry_run, input.source).Run(items, TellProgress);
  session.json ? PrintJson(report) : Print(report, input.dry_run);
  PrintFailures(session, report);
  if (report.failures.empty()) return absl::OkStatus();
  // A server that is not reached ends an import, so it is the last failure.
  const absl::Status& last = report.failures.back().status;
  return ToExitCode(last) == ExitCode::kNotReached ? ToldFailure(last)
                                                   : ToldFailure();
}

}  // namespace

void AddImport(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "import",
      "Loads networks, organisations, projects, visits and sign-ups from JSON "
      "files; of a folder, all of them. Can be repeated safely");
  const auto input = std::make_shared<ImportInput>();
  command->add_option("path", input->paths, "files and folders")
      ->type_name("PATH")
      ->required();
  command->add_option("--source", input->source,
                      "where the facts about organisations come from: words, "
                      "or an address");
  command->add_flag("--dry-run", input->dry_run,
                    "check everything and change nothing");
  session.OnRun(command, [&session, input] { return Import(session, *input); });
}

}  // namespace lagnet::cli
