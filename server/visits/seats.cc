#include "server/visits/seats.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/visits/fit.h"

namespace lagnet::visits {
namespace {

absl::Status Closed(const SeatRules& rules, absl::Time now) {
  const char* why = rules.state != VisitState::kPublished
                        ? "this study visit takes no sign-ups"
                    : now < rules.sign_up_start
                        ? "sign-up for this study visit has not begun"
                        : "sign-up for this study visit is over";
  Error error(absl::StatusCode::kFailedPrecondition, "SIGN_UP_CLOSED", why);
  if (rules.sign_up_start != absl::InfinitePast()) {
    error.With("signUpStartTime",
               absl::FormatTime(rules.sign_up_start, absl::UTCTimeZone()));
  }
  error.With("signUpEndTime",
             absl::FormatTime(rules.sign_up_end, absl::UTCTimeZone()));
  return error;
}

absl::Status WrongState(absl::string_view what) {
  return Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE", what);
}

absl::Status ShareExceeded(absl::string_view what) {
  return Error(absl::StatusCode::kFailedPrecondition, "SHARE_EXCEEDED", what);
}

bool IsOver(const SeatRules& rules) {
  return rules.state == VisitState::kCancelled ||
         rules.state == VisitState::kCompleted;
}

// Whether all may come who are named; of the others nothing is known yet.
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

absl::Status CheckVerified(const Party& party) {
  if (!party.is_unverified) return absl::OkStatus();
  return WrongState(
      "the person has not confirmed the address of the sign-up yet");
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

}  // namespace

// Makes one decision, on the plan itself.
class Decider {
 public:
  Decider(SeatPlan& plan, absl::Time now) : plan_(plan), now_(now) {}

  absl::Status operator()(const SignUpCommand& command);
  absl::Status operator()(const WithdrawCommand& command);
  absl::Status operator()(const ChangeRulesCommand& command);
  absl::Status operator()(const CancelCommand& command);
  absl::Status operator()(const ReassignCommand& command);
  absl::Status operator()(const ConfirmCommand& command);
  absl::Status operator()(const RefuseCommand& command);
  absl::Status operator()(const AcceptCommand& command);
  absl::Status operator()(const DeclineCommand& command);
  absl::Status operator()(const SubstituteCommand& command);
  absl::Status operator()(const PromoteCommand& command);
  absl::Status operator()(const DrawCommand& command);
  absl::Status operator()(const SettleCommand& command);
  absl::Status operator()(const VerifyCommand& command);
  absl::Status operator()(const RankCommand& command);
  absl::Status operator()(const MarkCommand& command);
  absl::Status operator()(const YieldCommand& command);

  Decision Finish(const Command& command) {
    return {command, ++plan_.version_, std::move(events_)};
  }
  bool has_events() const { return !events_.empty(); }
  static void Replay(const Decision& decision, SeatPlan& plan);

 private:
  // A living sign-up of a visit that is not over yet.
  absl::StatusOr<const Party*> Living(const std::string& sign_up) const;
  void Make(Event event);
  // Gives free seats out, to whoever comes first and fits.
  void Fill();
  void GoThroughQueue();
  // Tries to give seats to a waiting party; returns the seats to hold for it.
  int TryToSeat(const Party& party, int held);
  Event Seated(const Party& party, int seats) const;
  void LapseWhatIsDue();
  void LeaveOutPlaceholders();
  static void WaitAgain(Event& event);

  static void Become(const Event& event, SeatPlan& plan);
  static void Replace(const SubstituteCommand& command, SeatPlan& plan);

  SeatPlan& plan_;
  const absl::Time now_;
  std::vector<Event> events_;
};

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
  if (event.members < party.size()) {
    std::erase_if(party.members,
                  [](const Person& person) { return person.hash.empty(); });
  }
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
    held += TryToSeat(*plan_.Find(place->second), held);
    place = plan_.queue().upper_bound(key);
  }
}

