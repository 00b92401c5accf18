#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "clients/cpp/cli/failure.h"
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

// `CONFIRMED`, or `WAITLISTED (VISIT_FULL), number 3 in the queue`, or
// `CONFIRMED 3 of 5, number 1 in the queue for the others`, or, before a draw,
// `WAITLISTED (NOT_YET_ALLOCATED)`.
std::string Standing(const SignUp& sign_up) {
  std::string text = SignUp::State_Name(sign_up.state());
  const bool has_some =
      sign_up.seats() > 0 && sign_up.seats() < sign_up.members_size();
  if (has_some) {
    absl::StrAppend(&text, " ", sign_up.seats(), " of ",
                    sign_up.members_size());
  }
  if (!has_some && sign_up.wait_reason() != SignUp::WAIT_REASON_UNSPECIFIED) {
    absl::StrAppend(&text, " (", SignUp::WaitReason_Name(sign_up.wait_reason()),
                    ")");
  }
  if (sign_up.wait_position() > 0) {
    absl::StrAppend(
        &text, ", number ", sign_up.wait_position(),
        has_some ? " in the queue for the others" : " in the queue");
  }
  return text;
}

const std::vector<FieldFlag>& PersonFlags() {
  static const auto* const flags = new std::vector<FieldFlag>{
      {"full_name", "how the person is called", "name"},
      {"email", "where the person is written to"},
      {"phone", "where the person can be called on the way"},
      {"language", "the language the person reads best"},
      {"age_band", "how old the person is"},
      {"languages", "a language that the person speaks", "speaks"},
      {"territory", "the code of where the person lives or works"},
      {"first_timer", "has not been on a study visit of the network yet"},
      {"staff", "works for the organisation"}};
  return *flags;
}

// "Anna Nowak <anna@example.org>", or "<anna@example.org>" for an invitation.
absl::Status AddMember(const std::string& text, SignUp& sign_up) {
  const size_t open = text.find('<');
  if (open == std::string::npos || text.back() != '>') {
    return UsageError(absl::StrCat("--member ", text,
                                   ": write it as 'NAME <EMAIL>', in quotes"));
  }
  SignUp::Member* member = sign_up.add_members();
  member->set_full_name(std::string(
      absl::StripAsciiWhitespace(absl::string_view(text).substr(0, open))));
  member->set_email(text.substr(open + 1, text.size() - open - 2));
  return absl::OkStatus();
}

void AddCreate(CLI::App* noun, Session& session) {
  struct CreateInput {
    std::string visit;
    CreateSignUpRequest request;
    std::unique_ptr<FieldFlags> party;
    std::unique_ptr<FieldFlags> person;
    std::vector<std::string> members;
    int places = 0;
  };
  CLI::App* command = noun->add_subcommand(
      "create", "Signs somebody up for a study visit, or a delegation");
  const auto input = std::make_shared<CreateInput>();
  command->add_option("visit", input->visit, "id or full name")->required();
  input->party = std::make_unique<FieldFlags>(
      command, SignUp(),
      std::vector<FieldFlag>{
          {"organization", "for whom, or in whose area, the person comes"},
          {"standing", "as what; representative if not said"},
          {"sector", "the sector the person belongs to"},
          {"min_members", "the fewest that a delegation comes with; 0: all"},
          {"choice", "which of the project's visits you want most, from 1"},
          {"external_id", "your own id for this sign-up"},
          {"channel", "paper or telephone, if you enter it for somebody"},
          {"notice_version", "which privacy notice the people were given"},
          {"notice_given", "how, if you enter it for somebody"}});
  input->person =
      std::make_unique<FieldFlags>(command, SignUp::Member(), PersonFlags());
  command->add_option("--member", input->members,
                      "another member of a delegation: 'NAME <EMAIL>', or "
                      "'<EMAIL>' to invite who is to tell the name");
  command
      ->add_option("--places", input->places,
                   "members of a delegation who are named later")
      ->check(CLI::Range(0, 49));
  // An address, too, unless somebody enters it for whoever has none: the server
  // says so.
  for (const char* flag : {"--organization", "--sector", "--name"}) {
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
    for (const std::string& member : input->members) {
      RETURN_IF_ERROR(AddMember(member, wanted));
    }
    for (int i = 0; i < input->places; ++i) wanted.add_members();
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
    Table table(
        {"ID", "STATE", "SEATS", "QUEUE", "ORGANISATION", "YOUR ID", "PEOPLE"});
    for (const SignUp& sign_up : found.sign_ups()) {
      std::string people;
      for (const auto& member : sign_up.members()) {
        absl::StrAppend(&people, people.empty() ? "" : ", ");
        if (member.full_name().empty() && member.email().empty()) {
          absl::StrAppend(&people, "(to be named)");
          continue;
        }
        if (member.full_name().empty()) absl::StrAppend(&people, "(invited)");
        absl::StrAppend(&people, member.full_name(), " <", member.email(), ">");
      }
      table.Add(
          {ShortName(sign_up.name()), SignUp::State_Name(sign_up.state()),
           absl::StrCat(sign_up.seats(), " of ", sign_up.members_size()),
           sign_up.wait_position() > 0 ? absl::StrCat(sign_up.wait_position())
                                       : "",
           ShortName(sign_up.organization()), sign_up.external_id(), people});
    }
    session.Print(table, "Nobody has signed up.");
    return absl::OkStatus();
  });
}

