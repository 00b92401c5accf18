#include <algorithm>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cpp/cli/failure.h"
#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/cli/text.h"
#include "clients/cpp/cli/verbs.h"

namespace lagnet::cli {
namespace {

using client::Doubles;
using directory::v1::CreateOrganizationRequest;
using directory::v1::DismissLikelyDoubleRequest;
using directory::v1::DismissLikelyDoubleResponse;
using directory::v1::DoubleSign;
using directory::v1::FindLikelyDoublesRequest;
using directory::v1::LikelyDouble;
using directory::v1::ListLikelyDoublesRequest;
using directory::v1::ListLikelyDoublesResponse;
using directory::v1::MergeOrganizationsRequest;
using directory::v1::MergeOrganizationsResponse;
using directory::v1::Organization;

std::string WordsOf(DoubleSign::Reason reason) {
  switch (reason) {
    case DoubleSign::NAME:
      return "name";
    case DoubleSign::TERRITORY:
      return "area";
    case DoubleSign::MAILBOX:
      return "mailbox";
    case DoubleSign::MAILBOX_DOMAIN:
      return "mailbox domain";
    case DoubleSign::WEBSITE:
      return "web site";
    case DoubleSign::REGISTER_NUMBER:
      return "register number";
    case DoubleSign::SEAT:
      return "seat";
    default:
      return absl::StrCat("reason ", static_cast<int>(reason));
  }
}

// "name (Keda LAG, ქედის ჯგუფი), area": values only where they differ.
std::string WhyOf(const LikelyDouble& pair) {
  return absl::StrJoin(pair.signs(), "; ",
                       [](std::string* text, const DoubleSign& sign) {
                         absl::StrAppend(text, WordsOf(sign.reason()), ": ",
                                         OneLine(sign.one()));
                         if (sign.other() != sign.one()) {
                           absl::StrAppend(text, " / ", OneLine(sign.other()));
                         }
                       });
}

std::string ScoreOf(const LikelyDouble& pair) {
  std::ostringstream score;
  score << std::fixed << std::setprecision(2) << pair.score();
  return score.str();
}

Table ToTable(const ListLikelyDoublesResponse& found) {
  Table table({"SCORE", "ONE", "OTHER", "WHY"});
  for (const LikelyDouble& pair : found.likely_doubles()) {
    table.Add({ScoreOf(pair), ShortName(pair.one().name()),
               ShortName(pair.other().name()), WhyOf(pair)});
  }
  return table;
}

// "visits.sign_ups" in words; a kind that this program does not know as it is.
std::string WordsOf(const std::string& kind) {
  static constexpr std::pair<const char*, const char*> kWords[] = {
      {"visits.hosts", "study visits that it hosts"},
      {"visits.stops", "stops of study visits"},
      {"visits.sign_ups", "sign-ups"},
      {"projects.partners", "projects that it is a partner of"},
      {"projects.budget_lines", "lines of budgets"},
      {"access.roles", "roles"},
      {"access.claims", "claims under way"},
      {"directory.successors", "entries that it is the successor of"},
      {"directory.old_names", "old names"},
  };
  for (const auto& [known, words] : kWords) {
    if (kind == known) return words;
  }
  return kind;
}

void Tell(const MergeOrganizationsResponse& merge, bool is_preview,
          std::ostream& out) {
  out << merge.old_name() << (is_preview ? " would become" : " is now")
      << " another name of " << merge.organization().name() << ".\n";
  if (merge.moved_size() > 0) {
    out << (is_preview ? "Would move:\n" : "Moved:\n");
  }
  for (const auto& moved : merge.moved()) {
    out << "  " << moved.count() << "  " << WordsOf(moved.kind()) << '\n';
  }
  if (merge.taken_size() > 0) {
    out << (is_preview ? "Would take over:\n" : "Took over:\n");
  }
  for (const auto& taken : merge.taken()) {
    out << "  " << taken.field() << "  " << OneLine(taken.new_value()) << '\n';
  }
  if (merge.left_size() > 0) out << "Would not take over:\n";
  for (const auto& left : merge.left()) {
    out << "  " << left.field() << "  " << OneLine(left.left_value()) << '\n';
  }
  if (merge.conflicts_size() > 0) out << "In the way:\n";
  for (const auto& conflict : merge.conflicts()) {
    out << "  " << conflict.resource() << "  "
        << OneLine(conflict.description()) << '\n';
  }
}

struct MergeInput {
  std::string name;
  std::string into;
  MergeOrganizationsRequest request;
};

absl::Status Merge(Session& session, MergeInput& input) {
  ASSIGN_OR_RETURN(*input.request.mutable_name(),
                   FullName("lagnet/Organization", input.name));
  ASSIGN_OR_RETURN(*input.request.mutable_into(),
                   FullName("lagnet/Organization", input.into));
  ASSIGN_OR_RETURN(const MergeOrganizationsResponse merge,
                   session.Call(&Doubles::MergeOrganizations, input.request));
  if (session.json) {
    session.Print(merge);
  } else {
    Tell(merge, input.request.validate_only(), std::cout);
  }
  // As the merge itself would, so that a script goes no further.
  return merge.conflicts_size() > 0 ? ToldFailure() : absl::OkStatus();
}

void AddMerge(CLI::App* org, Session& session) {
  CLI::App* command = org->add_subcommand(
      "merge", "Makes one entry of two; the old name stays another name");
  const auto input = std::make_shared<MergeInput>();
  command->add_option("name", input->name, "the entry that goes")->required();
  command->add_option("--into", input->into, "the entry that stays")
      ->required();
  command->add_flag_callback(
      "--dry-run", [input] { input->request.set_validate_only(true); },
      "shows what would be done, and does nothing");
  AddRequestId(command, input->request.mutable_request_id());
  session.OnRun(command, [&session, input] { return Merge(session, *input); });
}

struct DismissInput {
  std::string one;
  std::string other;
  DismissLikelyDoubleRequest request;
};

absl::Status Dismiss(Session& session, DismissInput& input) {
  ASSIGN_OR_RETURN(*input.request.mutable_organization(),
                   FullName("lagnet/Organization", input.one));
  ASSIGN_OR_RETURN(*input.request.mutable_other(),
                   FullName("lagnet/Organization", input.other));
  ASSIGN_OR_RETURN(const DismissLikelyDoubleResponse dismissed,
                   session.Call(&Doubles::DismissLikelyDouble, input.request));
  if (session.json) {
    session.Print(dismissed);
  } else {
    std::cout << input.request.organization() << " and "
              << input.request.other() << " are two organisations\n";
  }
  return absl::OkStatus();
}

void AddDismiss(CLI::App* org, Session& session) {
  CLI::App* command = org->add_subcommand(
      "not-a-double", "Says that two entries are two organisations");
  const auto input = std::make_shared<DismissInput>();
  command->add_option("one", input->one, "id or full name")->required();
  command->add_option("other", input->other, "id or full name")->required();
  AddRequestId(command, input->request.mutable_request_id());
  session.OnRun(command,
                [&session, input] { return Dismiss(session, *input); });
}

}  // namespace

absl::Status TellDoubles(const CreateOrganizationRequest& request,
                         absl::Status refused, Session& session) {
  if (client::Decode(refused).reason != "LIKELY_DOUBLE") return refused;
  FindLikelyDoublesRequest wanted;
  *wanted.mutable_organization() = request.organization();
  const auto found = session.Call(&Doubles::FindLikelyDoubles, wanted);
  // The refusal itself names them, in short.
  if (!found.ok() || found->likely_doubles_size() == 0) return refused;
  Table table({"SCORE", "ENTRY", "STATE", "WHY"});
  for (const LikelyDouble& pair : found->likely_doubles()) {
    table.Add({ScoreOf(pair), ShortName(pair.other().name()),
               Organization::State_Name(pair.other().state()), WhyOf(pair)});
  }
  std::cerr << "Nothing was added: it is likely in the directory already.\n";
  table.Print(std::cerr, 0);
  std::cerr << "`lagnet org get "
            << ShortName(found->likely_doubles(0).other().name())
            << "` shows the first.\nIf it is none of them, repeat the command "
               "with --allow-likely-doubles.\n";
  return ToldFailure(std::move(refused));
}

void AddDoubles(CLI::App* org, Session& session) {
  CLI::App* command = org->add_subcommand(
      "doubles", "Lists pairs of entries that may be one organisation");
  const auto input = std::make_shared<Input<ListLikelyDoublesRequest>>();
  input->flags = std::make_unique<FieldFlags>(
      command, input->request,
      std::vector<FieldFlag>{
          {"network", "the network that keeps one of them"}});
  command->get_option("--network")->required();
  session.OnRun(command, [=, &session]() -> absl::Status {
    RETURN_IF_ERROR(input->flags->Apply(session.language, input->request));
    ASSIGN_OR_RETURN(
        const ListLikelyDoublesResponse found,
        session.ListAll(&Doubles::ListLikelyDoubles, input->request));
    session.json ? session.Print(found)
                 : session.Print(ToTable(found), "No likely doubles.");
    return absl::OkStatus();
  });
  AddMerge(org, session);
  AddDismiss(org, session);
}

}  // namespace lagnet::cli
