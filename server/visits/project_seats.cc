#include "server/visits/project_seats.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "server/base/error.h"

namespace lagnet::visits {
namespace {

std::multiset<std::string> PeopleOf(const Party& party) {
  std::multiset<std::string> people;
  for (const Person& person : party.members) people.insert(person.hash);
  return people;
}

// Whether two sign-ups are choices of one party.
bool AreChoices(const Party& a, const Party& b) {
  return a.choice > 0 && b.choice > 0 && a.organization == b.organization &&
         PeopleOf(a) == PeopleOf(b);
}

// Whether a seat of the other one leaves the party's chances as they are.
bool WouldYield(const Party& other, const Party& party) {
  return party.choice < other.choice && AreChoices(party, other);
}

bool HasSeat(const Party& party, const std::string& hash) {
  const auto seated = party.members.begin() + party.seats;
  return !party.is_unverified &&
         std::any_of(party.members.begin(), seated,
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

// Whether anything can still follow there.
bool IsOpen(const SeatPlan& plan, absl::Time now) {
  return plan.rules().state == VisitState::kPublished && now < plan.rules().end;
}

// Whether it matters of a party that it has a seat elsewhere: it waits, or may
// come to wait.
bool IsMarked(const Party& party) {
  return party.most() > 0 || party.is_unverified;
}

// What the parties of a visit are not yet marked as, from who has seats on the
// others: of these there are few, however many wait.
std::vector<Mark> MarksFor(const ProjectPlans& plans, const std::string& visit,
                           absl::Time now) {
  const SeatPlan& plan = *plans.at(visit);
  std::set<std::string> seconds;
  for (const auto& [id, other] : plans) {
    for (const std::string& sign_up : other->seated()) {
      const Party& seated = *other->Find(sign_up);
      ForEachRelated({{visit, plans.at(visit)}}, id, seated,
                     [&](const std::string& /*visit*/, const Party& party,
                         const std::string& hash) {
                       if (IsMarked(party) && seated.due > now &&
                           HasSeat(seated, hash) &&
                           !WouldYield(seated, party)) {
                         seconds.insert(party.sign_up);
                       }
                     });
    }
  }
  std::vector<Mark> marks;
  for (const std::string& id : seconds) {
    if (!plan.seconds().contains(id)) marks.push_back({id, true});
  }
  for (const std::string& id : plan.seconds()) {
    if (!seconds.contains(id)) marks.push_back({id, false});
  }
  return marks;
}

// A sign-up whose party has all its seats on a visit that it would rather be
// on, and that one's visit.
struct Yielding {
  std::string visit;
  std::string sign_up;
};
std::optional<Yielding> FindYielding(const ProjectPlans& plans,
                                     absl::Time now) {
  std::optional<Yielding> found;
  for (const auto& [id, plan] : plans) {
    for (const std::string& sign_up : plan->seated()) {
      const Party& party = *plan->Find(sign_up);
      if (party.choice == 0 || party.most() > 0 ||
          party.state != SignUpState::kConfirmed) {
        continue;
      }
      ForEachRelated(plans, id, party,
                     [&](const std::string& visit, const Party& other,
                         const std::string& /*hash*/) {
                       if (WouldYield(other, party) && !other.is_unverified &&
                           IsOpen(*plans.at(visit), now)) {
                         found = {visit, other.sign_up};
                       }
                     });
      if (found) return found;
    }
  }
  return found;
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
                   is_second |=
                       HasSeat(other, hash) && !WouldYield(other, party);
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
        } else if (WouldYield(party, other) && other.most() == 0 &&
                   other.state == SignUpState::kConfirmed) {
          status = Error(absl::StatusCode::kFailedPrecondition, "BETTER_CHOICE",
                         "the party has seats of a better choice; leave "
                         "`choice` out to wait for second ones");
        }
      });
  return status;
}

void SettleTogether(
    const ProjectPlans& plans, absl::Time now,
    absl::FunctionRef<void(const std::string& visit, Decision decision)> note) {
  for (;;) {
    bool is_settled = true;
    // Marks come first, and all at once: no seat of a visit is given out before
    // it is known who has one elsewhere.
    for (const auto& [id, plan] : plans) {
      if (!IsOpen(*plan, now)) continue;
      if (auto settled = Settle(*plan, now, MarksFor(plans, id, now))) {
        note(id, *std::move(settled));
        is_settled = false;
      }
    }
    if (!is_settled) continue;
    const std::optional<Yielding> yielding = FindYielding(plans, now);
    if (!yielding) return;
    absl::StatusOr<Decision> decision = Decide(
        *plans.at(yielding->visit), YieldCommand{yielding->sign_up}, now);
    if (!decision.ok()) return;  // Of an open visit this is not refused.
    note(yielding->visit, *std::move(decision));
  }
}

}  // namespace lagnet::visits
