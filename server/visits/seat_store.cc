#include "server/visits/seat_store.h"

#include <set>
#include <utility>

#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/visits/plan_store.h"
#include "server/visits/sign_up_store.h"

namespace lagnet::visits {
namespace {

constexpr db::Statement kLockSeats{"visits.lock_seats", R"sql(
  SELECT visit_id, name, network, version, update_time
    FROM visits.visit
   WHERE visit_id = ANY (ARRAY(
           SELECT DISTINCT coalesce(together.visit_id, v.visit_id)
             FROM visits.visit AS v
             LEFT JOIN visits.visit AS together
               ON together.seat_project = v.seat_project
            WHERE v.name = ANY ($1::text[])))
   ORDER BY visit_id
     FOR UPDATE
)sql"};

}  // namespace

std::map<std::string, LockedVisit> LockSeats(
    db::Tx& tx, const std::vector<std::string>& ids) {
  std::map<std::string, LockedVisit> visits;
  for (const db::Row row : tx.Run(kLockSeats, ids)) {
    LockedVisit visit{.row = row.Get<int64_t>("visit_id"),
                      .id = row.Get<std::string>("name"),
                      .network = row.Get<std::string>("network"),
                      .version = row.Get<int64_t>("version"),
                      .update_time = row.Get<absl::Time>("update_time")};
    visits.emplace(visit.id, std::move(visit));
  }
  return visits;
}

const RequestKey& SettledBy() {
  static const auto* const key = new RequestKey{
      .caller = "server", .method = "lagnet.visits.v1.SignUpService/Settle"};
  return *key;
}

Record RecordOf(const LockedVisit& visit, const SeatPlan& plan,
                Decision decision, const RequestKey& by, absl::Time now,
                std::string reason) {
  return {.visit = &visit,
          .decision = std::move(decision),
          .by = &by,
          .reason = std::move(reason),
          .confirmed = plan.confirmed(),
          .held = plan.taken() - plan.confirmed(),
          .waiting = plan.waiting(),
          .due = plan.NextDue(now)};
}

void SettleSeats(db::Tx& tx, const std::map<std::string, LockedVisit>& locked,
                 const std::string& visit,
                 std::map<std::string, SeatPlan>& plans,
                 std::vector<Record>& records) {
  const auto note = [&](const std::string& id, Decision decision) {
    records.push_back(RecordOf(locked.at(id), plans.at(id), std::move(decision),
                               SettledBy(), tx.now()));
  };
  SeatPlan& plan = plans.at(visit);
  const std::string project = plan.rules().project;
  if (project.empty()) {
    if (auto settled = Settle(plan, tx.now())) note(visit, *std::move(settled));
    return;
  }
  std::vector<std::string> missing;
  for (const auto& [id, row] : locked) {
    if (!plans.contains(id)) missing.push_back(id);
  }
  if (!missing.empty()) plans.merge(LoadPlans(tx, missing));
  SettleTogether(PlansOf(project, plans), tx.now(), note);
}

void FollowAcross(db::Tx& tx, const std::map<std::string, LockedVisit>& locked,
                  const std::string& visit,
                  std::map<std::string, SeatPlan>& plans,
                  std::vector<Record>& records) {
  if (plans.at(visit).rules().project.empty()) return;
  SettleSeats(tx, locked, visit, plans, records);
}

absl::Status DecideAlone(
    db::Tx& tx, const std::string& visit, const RequestKey& by,
    absl::FunctionRef<absl::StatusOr<LoneWish>(const SeatPlan&)> ask) {
  const auto locked = LockSeats(tx, {visit});
  if (locked.empty()) return NoSuch("study visit", visit);
  const LockedVisit& row = locked.at(visit);
  std::map<std::string, SeatPlan> plans = LoadPlans(tx, {visit});
  SeatPlan& plan = plans.at(visit);
  std::vector<Record> records;
  SettleSeats(tx, locked, visit, plans, records);
  ASSIGN_OR_RETURN(LoneWish asked, ask(plan));
  ASSIGN_OR_RETURN(Decision decision, Decide(plan, asked.command, tx.now()));
  records.push_back(RecordOf(row, plan, std::move(decision), by, tx.now()));
  records.back().sign_up = std::move(asked.sign_up);
  records.back().sealed = std::move(asked.sealed);
  records.back().letters = std::move(asked.letters);
  StoreDecisions(tx, records);
  // Whoever left may have left a place that it is too late to name; and what
  // follows elsewhere is to be decided.
  std::vector<Record> after;
  SettleSeats(tx, locked, visit, plans, after);
  StoreDecisions(tx, after);
  return absl::OkStatus();
}

namespace {

constexpr db::Statement kWhoSealsLeftOut{"visits.who_seals_left_out", R"sql(
  SELECT s.name, v.name AS visit
    FROM visits.sign_up AS s JOIN visits.visit AS v USING (visit_id)
   WHERE s.seals_left_out AND s.members <> ''
   LIMIT $1
)sql"};

}  // namespace

int ForgetLeftOut(db::Tx& tx, const privacy::Vault& vault, int limit) {
  std::vector<std::string> ids, visits;
  for (const db::Row row : tx.Run(kWhoSealsLeftOut, limit)) {
    ids.push_back(row.Get<std::string>("name"));
    visits.push_back(row.Get<std::string>("visit"));
  }
  // Before the sign-ups are read, so that what is read stays true.
  LockSeats(tx, visits);
  int forgotten = 0;
  for (const std::string& id : ids) {
    const absl::StatusOr<SignUp> sign_up = LoadSignUp(tx, vault, id);
    if (!sign_up.ok() || sign_up->members.empty()) continue;
    ResealSignUp(tx, *sign_up, vault.Seal(PackMembers(sign_up->members)));
    ++forgotten;
  }
  return forgotten;
}

bool IsOnVisit(const StudyVisit& visit, const SignUp& sign_up, absl::Time now) {
  return visit.state == VisitState::kPublished && IsLiving(sign_up.state) &&
         now < InstantsOf(visit).start && now < sign_up.due;
}

namespace {

constexpr db::Statement kVisitsDue{"visits.visits_due", R"sql(
  SELECT name FROM visits.visit
   WHERE state = 2 AND due_time <= now()
   ORDER BY due_time LIMIT $1
)sql"};

constexpr db::Statement kSaveDue{"visits.save_due", R"sql(
  UPDATE visits.visit SET due_time = $2 WHERE visit_id = $1
)sql"};

}  // namespace

int SettleVisits(db::Tx& tx, int limit) {
  std::vector<std::string> ids;
  for (const db::Row row : tx.Run(kVisitsDue, limit)) {
    ids.push_back(row.Get<std::string>("name"));
  }
  const auto locked = LockSeats(tx, ids);
  std::map<std::string, SeatPlan> plans = LoadPlans(tx, ids);
  std::vector<Record> records;
  for (const std::string& id : ids) {
    SettleSeats(tx, locked, id, plans, records);
  }
  std::set<std::string> decided;
  for (const Record& record : records) decided.insert(record.visit->id);
  for (const std::string& id : ids) {
    if (decided.contains(id)) continue;
    tx.Run(kSaveDue, locked.at(id).row, plans.at(id).NextDue(tx.now()));
  }
  StoreDecisions(tx, records);
  return static_cast<int>(ids.size());
}

}  // namespace lagnet::visits
