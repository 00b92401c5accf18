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
  AddUpdate(noun, session, &Visits::GetStudyVisit, &Visits::UpdateStudyVisit,
            "Changes a study visit", common);
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
  AddVerb(noun, session, "delete", &Visits::DeleteStudyVisit, "Deletes a draft",
          "Deleted", {EtagFlag()});
  AddVisitVerify(noun, session);
}

}  // namespace lagnet::cli
