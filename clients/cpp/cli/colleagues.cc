#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/cli/text.h"
#include "clients/cpp/cli/verbs.h"

namespace lagnet::cli {
namespace {

using access::v1::Account;
using access::v1::InviteColleagueRequest;
using access::v1::ListColleaguesRequest;
using access::v1::ListColleaguesResponse;
using access::v1::RemoveColleagueRequest;
using client::Colleagues;

void AddColleagueList(CLI::App* org, Session& session) {
  CLI::App* command = org->add_subcommand(
      "colleagues", "Lists who holds a role over an organisation");
  const auto name = std::make_shared<std::string>();
  command->add_option("name", *name, "id or full name")->required();
  session.OnRun(command, [&session, name]() -> absl::Status {
    ListColleaguesRequest request;
    ASSIGN_OR_RETURN(*request.mutable_organization(),
                     FullName("lagnet/Organization", *name));
    ASSIGN_OR_RETURN(const ListColleaguesResponse found,
                     session.ListAll(&Colleagues::ListColleagues, request));
    Table table({"ID", "KIND", "STATE", "NAME", "EMAIL"});
    for (const Account& account : found.accounts()) {
      table.Add({ShortName(account.name()), Account::Kind_Name(account.kind()),
                 Account::State_Name(account.state()), account.display_name(),
                 account.email()});
    }
    session.json ? session.Print(found) : session.Print(table, "Nobody.");
    return absl::OkStatus();
  });
}

void AddInvite(CLI::App* org, Session& session) {
  CLI::App* command = org->add_subcommand(
      "invite", "Lets a person speak for an organisation, and writes to them");
  const auto name = std::make_shared<std::string>();
  const auto input = std::make_shared<Input<InviteColleagueRequest>>();
  command->add_option("name", *name, "id or full name")->required();
  AddRequestId(command, input->request.mutable_request_id());
  input->flags = std::make_unique<FieldFlags>(
      command, input->request,
      std::vector<FieldFlag>{
          {"display_name", "how the person is shown to colleagues"},
          {"email", "where the person is written to, and signs in with"},
          {"language", "the language to write in"}});
  for (const char* flag : {"--display-name", "--email"}) {
    command->get_option(flag)->required();
  }
  session.OnRun(command, [&session, name, input]() -> absl::Status {
    ASSIGN_OR_RETURN(*input->request.mutable_organization(),
                     FullName("lagnet/Organization", *name));
    RETURN_IF_ERROR(input->flags->Apply(session.language, input->request));
    ASSIGN_OR_RETURN(
        const Account account,
        session.Call(&Colleagues::InviteColleague, input->request));
    session.Print(account);
    return absl::OkStatus();
  });
}

void AddRemove(CLI::App* org, Session& session) {
  CLI::App* command = org->add_subcommand(
      "remove-colleague", "Takes an account's roles over an organisation");
  const auto name = std::make_shared<std::string>();
  const auto account = std::make_shared<std::string>();
  const auto request = std::make_shared<RemoveColleagueRequest>();
  command->add_option("name", *name, "id or full name")->required();
  command->add_option("account", *account, "id or full name")->required();
  AddRequestId(command, request->mutable_request_id());
  session.OnRun(command, [=, &session]() -> absl::Status {
    ASSIGN_OR_RETURN(*request->mutable_organization(),
                     FullName("lagnet/Organization", *name));
    ASSIGN_OR_RETURN(*request->mutable_account(),
                     FullName("lagnet/Account", *account));
    ASSIGN_OR_RETURN(const Account removed,
                     session.Call(&Colleagues::RemoveColleague, *request));
    if (session.json) {
      session.Print(removed);
    } else {
      std::cout << "Removed " << removed.name() << '\n';
    }
    return absl::OkStatus();
  });
}

}  // namespace

void AddColleagues(CLI::App* org, Session& session) {
  AddColleagueList(org, session);
  AddInvite(org, session);
  AddRemove(org, session);
}

}  // namespace lagnet::cli
