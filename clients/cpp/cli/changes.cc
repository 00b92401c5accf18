#include "absl/strings/str_cat.h"
#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/cli/text.h"
#include "clients/cpp/cli/verbs.h"

namespace lagnet::cli {

using changes::v1::ListChangesRequest;
using changes::v1::ListChangesResponse;

void AddChanges(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "changes", "Lists what changed in a network since the last time");
  struct ChangesInput {
    std::string network;
    std::string since;
  };
  const auto input = std::make_shared<ChangesInput>();
  command->add_option("--network", input->network, "the network")
      ->type_name("ID")
      ->required();
  command
      ->add_option("--since", input->since,
                   "the token that was printed last; everything without it")
      ->type_name("TOKEN");
  session.OnRun(command, [&session, input]() -> absl::Status {
    ListChangesRequest request;
    ASSIGN_OR_RETURN(*request.mutable_network(),
                     FullName("lagnet/Network", input->network));
    request.set_page_token(input->since);
    ASSIGN_OR_RETURN(const ListChangesResponse found,
                     session.ListAll(&client::Changes::ListChanges, request));
    if (session.json) {
      session.Print(found);
      return absl::OkStatus();
    }
    Table table({"WHEN", "VERSION", "RESOURCE", "BY"});
    for (const auto& change : found.changes()) {
      table.Add({Show(change.change_time()), absl::StrCat(change.version()),
                 absl::StrCat(change.resource(),
                              change.removed() ? " (removed)" : ""),
                 change.method()});
    }
    session.Print(table, "Nothing has changed.");
    std::cout << "next time: --since " << found.resume_token() << '\n';
    return absl::OkStatus();
  });
}

}  // namespace lagnet::cli
