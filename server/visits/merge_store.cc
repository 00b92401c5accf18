#include "server/visits/merge_store.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/db/transact.h"
#include "server/visits/seat_store.h"

namespace lagnet::visits {
namespace {

constexpr db::Statement kNamingVisits{"visits.naming_visits", R"sql(
  SELECT name FROM visits.visit
   WHERE visit_id IN (
           SELECT visit_id FROM visits.host WHERE organization = $1
            UNION
           SELECT visit_id FROM visits.stop WHERE host = $1
            UNION
           SELECT visit_id FROM visits.sign_up WHERE organization = $1)
)sql"};

std::vector<std::string> NamingVisits(db::Tx& tx, const std::string& id) {
  std::vector<std::string> visits;
  for (const db::Row row : tx.Run(kNamingVisits, id)) {
    visits.push_back(row.Get<std::string>("name"));
  }
  return visits;
}

void Lock(db::Tx& tx, const directory::Move& move) {
  LockSeats(tx, NamingVisits(tx, move.from));
}

// Those that a rush signed up for meanwhile are not ours: waiting for them now
// might be waiting for who waits for us.
constexpr db::Statement kHoldVisits{"visits.hold_visits", R"sql(
  SELECT visit_id FROM visits.visit WHERE name = ANY ($1::text[])
     FOR UPDATE SKIP LOCKED
)sql"};

std::map<std::string, LockedVisit> HoldSeats(db::Tx& tx,
                                             const std::string& id) {
  const std::vector<std::string> naming = NamingVisits(tx, id);
  if (tx.Run(kHoldVisits, naming).size() != static_cast<int>(naming.size())) {
    throw db::RunAgain();
  }
  return LockSeats(tx, naming);
}

constexpr db::Statement kEndedSignUps{"visits.ended_sign_ups", R"sql(
  SELECT visit_id, name, state FROM visits.sign_up
   WHERE organization = $1 AND state NOT IN (4, 5)
   ORDER BY arrival
)sql"};

std::map<int64_t, std::vector<Event>> EndedSignUps(db::Tx& tx,
                                                   const std::string& id) {
  std::map<int64_t, std::vector<Event>> ended;
  for (const db::Row row : tx.Run(kEndedSignUps, id)) {
    ended[row.Get<int64_t>("visit_id")].push_back(
        {.sign_up = row.Get<std::string>("name"),
         .state = row.Get<SignUpState>("state")});
  }
  return ended;
}

std::vector<directory::Conflict> Reassign(db::Tx& tx,
                                          const directory::Move& move) {
  const auto visits = HoldSeats(tx, move.from);
  std::vector<const LockedVisit*> locked;
  for (const auto& [id, visit] : visits) locked.push_back(&visit);
  std::map<std::string, SeatPlan> plans = LoadPlans(tx, locked);
  auto ended = EndedSignUps(tx, move.from);
  std::vector<Record> records;
  std::vector<directory::Conflict> conflicts;
  for (const LockedVisit* visit : locked) {
    SeatPlan& plan = plans.at(visit->id);
    absl::StatusOr<Decision> decision = Decide(
        plan, ReassignCommand{move.from, move.to, std::move(ended[visit->row])},
        tx.now());
    if (!decision.ok()) {
      conflicts.push_back(
          {absl::StrCat("studyVisits/", visit->id), decision.status()});
      continue;
    }
    Apply(*decision, plan);
    records.push_back({.visit = visit,
                       .decision = *std::move(decision),
                       .by = move.by,
                       .confirmed = plan.confirmed(),
                       .waiting = plan.waiting()});
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

directory::MoveResult MoveAll(db::Tx& tx, const directory::Move& move) {
  std::vector<directory::Conflict> conflicts = Reassign(tx, move);
  const int hosts = tx.Run(kJoinHosts, move.from, move.to).affected() +
                    tx.Run(kMoveHosts, move.from, move.to).affected();
  const int stops = tx.Run(kMoveStops, move.from, move.to).affected();
  const int sign_ups = tx.Run(kMoveSignUps, move.from, move.to).affected();
  return {.moved = {{"visits.hosts", hosts},
                    {"visits.stops", stops},
                    {"visits.sign_ups", sign_ups}},
          .conflicts = std::move(conflicts)};
}

}  // namespace

directory::Mover OrganizationMover() {
  return {.columns = {"visits.host.organization", "visits.stop.host",
                      "visits.sign_up.organization"},
          .lock = Lock,
          .move = MoveAll};
}

}  // namespace lagnet::visits
