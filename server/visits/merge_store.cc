#include "server/visits/merge_store.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/db/transact.h"
#include "server/visits/plan_store.h"
#include "server/visits/rules.h"
#include "server/visits/seat_store.h"
#include "server/visits/store.h"
#include "server/visits/visit.h"

namespace lagnet::visits {
namespace {

constexpr db::Statement kNamingVisits{"visits.naming_visits", R"sql(
  WITH naming AS (
    SELECT name, seat_project FROM visits.visit
     WHERE visit_id IN (
           SELECT visit_id FROM visits.host WHERE organization = $1
            UNION
           SELECT visit_id FROM visits.stop WHERE host = $1
            UNION
           SELECT visit_id FROM visits.sign_up WHERE organization = $1
            UNION
           SELECT visit_id FROM visits.visit
            WHERE jsonb_path_exists(seat_rules, '$.** ? (@ == $id)',
                                    jsonb_build_object('id', $1::text)))
  )
  SELECT name, true AS is_naming FROM naming
   UNION ALL
  (SELECT v.name, false FROM visits.visit AS v JOIN naming USING (seat_project)
   EXCEPT SELECT name, false FROM naming)
)sql"};

// The visits that name an organisation, and with those that they give seats out
// together with.
struct Naming {
  std::vector<std::string> visits;
  std::vector<std::string> together;
};
Naming NamingVisits(db::Tx& tx, const std::string& id) {
  Naming naming;
  for (const db::Row row : tx.Run(kNamingVisits, id)) {
    const auto visit = row.Get<std::string>("name");
    if (row.Get<bool>("is_naming")) naming.visits.push_back(visit);
    naming.together.push_back(visit);
  }
  return naming;
}

void Lock(db::Tx& tx, const directory::Move& move) {
  LockSeats(tx, NamingVisits(tx, move.from).together);
}

// Those that a rush signed up for meanwhile are not ours: waiting for them now
// might be waiting for who waits for us.
constexpr db::Statement kHoldVisits{"visits.hold_visits", R"sql(
  SELECT visit_id FROM visits.visit WHERE name = ANY ($1::text[])
     FOR UPDATE SKIP LOCKED
)sql"};

std::map<std::string, LockedVisit> HoldSeats(
    db::Tx& tx, const std::vector<std::string>& visits) {
  if (tx.Run(kHoldVisits, visits).size() != static_cast<int>(visits.size())) {
    throw db::RunAgain();
  }
  return LockSeats(tx, visits);
}

constexpr db::Statement kEndedSignUps{"visits.ended_sign_ups", R"sql(
  SELECT visit_id, name, state, member_count FROM visits.sign_up
   WHERE organization = $1 AND state NOT IN (1, 2, 3, 4, 5, 11)
   ORDER BY arrival
)sql"};

std::map<int64_t, std::vector<Event>> EndedSignUps(db::Tx& tx,
                                                   const std::string& id) {
  std::map<int64_t, std::vector<Event>> ended;
  for (const db::Row row : tx.Run(kEndedSignUps, id)) {
    ended[row.Get<int64_t>("visit_id")].push_back(
        {.sign_up = row.Get<std::string>("name"),
         .state = row.Get<SignUpState>("state"),
         .members = row.Get<int>("member_count")});
  }
  return ended;
}

// The shares of visits once the two are one.
std::map<std::string, std::vector<Share>> SharesAfter(
    db::Tx& tx, const std::vector<std::string>& ids,
    const directory::Move& move) {
  std::map<std::string, std::vector<Share>> shares;
  for (StudyVisit& visit : LoadVisitsByIds(tx, ids)) {
    RenameOrganization(move.from, move.to, visit);
    shares.emplace(visit.id, RulesOf(visit).shares.shares());
  }
  return shares;
}

std::vector<directory::Conflict> Reassign(db::Tx& tx,
                                          const directory::Move& move) {
  const Naming naming = NamingVisits(tx, move.from);
  const auto locked = HoldSeats(tx, naming.together);
  std::map<std::string, SeatPlan> plans = LoadPlans(tx, naming.visits);
  auto shares = SharesAfter(tx, naming.visits, move);
  auto ended = EndedSignUps(tx, move.from);
  std::vector<Record> records;
  std::vector<directory::Conflict> conflicts;
  for (const std::string& id : naming.visits) {
    SettleSeats(tx, locked, id, plans, records);
  }
  for (const std::string& id : naming.visits) {
    const LockedVisit& visit = locked.at(id);
    SeatPlan& plan = plans.at(id);
    absl::StatusOr<Decision> decision =
        Decide(plan,
               ReassignCommand{move.from, move.to, std::move(ended[visit.row]),
                               std::move(shares[id])},
               tx.now());
    if (!decision.ok()) {
      conflicts.push_back(
          {absl::StrCat("studyVisits/", id), decision.status()});
      continue;
    }
    records.push_back(
        RecordOf(visit, plan, *std::move(decision), move.by, tx.now()));
  }
  // Only now all that were of one organisation are of the other.
  for (const std::string& id : naming.visits) {
    FollowAcross(tx, locked, id, plans, records);
  }
  StoreDecisions(tx, records);
  return conflicts;
}

// Two hosts of one visit are one.
constexpr db::Statement kJoinHosts{"visits.join_hosts", R"sql(
  DELETE FROM visits.host AS goes
   USING visits.host AS stays
   WHERE goes.organization = $1 AND stays.organization = $2
     AND stays.visit_id = goes.visit_id
)sql"};

constexpr db::Statement kMoveHosts{"visits.move_hosts", R"sql(
  UPDATE visits.host SET organization = $2 WHERE organization = $1
)sql"};

constexpr db::Statement kMoveStops{"visits.move_stops", R"sql(
  UPDATE visits.stop SET host = $2 WHERE host = $1
)sql"};

constexpr db::Statement kMoveSignUps{"visits.move_sign_ups", R"sql(
  UPDATE visits.sign_up SET organization = $2 WHERE organization = $1
)sql"};

constexpr db::Statement kRulesNaming{"visits.rules_naming", R"sql(
  SELECT name FROM visits.visit
   WHERE jsonb_path_exists(seat_rules, '$.** ? (@ == $id)',
                           jsonb_build_object('id', $1::text))
)sql"};

constexpr db::Statement kSaveRules{"visits.save_rules", R"sql(
  UPDATE visits.visit SET seat_rules = $2 WHERE visit_id = $1
)sql"};

// What was published stays as it was: an old name leads to the entry.
int MoveRules(db::Tx& tx, const directory::Move& move) {
  int moved = 0;
  std::vector<std::string> naming;
  for (const db::Row row : tx.Run(kRulesNaming, move.from)) {
    naming.push_back(row.Get<std::string>("name"));
  }
  for (StudyVisit& visit : LoadVisitsByIds(tx, naming)) {
    const VisitRules before = visit.rules;
    RenameOrganization(move.from, move.to, visit);
    if (visit.rules == before) continue;
    tx.Run(kSaveRules, visit.row, ToJson(visit.rules));
    ++moved;
  }
  return moved;
}

directory::MoveResult MoveAll(db::Tx& tx, const directory::Move& move) {
  std::vector<directory::Conflict> conflicts = Reassign(tx, move);
  const int hosts = tx.Run(kJoinHosts, move.from, move.to).affected() +
                    tx.Run(kMoveHosts, move.from, move.to).affected();
  const int stops = tx.Run(kMoveStops, move.from, move.to).affected();
  const int sign_ups = tx.Run(kMoveSignUps, move.from, move.to).affected();
  const int rules = MoveRules(tx, move);
  return {.moved = {{"visits.hosts", hosts},
                    {"visits.seat_rules", rules},
                    {"visits.stops", stops},
                    {"visits.sign_ups", sign_ups}},
          .conflicts = std::move(conflicts)};
}

}  // namespace

directory::Mover OrganizationMover() {
  return {.columns = {"visits.host.organization", "visits.stop.host",
                      "visits.visit.seat_rules", "visits.sign_up.organization"},
          .lock = Lock,
          .move = MoveAll};
}

}  // namespace lagnet::visits