// Prints what became of a sign-up, as `create` does.
void PrintStanding(Session& session, const SignUp& sign_up) {
  if (session.json) {
    session.Print(sign_up);
  } else {
    std::cout << Standing(sign_up) << "  " << sign_up.name() << '\n';
  }
}

// `verb VISIT/ID`, with what the request has besides.
template <typename Request>
CLI::App* AddChange(CLI::App* noun, Session& session, const std::string& verb,
                    client::UnaryMethod<SignUps, Request, SignUp> method,
                    const std::string& help,
                    std::vector<FieldFlag> flags = {}) {
  CLI::App* command = noun->add_subcommand(verb, help);
  const auto input = std::make_shared<Input<Request>>();
  const auto name = std::make_shared<std::string>();
  command->add_option("name", *name, "VISIT/ID or full name")->required();
  AddRequestId(command, input->request.mutable_request_id());
  flags.push_back(EtagFlag());
  input->flags = std::make_unique<FieldFlags>(command, input->request, flags);
  for (const FieldFlag& flag : flags) {
    const auto& options =
        Request::descriptor()->FindFieldByName(flag.field)->options();
    if (options.GetExtension(options::v1::rules).required()) {
      command->get_option("--" + flag.field)->required();
    }
  }
  session.OnRun(command, [=, &session]() -> absl::Status {
    Request& request = input->request;
    ASSIGN_OR_RETURN(*request.mutable_name(), FullName("lagnet/SignUp", *name));
    RETURN_IF_ERROR(input->flags->Apply(session.language, request));
    ASSIGN_OR_RETURN(const SignUp changed, session.Call(method, request));
    PrintStanding(session, changed);
    return absl::OkStatus();
  });
  return command;
}

void AddSubstitute(CLI::App* noun, Session& session) {
  struct SubstituteInput {
    std::string name;
    visits::v1::SubstituteMemberRequest request;
    std::unique_ptr<FieldFlags> person;
    int member = 1;
  };
  CLI::App* command = noun->add_subcommand(
      "substitute",
      "Puts another person in the place of a member, names one, or invites "
      "one by no more than an e-mail");
  const auto input = std::make_shared<SubstituteInput>();
  // Not "name": that is --name, of the person.
  command->add_option("sign-up", input->name, "VISIT/ID or full name")
      ->required();
  command
      ->add_option("--member", input->member,
                   "which member, from 1: the head is the first")
      ->required();
  AddRequestId(command, input->request.mutable_request_id());
  input->person =
      std::make_unique<FieldFlags>(command, SignUp::Member(), PersonFlags());
  command->get_option("--email")->required();
  session.OnRun(command, [=, &session]() -> absl::Status {
    auto& request = input->request;
    ASSIGN_OR_RETURN(*request.mutable_name(),
                     FullName("lagnet/SignUp", input->name));
    request.set_member(input->member);
    RETURN_IF_ERROR(
        input->person->Apply(session.language, *request.mutable_person()));
    ASSIGN_OR_RETURN(const SignUp changed,
                     session.Call(&SignUps::SubstituteMember, request));
    PrintStanding(session, changed);
    return absl::OkStatus();
  });
}

