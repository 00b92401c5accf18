#ifndef LAGNET_SERVER_VISITS_PLAN_STORE_H_
#define LAGNET_SERVER_VISITS_PLAN_STORE_H_

#include <map>
#include <string>
#include <vector>

#include "server/db/tx.h"
#include "server/visits/plan.h"
#include "server/visits/visit.h"

namespace lagnet::visits {

// The plans of visits, by id, from the database. Of visits that are locked
// (LockSeats() of seat_store.h) they are what is decided on. Of those in
// `known`, which are older, only what changed since is loaded where that does.
std::map<std::string, SeatPlan> LoadPlans(
    db::Tx& tx, const std::vector<std::string>& ids,
    std::map<std::string, SeatPlan> known = {});

// Every party of a visit that ever was, as it is now, by sign-up.
std::map<std::string, Party> LoadEveryParty(db::Tx& tx,
                                            const StudyVisit& visit);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_PLAN_STORE_H_
