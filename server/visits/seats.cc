#include "server/visits/seats.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"

namespace lagnet::visits {

absl::string_view NameOf(VisitState state) {
  switch (state) {
    case VisitState::kDraft:
      return "DRAFT";
    case VisitState::kPublished:
      return "PUBLISHED";
    case VisitState::kCompleted:
      return "COMPLETED";
    case VisitState::kCancelled:
      return "CANCELLED";
    default:
      return "STATE_UNSPECIFIED";
  }
}

namespace {

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

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

absl::Status WrongState(absl::string_view state, absl::string_view what) {
  return Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE", what)
      .With("state", state);
}

// Seats that are free while a decision is being made: the plan's counters
// with what the decision has given out or taken back so far.
class Counter {
 public:
  Counter(const SeatPlan& plan, const SeatRules& rules)
      : plan_(plan), rules_(rules), confirmed_(plan.confirmed()) {}

  void GiveBack(const Party& party) { Move(party, -party.members); }
  void Take(const Party& party) { Move(party, party.members); }

  bool Fits(const Party& party) const {
    return confirmed_ + party.members <= rules_.seats &&
           (rules_.seats_per_organization == 0 ||
            Of(party.organization) + party.members <=
                rules_.seats_per_organization);
  }

 private:
  void Move(const Party& party, int people) {
    confirmed_ += people;
    moved_[party.organization] += people;
  }
  int Of(const std::string& organization) const {
    const auto moved = moved_.find(organization);
    return plan_.confirmed_of(organization) +
           (moved == moved_.end() ? 0 : moved->second);
  }

