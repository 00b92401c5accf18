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
  SELECT visit, name, organization, sector, member_count, min_members, traits,
         state, seats, due_time, hold_end_time, arrival, draw_rank,
         is_unverified, network_hash, queue_place, choice, is_second,
         ARRAY(SELECT encode(p.person_hash, 'hex') || p.member
                 FROM visits.person AS p WHERE p.sign_up = asked.name) AS people
    FROM (SELECT v.name AS visit, s.*
            FROM visits.sign_up AS s
            JOIN visits.visit AS v ON v.visit_id = s.visit_id
           WHERE s.visit_id = ANY ($1::bigint[])
             AND ($2::boolean OR s.state IN (1, 2, 3, 4, 5, 11))
           UNION ALL
          SELECT v.name AS visit, s.*
            FROM visits.sign_up AS s
            JOIN visits.visit AS v ON v.visit_id = s.visit_id
           WHERE s.name = ANY ($3::text[])) AS asked
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
                .rank = row.Get<int64_t>("draw_rank"),
                .is_unverified = row.Get<bool>("is_unverified"),
                .network = row.Bytes("network_hash"),
                .place = row.Get<int64_t>("queue_place"),
                .choice = row.Get<int>("choice"),
                .is_second = row.Get<bool>("is_second")},
      .sign_up = {.organization = row.Get<std::string>("organization"),
                  .sector = row.Get<Sector>("sector")}};
  const size_t count = static_cast<size_t>(row.Get<int>("member_count"));
  loaded.sign_up.members.resize(count);
  UnpackTraits(row.Get<nlohmann::json>("traits"), loaded.sign_up.members);
  loaded.hashes.resize(count);
  for (const auto& person : row.Get<std::vector<std::string>>("people")) {
    loaded.hashes.at(std::stoul(person.substr(kHexOfHash))) =
        person.substr(0, kHexOfHash);
  }
  return loaded;
}

// Which parties to load: those of whole visits, which have ended only if
// `ever`, or single ones, whatever became of them.
struct Asked {
  std::vector<int64_t> visits;
  bool ever = false;
  std::vector<std::string> sign_ups;
};

// The parties, by visit; with what is known of their organisations where the
// visit `asks` for it.
std::map<std::string, std::vector<Party>> LoadParties(
    db::Tx& tx, const Asked& asked,
    const std::function<bool(const std::string&)>& asks) {
  std::vector<std::string> organizations;
  std::vector<LoadedParty> loaded;
  for (const db::Row row :
       tx.Run(kLoadParties, asked.visits, asked.ever, asked.sign_ups)) {
    loaded.push_back(ReadParty(row));
    if (asks(loaded.back().visit)) {
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

// What other servers decided on visits after what is known here. Nothing of a
// visit whose history is not that one any more, or has gaps.
constexpr db::Statement kDecidedSince{"visits.decided_since", R"sql(
  SELECT known.name AS visit, since.*
    FROM unnest($1::text[], $2::bigint[], $3::timestamptz[])
         AS known (name, version, decide_time)
    JOIN visits.visit AS v ON v.name = known.name
    JOIN visits.decision AS last
      ON last.visit_id = v.visit_id AND last.version = known.version
     AND last.decide_time = known.decide_time
   CROSS JOIN LATERAL (
     SELECT max(d.version) AS version,
            array_agg(DISTINCT d.command::text) AS commands,
            coalesce(array_agg(event ->> 0) FILTER (WHERE event IS NOT NULL),
                     '{}') AS sign_ups
       FROM visits.decision AS d
       LEFT JOIN jsonb_array_elements(d.events) AS event ON true
      WHERE d.visit_id = v.visit_id AND d.version > known.version
     HAVING max(d.version) = v.version
        AND count(DISTINCT d.version) = v.version - known.version) AS since
)sql"};

// Brings plans up to date by what was decided since, and leaves out those for
// which that does not do.
std::map<std::string, SeatPlan> CatchUp(
    db::Tx& tx, std::map<std::string, KnownPlan> known) {
  std::map<std::string, SeatPlan> current;
  if (known.empty()) return current;
  std::vector<std::string> visits;
  std::vector<int64_t> versions;
  std::vector<absl::Time> times;
  for (const auto& [id, entry] : known) {
    visits.push_back(id);
    versions.push_back(entry.plan.version());
    times.push_back(entry.decide_time);
  }
  Asked asked;
  std::map<std::string, int64_t> reached;
  for (const db::Row row : tx.Run(kDecidedSince, visits, versions, times)) {
    const auto commands = row.Get<std::vector<std::string>>("commands");
    const bool is_sweeping = std::any_of(
        commands.begin(), commands.end(), [](const std::string& command) {
          return IsSweeping(static_cast<CommandKind>(std::stoi(command)));
        });
    if (is_sweeping) continue;
    reached.emplace(row.Get<std::string>("visit"), row.Get<int64_t>("version"));
    for (auto& sign_up : row.Get<std::vector<std::string>>("sign_ups")) {
      asked.sign_ups.push_back(std::move(sign_up));
    }
  }
  if (reached.empty()) return current;
  auto changed = LoadParties(tx, asked, [&](const std::string& id) {
    return AskForOrganizations(known.at(id).plan.rules());
  });
  for (const auto& [id, version] : reached) {
    SeatPlan& plan = known.at(id).plan;
    plan.CatchUp(version, std::move(changed[id]));
    current.emplace(id, std::move(plan));
  }
  return current;
}

}  // namespace

std::map<std::string, SeatPlan> LoadPlans(
    db::Tx& tx, const std::vector<std::string>& ids,
    std::map<std::string, KnownPlan> known) {
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
  auto parties = LoadParties(tx, asked, [&](const std::string& id) {
    return AskForOrganizations(rules.at(id));
  });
  for (auto& [id, binding] : rules) {
    plans.emplace(id, SeatPlan(versions.at(id), std::move(binding),
                               std::move(parties[id])));
  }
  return plans;
}

SeatPlan LoadPlanFor(db::Tx& tx, const StudyVisit& visit,
                     const SeatRules& next) {
  SeatRules rules = RulesOf(visit);
  const bool asks = AskForOrganizations(rules) || AskForOrganizations(next);
  auto parties = LoadParties(tx, {.visits = {visit.row}},
                             [asks](const std::string&) { return asks; });
  return SeatPlan(visit.version, std::move(rules),
                  std::move(parties[visit.id]));
}

std::map<std::string, Party> LoadEveryParty(db::Tx& tx,
                                            const StudyVisit& visit) {
  const bool asks = AskForOrganizations(RulesOf(visit));
  auto loaded = LoadParties(tx, {.visits = {visit.row}, .ever = true},
                            [asks](const std::string&) { return asks; });
  std::map<std::string, Party> parties;
  for (Party& party : loaded[visit.id]) {
    std::string id = party.sign_up;
    parties.emplace(std::move(id), std::move(party));
  }
  return parties;
}

}  // namespace lagnet::visits
