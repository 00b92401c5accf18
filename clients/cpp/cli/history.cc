#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/cli/text.h"
#include "clients/cpp/cli/verbs.h"

namespace lagnet::cli {
namespace {

using client::FieldChanges;
using directory::v1::FieldChange;
using directory::v1::FieldSource;
using directory::v1::ListFieldChangesRequest;
using directory::v1::ListFieldChangesResponse;
using directory::v1::ListFieldSourcesRequest;
using directory::v1::ListFieldSourcesResponse;

Table ToTable(const ListFieldChangesResponse& found) {
  Table table({"WHEN", "FIELD", "WAS", "IS", "BY", "SOURCE", "AS OF"});
  for (const FieldChange& change : found.field_changes()) {
    table.Add({Show(change.change_time()), change.field(),
               OneLine(change.old_value()), OneLine(change.new_value()),
               change.actor().empty() ? change.method() : change.actor(),
               OneLine(change.source()), change.as_of()});
  }
  return table;
}

Table ToTable(const ListFieldSourcesResponse& found) {
  Table table({"FIELD", "SOURCE", "AS OF", "WRITTEN"});
  for (const FieldSource& source : found.field_sources()) {
    table.Add({source.field(), OneLine(source.source()), source.as_of(),
               Show(source.change_time())});
  }
  return table;
}

// A list about one organisation, which its request names.
template <typename Request, typename Response>
void AddListOf(CLI::App* org, Session& session, const std::string& verb,
               client::UnaryMethod<FieldChanges, Request, Response> method,
               const std::string& help, const std::vector<FieldFlag>& flags) {
  CLI::App* command = org->add_subcommand(verb, help);
  const auto input = std::make_shared<Input<Request>>();
  const auto name = std::make_shared<std::string>();
  command->add_option("name", *name, "id or full name")->required();
  input->flags = std::make_unique<FieldFlags>(command, input->request, flags);
  session.OnRun(command, [=, &session]() -> absl::Status {
    ASSIGN_OR_RETURN(*input->request.mutable_organization(),
                     FullName("lagnet/Organization", *name));
    RETURN_IF_ERROR(input->flags->Apply(session.language, input->request));
    ASSIGN_OR_RETURN(const Response found,
                     session.ListAll(method, input->request));
    session.json ? session.Print(found)
                 : session.Print(ToTable(found), "Nothing found.");
    return absl::OkStatus();
  });
}

}  // namespace

void AddHistory(CLI::App* org, Session& session) {
  AddListOf<ListFieldChangesRequest>(
      org, session, "history", &FieldChanges::ListFieldChanges,
      "Lists who changed what in an entry, the newest first",
      {{"field", "of this field only"},
       {"project", "for auditors: the project that they audit"}});
  AddListOf<ListFieldSourcesRequest>(
      org, session, "sources", &FieldChanges::ListFieldSources,
      "Lists where what an entry says comes from", {});
}

}  // namespace lagnet::cli
