#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "clients/cpp/cli/failure.h"
#include "clients/cpp/cli/json.h"
#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/cli/text.h"
#include "clients/cpp/exchange/csv.h"
#include "clients/cpp/exchange/list_import.h"
#include "clients/cpp/exchange/mapping.h"
#include "clients/cpp/exchange/records.h"
#include "clients/cpp/exchange/territory_names.h"
#include "lagnet/status_macros.h"
#include "nlohmann/json.hpp"

namespace lagnet::cli {
namespace {

using directory::v1::ImportOrganizationsResponse;
using directory::v1::Organization;
using exchange::ImportRowResult;
using exchange::ListImport;
using exchange::Records;

struct ListInput {
  std::string file;
  std::string map;
  std::string network;
  std::string encoding;
  std::string initial_state = "verified";
  std::string source;
  std::string as_of;
  std::string report;
  bool dry_run = false;
  bool skip_errors = false;
};

// A file of a size that an import takes.
absl::StatusOr<std::string> ReadList(const std::string& file) {
  std::ifstream opened;
  if (file != "-") opened.open(file, std::ios::binary);
  std::istream& in = file == "-" ? std::cin : opened;
  if (!in) return ReadInput(file);  // It says why not.
  std::string bytes(exchange::kMostBytes + 1, '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<size_t>(in.gcount()));
  return bytes;
}

absl::StatusOr<exchange::Mapping> MappingOf(const ListInput& input) {
  exchange::Mapping mapping = exchange::OwnMapping();
  if (!input.map.empty()) {
    ASSIGN_OR_RETURN(const std::string text, ReadInput(input.map));
    absl::StatusOr<exchange::Mapping> read = exchange::ParseMapping(text);
    if (!read.ok()) {
      return UsageError(absl::StrCat(input.map, ": ", read.status().message()));
    }
    mapping = *std::move(read);
  }
  if (!input.encoding.empty()) mapping.encoding = input.encoding;
  return mapping;
}

absl::StatusOr<Records> ReadRecordsOf(const ListInput& input,
                                      const exchange::Mapping& mapping) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadList(input.file));
  absl::StatusOr<Records> records = exchange::ReadRecords(
      exchange::FormatOf(input.file, bytes), bytes, mapping);
  if (records.ok()) return records;
  return UsageError(absl::StrCat(input.file, " ", records.status().message()));
}

absl::StatusOr<ListImport::Options> OptionsOf(const ListInput& input) {
  ListImport::Options options{.source = input.source,
                              .as_of = input.as_of,
                              .skip_errors = input.skip_errors};
  ASSIGN_OR_RETURN(options.network, FullName("lagnet/Network", input.network));
  if (!Organization::State_Parse(absl::AsciiStrToUpper(input.initial_state),
                                 &options.initial_state)) {
    return UsageError("--initial-state is draft, submitted or verified");
  }
  return options;
}

// `checked 300/3000`: rewritten in place on a terminal, elsewhere at the end.
auto Teller(const char* what) {
  return [what, terminal = isatty(STDERR_FILENO) != 0](int done, int all) {
    if (!terminal && done < all) return;
    std::cerr << (terminal ? "\r" : "") << what << ' ' << done << '/' << all
              << (done == all ? "\n" : "") << std::flush;
  };
}

std::string ReportOf(const std::vector<ImportRowResult>& results) {
  ImportOrganizationsResponse all;
  for (const ImportRowResult& result : results) *all.add_results() = result;
  return ToJson(all, false);
}

absl::Status WriteReport(const std::string& file,
                         const std::vector<ImportRowResult>& results) {
  if (file.empty()) return absl::OkStatus();
  std::ofstream out(file, std::ios::binary);
  out << (absl::EndsWith(file, ".json")
              ? ReportOf(results)
              : exchange::WriteCsv(exchange::ToTable(results)));
  if (out.flush()) return absl::OkStatus();
  return UsageError(absl::StrCat("cannot write the report to ", file));
}

// What a person should see: problems, and if nothing is written also what
// would be.
void PrintRows(const Session& session,
               const std::vector<ImportRowResult>& results,
               bool only_problems) {
  if (session.json) {
    std::cout << ReportOf(results);
    return;
  }
  Table table({"ROW", "WHAT", "NAME", "FIELD", "WORDS"});
  for (const auto& row : exchange::ToTable(results).rows) {
    const std::string& what = row.cells[1];
    const bool problem = what == "ERROR" || what == "WARNING";
    if (what == "UNCHANGED" || (only_problems && !problem)) continue;
    const std::string verb = what == "CREATED"   ? "would create"
                             : what == "UPDATED" ? "would update"
                                                 : absl::AsciiStrToLower(what);
    table.Add({row.cells[0], verb, ShortName(row.cells[2]), row.cells[3],
               OneLine(row.cells[5])});
  }
  if (!table.empty()) session.Print(table, "");
}

void PrintSum(const Session& session, const ListImport& import,
              bool only_planned) {
  const char* const would = only_planned ? "would be " : "";
  (session.json ? std::cerr : std::cout)
      << import.Count(ImportRowResult::CREATED) << ' ' << would << "created, "
      << import.Count(ImportRowResult::UPDATED) << ' ' << would << "updated, "
      << import.Count(ImportRowResult::UNCHANGED) << " unchanged, "
      << import.Count(ImportRowResult::REFUSED) << " with errors\n";
}

absl::Status Import(Session& session, const ListInput& input) {
  ASSIGN_OR_RETURN(const ListImport::Options options, OptionsOf(input));
  ASSIGN_OR_RETURN(exchange::Mapping mapping, MappingOf(input));
  ASSIGN_OR_RETURN(client::Client* const client, session.Connected());
  RETURN_IF_ERROR(exchange::LearnTerritoryNames(*client, mapping));
  ASSIGN_OR_RETURN(const Records records, ReadRecordsOf(input, mapping));
  ListImport import(*client, records, options);
  RETURN_IF_ERROR(import.Plan(Teller("checked")));
  const bool errors = import.Count(ImportRowResult::REFUSED) > 0;
  const bool stop = input.dry_run || (errors && !input.skip_errors);
  absl::Status done;
  if (!stop) done = import.Import(Teller("imported"));
  RETURN_IF_ERROR(WriteReport(input.report, import.results()));
  PrintRows(session, import.results(), /*only_problems=*/!stop);
  if (!done.ok()) {
    std::cerr << "The import was broken off. Run the same command again: it "
                 "goes on where it was.\n";
    return done;
  }
  PrintSum(session, import, stop);
  if (stop && !input.dry_run) {
    std::cerr << "Nothing was imported. Mend the rows with errors, or leave "
                 "them out with --skip-errors.\n";
  }
  return import.Count(ImportRowResult::REFUSED) > 0 ? ToldFailure()
                                                    : absl::OkStatus();
}

}  // namespace

