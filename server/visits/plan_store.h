#ifndef LAGNET_SERVER_VISITS_PLAN_STORE_H_
#define LAGNET_SERVER_VISITS_PLAN_STORE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/db/tx.h"
#include "server/visits/plan.h"
#include "server/visits/visit.h"

namespace lagnet::visits {

// A plan that was loaded or decided before, and when its version was decided:
// a database that was set back may have others of the same number.
struct KnownPlan {
  SeatPlan plan;
  absl::Time decide_time;
};

// The plans of visits, by id, from the database. Of visits that are locked
// (LockSeats() of seat_store.h) they are what is decided on.
std::map<std::string, SeatPlan> LoadPlans(db::Tx& tx,
                                          const std::vector<std::string>& ids);

// A plan that is older than its visit, which is locked.
struct StalePlan {
  KnownPlan known;
  int64_t row = 0;      // Of the visit.
  int64_t version = 0;  // Of the visit now.
};

// Brings plans up to date by what was decided since. Those for which that does
// not do are left out, to be loaded.
std::map<std::string, SeatPlan> CatchUp(db::Tx& tx,
                                        std::map<std::string, StalePlan> stale);

// The plan of one visit whose rules are going to be `next`: these may ask for
// more of the parties than those that it has.
SeatPlan LoadPlanFor(db::Tx& tx, const StudyVisit& visit,
                     const SeatRules& next);

// Every party of a visit that ever was, as it is now, by sign-up.
std::map<std::string, Party> LoadEveryParty(db::Tx& tx,
                                            const StudyVisit& visit);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_PLAN_STORE_H_
