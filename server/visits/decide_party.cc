#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/visits/decider.h"
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

absl::Status CheckVerified(const Party& party) {
  if (!party.is_unverified) return absl::OkStatus();
  return WrongState(
      "the person has not confirmed the address of the sign-up yet");
}

}  // namespace

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
  // A draw takes it whole.
  const int fewest =
      rules.policy == Policy::kDraw ? party.size() : party.least();
  if (fewest > limit) {
    return Error(absl::StatusCode::kInvalidArgument, "PARTY_TOO_LARGE",
                 absl::StrCat("a party of ", fewest,
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
  const bool changes_others = rules.hold_for > absl::ZeroDuration() ||
                              (event.seats > 0 && MayRelease(plan_, party));
  plan_.Add(std::move(party));
  Make(std::move(event));
  if (changes_others) Fill();
  return absl::OkStatus();
}

absl::Status Decider::operator()(const WithdrawCommand& command) {
  ASSIGN_OR_RETURN(const Party* party, Living(command.sign_up));
  Make(EndOf(*party, SignUpState::kWithdrawn));
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
  // Seats that were held for whoever the person says to be, who has others.
  if (party->is_second && now_ < plan_.rules().sign_up_end) {
    event.seats = 0;
    event.state = SignUpState::kPendingConfirmation;
  }
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
  if (plan_.rules().project.empty()) {
    Fill();
  } else {  // Whoever comes may have a seat elsewhere: that is seen first.
    plan_.settled_until_ = absl::InfinitePast();
  }
  return absl::OkStatus();
}

absl::Status Decider::operator()(const PromoteCommand& command) {
  ASSIGN_OR_RETURN(const Party* party, Living(command.sign_up));
  if (!MayWait(party->state) || party->most() == 0) {
    return WrongState("the sign-up does not wait for seats");
  }
  const SeatRules& rules = plan_.rules();
  if (rules.policy == Policy::kDraw && !rules.is_drawn) {
    return WrongState(
        "the seats of this study visit are drawn: nobody is promoted before "
        "the draw is held");
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

absl::Status Decider::operator()(const YieldCommand& command) {
  return (*this)(WithdrawCommand{command.sign_up});
}

}  // namespace lagnet::visits