void AddOrgImport(CLI::App* org, Session& session) {
  CLI::App* command = org->add_subcommand(
      "import",
      "Takes over a list of organisations: CSV, XLSX or JSON. Can be broken "
      "off and repeated safely");
  const auto input = std::make_shared<ListInput>();
  command->add_option("file", input->file, "the list; - for standard input")
      ->type_name("FILE")
      ->required();
  command->add_option("--network", input->network, "the network that keeps it")
      ->type_name("NETWORK")
      ->required();
  command
      ->add_option("--map", input->map,
                   "which column is which field (docs/guide/import.md); "
                   "without it headers are names of fields")
      ->type_name("FILE");
  command
      ->add_option("--encoding", input->encoding,
                   "of a text file: utf-8 or windows-1250")
      ->type_name("NAME");
  command
      ->add_option("--initial-state", input->initial_state,
                   "in which state new entries begin: verified (if not said), "
                   "submitted or draft")
      ->type_name("STATE");
  command->add_option("--source", input->source,
                      "where the facts come from: words, or an address");
  command->add_option("--as-of", input->as_of, "the day for which they hold")
      ->type_name("DATE");
  command
      ->add_option("--report", input->report,
                   "what becomes of each row, as CSV or JSON")
      ->type_name("FILE");
  command->add_flag("--dry-run", input->dry_run,
                    "check everything and change nothing");
  command->add_flag("--skip-errors", input->skip_errors,
                    "import the rows without errors");
  session.OnRun(command, [&session, input] { return Import(session, *input); });
}

}  // namespace lagnet::cli