absl::Status Decider::operator()(const SignUpCommand& command) {
  const SeatRules& rules = plan_.rules();
  if (rules.state != VisitState::kPublished || now_ < rules.sign_up_start ||
      now_ >= rules.sign_up_end) {
    return Closed(rules, now_);
  }
  Party party = command.party;
  const int limit = rules.seats_per_organization > 0
                        ? std::min(rules.seats, rules.seats_per_organization)
                        : rules.seats;
  if (party.least() > limit) {
    return Error(absl::StatusCode::kInvalidArgument, "PARTY_TOO_LARGE",
                 absl::StrCat("a party of ", party.least(),
                              " can never have seats: at most ", limit,
                              " people can come for one organisation"))
        .Field("sign_up.members", "has more people than can come together");
  }
  for (const Person& person : party.members) {
    if (person.hash.empty() && now_ >= rules.placeholders_end) {
      return InvalidField("sign_up.members",
                          "must all be named: it is too late for places that "
                          "are named later");
    }
    RETURN_IF_ERROR(CheckEligible(person, rules));
    if (!person.hash.empty() && plan_.has_person(person.hash)) {
      return Error(absl::StatusCode::kAlreadyExists, "ALREADY_SIGNED_UP",
                   "one of these people is on the study visit already");
    }
  }
  party.arrival = plan_.version() + 1;
  const bool is_pending = party.is_unverified || command.needs_confirmation;
  party.state =
      is_pending ? SignUpState::kPendingConfirmation : SignUpState::kWaitlisted;
  if (is_pending) {
    party.due = party.is_unverified
                    ? std::min(now_ + rules.verify_within, rules.verify_until)
                    : now_ + rules.confirm_within;
  }
  for (Person& person : party.members) {
    person.shares = rules.shares.Of(person.traits);
  }
  Event event = EventOf(party);
  if (!rules.GivesSeats(now_)) {
    event.obstacle = {WaitReason::kNotYetAllocated};
  } else {
    const int held = HeldAhead(plan_, plan_.KeyOf(party), now_);
    const Fit fit = FitOf(plan_, party, held, Honour::kAll, now_);
    if (fit.seats > 0) {
      event.seats = fit.seats;
      event.state = is_pending ? SignUpState::kHeld : SignUpState::kConfirmed;
    } else if (MayHoldFor(rules, party, fit.obstacle) &&
               CanHoldMore(plan_, held, now_)) {
      event.hold_until = now_ + rules.hold_for;
    }
    event.obstacle = fit.obstacle;
  }
  const bool may_hold = rules.hold_for > absl::ZeroDuration();
  plan_.Add(std::move(party));
  Make(std::move(event));
  if (may_hold) Fill();
  return absl::OkStatus();
}

absl::Status Decider::operator()(const WithdrawCommand& command) {
  ASSIGN_OR_RETURN(const Party* party, Living(command.sign_up));
  Make(EndOf(*party, SignUpState::kWithdrawn));
  Fill();
  return absl::OkStatus();
}

absl::Status Decider::operator()(const ChangeRulesCommand& command) {
  if (IsOver(plan_.rules())) {
    return Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
                 "the study visit is over or cancelled")
        .With("state", NameOf(plan_.rules().state));
  }
  if (command.rules.seats < plan_.taken()) {
    // Whom it would touch: the last ones in.
    std::vector<std::string> last;
    int excess = plan_.taken() - command.rules.seats;
    const std::vector<const Party*> parties = plan_.parties();
    for (auto party = parties.rbegin(); party != parties.rend() && excess > 0;
         ++party) {
      if ((*party)->seats == 0) continue;
      last.push_back((*party)->sign_up);
      excess -= (*party)->seats;
    }
    return Error(absl::StatusCode::kFailedPrecondition, "SEATS_TAKEN",
                 absl::StrCat(plan_.taken(),
                              " seats are taken; there cannot be fewer than "
                              "that. Withdraw sign-ups first"))
        .With("takenCount", absl::StrCat(plan_.taken()))
        .With("signUps", absl::StrJoin(last, ","));
  }
  // A lower maximum takes nobody's seat away; it binds those who come.
  plan_.SetRules(command.rules);
  if (command.rules.state == VisitState::kPublished) LeaveOutPlaceholders();
  Fill();
  return absl::OkStatus();
}