void AddWhy(CLI::App* noun, Session& session) {
  CLI::App* command = noun->add_subcommand(
      "why", "Explains why a sign-up waits, and who went ahead of it");
  const auto name = std::make_shared<std::string>();
  command->add_option("name", *name, "VISIT/ID or full name")->required();
  session.OnRun(command, [=, &session]() -> absl::Status {
    visits::v1::ExplainSignUpRequest request;
    ASSIGN_OR_RETURN(*request.mutable_name(), FullName("lagnet/SignUp", *name));
    request.set_language(session.language);
    ASSIGN_OR_RETURN(const visits::v1::SignUpExplanation explanation,
                     session.Call(&SignUps::ExplainSignUp, request));
    if (session.json) {
      session.Print(explanation);
    } else {
      std::cout << explanation.text() << '\n';
    }
    return absl::OkStatus();
  });
}

void AddRank(CLI::App* noun, Session& session) {
  struct RankInput {
    std::string visit;
    std::string organization;
    std::vector<std::string> sign_ups;
    visits::v1::RankSignUpsRequest request;
  };
  CLI::App* command =
      noun->add_subcommand("rank",
                           "Says in which order an organisation's waiting "
                           "parties are to have seats");
  const auto input = std::make_shared<RankInput>();
  command->add_option("visit", input->visit, "id or full name")->required();
  command
      ->add_option("sign-ups", input->sign_ups,
                   "VISIT/ID or full names, the first one first; the others "
                   "stay behind them as they are")
      ->required();
  command
      ->add_option("--organization", input->organization,
                   "the organisation that you speak for")
      ->required();
  AddRequestId(command, input->request.mutable_request_id());
  session.OnRun(command, [=, &session]() -> absl::Status {
    auto& request = input->request;
    ASSIGN_OR_RETURN(*request.mutable_parent(),
                     FullName("lagnet/StudyVisit", input->visit));
    ASSIGN_OR_RETURN(*request.mutable_organization(),
                     FullName("lagnet/Organization", input->organization));
    for (const std::string& sign_up : input->sign_ups) {
      ASSIGN_OR_RETURN(*request.add_sign_ups(),
                       FullName("lagnet/SignUp", sign_up));
    }
    ASSIGN_OR_RETURN(const visits::v1::RankSignUpsResponse ranked,
                     session.Call(&SignUps::RankSignUps, request));
    if (session.json) {
      session.Print(ranked);
      return absl::OkStatus();
    }
    for (const SignUp& sign_up : ranked.sign_ups()) {
      PrintStanding(session, sign_up);
    }
    return absl::OkStatus();
  });
}

void AddAnswers(CLI::App* noun, Session& session) {
  const FieldFlag organization = {"organization",
                                  "the organisation that you speak for"};
  AddChange(noun, session, "verify", &SignUps::VerifySignUp,
            "Confirms the address of a sign-up that waits for its link");
  AddChange(noun, session, "confirm", &SignUps::ConfirmSignUp,
            "Confirms that a party comes for the organisation", {organization});
  AddChange(noun, session, "refuse", &SignUps::RefuseSignUp,
            "Says that a party does not come for the organisation",
            {organization, {"reason", "why, told to the party"}});
  AddChange(noun, session, "accept", &SignUps::AcceptSignUp,
            "Takes seats that were offered",
            {{"note", "how the party said it, if you accept for it"}});
  AddChange(noun, session, "decline", &SignUps::DeclineSignUp,
            "Leaves seats that were offered to who is next");
  AddChange(noun, session, "promote", &SignUps::PromoteSignUp,
            "Gives a waiting party seats out of turn",
            {{"reason", "why, shown to all whom it passes"}});
  AddRank(noun, session);
  AddSubstitute(noun, session);
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
  AddVerb(noun, session, "erase", &SignUps::EraseSignUp,
          "Forgets who a party's people are, for ever", "Erased");
  AddAnswers(noun, session);
  AddWhy(noun, session);
  AddBatch(noun, session);
}

}  // namespace lagnet::cli