  const SeatPlan& plan_;
  const SeatRules& rules_;
  int confirmed_;
  absl::flat_hash_map<std::string, int> moved_;
};

// Moves up everybody who fits, in the order of arrival.
void MoveUp(const SeatPlan& plan, Counter& counter, const std::string& leaving,
            std::vector<Event>& events) {
  for (const std::string& id : plan.queue()) {
    const Party& party = *plan.Find(id);
    if (id == leaving || !counter.Fits(party)) continue;
    counter.Take(party);
    events.push_back({id, SignUpState::kConfirmed, WaitReason::kNone});
  }
}

absl::StatusOr<std::vector<Event>> DecideSignUp(const SeatPlan& plan,
                                                const Party& party,
                                                absl::Time now) {
  const SeatRules& rules = plan.rules();
  if (rules.state != VisitState::kPublished || now < rules.sign_up_start ||
      now >= rules.sign_up_end) {
    return Closed(rules, now);
  }
  if (party.members > 1) {
    return Error(absl::StatusCode::kInvalidArgument, "PARTY_TOO_LARGE",
                 "delegations are not taken yet; sign each person up alone")
        .Field("sign_up.members", "has more than one person");
  }
  for (const std::string& person : party.people) {
    if (plan.has_person(person)) {
      return Error(absl::StatusCode::kAlreadyExists, "ALREADY_SIGNED_UP",
                   "this person is on the study visit already");
    }
  }
  const WaitReason why = plan.WhyNot(party.organization, party.members);
  const SignUpState state = why == WaitReason::kNone ? SignUpState::kConfirmed
                                                     : SignUpState::kWaitlisted;
  return std::vector<Event>{{party.sign_up, state, why}};
}

absl::StatusOr<std::vector<Event>> DecideWithdraw(const SeatPlan& plan,
                                                  const std::string& sign_up,
                                                  absl::Time now) {
  const Party* party = plan.Find(sign_up);
  if (party == nullptr) {
    return Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
                 "the sign-up has ended already");
  }
  if (plan.rules().state != VisitState::kPublished || now >= plan.rules().end) {
    return WrongState(NameOf(plan.rules().state), "the study visit is over");
  }
  std::vector<Event> events{
      {sign_up, SignUpState::kWithdrawn, WaitReason::kNone}};
  if (party->state == SignUpState::kConfirmed) {
    Counter counter(plan, plan.rules());
    counter.GiveBack(*party);
    MoveUp(plan, counter, sign_up, events);
  }
  return events;
}

absl::StatusOr<std::vector<Event>> DecideRules(const SeatPlan& plan,
                                               const SeatRules& rules) {
  if (plan.rules().state == VisitState::kCancelled ||
      plan.rules().state == VisitState::kCompleted) {
    return WrongState(NameOf(plan.rules().state),
                      "the study visit is over or cancelled");
  }
  if (rules.seats < plan.confirmed()) {
    return Error(absl::StatusCode::kFailedPrecondition, "SEATS_TAKEN",
                 absl::StrCat(plan.confirmed(),
                              " people are confirmed; there cannot be fewer "
                              "seats than that"))
        .With("confirmedCount", absl::StrCat(plan.confirmed()));
  }
  // A lower share takes nobody's seat away; it binds those who come.
  std::vector<Event> events;
  if (rules.state == VisitState::kPublished) {
    Counter counter(plan, rules);
    MoveUp(plan, counter, "", events);
  }
  return events;
}

absl::StatusOr<std::vector<Event>> DecideCancel(const SeatPlan& plan) {
  if (plan.rules().state == VisitState::kCancelled ||
      plan.rules().state == VisitState::kCompleted) {
    return WrongState(NameOf(plan.rules().state),
                      "the study visit is over or cancelled already");
  }
  std::vector<Event> events;
  for (const Party* party : plan.parties()) {
    events.push_back(
        {party->sign_up, SignUpState::kCancelled, WaitReason::kNone});
  }
  return events;
}

// Nobody gets a seat or loses one: of those who wait, none waited for a share
// that the two have together and one had not used up.
absl::StatusOr<std::vector<Event>> DecideReassign(const SeatPlan& plan,
                                                  const ReassignCommand& c,
                                                  absl::Time now) {
  const SeatRules& rules = plan.rules();
  const int share = rules.seats_per_organization;
  const int mine = plan.confirmed_of(c.from);
  const int theirs = plan.confirmed_of(c.to);
  // When all is over, nobody could make room any more. Who is above a share
  // that was lowered alone, is so no more than before.
  const bool binds = share > 0 && rules.state == VisitState::kPublished &&
                     now < rules.end && mine > 0 && theirs > 0;
  if (binds && mine + theirs > share) {
    return Error(absl::StatusCode::kFailedPrecondition, "SHARE_EXCEEDED",
                 absl::StrCat("together the two organisations have ",
                              mine + theirs, " seats of at most ", share,
                              ": raise seats_per_organization, or withdraw "
                              "sign-ups, and merge then"))
        .With("confirmedCount", absl::StrCat(mine + theirs))
        .With("seatsPerOrganization", absl::StrCat(share));
  }
  std::vector<Event> events;
  for (const Party* party : plan.parties()) {
    const bool moves = party->organization == c.from;
    if (!moves && party->organization != c.to) continue;
    WaitReason reason = WaitReason::kNone;
    if (party->state == SignUpState::kWaitlisted) {
      reason = share > 0 && mine + theirs + party->members > share
                   ? WaitReason::kOrganizationShare
                   : WaitReason::kVisitFull;
    }
    const bool says_why_anew =
        party->state == SignUpState::kWaitlisted &&
        reason != plan.WhyNot(party->organization, party->members);
    if (moves || says_why_anew) {
      events.push_back({party->sign_up, party->state, reason});
    }
  }
  events.insert(events.end(), c.ended.begin(), c.ended.end());
  return events;
}

}  // namespace

SeatPlan::SeatPlan(int64_t version, SeatRules rules, std::vector<Party> parties)
    : version_(version), rules_(std::move(rules)) {
  std::sort(parties.begin(), parties.end(), [](const Party& a, const Party& b) {
    return a.arrival < b.arrival;
  });
  for (Party& party : parties) {
    Party& kept = parties_[party.sign_up] = std::move(party);
    people_.insert(kept.people.begin(), kept.people.end());
    kept.state == SignUpState::kConfirmed ? Seat(kept) : Enqueue(kept);
  }
}

int SeatPlan::confirmed_of(const std::string& organization) const {
  const auto found = confirmed_of_.find(organization);
  return found == confirmed_of_.end() ? 0 : found->second;
}

const Party* SeatPlan::Find(const std::string& sign_up) const {
  const auto found = parties_.find(sign_up);
  return found == parties_.end() ? nullptr : &found->second;
}

std::vector<const Party*> SeatPlan::parties() const {
  std::vector<const Party*> all;
  for (const auto& [id, party] : parties_) all.push_back(&party);
  std::sort(all.begin(), all.end(), [](const Party* a, const Party* b) {
    return a->arrival < b->arrival;
  });
  return all;
}

