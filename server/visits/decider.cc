#include "server/visits/decider.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/visits/fit.h"

namespace lagnet::visits {

absl::Status WrongState(absl::string_view what) {
  return Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE", what);
}

absl::Status ShareExceeded(absl::string_view what) {
  return Error(absl::StatusCode::kFailedPrecondition, "SHARE_EXCEEDED", what);
}

absl::Status CheckEligible(const Person& person, const SeatRules& rules) {
  if (person.hash.empty()) return absl::OkStatus();
  const auto refuse = [](absl::string_view criterion, absl::string_view what) {
    return Error(absl::StatusCode::kFailedPrecondition, "NOT_ELIGIBLE",
                 absl::StrCat("this study visit is for ", what,
                              "; correct the sign-up if it is wrong, or ask "
                              "the organiser"))
        .With("criterion", criterion);
  };
  switch (WhyNotEligible(person.traits, rules.who)) {
    case Bar::kTerritory:
      return refuse("territory", "people of certain territories");
    case Bar::kOrganizationKind:
      return refuse("organizationKind", "organisations of certain kinds");
    case Bar::kSector:
      return refuse("sector", "people of certain sectors");
    case Bar::kOrganization:
      return refuse("organization", "certain organisations");
    case Bar::kAgeBand:
      return refuse("ageBand", "people of a certain age");
    case Bar::kLanguage:
      return refuse("language", "people who speak certain languages");
    case Bar::kNone:
      break;
  }
  return absl::OkStatus();
}

Event EventOf(const Party& party) {
  return {.sign_up = party.sign_up,
          .state = party.state,
          .seats = party.seats,
          .members = party.size(),
          .due = party.due,
          .hold_until = party.hold_until,
          .rank = party.rank,
          .place = party.place,
          .is_second = party.is_second};
}

Event EndOf(const Party& party, SignUpState state) {
  return {.sign_up = party.sign_up, .state = state, .members = party.size()};
}

void Decider::Become(const Event& event, SeatPlan& plan) {
  if (!IsLiving(event.state)) {
    if (plan.Find(event.sign_up) != nullptr) plan.Remove(event.sign_up);
    return;
  }
  Party& party = plan.parties_.at(event.sign_up);
  plan.Count(party, -1);
  party.state = event.state;
  party.seats = event.seats;
  party.due = event.due;
  party.hold_until = event.hold_until;
  party.rank = event.rank;
  party.place = event.place;
  party.is_second = event.is_second;
  int left_out = party.size() - event.members;
  std::erase_if(party.members, [&](const Person& person) {
    return person.hash.empty() && left_out-- > 0;
  });
  plan.Count(party, 1);
  plan.settled_until_ = std::min(plan.settled_until_, event.due);
  if (event.hold_until > absl::InfinitePast()) {
    plan.settled_until_ = std::min(plan.settled_until_, event.hold_until);
  }
}

void Decider::Make(Event event) {
  Become(event, plan_);
  events_.push_back(std::move(event));
}

absl::StatusOr<const Party*> Decider::Living(const std::string& sign_up) const {
  const Party* party = plan_.Find(sign_up);
  if (party == nullptr) return WrongState("the sign-up has ended already");
  if (plan_.rules().state != VisitState::kPublished ||
      now_ >= plan_.rules().end) {
    return Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
                 "the study visit is over")
        .With("state", NameOf(plan_.rules().state));
  }
  return party;
}

// A party that was not asked when it signed up is asked now, if the rules say
// so. Whoever has seats already asked for more.
Event Decider::Seated(const Party& party, int seats) const {
  Event event = EventOf(party);
  event.seats += seats;
  event.hold_until = absl::InfinitePast();
  if (IsPending(party.state)) {
    event.state = SignUpState::kHeld;
  } else if (party.state == SignUpState::kWaitlisted &&
             plan_.rules().offer_for > absl::ZeroDuration()) {
    event.state = SignUpState::kOffered;
    event.due = std::min(now_ + plan_.rules().offer_for, plan_.rules().end);
  } else {
    event.state = SignUpState::kConfirmed;
  }
  return event;
}

int Decider::TryToSeat(const Party& party, int held) {
  const Fit fit = FitOf(plan_, party, held, Honour::kAll, now_);
  if (fit.seats > 0) {
    Make(Seated(party, fit.seats));
    return 0;
  }
  if (!MayHoldFor(plan_.rules(), party, fit.obstacle)) return 0;
  if (party.hold_until == absl::InfinitePast()) {
    if (!CanHoldMore(plan_, held, now_)) return 0;
    Event event = EventOf(party);
    event.obstacle = fit.obstacle;
    event.hold_until = now_ + plan_.rules().hold_for;
    Make(event);
    return party.least();
  }
  return party.hold_until > now_ ? party.least() : 0;
}

void Decider::Fill() {
  if (!plan_.rules().GivesSeats(now_)) return;
  size_t before = 0;
  do {
    before = events_.size();
    GoThroughQueue();
    // What is left may have become too few for a group, and be held for it.
  } while (plan_.rules().hold_for > absl::ZeroDuration() &&
           events_.size() > before);
}

void Decider::GoThroughQueue() {
  int held = 0;
  auto place = plan_.queue().begin();
  while (place != plan_.queue().end() &&
         Free(plan_) > Held(plan_, held, now_)) {
    const SeatPlan::QueueKey key = place->first;
    const Party& party = *plan_.Find(place->second);
    const int before = party.seats;
    held += TryToSeat(party, held);
    if (party.seats > before && MayRelease(plan_, party)) {
      // Whoever was passed may fit now, and is first.
      held = 0;
      place = plan_.queue().begin();
    } else {
      place = plan_.queue().upper_bound(key);
    }
  }
}

void Decider::Replace(const SubstituteCommand& command, SeatPlan& plan) {
  Party& party = plan.parties_.at(command.sign_up);
  plan.Count(party, -1);
  Person& person = party.members[static_cast<size_t>(command.member)];
  plan.people_.erase(person.hash);
  person = command.person;
  person.shares = plan.rules_.shares.Of(person.traits);
  if (!person.hash.empty()) plan.people_.emplace(person.hash, party.sign_up);
  plan.Count(party, 1);
  // It may be too late for a place without a name.
  if (person.hash.empty()) plan.settled_until_ = absl::InfinitePast();
}

void Decider::Replay(const Decision& decision, SeatPlan& plan) {
  plan.version_ = decision.version;
  if (const auto* c = std::get_if<SignUpCommand>(&decision.command)) {
    Party party = c->party;
    party.arrival = decision.version;
    party.state = SignUpState::kWaitlisted;
    plan.Add(std::move(party));
  } else if (const auto* r = std::get_if<ReassignCommand>(&decision.command)) {
    plan.Reassign(r->from, r->to, r->shares);
  } else if (const auto* n =
                 std::get_if<ChangeRulesCommand>(&decision.command)) {
    plan.SetRules(n->rules);
  } else if (std::holds_alternative<CancelCommand>(decision.command)) {
    plan.rules_.state = VisitState::kCancelled;
  } else if (const auto* s =
                 std::get_if<SubstituteCommand>(&decision.command)) {
    Replace(*s, plan);
  } else if (std::holds_alternative<DrawCommand>(decision.command)) {
    plan.rules_.is_drawn = true;
  } else if (const auto* v = std::get_if<VerifyCommand>(&decision.command)) {
    plan.MarkVerified(v->sign_up);
  }
  for (const Event& event : decision.events) Become(event, plan);
}

}  // namespace lagnet::visits