absl::Status Decider::operator()(const CancelCommand&) {
  if (IsOver(plan_.rules())) {
    return Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
                 "the study visit is over or cancelled already")
        .With("state", NameOf(plan_.rules().state));
  }
  plan_.rules_.state = VisitState::kCancelled;
  for (const Party* party : plan_.parties()) {
    Make(EndOf(*party, SignUpState::kCancelled));
  }
  return absl::OkStatus();
}

absl::Status Decider::operator()(const ReassignCommand& command) {
  const SeatRules& rules = plan_.rules();
  const int share = rules.seats_per_organization;
  const int mine = plan_.taken_of(command.from);
  const int theirs = plan_.taken_of(command.to);
  // When all is over, nobody could make room any more. Who is above a share
  // that was lowered alone, is so no more than before.
  const bool binds = share > 0 && rules.state == VisitState::kPublished &&
                     now_ < rules.end && mine > 0 && theirs > 0;
  if (binds && mine + theirs > share) {
    return Error(absl::StatusCode::kFailedPrecondition, "SHARE_EXCEEDED",
                 absl::StrCat("together the two organisations have ",
                              mine + theirs, " seats of at most ", share,
                              ": raise seats_per_organization, or withdraw "
                              "sign-ups, and merge then"))
        .With("confirmedCount", absl::StrCat(mine + theirs))
        .With("seatsPerOrganization", absl::StrCat(share));
  }
  std::vector<std::string> moved;
  for (const Party* party : plan_.parties()) {
    if (party->organization == command.from) moved.push_back(party->sign_up);
  }
  plan_.Reassign(command.from, command.to);
  for (const std::string& sign_up : moved) {
    const Party& party = *plan_.Find(sign_up);
    Event event = EventOf(party);
    event.obstacle = WhyWaiting(plan_, party, now_);
    events_.push_back(std::move(event));
  }
  events_.insert(events_.end(), command.ended.begin(), command.ended.end());
  Fill();
  return absl::OkStatus();
}

// The organisation is asked only now: nobody can send it questions in the name
// of others.
absl::Status Decider::operator()(const VerifyCommand& command) {
  ASSIGN_OR_RETURN(const Party* party, Living(command.sign_up));
  if (!party->is_unverified) {
    return WrongState("the sign-up does not wait for its address");
  }
  plan_.MarkVerified(command.sign_up);
  Event event = EventOf(*party);
  // Seats that only waited for this it has as if it had them all the time:
  // nobody asks once more whether it wants them.
  if (event.seats == 0 && plan_.rules().GivesSeats(now_)) {
    const int held = HeldAhead(plan_, plan_.KeyOf(*party), now_);
    const Fit fit = FitOf(plan_, *party, held, Honour::kAll, now_);
    if (fit.seats > 0) event = Seated(*party, fit.seats);
  }
  if (plan_.rules().confirm_within > absl::ZeroDuration()) {
    event.due = now_ + plan_.rules().confirm_within;
  } else {
    event.due = absl::InfiniteFuture();
    event.state =
        event.seats > 0 ? SignUpState::kConfirmed : SignUpState::kWaitlisted;
  }
  Make(std::move(event));
  Fill();
  return absl::OkStatus();
}

absl::Status Decider::operator()(const ConfirmCommand& command) {
  ASSIGN_OR_RETURN(const Party* party, Living(command.sign_up));
  if (!IsPending(party->state) && party->state != SignUpState::kRefused) {
    return WrongState("the sign-up does not wait to be confirmed");
  }
  RETURN_IF_ERROR(CheckVerified(*party));
  Event event = EventOf(*party);
  event.due = absl::InfiniteFuture();
  event.state =
      party->seats > 0 ? SignUpState::kConfirmed : SignUpState::kWaitlisted;
  Make(std::move(event));
  Fill();
  return absl::OkStatus();
}

absl::Status Decider::operator()(const RefuseCommand& command) {
  ASSIGN_OR_RETURN(const Party* party, Living(command.sign_up));
  if (!IsPending(party->state)) {
    return WrongState("the sign-up does not wait to be confirmed");
  }
  RETURN_IF_ERROR(CheckVerified(*party));
  Event event = EventOf(*party);
  event.state = SignUpState::kRefused;
  event.seats = 0;
  event.hold_until = absl::InfinitePast();
  event.due = std::max(party->due, now_ + plan_.rules().confirm_within);
  Make(std::move(event));
  Fill();
  return absl::OkStatus();
}

