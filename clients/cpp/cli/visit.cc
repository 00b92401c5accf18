#include "absl/strings/str_cat.h"
#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/cli/text.h"
#include "clients/cpp/cli/verbs.h"

namespace lagnet::cli {
namespace {

using client::Visits;
using visits::v1::ListStudyVisitsResponse;
using visits::v1::StudyVisit;

Table ToTable(const ListStudyVisitsResponse& found,
              const std::string& language) {
  Table table({"ID", "STATE", "START", "TAKEN", "WAITING", "SIGN-UP", "TITLE"});
  for (const StudyVisit& visit : found.study_visits()) {
    table.Add({ShortName(visit.name()), StudyVisit::State_Name(visit.state()),
               visit.start(),
               absl::StrCat(visit.confirmed_count(), " of ", visit.seats()),
               absl::StrCat(visit.waitlisted_count()),
               visit.sign_up_open() ? "open" : "closed",
               Pick(visit.title(), language)});
  }
  return table;
}

// `visit suggest-rules NAME PRESET`: rules to begin with, and to set at once.
void AddSuggestRules(CLI::App* noun, Session& session) {
  struct SuggestInput {
    std::string name;
    visits::v1::SuggestSeatRulesRequest request;
    std::unique_ptr<FieldFlags> flags;
    bool apply = false;
  };
  CLI::App* command = noun->add_subcommand(
      "suggest-rules",
      "Suggests rules for the seats: order of arrival, seats per partner, or a "
      "draw");
  const auto input = std::make_shared<SuggestInput>();
  command->add_option("name", input->name, "id or full name")->required();
  input->flags = std::make_unique<FieldFlags>(
      command, input->request,
      std::vector<FieldFlag>{
          {"preset", "of which kind"},
          {"organizations", "a partner, if not those of the visit's project",
           "organization"}});
  command->get_option("--preset")->required();
  command->add_flag("--apply", input->apply,
                    "gives them to the visit, which is a draft");
  session.OnRun(command, [=, &session]() -> absl::Status {
    ASSIGN_OR_RETURN(*input->request.mutable_name(),
                     FullName("lagnet/StudyVisit", input->name));
    RETURN_IF_ERROR(input->flags->Apply(session.language, input->request));
    ASSIGN_OR_RETURN(const visits::v1::SeatRules rules,
                     session.Call(&Visits::SuggestSeatRules, input->request));
    session.Print(rules);
    if (!input->apply) return absl::OkStatus();
    visits::v1::UpdateStudyVisitRequest update;
    update.mutable_study_visit()->set_name(input->request.name());
    *update.mutable_study_visit()->mutable_seat_rules() = rules;
    update.mutable_update_mask()->add_paths("seat_rules");
    return session.Call(&Visits::UpdateStudyVisit, update).status();
  });
}

// `visit letters NAME`: what people who sign up are written.
void AddLetters(CLI::App* noun, Session& session) {
  CLI::App* command = noun->add_subcommand(
      "letters", "Shows the letters that people who sign up get");
  const auto name = std::make_shared<std::string>();
  command->add_option("name", *name, "id or full name")->required();
  session.OnRun(command, [&session, name]() -> absl::Status {
    visits::v1::PreviewLettersRequest request;
    request.set_language(session.language);
    ASSIGN_OR_RETURN(*request.mutable_name(),
                     FullName("lagnet/StudyVisit", *name));
    ASSIGN_OR_RETURN(const visits::v1::PreviewLettersResponse found,
                     session.Call(&Visits::PreviewLetters, request));
    if (session.json) {
      session.Print(found);
      return absl::OkStatus();
    }
    for (const auto& letter : found.letters()) {
      std::cout << "== " << letter.kind() << ": " << letter.subject() << "\n\n"
                << letter.text() << '\n';
    }
    return absl::OkStatus();
  });
}

// `visit rules NAME`, in words or (--history) as they were and are.
void AddRules(CLI::App* noun, Session& session) {
  CLI::App* command = noun->add_subcommand(
      "rules", "Says who may come and who gets the seats, in plain words");
  const auto name = std::make_shared<std::string>();
  const auto history = std::make_shared<bool>(false);
  command->add_option("name", *name, "id or full name")->required();
  command->add_flag("--history", *history,
                    "what bound since publication, and why it was changed");
  session.OnRun(command, [=, &session]() -> absl::Status {
    ASSIGN_OR_RETURN(const std::string visit,
                     FullName("lagnet/StudyVisit", *name));
    if (*history) {
      visits::v1::ListSeatRulesVersionsRequest request;
      request.set_parent(visit);
      ASSIGN_OR_RETURN(
          const auto found,
          session.ListAll(&Visits::ListSeatRulesVersions, request));
      if (session.json) {
        session.Print(found);
        return absl::OkStatus();
      }
      Table table({"VERSION", "SHA-256", "WHY"});
      for (const auto& version : found.versions()) {
        table.Add(
            {absl::StrCat(version.version()), version.hash(),
             version.reason().empty() ? "(published)" : version.reason()});
      }
      session.Print(table, "It is not published yet.");
      return absl::OkStatus();
    }
    visits::v1::DescribeSeatRulesRequest request;
    request.set_name(visit);
    request.set_language(session.language);
    ASSIGN_OR_RETURN(const visits::v1::DescribeSeatRulesResponse said,
                     session.Call(&Visits::DescribeSeatRules, request));
    if (session.json) {
      session.Print(said);
    } else {
      std::cout << said.text();
    }
    return absl::OkStatus();
  });
}

}  // namespace

void AddVisit(CLI::App& app, Session& session) {
  CLI::App* noun = app.add_subcommand("visit", "study visits");
  noun->require_subcommand(1);
  AddList<Visits>(
      noun, session, &Visits::ListStudyVisits,
      "Lists study visits, the soonest first",
      {{"network", "of this network only"},
       {"project", "of this project only"},
       {"host", "with this host"},
       {"state", "at this stage; drafts are listed only if asked for"},
       {"language", "in this language", "spoken"},
       {"start_after", "starting then or later"}},
      std::function([&session](const ListStudyVisitsResponse& found) {
        return ToTable(found, session.language);
      }));
  AddSearchOf("studyVisits", noun, session);
  AddVerb(noun, session, "get", &Visits::GetStudyVisit, "Shows a study visit");
  const std::vector<FieldFlag> common = {
      {"project", "the project that pays for it"},
      {"hosts", "who hosts it, the first one first", "host"},
      {"title", "the title"},
      {"description", "what visitors will see and do, as Markdown"},
      {"time_zone", "the time zone of all its times"},
      {"start", "when it begins"},
      {"end", "when it ends"},
      {"sign_up_start", "from when people can sign up"},
      {"sign_up_end", "the last minute in which people can sign up"},
      {"seats", "how many people can come"},
      {"seats_per_organization", "how many of one organisation; 0: any"},
      {"languages", "the languages spoken on it", "spoken"},
      {"covered", "what the organiser pays for"},
      {"contact_email", "the role mailbox for questions"}};
  std::vector<FieldFlag> all = common;
  all.insert(all.begin(), {"network", "the network that keeps it"});
  AddCreate(noun, session, &Visits::CreateStudyVisit, "Adds a draft", all);
  AddUpdate(
      noun, session, &Visits::GetStudyVisit, &Visits::UpdateStudyVisit,
      "Changes a study visit", common,
      {{"rules_change_reason",
        "why what binds the seats changes, once it is published", "reason"}});
  AddVerb(noun, session, "publish", &Visits::PublishStudyVisit,
          "Shows a draft to everybody and takes sign-ups", "Published",
          {EtagFlag()});
  AddVerb(noun, session, "cancel", &Visits::CancelStudyVisit,
          "Calls a study visit off, with every sign-up on it", "Cancelled",
          {{"reason", "why, in words that everyone signed up will read"},
           EtagFlag()})
      ->get_option("--reason")
      ->required();
  AddVerb(noun, session, "complete", &Visits::CompleteStudyVisit,
          "Marks a study visit as over", "Completed", {EtagFlag()});
  AddRules(noun, session);
  AddSuggestRules(noun, session);
  AddLetters(noun, session);
  AddVerb(noun, session, "delete", &Visits::DeleteStudyVisit, "Deletes a draft",
          "Deleted", {EtagFlag()});
  AddVisitVerify(noun, session);
  AddDraw(noun, session);
}

}  // namespace lagnet::cli
