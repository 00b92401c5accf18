#include "server/visits/fit.h"

#include <algorithm>
#include <bit>
#include <vector>

namespace lagnet::visits {
namespace {

// How many of each share are among `count` members of the party from `first`.
std::vector<int> SharesOf(const SeatPlan& plan, const Party& party, int first,
                          int count) {
  std::vector<int> counts(plan.rules().shares.shares().size(), 0);
  for (int i = first; i < first + count; ++i) {
    const ShareSet set = party.members[static_cast<size_t>(i)].shares;
    for (size_t share = 0; share < counts.size(); ++share) {
      counts[share] += static_cast<int>((set >> share) & 1);
    }
  }
  return counts;
}

// The shares that `counts` people are too few for.
ShareSet BelowMinimum(const std::vector<Share>& shares,
                      const std::vector<int>& counts, absl::Time now) {
  ShareSet below = 0;
  for (size_t i = 0; i < shares.size(); ++i) {
    if (now < shares[i].min_until && counts[i] < shares[i].min) {
      below |= ShareSet{1} << i;
    }
  }
  return below;
}

// Whether as many seats are held as may be for people of the party's network or
// organisation who have not confirmed their address either.
bool HoldsEnoughUnverified(const SeatPlan& plan, const Party& party,
                           int count) {
  const SeatRules& rules = plan.rules();
  return plan.unverified_for(party.organization) + count >
             rules.unverified_per_organization ||
         (!party.network.empty() &&
          plan.unverified_from(party.network) + count >
              rules.unverified_per_network);
}

}  // namespace

int Free(const SeatPlan& plan) { return plan.rules().seats - plan.taken(); }

int Kept(const SeatPlan& plan, absl::Time now) {
  return plan.rules().shares.Kept(plan.share_counts(), now);
}

int Held(const SeatPlan& plan, int wanted, absl::Time now) {
  if (wanted == 0) return 0;
  return std::min(wanted, std::max(0, Free(plan) - Kept(plan, now)));
}

namespace {

// The same whether or not the party's address was confirmed.
Obstacle ObstacleForAnybody(const SeatPlan& plan, const Party& party, int count,
                            int held, Honour honour, absl::Time now) {
  const SeatRules& rules = plan.rules();
  if (rules.seats_per_organization > 0 &&
      plan.taken_of(party.organization) + count >
          rules.seats_per_organization) {
    return {WaitReason::kOrganizationShare};
  }
  const auto& shares = rules.shares.shares();
  std::vector<int> counts = SharesOf(plan, party, party.seats, count);
  for (size_t i = 0; i < shares.size(); ++i) {
    const bool adds = counts[i] > 0;
    counts[i] += plan.share_counts()[i];
    if (adds && counts[i] > shares[i].max) {
      return {WaitReason::kShareFull, static_cast<int>(i)};
    }
  }
  const int free = Free(plan);
  if (free < count) {
    return {free <= 0 ? WaitReason::kVisitFull : WaitReason::kGroupTooLarge};
  }
  if (honour == Honour::kMaximumsOnly) return {};
  held = Held(plan, held, now);
  if (shares.empty()) {
    return {free - held < count ? WaitReason::kHeldForGroup
                                : WaitReason::kNone};
  }
  const int after = rules.shares.Kept(counts, now);
  const int before = Kept(plan, now);
  // Whoever fills kept seats leaves no fewer of them for the others.
  if (after + count <= before) return {};
  if (after + count > free) {
    const ShareSet below = BelowMinimum(shares, counts, now);
    return {WaitReason::kSeatsKept, below == 0 ? -1 : std::countr_zero(below)};
  }
  if (after + count + held > free) return {WaitReason::kHeldForGroup};
  return {};
}

}  // namespace

Obstacle ObstacleFor(const SeatPlan& plan, const Party& party, int count,
                     int held, Honour honour, absl::Time now) {
  if (honour == Honour::kAll && party.is_second &&
      now < plan.rules().sign_up_end) {
    return {WaitReason::kSeatElsewhere};
  }
  const Obstacle obstacle =
      ObstacleForAnybody(plan, party, count, held, honour, now);
  // Comes last: if it is what is told, to confirm the address is all it takes.
  if (obstacle.why == WaitReason::kNone && honour == Honour::kAll &&
      party.is_unverified && HoldsEnoughUnverified(plan, party, count)) {
    return {WaitReason::kAddressUnverified};
  }
  return obstacle;
}

Fit FitOf(const SeatPlan& plan, const Party& party, int held, Honour honour,
          absl::Time now) {
  for (int count = party.most(); count > party.least(); --count) {
    if (ObstacleFor(plan, party, count, held, honour, now).why ==
        WaitReason::kNone) {
      return {count, {}};
    }
  }
  const Obstacle obstacle =
      ObstacleFor(plan, party, party.least(), held, honour, now);
  return {obstacle.why == WaitReason::kNone ? party.least() : 0, obstacle};
}

bool MayHoldFor(const SeatRules& rules, const Party& party,
                const Obstacle& obstacle) {
  return (obstacle.why == WaitReason::kGroupTooLarge ||
          obstacle.why == WaitReason::kSeatsKept ||
          obstacle.why == WaitReason::kHeldForGroup) &&
         party.least() > 1 && party.least() <= rules.largest_hold &&
         !party.is_unverified && rules.hold_for > absl::ZeroDuration();
}

bool CanHoldMore(const SeatPlan& plan, int held, absl::Time now) {
  return held < Free(plan) - Kept(plan, now);
}

bool MayRelease(const SeatPlan& plan, const Party& party) {
  return std::any_of(party.members.begin(), party.members.end(),
                     [&](const Person& person) {
                       return plan.rules().shares.CountsTwice(person.shares);
                     });
}

int HeldAhead(const SeatPlan& plan, const SeatPlan::QueueKey& key,
              absl::Time now) {
  int held = 0;
  for (const SeatPlan::QueueKey& ahead : plan.held_for()) {
    if (!(ahead < key)) break;
    const Party& group = *plan.Find(plan.queue().at(ahead));
    if (group.hold_until > now &&
        MayHoldFor(plan.rules(), group,
                   FitOf(plan, group, held, Honour::kAll, now).obstacle)) {
      held += group.least();
    }
  }
  return held;
}

Obstacle WhyWaiting(const SeatPlan& plan, const Party& party, absl::Time now) {
  if (!MayWait(party.state) || party.most() == 0) return {};
  const SeatRules& rules = plan.rules();
  if (rules.state == VisitState::kCompleted || now >= rules.end) {
    return {WaitReason::kVisitOver};
  }
  if (!rules.GivesSeats(now)) return {WaitReason::kNotYetAllocated};
  return FitOf(plan, party, HeldAhead(plan, plan.KeyOf(party), now),
               Honour::kAll, now)
      .obstacle;
}

ShareSet KeepersOf(const SeatPlan& plan, const Party& party, absl::Time now) {
  std::vector<int> counts =
      SharesOf(plan, party, party.seats, std::min(party.least(), party.most()));
  for (size_t i = 0; i < counts.size(); ++i) {
    counts[i] += plan.share_counts()[i];
  }
  return BelowMinimum(plan.rules().shares.shares(), counts, now);
}

}  // namespace lagnet::visits
