#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/cli/text.h"
#include "clients/cpp/cli/verbs.h"

namespace lagnet::cli {
namespace {

using access::v1::Account;
using access::v1::CreateGrantRequest;
using access::v1::Grant;
using access::v1::ListAccountsResponse;
using access::v1::ListGrantsRequest;
using access::v1::ListGrantsResponse;
using client::Accounts;

// What a grant is held over.
std::string Over(const Grant& grant) {
  std::string over = absl::StrCat(grant.network(), grant.organization(),
                                  grant.project(), grant.sign_up());
  if (!grant.region().empty()) {
    absl::StrAppend(&over, " in ", grant.region());
  }
  return over.empty() ? "everything" : over;
}

template <typename Grants>
Table ToTable(const Grants& grants) {
  Table table({"ROLE", "OVER", "FROM", "UNTIL", "ID"});
  for (const Grant& grant : grants) {
    table.Add({options::v1::Role_Name(grant.role()), Over(grant),
               Show(grant.start_time()), Show(grant.end_time()),
               ShortName(grant.name())});
  }
  return table;
}

void AddGrants(CLI::App* noun, Session& session) {
  struct GrantInput {
    std::string account;
    CreateGrantRequest request;
    std::unique_ptr<FieldFlags> flags;
  };
  CLI::App* grant = noun->add_subcommand("grant", "Gives an account a role");
  const auto input = std::make_shared<GrantInput>();
  grant->add_option("account", input->account, "id or full name")->required();
  AddRequestId(grant, input->request.mutable_request_id());
  input->flags = std::make_unique<FieldFlags>(
      grant, Grant(),
      std::vector<FieldFlag>{
          {"role", "the role"},
          {"network", "the network it is held over"},
          {"region", "narrows a network to a territory, as PL81"},
          {"organization", "the organisation it is held over"},
          {"project", "the project it is held over, for auditors"},
          {"sign_up", "the sign-up it is held over", "signup"},
          {"start_time", "from when; at once if not said", "from"},
          {"end_time", "until when; without end if not said", "until"}});
  grant->get_option("--role")->required();
  session.OnRun(grant, [&session, input]() -> absl::Status {
    ASSIGN_OR_RETURN(*input->request.mutable_parent(),
                     FullName("lagnet/Account", input->account));
    RETURN_IF_ERROR(
        input->flags->Apply(session.language, *input->request.mutable_grant()));
    ASSIGN_OR_RETURN(const Grant made,
                     session.Call(&Accounts::CreateGrant, input->request));
    session.Print(made);
    return absl::OkStatus();
  });

  CLI::App* grants = noun->add_subcommand("grants", "Lists an account's roles");
  const auto account = std::make_shared<std::string>();
  grants->add_option("account", *account, "id or full name")->required();
  session.OnRun(grants, [&session, account]() -> absl::Status {
    ListGrantsRequest request;
    ASSIGN_OR_RETURN(*request.mutable_parent(),
                     FullName("lagnet/Account", *account));
    ASSIGN_OR_RETURN(const ListGrantsResponse found,
                     session.ListAll(&Accounts::ListGrants, request));
    session.json ? session.Print(found)
                 : session.Print(ToTable(found.grants()), "No roles.");
    return absl::OkStatus();
  });
  AddVerb(noun, session, "revoke", &Accounts::DeleteGrant,
          "Takes a role back, named ACCOUNT/ID", "Revoked");
}

}  // namespace

void AddAccount(CLI::App& app, Session& session) {
  CLI::App* noun =
      app.add_subcommand("account", "people and systems that may call");
  noun->require_subcommand(1);
  AddList<Accounts>(
      noun, session, &Accounts::ListAccounts, "Lists a network's accounts",
      {{"network", "the network"},
       {"organization", "only those with a role over it"}},
      std::function([](const ListAccountsResponse& found) {
        Table table({"ID", "KIND", "STATE", "NAME"});
        for (const Account& account : found.accounts()) {
          table.Add(
              {ShortName(account.name()), Account::Kind_Name(account.kind()),
               Account::State_Name(account.state()), account.display_name()});
        }
        return table;
      }));
  noun->get_subcommand("list")->get_option("--network")->required();
  AddVerb(noun, session, "get", &Accounts::GetAccount, "Shows an account");
  AddCreate(
      noun, session, &Accounts::CreateAccount,
      "Adds an account, without any rights yet",
      {{"network", "the network that keeps it"},
       {"kind", "what it stands for"},
       {"display_name", "how it is shown to colleagues"},
       {"email", "where a person is written to, and signs in with"},
       {"language", "the language to write to a person in"},
       {"certificate_names", "a name in the client certificate that proves it",
        "certificate-name"}});
  AddUpdate(
      noun, session, &Accounts::GetAccount, &Accounts::UpdateAccount,
      "Changes what an account is called, or where a person is written to",
      {{"display_name", "how it is shown to colleagues"},
       {"email", "where a person is written to, and signs in with"},
       {"language", "the language to write to a person in"}});
  AddVerb(noun, session, "disable", &Accounts::DisableAccount,
          "Ends an account's keys, sessions and certificates", "Disabled",
          {EtagFlag()});
  AddGrants(noun, session);
}

void AddWhoAmI(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("whoami", "Shows who your key says you are");
  session.OnRun(command, [&session]() -> absl::Status {
    ASSIGN_OR_RETURN(const auto caller, session.Call(&Accounts::GetCaller, {}));
    if (session.json) {
      session.Print(caller);
      return absl::OkStatus();
    }
    if (caller.has_account()) {
      std::cout << caller.account().name() << "  "
                << OneLine(caller.account().display_name()) << "\n\n";
    }
    session.Print(ToTable(caller.grants()), "No roles.");
    return absl::OkStatus();
  });
}

}  // namespace lagnet::cli
