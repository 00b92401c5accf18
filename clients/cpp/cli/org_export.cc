#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cpp/cli/failure.h"
#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/exchange/records.h"
#include "lagnet/status_macros.h"

namespace lagnet::cli {
namespace {

using directory::v1::ListOrganizationsRequest;
using directory::v1::ListOrganizationsResponse;
using directory::v1::Organization;
using exchange::Format;

struct ExportInput {
  std::string network;
  std::string format;
  std::string output = "-";
  bool all = false;
};

absl::StatusOr<Format> FormatOf(const ExportInput& input) {
  if (input.format == "csv") return Format::kCsv;
  if (input.format == "json") return Format::kJson;
  if (input.format == "xlsx") return Format::kXlsx;
  if (input.format.empty()) return exchange::FormatOf(input.output, "");
  return UsageError("--format is csv, json or xlsx");
}

// Beside its place first, so that a file that is there is whole.
absl::Status WriteFile(const std::string& file, const std::string& bytes) {
  const std::string beside = absl::StrCat(file, ".part");
  std::ofstream out(beside, std::ios::binary);
  out << bytes;
  out.close();
  if (out && std::rename(beside.c_str(), file.c_str()) == 0) {
    return absl::OkStatus();
  }
  std::remove(beside.c_str());
  return UsageError(absl::StrCat("cannot write ", file));
}

absl::Status Export(Session& session, const ExportInput& input) {
  ASSIGN_OR_RETURN(const Format format, FormatOf(input));
  if (format == Format::kXlsx && input.output == "-" &&
      isatty(STDOUT_FILENO) != 0) {
    return UsageError("a workbook is not for the terminal: use --output FILE");
  }
  ListOrganizationsRequest request;
  request.set_page_size(200);
  if (input.all) {
    for (const auto state : {Organization::VERIFIED, Organization::STALE,
                             Organization::ARCHIVED, Organization::DISSOLVED}) {
      request.add_states(state);
    }
  }
  if (!input.network.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_network(),
                     FullName("lagnet/Network", input.network));
  }
  ASSIGN_OR_RETURN(client::Client* const client, session.Connected());
  std::vector<Organization> all;
  RETURN_IF_ERROR(
      client->ForEachPage(&client::Organizations::ListOrganizations, request,
                          [&](const ListOrganizationsResponse& page) {
                            all.insert(all.end(), page.organizations().begin(),
                                       page.organizations().end());
                            return true;
                          }));
  const std::string bytes = exchange::Write(format, all);
  if (input.output == "-") {
    std::cout << bytes << std::flush;
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(WriteFile(input.output, bytes));
  std::cerr << all.size() << " organisations in " << input.output << '\n';
  return absl::OkStatus();
}

}  // namespace

void AddOrgExport(CLI::App* org, Session& session) {
  CLI::App* command = org->add_subcommand(
      "export",
      "Writes the directory as a list that `import` takes, in the order of "
      "names");
  const auto input = std::make_shared<ExportInput>();
  command
      ->add_option("--network", input->network,
                   "whose entry this network keeps")
      ->type_name("NETWORK");
  command
      ->add_option("--format", input->format,
                   "csv, json or xlsx; if not said, by the file's name")
      ->type_name("FORMAT");
  command
      ->add_option("--output", input->output,
                   "the file; - (if not said) "
                   "for standard output")
      ->type_name("FILE");
  command->add_flag("--all", input->all,
                    "archived and dissolved entries, too, which the column "
                    "`state` tells");
  session.OnRun(command, [&session, input] { return Export(session, *input); });
}

}  // namespace lagnet::cli
