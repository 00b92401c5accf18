#include "server/visits/why_store.h"

#include <limits>
#include <utility>
#include <vector>

#include "server/directory/store.h"
#include "server/directory/territory_catalog.h"
#include "server/visits/event.h"
#include "server/visits/plan_store.h"
#include "server/visits/store.h"
#include "server/visits/traits_store.h"

namespace lagnet::visits {
namespace {

constexpr db::Statement kLoadPast{"visits.load_past", R"sql(
  SELECT version, command, events, reason, decide_time
    FROM visits.decision WHERE visit_id = $1
   ORDER BY version
)sql"};

// What was published names organisations as they were called then.
void RenameMerged(db::Tx& tx, StudyVisit& then) {
  const std::vector<std::string> ids = OrganizationsIn(then.rules);
  if (ids.empty()) return;
  for (const auto& [id, organization] : directory::LoadOrganizations(tx, ids)) {
    const std::string& stays = organization.life.merged_into;
    if (!stays.empty()) RenameOrganization(id, stays, then);
  }
}

std::map<int64_t, SeatRules> RulesThen(db::Tx& tx, const StudyVisit& visit) {
  std::map<int64_t, SeatRules> rules;
  for (const RulesVersion& version :
       LoadRulesVersions(tx, visit.id, 0, std::numeric_limits<int>::max())) {
    StudyVisit then = visit;
    ReadRulesText(version.text, then);
    // Whatever became of it since.
    then.state = VisitState::kPublished;
    then.is_drawn = false;
    PlaceGroups(then.rules);
    RenameMerged(tx, then);
    rules.emplace(version.version, RulesOf(then));
  }
  return rules;
}

}  // namespace

History LoadHistory(db::Tx& tx, const StudyVisit& visit) {
  History history{.rules = RulesThen(tx, visit),
                  .parties = LoadEveryParty(tx, visit)};
  for (const db::Row row : tx.Run(kLoadPast, visit.row)) {
    history.decisions.push_back(
        {.version = row.Get<int64_t>("version"),
         .command = row.Get<CommandKind>("command"),
         .events = UnpackEvents(row.Get<nlohmann::json>("events")),
         .reason = row.Get<std::string>("reason"),
         .time = row.Get<absl::Time>("decide_time")});
  }
  return history;
}

Names LoadNames(db::Tx& tx, const VisitRules& rules,
                const std::string& language, const std::vector<Group>& others) {
  VisitRules all = rules;
  for (const Group& group : others) all.shares.push_back({.group = group});
  Names names;
  const std::vector<std::string> ids = OrganizationsIn(all);
  if (!ids.empty()) {
    for (const auto& [id, organization] :
         directory::LoadOrganizations(tx, ids)) {
      names.organizations[id] = TextFor(organization.display_name, language);
    }
  }
  for (const std::string& code : TerritoriesIn(all)) {
    const directory::Place* place = directory::Territories().FindCode(code);
    if (place != nullptr) names.territories[code] = place->NameIn(language);
  }
  return names;
}

}  // namespace lagnet::visits
