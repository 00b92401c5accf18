#include "server/visits/project_seats.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "server/base/error.h"

namespace lagnet::visits {
namespace {

const std::string& HeadOf(const Party& party) {
  return party.members.front().hash;
}

// Whether two sign-ups are choices of one party.
bool AreChoices(const Party& a, const Party& b) {
  return a.choice > 0 && b.choice > 0 && !HeadOf(a).empty() &&
         HeadOf(a) == HeadOf(b);
}

bool HasSeat(const Party& party, const std::string& hash) {
  const auto seated = party.members.begin() + party.seats;
  return std::any_of(party.members.begin(), seated,
                     [&](const Person& person) { return person.hash == hash; });
}

// The parties of other visits that somebody of this one belongs to.
template <typename Do>
void ForEachRelated(const ProjectPlans& plans, const std::string& visit,
                    const Party& party, const Do& act) {
  for (const auto& [id, plan] : plans) {
    if (id == visit) continue;
    for (const Person& person : party.members) {
      if (person.hash.empty()) continue;
      const Party* other = plan->PartyOf(person.hash);
      if (other != nullptr) act(id, *other, person.hash);
    }
  }
}

// One thing that has to follow from the seats as they are.
struct Step {
  std::string visit;
  Command command;
};

// Whether anything can still follow there.
bool IsOpen(const SeatPlan& plan, absl::Time now) {
  return plan.rules().state == VisitState::kPublished && now < plan.rules().end;
}

// Parties that are not marked as what they are. Who got a seat elsewhere comes
// first, so that nobody is given another one meanwhile.
std::optional<Step> MarkToSet(const ProjectPlans& plans, absl::Time now) {
  std::optional<Step> unmark;
  for (const auto& [id, plan] : plans) {
    if (!IsOpen(*plan, now)) continue;
    for (const auto& [key, sign_up] : plan->queue()) {
      const Party& party = *plan->Find(sign_up);
      const bool is_second = IsSecond(plans, id, party);
      if (is_second == party.is_second) continue;
      Step step{id, MarkCommand{sign_up, is_second}};
      if (is_second) return step;
      if (!unmark) unmark = std::move(step);
    }
  }
  return unmark;
}

// A party that has a seat of a better choice.
std::optional<Step> SeatToYield(const ProjectPlans& plans, absl::Time now) {
  std::optional<Step> step;
  for (const auto& [id, plan] : plans) {
    for (const Party* party : plan->parties()) {
      if (party->choice == 0 || party->seats == 0 ||
          party->state != SignUpState::kConfirmed) {
        continue;
      }
      ForEachRelated(plans, id, *party,
                     [&](const std::string& visit, const Party& other,
                         const std::string& /*hash*/) {
                       if (AreChoices(*party, other) &&
                           party->choice < other.choice &&
                           IsOpen(*plans.at(visit), now)) {
                         step = {visit, YieldCommand{other.sign_up}};
                       }
                     });
      if (step) return step;
    }
  }
  return step;
}

}  // namespace

ProjectPlans PlansOf(const std::string& project,
                     std::map<std::string, SeatPlan>& plans) {
  ProjectPlans together;
  for (auto& [id, plan] : plans) {
    if (plan.rules().project == project) together.emplace(id, &plan);
  }
  return together;
}

bool IsSecond(const ProjectPlans& plans, const std::string& visit,
              const Party& party) {
  bool is_second = false;
  ForEachRelated(plans, visit, party,
                 [&](const std::string& /*visit*/, const Party& other,
                     const std::string& hash) {
                   const bool would_yield =
                       AreChoices(party, other) && party.choice < other.choice;
                   is_second |= HasSeat(other, hash) && !would_yield;
                 });
  return is_second;
}

absl::Status CheckChoice(const ProjectPlans& plans, const std::string& visit,
                         const Party& party) {
  absl::Status status;
  ForEachRelated(
      plans, visit, party,
      [&](const std::string& /*visit*/, const Party& other,
          const std::string& /*hash*/) {
        if (!status.ok() || !AreChoices(party, other)) return;
        if (party.choice == other.choice) {
          status = InvalidField("sign_up.choice",
                                "is what the party has on another visit "
                                "of the project already");
        } else if (other.choice < party.choice && other.seats > 0 &&
                   other.state == SignUpState::kConfirmed) {
          status = Error(absl::StatusCode::kFailedPrecondition, "BETTER_CHOICE",
                         "the party has a seat of a better choice; leave "
                         "`choice` out to wait for a second seat");
        }
      });
  return status;
}

void FollowAcross(
    const ProjectPlans& plans, absl::Time now,
    absl::FunctionRef<void(const std::string& visit, Decision decision)> note) {
  for (;;) {
    std::optional<Step> step = MarkToSet(plans, now);
    if (!step) step = SeatToYield(plans, now);
    if (!step) return;
    absl::StatusOr<Decision> decision =
        Decide(*plans.at(step->visit), step->command, now);
    if (!decision.ok()) return;  // Of an open visit these are not refused.
    note(step->visit, *std::move(decision));
  }
}

}  // namespace lagnet::visits
