#include <utility>

#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/cli/text.h"
#include "clients/cpp/cli/verbs.h"

namespace lagnet::cli {

using client::Organizations;
using directory::v1::CreateOrganizationRequest;
using directory::v1::ListOrganizationsResponse;
using directory::v1::Organization;

namespace {

// What an edit says about where its facts come from.
std::vector<FieldFlag> ProvenanceFlags() {
  return {{"source", "where the facts come from: words, or an address"},
          {"as_of", "the day for which they hold"}};
}

void AddOrgList(CLI::App* noun, Session& session) {
  AddList<Organizations>(
      noun, session, &Organizations::ListOrganizations, "Lists organisations",
      {{"network", "whose entry this network keeps"},
       {"kind", "of this kind only"},
       {"country", "of this country only"},
       {"territory", "in this territory: PL8, GE-MM, 1427"},
       {"theme", "with this theme"},
       {"language", "that can be written to in this language", "spoken"},
       {"states",
        "in this state only; those in the directory (verified, stale) if not "
        "said",
        "state"},
       {"not_looked_at_since", "whose last look was before this time"}},
      std::function([&session](const ListOrganizationsResponse& found) {
        Table table({"ID", "KIND", "COUNTRY", "STATE", "NAME"});
        for (const Organization& org : found.organizations()) {
          table.Add({ShortName(org.name()), Organization::Kind_Name(org.kind()),
                     org.country(), Organization::State_Name(org.state()),
                     Pick(org.display_name(), session.language)});
        }
        return table;
      }));
}

void AddOrgEdits(CLI::App* noun, Session& session) {
  const std::vector<FieldFlag> common = {
      {"kind", "what it is"},
      {"display_name", "what it is called"},
      {"country", "the country of its seat"},
      {"territories", "its area", "territory"},
      {"themes", "what it works on, as `lagnet theme list` names it", "theme"},
      {"languages", "the languages it can be written to in", "spoken"},
      {"position", "where its office is"},
      {"email", "its role mailbox"},
      {"website", "its web site"},
      {"description", "what it is and does"},
      {"founded_on", "the day on which it was founded"},
      {"bodies", "the bodies that it has", "body"}};
  std::vector<FieldFlag> all = common;
  all.insert(all.begin(), {"network", "the network that keeps the entry"});
  std::vector<FieldFlag> of_creation = ProvenanceFlags();
  of_creation.push_back(
      {"initial_state",
       "draft (if not said), submitted, or, from the network's staff, verified",
       "state"});
  of_creation.push_back(
      {"proposer", "for a partner's system: the organisation it speaks for"});
  of_creation.push_back(
      {"allow_likely_doubles",
       "adds it although entries resemble it: it is another organisation"});
  AddCreate(noun, session, &Organizations::CreateOrganization,
            "Adds an organisation, as a draft if nothing else is said, unless "
            "it is likely there already",
            all, std::function<absl::Status(Organization&)>(), of_creation,
            std::function([&session](const CreateOrganizationRequest& request,
                                     absl::Status refused) {
              return TellDoubles(request, std::move(refused), session);
            }));
  AddUpdate(noun, session, &Organizations::GetOrganization,
            &Organizations::UpdateOrganization,
            "Changes an organisation; that counts as a look", common,
            ProvenanceFlags());
}

// The steps of an entry's life, in the order of a life.
void AddOrgSteps(CLI::App* noun, Session& session) {
  std::vector<FieldFlag> look = ProvenanceFlags();
  look.push_back(EtagFlag());
  AddVerb(noun, session, "submit", &Organizations::SubmitOrganization,
          "Hands a draft in for the network to verify", "Submitted",
          {EtagFlag()});
  AddVerb(noun, session, "verify", &Organizations::VerifyOrganization,
          "Takes what was submitted into the directory", "Verified", look);
  AddVerb(noun, session, "return", &Organizations::ReturnOrganization,
          "Gives what was submitted back to who wrote it", "Returned",
          {{"reason", "what is to be mended, for those who wrote it to read"},
           EtagFlag()})
      ->get_option("--reason")
      ->required();
  AddVerb(noun, session, "confirm", &Organizations::ConfirmOrganization,
          "Says \"I have looked, it is right\", for another year", "Confirmed",
          look);
  AddVerb(noun, session, "archive", &Organizations::ArchiveOrganization,
          "Leaves an organisation out of lists from now on", "Archived",
          {EtagFlag()});
  AddVerb(noun, session, "restore", &Organizations::RestoreOrganization,
          "Takes back what was archived, or dissolved by mistake", "Restored",
          {EtagFlag()});
  std::vector<FieldFlag> end = look;
  end.push_back({"successor", "who carries its work on"});
  end.push_back({"dissolved_on", "the day on which it was dissolved", "on"});
  AddVerb(noun, session, "dissolve", &Organizations::DissolveOrganization,
          "Says that an organisation is no more", "Dissolved", end);
}

}  // namespace

void AddOrg(CLI::App& app, Session& session) {
  CLI::App* noun =
      app.add_subcommand("org", "LAGs, and everybody they work with");
  noun->require_subcommand(1);
  AddOrgList(noun, session);
  AddVerb(noun, session, "get", &Organizations::GetOrganization,
          "Shows an organisation");
  AddSearchOf("organizations", noun, session);
  AddOrgNear(noun, session);
  AddOrgEdits(noun, session);
  AddOrgSteps(noun, session);
  AddOrgImport(noun, session);
  AddOrgExport(noun, session);
  AddHistory(noun, session);
  AddClaims(noun, session);
  AddColleagues(noun, session);
  AddDoubles(noun, session);
}

}  // namespace lagnet::cli