int SeatPlan::PositionOf(const std::string& sign_up) const {
  const auto found = std::find(queue_.begin(), queue_.end(), sign_up);
  return found == queue_.end() ? 0
                               : static_cast<int>(found - queue_.begin()) + 1;
}

WaitReason SeatPlan::WhyNot(const std::string& organization,
                            int members) const {
  if (rules_.seats_per_organization > 0 &&
      confirmed_of(organization) + members > rules_.seats_per_organization) {
    return WaitReason::kOrganizationShare;
  }
  return confirmed_ + members > rules_.seats ? WaitReason::kVisitFull
                                             : WaitReason::kNone;
}

void SeatPlan::Seat(Party& party) {
  party.state = SignUpState::kConfirmed;
  confirmed_ += party.members;
  confirmed_of_[party.organization] += party.members;
}

void SeatPlan::Enqueue(Party& party) {
  party.state = SignUpState::kWaitlisted;
  waiting_people_ += party.members;
  queue_.push_back(party.sign_up);
}

void SeatPlan::End(const std::string& sign_up) {
  const auto found = parties_.find(sign_up);
  const Party& party = found->second;
  if (party.state == SignUpState::kConfirmed) {
    confirmed_ -= party.members;
    confirmed_of_[party.organization] -= party.members;
  } else {
    waiting_people_ -= party.members;
    queue_.erase(std::find(queue_.begin(), queue_.end(), sign_up));
  }
  for (const std::string& person : party.people) people_.erase(person);
  parties_.erase(found);
}

void SeatPlan::Reassign(const std::string& from, const std::string& to) {
  for (auto& [id, party] : parties_) {
    if (party.organization == from) party.organization = to;
  }
  const int moved = confirmed_of(from);
  confirmed_of_.erase(from);
  if (moved > 0) confirmed_of_[to] += moved;
}

CommandKind KindOf(const Command& command) {
  return static_cast<CommandKind>(command.index() + 1);
}

absl::StatusOr<Decision> Decide(const SeatPlan& plan, const Command& command,
                                absl::Time now) {
  absl::StatusOr<std::vector<Event>> events =
      std::visit(Overloaded{
                     [&](const SignUpCommand& c) {
                       return DecideSignUp(plan, c.party, now);
                     },
                     [&](const WithdrawCommand& c) {
                       return DecideWithdraw(plan, c.sign_up, now);
                     },
                     [&](const ChangeRulesCommand& c) {
                       return DecideRules(plan, c.rules);
                     },
                     [&](const CancelCommand&) { return DecideCancel(plan); },
                     [&](const ReassignCommand& c) {
                       return DecideReassign(plan, c, now);
                     },
                 },
                 command);
  RETURN_IF_ERROR(events.status());
  return Decision{command, plan.version() + 1, *std::move(events)};
}

void Apply(const Decision& decision, SeatPlan& plan) {
  plan.version_ = decision.version;
  if (const auto* c = std::get_if<ReassignCommand>(&decision.command)) {
    return plan.Reassign(c->from, c->to);
  }
  if (const auto* c = std::get_if<ChangeRulesCommand>(&decision.command)) {
    plan.rules_ = c->rules;
  } else if (std::holds_alternative<CancelCommand>(decision.command)) {
    plan.rules_.state = VisitState::kCancelled;
  }
  for (const Event& event : decision.events) {
    if (event.state == SignUpState::kWithdrawn ||
        event.state == SignUpState::kCancelled) {
      plan.End(event.sign_up);
      continue;
    }
    const auto [place, is_new] = plan.parties_.try_emplace(event.sign_up);
    Party& party = place->second;
    if (is_new) {
      party = std::get<SignUpCommand>(decision.command).party;
      party.arrival = decision.version;
      plan.people_.insert(party.people.begin(), party.people.end());
    } else {  // Moves up.
      plan.waiting_people_ -= party.members;
      plan.queue_.erase(
          std::find(plan.queue_.begin(), plan.queue_.end(), party.sign_up));
    }
    event.state == SignUpState::kConfirmed ? plan.Seat(party)
                                           : plan.Enqueue(party);
  }
}

}  // namespace lagnet::visits
