#ifndef LAGNET_SERVER_VISITS_PROJECT_SEATS_H_
#define LAGNET_SERVER_VISITS_PROJECT_SEATS_H_

#include <map>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/visits/seats.h"

namespace lagnet::visits {

// The visits of a project that give seats out together (SeatRules::project),
// with all that follows on the others from what was decided on one of them.
//
// First seats first: a party of which somebody has a seat on another of these
// visits comes after all who have none, and gets one only once sign-up has
// ended. Seats that are held for an address nobody has confirmed do not count:
// else anybody could put others last. Who comes in another's place takes that
// seat, and a host may promote anybody.
//
// Ranked choices: who signs up for several visits, for the same organisation
// and with the same people, may say which one they would like most. They then
// have one seat each: the best that they can get. They keep their place in the
// queue of a better choice, and leave a worse one when all have seats there.
// That is the deferred acceptance of Gale and Shapley ("College admissions and
// the stability of marriage", American Mathematical Monthly 69, 1962): nobody
// is worse off for telling what they really want.
using ProjectPlans = std::map<std::string, SeatPlan*>;  // By the visit's id.

// Those of `plans` that are of the project.
ProjectPlans PlansOf(const std::string& project,
                     std::map<std::string, SeatPlan>& plans);

// Whether somebody of the party, which is on `visit` or wants to be, has a seat
// on another one that it would not give back.
bool IsSecond(const ProjectPlans& plans, const std::string& visit,
              const Party& party);

// Fails with INVALID_ARGUMENT / INVALID_FIELDS for a choice that the party
// has on another visit already, and with
// FAILED_PRECONDITION / BETTER_CHOICE if the party has a seat of a better one.
absl::Status CheckChoice(const ProjectPlans& plans, const std::string& visit,
                         const Party& party);

// Decides what is due at `now`, and what follows from the seats that people
// have, until nothing does. Before any other decision on one of the visits, and
// after it. Calls `note` with each decision, with the plans as they are then.
void SettleTogether(
    const ProjectPlans& plans, absl::Time now,
    absl::FunctionRef<void(const std::string& visit, Decision decision)> note);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_PROJECT_SEATS_H_
