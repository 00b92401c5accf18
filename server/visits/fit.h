#ifndef LAGNET_SERVER_VISITS_FIT_H_
#define LAGNET_SERVER_VISITS_FIT_H_

#include "absl/time/time.h"
#include "server/visits/plan.h"

namespace lagnet::visits {

// What fits: which of the free seats a party could have. Pure; who gets them
// is decided by seats.h. docs/adr/0021-seats-by-rules.md tells the rules.

int Free(const SeatPlan& plan);

// Of the free seats, those that shares keep for their own people at `now`.
int Kept(const SeatPlan& plan, absl::Time now);

// Of `wanted` seats that groups would have held, those that are: what is kept
// for a share can be held for nobody.
int Held(const SeatPlan& plan, int wanted, absl::Time now);

// Hosts may promote somebody past what is kept and held, and before the address
// was confirmed; not past a maximum.
enum class Honour { kAll, kMaximumsOnly };

// What keeps a party from having `count` more seats, if parties further ahead
// would have `held` free ones held.
Obstacle ObstacleFor(const SeatPlan& plan, const Party& party, int count,
                     int held, Honour honour, absl::Time now);

// The seats that a party could have now.
struct Fit {
  int seats = 0;
  Obstacle obstacle;  // If none: what keeps it from the fewest it takes.
};
Fit FitOf(const SeatPlan& plan, const Party& party, int held, Honour honour,
          absl::Time now);

// Whether seats are too few for the group, and may be held for it: not before
// it has confirmed its address.
bool MayHoldFor(const SeatRules& rules, const Party& party,
                const Obstacle& obstacle);

// Whether there is a free seat that is neither kept nor among the `held`.
bool CanHoldMore(const SeatPlan& plan, int held, absl::Time now);

// Whether seats for the party may set kept ones free for those who wait: each
// of its people may fill more than one (see ShareBook::CountsTwice()).
bool MayRelease(const SeatPlan& plan, const Party& party);

// How many free seats parties ahead of `key` would have held.
int HeldAhead(const SeatPlan& plan, const SeatPlan::QueueKey& key,
              absl::Time now);

// Why a party that waits has no seats, or no more of them; none if nothing
// hinders it.
Obstacle WhyWaiting(const SeatPlan& plan, const Party& party, absl::Time now);

// All shares that keep the free seats from a party that waits with kSeatsKept,
// of which its obstacle has the first: those that would be below their minimum
// if it had the fewest seats that it takes.
ShareSet KeepersOf(const SeatPlan& plan, const Party& party, absl::Time now);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_FIT_H_
