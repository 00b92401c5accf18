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
  SELECT visit_id, name, organization, sector, member_count, min_members,
         traits, state, seats, due_time, hold_end_time, arrival, draw_rank,
         is_unverified, network_hash, queue_place, choice, is_second,
         ARRAY(SELECT encode(p.person_hash, 'hex') || p.member
                 FROM visits.person AS p WHERE p.sign_up = asked.name) AS people
    FROM (SELECT * FROM visits.sign_up
           WHERE visit_id = ANY ($1::bigint[])
             AND ($2::boolean OR state IN (1, 2, 3, 4, 5, 11))
           UNION ALL
          SELECT * FROM visits.sign_up WHERE name = ANY ($3::text[])) AS asked
)sql"};

constexpr size_t kHexOfHash = 32;

// A party whose members know nothing but their hashes yet, and the sign-up
// that tells the rest.
struct LoadedParty {
  int64_t visit = 0;
  Party party;
  SignUp sign_up;
  std::vector<std::string> hashes;
};

LoadedParty ReadParty(const db::Row& row) {
  LoadedParty loaded{
      .visit = row.Get<int64_t>("visit_id"),
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

// The parties, by their visit's row; with what is known of their organisations
// where the visit `asks` for it.
std::map<int64_t, std::vector<Party>> LoadParties(
    db::Tx& tx, const Asked& asked, const std::function<bool(int64_t)>& asks) {
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
  std::map<int64_t, std::vector<Party>> parties;
  for (LoadedParty& one : loaded) {
    one.party.members = PeopleOf(one.sign_up, traits, one.hashes);
    parties[one.visit].push_back(std::move(one.party));
  }
  return parties;
}

// What other servers decided on visits after what is known here. Nothing of a
// visit whose history is not that one any more, or has gaps.
constexpr db::Statement kDecidedSince{"visits.decided_since", R"sql(
  SELECT known.visit_id, since.*
    FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::bigint[])
         AS known (visit_id, version, decide_time, reached)
    JOIN visits.decision AS last
      ON last.visit_id = known.visit_id AND last.version = known.version
     AND last.decide_time = known.decide_time
   CROSS JOIN LATERAL (
     SELECT array_agg(DISTINCT d.command::text) AS commands,
            coalesce(array_agg(event ->> 0) FILTER (WHERE event IS NOT NULL),
                     '{}') AS sign_ups
       FROM visits.decision AS d
       LEFT JOIN jsonb_array_elements(d.events) AS event ON true
      WHERE d.visit_id = known.visit_id AND d.version > known.version
     HAVING max(d.version) = known.reached
        AND count(DISTINCT d.version) = known.reached - known.version) AS since
)sql"};

}  // namespace

std::map<std::string, SeatPlan> CatchUp(
    db::Tx& tx, std::map<std::string, StalePlan> stale) {
  std::map<std::string, SeatPlan> current;
  if (stale.empty()) return current;
  std::vector<int64_t> rows, versions, reached;
  std::vector<absl::Time> times;
  std::map<int64_t, std::string> ids;
  for (const auto& [id, old] : stale) {
    rows.push_back(old.row);
    versions.push_back(old.known.plan.version());
    times.push_back(old.known.decide_time);
    reached.push_back(old.version);
    ids.emplace(old.row, id);
  }
  Asked asked;
  std::vector<int64_t> followed;
  for (const db::Row row :
       tx.Run(kDecidedSince, rows, versions, times, reached)) {
    const auto commands = row.Get<std::vector<std::string>>("commands");
    const bool is_sweeping = std::any_of(
        commands.begin(), commands.end(), [](const std::string& command) {
          return IsSweeping(static_cast<CommandKind>(std::stoi(command)));
        });
    if (is_sweeping) continue;
    followed.push_back(row.Get<int64_t>("visit_id"));
    for (auto& sign_up : row.Get<std::vector<std::string>>("sign_ups")) {
      asked.sign_ups.push_back(std::move(sign_up));
    }
  }
  if (followed.empty()) return current;
  auto changed = LoadParties(tx, asked, [&](int64_t row) {
    return AskForOrganizations(stale.at(ids.at(row)).known.plan.rules());
  });
  for (const int64_t row : followed) {
    StalePlan& old = stale.at(ids.at(row));
    old.known.plan.CatchUp(old.version, std::move(changed[row]));
    current.emplace(ids.at(row), std::move(old.known.plan));
  }
  return current;
}

std::map<std::string, SeatPlan> LoadPlans(db::Tx& tx,
                                          const std::vector<std::string>& ids) {
  Asked asked;
  std::map<int64_t, SeatRules> rules;
  const std::vector<StudyVisit> visits = LoadVisitsByIds(tx, ids);
  for (const StudyVisit& visit : visits) {
    asked.visits.push_back(visit.row);
    rules.emplace(visit.row, RulesOf(visit));
  }
  auto parties = LoadParties(tx, asked, [&](int64_t row) {
    return AskForOrganizations(rules.at(row));
  });
  std::map<std::string, SeatPlan> plans;
  for (const StudyVisit& visit : visits) {
    plans.emplace(visit.id,
                  SeatPlan(visit.version, std::move(rules.at(visit.row)),
                           std::move(parties[visit.row])));
  }
  return plans;
}

SeatPlan LoadPlanFor(db::Tx& tx, const StudyVisit& visit,
                     const SeatRules& next) {
  SeatRules rules = RulesOf(visit);
  const bool asks = AskForOrganizations(rules) || AskForOrganizations(next);
  auto parties = LoadParties(tx, {.visits = {visit.row}},
                             [asks](int64_t) { return asks; });
  return SeatPlan(visit.version, std::move(rules),
                  std::move(parties[visit.row]));
}

std::map<std::string, Party> LoadEveryParty(db::Tx& tx,
                                            const StudyVisit& visit) {
  const bool asks = AskForOrganizations(RulesOf(visit));
  auto loaded = LoadParties(tx, {.visits = {visit.row}, .ever = true},
                            [asks](int64_t) { return asks; });
  std::map<std::string, Party> parties;
  for (Party& party : loaded[visit.row]) {
    std::string id = party.sign_up;
    parties.emplace(std::move(id), std::move(party));
  }
  return parties;
}

}  // namespace lagnet::visits
