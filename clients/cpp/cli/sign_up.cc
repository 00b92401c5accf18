#include "absl/strings/str_cat.h"
#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/cli/sign_up_batch.h"
#include "clients/cpp/cli/text.h"
#include "clients/cpp/cli/verbs.h"

namespace lagnet::cli {
namespace {

using client::SignUps;
using visits::v1::CreateSignUpRequest;
using visits::v1::ListSignUpsRequest;
using visits::v1::ListSignUpsResponse;
using visits::v1::SignUp;

// `CONFIRMED`, or `WAITLISTED (VISIT_FULL), number 3 in the queue`.
std::string Standing(const SignUp& sign_up) {
  std::string text = SignUp::State_Name(sign_up.state());
  if (sign_up.state() == SignUp::WAITLISTED) {
    absl::StrAppend(&text, " (", SignUp::WaitReason_Name(sign_up.wait_reason()),
                    "), number ", sign_up.wait_position(), " in the queue");
  }
  return text;
}

void AddCreate(CLI::App* noun, Session& session) {
  struct CreateInput {
    std::string visit;
    CreateSignUpRequest request;
    std::unique_ptr<FieldFlags> party;
    std::unique_ptr<FieldFlags> person;
  };
  CLI::App* command =
      noun->add_subcommand("create", "Signs somebody up for a study visit");
  const auto input = std::make_shared<CreateInput>();
  command->add_option("visit", input->visit, "id or full name")->required();
  input->party = std::make_unique<FieldFlags>(
      command, SignUp(),
      std::vector<FieldFlag>{
          {"organization", "for whom, or in whose area, the person comes"},
          {"standing", "as what; representative if not said"},
          {"sector", "the sector the person belongs to"},
          {"external_id", "your own id for this sign-up"}});
  input->person = std::make_unique<FieldFlags>(
      command, SignUp::Member(),
      std::vector<FieldFlag>{
          {"full_name", "how the person is called", "name"},
          {"email", "where the person is written to"},
          {"phone", "where the person can be called on the way"},
          {"language", "the language the person reads best"}});
  for (const char* flag : {"--organization", "--sector", "--name", "--email"}) {
    command->get_option(flag)->required();
  }
  AddRequestId(command, input->request.mutable_request_id());
  command->add_flag_callback(
      "--validate-only", [input] { input->request.set_validate_only(true); },
      "say whether there would be a seat, and take none");
  session.OnRun(command, [&session, input]() -> absl::Status {
    CreateSignUpRequest& request = input->request;
    ASSIGN_OR_RETURN(*request.mutable_parent(),
                     FullName("lagnet/StudyVisit", input->visit));
    SignUp& wanted = *request.mutable_sign_up();
    wanted.set_standing(SignUp::REPRESENTATIVE);
    RETURN_IF_ERROR(input->party->Apply(session.language, wanted));
    RETURN_IF_ERROR(
        input->person->Apply(session.language, *wanted.add_members()));
    ASSIGN_OR_RETURN(const SignUp placed,
                     session.Call(&SignUps::CreateSignUp, request));
    if (session.json) {
      session.Print(placed);
    } else if (request.validate_only()) {
      std::cout << "Would be " << Standing(placed) << '\n';
    } else {
      std::cout << Standing(placed) << "  " << placed.name() << '\n';
    }
    return absl::OkStatus();
  });
}

void AddListOfVisit(CLI::App* noun, Session& session) {
  CLI::App* command = noun->add_subcommand(
      "list", "Lists the sign-ups of a study visit, as the seats went");
  struct ListInput {
    std::string visit;
    ListSignUpsRequest request;
    std::unique_ptr<FieldFlags> flags;
  };
  const auto input = std::make_shared<ListInput>();
  command->add_option("visit", input->visit, "id or full name")->required();
  input->flags = std::make_unique<FieldFlags>(
      command, input->request,
      std::vector<FieldFlag>{
          {"organization", "of this organisation only"},
          {"state", "in this state only"},
          {"created_by_me", "only those that your account created"},
          {"external_id", "with this id of yours"}});
  session.OnRun(command, [&session, input]() -> absl::Status {
    ASSIGN_OR_RETURN(*input->request.mutable_parent(),
                     FullName("lagnet/StudyVisit", input->visit));
    RETURN_IF_ERROR(input->flags->Apply(session.language, input->request));
    ASSIGN_OR_RETURN(const ListSignUpsResponse found,
                     session.ListAll(&SignUps::ListSignUps, input->request));
    if (session.json) {
      session.Print(found);
      return absl::OkStatus();
    }
    Table table({"ID", "STATE", "QUEUE", "ORGANISATION", "YOUR ID", "PEOPLE"});
    for (const SignUp& sign_up : found.sign_ups()) {
      std::string people;
      for (const auto& member : sign_up.members()) {
        absl::StrAppend(&people, people.empty() ? "" : ", ", member.full_name(),
                        " <", member.email(), ">");
      }
      table.Add(
          {ShortName(sign_up.name()), SignUp::State_Name(sign_up.state()),
           sign_up.wait_position() > 0 ? absl::StrCat(sign_up.wait_position())
                                       : "",
           ShortName(sign_up.organization()), sign_up.external_id(), people});
    }
    session.Print(table, "Nobody has signed up.");
    return absl::OkStatus();
  });
}

}  // namespace

void AddSignUp(CLI::App& app, Session& session) {
  CLI::App* noun = app.add_subcommand("signup", "who comes on a study visit");
  noun->require_subcommand(1);
  AddCreate(noun, session);
  AddVerb(noun, session, "get", &SignUps::GetSignUp,
          "Shows a sign-up, named VISIT/ID");
  AddListOfVisit(noun, session);
  AddVerb(noun, session, "withdraw", &SignUps::WithdrawSignUp,
          "Gives a seat up; the next party waiting moves up", "Withdrew",
          {EtagFlag()});
  AddBatch(noun, session);
}

}  // namespace lagnet::cli
