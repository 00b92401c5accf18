#include "server/visits/plan_store.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "server/visits/seats.h"
#include "server/visits/sign_up.h"
#include "server/visits/store.h"
#include "server/visits/traits_store.h"

namespace lagnet::visits {
namespace {

constexpr db::Statement kLoadParties{"visits.load_parties", R"sql(
  SELECT v.name AS visit, s.name, s.organization, s.sector, s.member_count,
         s.min_members, s.traits, s.state, s.seats, s.due_time,
         s.hold_end_time, s.arrival, s.draw_rank,
         ARRAY(SELECT encode(p.person_hash, 'hex') || p.member
                 FROM visits.person AS p WHERE p.sign_up = s.name) AS people
    FROM visits.sign_up AS s JOIN visits.visit AS v USING (visit_id)
   WHERE s.visit_id = ANY ($1::bigint[])
           AND ($2::boolean OR s.state IN (1, 2, 3, 4, 5, 11))
      OR s.name = ANY ($3::text[])
)sql"};

constexpr size_t kHexOfHash = 32;

// A party whose members know nothing but their hashes yet, and the sign-up
// that tells the rest.
struct LoadedParty {
  std::string visit;
  Party party;
  SignUp sign_up;
  std::vector<std::string> hashes;
};

LoadedParty ReadParty(const db::Row& row) {
  LoadedParty loaded{
      .visit = row.Get<std::string>("visit"),
      .party = {.sign_up = row.Get<std::string>("name"),
                .organization = row.Get<std::string>("organization"),
                .min_members = row.Get<int>("min_members"),
                .state = row.Get<SignUpState>("state"),
                .seats = row.Get<int>("seats"),
                .due = row.Get<absl::Time>("due_time"),
                .hold_until =
                    row.Get<std::optional<absl::Time>>("hold_end_time")
                        .value_or(absl::InfinitePast()),
                .arrival = row.Get<int64_t>("arrival"),
                .rank = row.Get<int64_t>("draw_rank")},
      .sign_up = {.organization = row.Get<std::string>("organization"),
                  .sector = row.Get<Sector>("sector")}};
  const size_t count = static_cast<size_t>(row.Get<int>("member_count"));
  loaded.sign_up.members.resize(count);
  UnpackTraits(row.Get<nlohmann::json>("traits"), loaded.sign_up.members);
  loaded.hashes.resize(count);
  for (const auto& person : row.Get<std::vector<std::string>>("people")) {
    loaded.hashes[std::stoul(person.substr(kHexOfHash))] =
        person.substr(0, kHexOfHash);
  }
  return loaded;
}

// Which parties to load: those of whole visits, which have ended only if
// `ever`, and single ones, whatever became of them.
struct Asked {
  std::vector<int64_t> visits;
  bool ever = false;
  std::vector<std::string> sign_ups;
};

// The parties, by visit. `rules_of` a visit say what is asked of them.
std::map<std::string, std::vector<Party>> LoadParties(
    db::Tx& tx, const Asked& asked,
    const std::function<const SeatRules&(const std::string&)>& rules_of) {
  std::vector<std::string> organizations;
  std::vector<LoadedParty> loaded;
  for (const db::Row row :
       tx.Run(kLoadParties, asked.visits, asked.ever, asked.sign_ups)) {
    loaded.push_back(ReadParty(row));
    if (AskForOrganizations(rules_of(loaded.back().visit))) {
      organizations.push_back(loaded.back().party.organization);
    }
  }
  const OrganizationTraits traits =
      directory::LoadOrganizationTraits(tx, organizations);
  std::map<std::string, std::vector<Party>> parties;
  for (LoadedParty& one : loaded) {
    one.party.members = PeopleOf(one.sign_up, traits, one.hashes);
    parties[one.visit].push_back(std::move(one.party));
  }
  return parties;
}

// What other servers decided on visits after the versions that are known here.
constexpr db::Statement kDecidedSince{"visits.decided_since", R"sql(
  SELECT known.name AS visit, since.*
    FROM unnest($1::text[], $2::bigint[]) AS known (name, version)
    JOIN visits.visit AS v ON v.name = known.name
   CROSS JOIN LATERAL (
     SELECT max(d.version) AS version,
            array_agg(DISTINCT d.command::text) AS commands,
            coalesce(array_agg(event ->> 0) FILTER (WHERE event IS NOT NULL),
                     '{}') AS sign_ups
       FROM visits.decision AS d
       LEFT JOIN jsonb_array_elements(d.events) AS event ON true
      WHERE d.visit_id = v.visit_id AND d.version > known.version
     HAVING count(*) > 0) AS since
)sql"};

// Brings plans up to date by what was decided since, and leaves out those for
// which that does not do.
std::map<std::string, SeatPlan> CatchUp(db::Tx& tx,
                                        std::map<std::string, SeatPlan> plans) {
  if (plans.empty()) return plans;
  std::vector<std::string> visits;
  std::vector<int64_t> known;
  for (const auto& [id, plan] : plans) {
    visits.push_back(id);
    known.push_back(plan.version());
  }
  Asked asked;
  std::map<std::string, int64_t> versions;
  for (const db::Row row : tx.Run(kDecidedSince, visits, known)) {
    const auto commands = row.Get<std::vector<std::string>>("commands");
    const bool is_sweeping = std::any_of(
        commands.begin(), commands.end(), [](const std::string& command) {
          return IsSweeping(static_cast<CommandKind>(std::stoi(command)));
        });
    if (is_sweeping) continue;
    versions.emplace(row.Get<std::string>("visit"),
                     row.Get<int64_t>("version"));
    for (auto& sign_up : row.Get<std::vector<std::string>>("sign_ups")) {
      asked.sign_ups.push_back(std::move(sign_up));
    }
  }
  auto changed =
      LoadParties(tx, asked, [&](const std::string& id) -> const SeatRules& {
        return plans.at(id).rules();
      });
  std::map<std::string, SeatPlan> current;
  for (const auto& [id, version] : versions) {
    SeatPlan& plan = plans.at(id);
    plan.CatchUp(version, std::move(changed[id]));
    current.emplace(id, std::move(plan));
  }
  return current;
}

}  // namespace

std::map<std::string, SeatPlan> LoadPlans(
    db::Tx& tx, const std::vector<std::string>& ids,
    std::map<std::string, SeatPlan> known) {
  std::map<std::string, SeatPlan> plans = CatchUp(tx, std::move(known));
  std::vector<std::string> missing;
  for (const std::string& id : ids) {
    if (!plans.contains(id)) missing.push_back(id);
  }
  if (missing.empty()) return plans;
  Asked asked;
  std::map<std::string, SeatRules> rules;
  std::map<std::string, int64_t> versions;
  for (const StudyVisit& visit : LoadVisitsByIds(tx, missing)) {
    asked.visits.push_back(visit.row);
    rules.emplace(visit.id, RulesOf(visit));
    versions.emplace(visit.id, visit.version);
  }
  auto parties = LoadParties(
      tx, asked,
      [&](const std::string& id) -> const SeatRules& { return rules.at(id); });
  for (auto& [id, binding] : rules) {
    plans.emplace(id, SeatPlan(versions.at(id), std::move(binding),
                               std::move(parties[id])));
  }
  return plans;
}

std::map<std::string, Party> LoadEveryParty(db::Tx& tx,
                                            const StudyVisit& visit) {
  const SeatRules rules = RulesOf(visit);
  auto loaded = LoadParties(
      tx, {.visits = {visit.row}, .ever = true},
      [&](const std::string&) -> const SeatRules& { return rules; });
  std::map<std::string, Party> parties;
  for (Party& party : loaded[visit.id]) {
    std::string id = party.sign_up;
    parties.emplace(std::move(id), std::move(party));
  }
  return parties;
}

}  // namespace lagnet::visits
