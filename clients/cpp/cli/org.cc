#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/nouns.h"
#include "clients/cpp/cli/text.h"
#include "clients/cpp/cli/verbs.h"

namespace lagnet::cli {

using client::Organizations;
using directory::v1::ListOrganizationsResponse;
using directory::v1::Organization;

void AddOrg(CLI::App& app, Session& session) {
  CLI::App* noun =
      app.add_subcommand("org", "LAGs, and everybody they work with");
  noun->require_subcommand(1);
  AddList<Organizations>(
      noun, session, &Organizations::ListOrganizations, "Lists organisations",
      {{"network", "of this network only"},
       {"kind", "of this kind only"},
       {"country", "of this country only"},
       {"territory", "in this territory: PL8 finds PL815"},
       {"theme", "with this theme"},
       {"language", "that can be written to in this language", "spoken"},
       {"states", "in this state only; verified and stale if not said",
        "state"},
       {"not_looked_at_since", "that nobody has looked at since then"}},
      std::function([&session](const ListOrganizationsResponse& found) {
        Table table({"ID", "KIND", "COUNTRY", "NAME"});
        for (const Organization& org : found.organizations()) {
          table.Add({ShortName(org.name()), Organization::Kind_Name(org.kind()),
                     org.country(),
                     Pick(org.display_name(), session.language)});
        }
        return table;
      }));
  AddVerb(noun, session, "get", &Organizations::GetOrganization,
          "Shows an organisation");
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
      {"description", "what it is and does"}};
  std::vector<FieldFlag> all = common;
  all.insert(all.begin(), {"network", "the network that keeps the entry"});
  AddCreate(noun, session, &Organizations::CreateOrganization,
            "Adds an organisation", all);
  AddUpdate(noun, session, &Organizations::GetOrganization,
            &Organizations::UpdateOrganization, "Changes an organisation",
            common);
  AddVerb(noun, session, "archive", &Organizations::ArchiveOrganization,
          "Leaves an organisation out of lists from now on", "Archived",
          {EtagFlag()});
}

}  // namespace lagnet::cli