absl::Status Decider::operator()(const AcceptCommand& command) {
  ASSIGN_OR_RETURN(const Party* party, Living(command.sign_up));
  if (party->state != SignUpState::kOffered) {
    return WrongState("the sign-up has no offer to accept");
  }
  Event event = EventOf(*party);
  event.state = SignUpState::kConfirmed;
  event.due = absl::InfiniteFuture();
  Make(std::move(event));
  Fill();  // It may wait for more.
  return absl::OkStatus();
}

absl::Status Decider::operator()(const DeclineCommand& command) {
  ASSIGN_OR_RETURN(const Party* party, Living(command.sign_up));
  if (party->state != SignUpState::kOffered) {
    return WrongState("the sign-up has no offer to decline");
  }
  Make(EndOf(*party, SignUpState::kDeclined));
  Fill();
  return absl::OkStatus();
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

absl::Status Decider::operator()(const SubstituteCommand& command) {
  ASSIGN_OR_RETURN(const Party* party, Living(command.sign_up));
  if (command.member < 0 || command.member >= party->size()) {
    return InvalidField("member", "is no member of this sign-up");
  }
  if (command.person.hash.empty() && !command.person.has_left &&
      now_ >= plan_.rules().placeholders_end) {
    return InvalidField("person.full_name",
                        "must be given: it is too late for places that are "
                        "named later");
  }
  RETURN_IF_ERROR(CheckEligible(command.person, plan_.rules()));
  const Person& before = party->members[static_cast<size_t>(command.member)];
  const std::string& hash = command.person.hash;
  if (!hash.empty() && hash != before.hash && plan_.has_person(hash)) {
    return Error(absl::StatusCode::kAlreadyExists, "ALREADY_SIGNED_UP",
                 "this person is on the study visit already");
  }
  if (command.member < party->seats && !command.person.has_left) {
    const auto& shares = plan_.rules().shares.shares();
    const ShareSet now = plan_.rules().shares.Of(command.person.traits);
    std::vector<int> counts = plan_.share_counts();
    for (size_t i = 0; i < shares.size(); ++i) {
      const int change = static_cast<int>((now >> i) & 1) -
                         static_cast<int>((before.shares >> i) & 1);
      counts[i] += change;
      if (change > 0 && counts[i] > shares[i].max) {
        return ShareExceeded("the share that this person counts for is full");
      }
    }
    const int kept = plan_.rules().shares.Kept(counts, now_);
    if (kept > Free(plan_) && kept > Kept(plan_, now_)) {
      return ShareExceeded(
          "the person who leaves counts for a share that has no more than its "
          "least seats; name somebody who counts for it, too");
    }
  }
  Event event = EventOf(*party);
  event.obstacle = WhyWaiting(plan_, *party, now_);
  Replace(command, plan_);
  Make(std::move(event));
  Fill();
  return absl::OkStatus();
}

absl::Status Decider::operator()(const PromoteCommand& command) {
  ASSIGN_OR_RETURN(const Party* party, Living(command.sign_up));
  if (!MayWait(party->state) || party->most() == 0) {
    return WrongState("the sign-up does not wait for seats");
  }
  const Fit fit = FitOf(plan_, *party, 0, Honour::kMaximumsOnly, now_);
  if (fit.seats == 0) {
    if (fit.obstacle.why == WaitReason::kShareFull ||
        fit.obstacle.why == WaitReason::kOrganizationShare) {
      return ShareExceeded("a share that the party counts for is full");
    }
    return Error(absl::StatusCode::kFailedPrecondition, "SEATS_TAKEN",
                 "there are not enough free seats for the party");
  }
  Make(Seated(*party, fit.seats));
  Fill();
  return absl::OkStatus();
}

absl::Status Decider::operator()(const DrawCommand& command) {
  const SeatRules& rules = plan_.rules();
  if (rules.policy != Policy::kDraw || rules.is_drawn ||
      rules.state != VisitState::kPublished || now_ < rules.sign_up_end) {
    return WrongState("this study visit has no draw to be held now");
  }
  std::set<std::string> waiting;
  for (const auto& [key, sign_up] : plan_.queue()) waiting.insert(sign_up);
  size_t known = 0;
  for (const auto* ids : {&command.seated, &command.waiting}) {
    for (const std::string& id : *ids) known += waiting.erase(id);
  }
  if (!waiting.empty() ||
      known != command.seated.size() + command.waiting.size()) {
    return WrongState("the draw is of other sign-ups than those that wait");
  }
  // On a copy first: a refusal changes nothing.
  SeatPlan drawn = plan_;
  Decider decider(drawn, now_);
  drawn.rules_.is_drawn = true;
  int64_t rank = 0;
  const auto wait = [&](const Party& party) {
    Event event = EventOf(party);
    event.rank = ++rank;
    decider.Make(std::move(event));
  };
  for (const std::string& id : command.seated) {
    const Party& party = *drawn.Find(id);
    // Has got a seat on another visit since the list was closed.
    if (party.is_second) {
      wait(party);
      continue;
    }
    if (ObstacleFor(drawn, party, party.most(), 0, Honour::kMaximumsOnly, now_)
            .why != WaitReason::kNone) {
      return ShareExceeded("the draw seats more than the rules allow");
    }
    Event event = decider.Seated(party, party.most());
    event.rank = ++rank;
    decider.Make(std::move(event));
  }
  for (const std::string& id : command.waiting) wait(*drawn.Find(id));
  decider.Fill();
  events_ = std::move(decider.events_);
  plan_ = std::move(drawn);
  return absl::OkStatus();
}

absl::Status Decider::operator()(const RankCommand& command) {
  const SeatRules& rules = plan_.rules();
  if (rules.state != VisitState::kPublished || now_ >= rules.end ||
      rules.policy == Policy::kDraw) {
    return WrongState("nobody ranks for a study visit that is over, or drawn");
  }
  const auto is_mine = [&](const Party* party) {
    return party != nullptr && party->organization == command.organization &&
           MayWait(party->state) && party->most() > 0;
  };
  std::vector<const Party*> order;
  for (const std::string& id : command.sign_ups) {
    const Party* party = plan_.Find(id);
    if (!is_mine(party) ||
        std::find(order.begin(), order.end(), party) != order.end()) {
      return WrongState(
          "one of the sign-ups does not wait for seats, does not come for the "
          "organisation, or is named twice");
    }
    order.push_back(party);
  }
  // Of each priority group, and those who have a seat elsewhere apart.
  std::map<std::pair<bool, int>, std::deque<int64_t>> places;
  for (const auto& [key, id] : plan_.queue()) {
    const Party* party = plan_.Find(id);
    if (!is_mine(party)) continue;
    places[{key.is_second, key.tier}].push_back(key.arrival);
    if (std::find(order.begin(), order.end(), party) == order.end()) {
      order.push_back(party);
    }
  }
  std::vector<Event> moves;
  for (const Party* party : order) {
    const SeatPlan::QueueKey key = plan_.KeyOf(*party);
    std::deque<int64_t>& free = places[{key.is_second, key.tier}];
    if (free.front() != key.arrival) {
      moves.push_back(EventOf(*party));
      moves.back().place = free.front();
    }
    free.pop_front();
  }
  for (const Event& move : moves) Become(move, plan_);
  for (Event& move : moves) {
    move.obstacle = WhyWaiting(plan_, *plan_.Find(move.sign_up), now_);
    events_.push_back(std::move(move));
  }
  Fill();
  return absl::OkStatus();
}

absl::Status Decider::operator()(const MarkCommand& command) {
  ASSIGN_OR_RETURN(const Party* party, Living(command.sign_up));
  Event event = EventOf(*party);
  event.is_second = command.is_second;
  Become(event, plan_);
  event.obstacle = WhyWaiting(plan_, *party, now_);
  events_.push_back(std::move(event));
  Fill();
  return absl::OkStatus();
}

absl::Status Decider::operator()(const YieldCommand& command) {
  return (*this)(WithdrawCommand{command.sign_up});
}

void Decider::LapseWhatIsDue() {
  for (const Party* party : plan_.parties()) {
    if (party->due <= now_) Make(EndOf(*party, SignUpState::kExpired));
  }
}

// Has too few seats left to come with: it waits for enough, where it stood.
void Decider::WaitAgain(Event& event) {
  event.seats = 0;
  if (IsPending(event.state)) {
    event.state = SignUpState::kPendingConfirmation;
    return;
  }
  event.state = SignUpState::kWaitlisted;
  event.due = absl::InfiniteFuture();
}

void Decider::LeaveOutPlaceholders() {
  // Who is forgotten once the visit has begun stays in the count.
  if (now_ < plan_.rules().placeholders_end || now_ >= plan_.rules().start) {
    return;
  }
  for (const Party* party : plan_.parties()) {
    const auto is_named = [](const Person& person) {
      return !person.hash.empty();
    };
    const auto first = party->members.begin();
    const int named =
        static_cast<int>(std::count_if(first, party->members.end(), is_named));
    if (named == party->size()) continue;
    // Nobody who leaves takes those along who come all or none.
    const int left = static_cast<int>(
        std::count_if(first, party->members.end(),
                      [](const Person& person) { return person.has_left; }));
    const int fewest =
        party->min_members == 0 ? party->size() - left : party->min_members;
    if (named < fewest) {
      Make(EndOf(*party, SignUpState::kExpired));
      continue;
    }
    Event event = EventOf(*party);
    event.members = named;
    event.seats =
        static_cast<int>(std::count_if(first, first + party->seats, is_named));
    if (event.seats > 0 && event.seats < fewest) WaitAgain(event);
    Make(std::move(event));
  }
}

absl::Status Decider::operator()(const SettleCommand&) {
  if (plan_.rules().state == VisitState::kPublished &&
      now_ < plan_.rules().end) {
    LapseWhatIsDue();
    LeaveOutPlaceholders();
    Fill();
  }
  const absl::Time next = plan_.NextDue(now_);
  plan_.settled_at_ = now_;
  plan_.settled_until_ = next;
  return absl::OkStatus();
}

void Decider::Replay(const Decision& decision, SeatPlan& plan) {
  plan.version_ = decision.version;
  if (const auto* c = std::get_if<SignUpCommand>(&decision.command)) {
    Party party = c->party;
    party.arrival = decision.version;
    party.state = SignUpState::kWaitlisted;
    plan.Add(std::move(party));
  } else if (const auto* r = std::get_if<ReassignCommand>(&decision.command)) {
    plan.Reassign(r->from, r->to);
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

CommandKind KindOf(const Command& command) {
  return static_cast<CommandKind>(command.index() + 1);
}

bool IsSweeping(CommandKind kind) {
  switch (kind) {
    case CommandKind::kSignUp:
    case CommandKind::kWithdraw:
    case CommandKind::kConfirm:
    case CommandKind::kRefuse:
    case CommandKind::kAccept:
    case CommandKind::kDecline:
    case CommandKind::kSubstitute:
    case CommandKind::kPromote:
    case CommandKind::kSettle:
    case CommandKind::kVerify:
    case CommandKind::kRank:
    case CommandKind::kMark:
    case CommandKind::kYield:
      return false;
    default:  // What a newer server may decide, too.
      return true;
  }
}

absl::StatusOr<Decision> Decide(SeatPlan& plan, const Command& command,
                                absl::Time now) {
  Decider decider(plan, now);
  RETURN_IF_ERROR(std::visit(decider, command));
  return decider.Finish(command);
}

std::optional<Decision> Settle(SeatPlan& plan, absl::Time now) {
  if (plan.IsSettled(now)) return std::nullopt;
  Decider decider(plan, now);
  if (!decider(SettleCommand{}).ok() || !decider.has_events()) {
    return std::nullopt;
  }
  return decider.Finish(SettleCommand{});
}

void Apply(const Decision& decision, SeatPlan& plan) {
  Decider::Replay(decision, plan);
}

}  // namespace lagnet::visits
