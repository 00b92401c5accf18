#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/visits/decider.h"
#include "server/visits/fit.h"

namespace lagnet::visits {
namespace {

bool IsOver(const SeatRules& rules) {
  return rules.state == VisitState::kCancelled ||
         rules.state == VisitState::kCompleted;
}

}  // namespace

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
  if (IsOver(plan_.rules()) || now_ >= plan_.rules().end) {
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

namespace {

// Fails where two organisations that became one have more seats of a share than
// it may have, and neither had them alone.
absl::Status CheckSharesMerged(const SeatPlan& before,
                               const ReassignCommand& command,
                               const SeatPlan& after) {
  const auto& old = before.rules().shares.shares();
  const auto& shares = after.rules().shares.shares();
  for (size_t i = 0; i < shares.size(); ++i) {
    const int count = after.share_counts()[i];
    if (count <= shares[i].max) continue;
    bool is_new = true;
    for (size_t j = 0; j < old.size(); ++j) {
      Group group = old[j].group;
      if (group.organization == command.from) group.organization = command.to;
      is_new = is_new &&
               !(group == shares[i].group && before.share_counts()[j] >= count);
    }
    if (!is_new) continue;
    return ShareExceeded(absl::StrCat("together the two organisations have ",
                                      count, " seats of a share that has ",
                                      shares[i].max,
                                      " at most: raise its maximum, or "
                                      "withdraw sign-ups, and merge then"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Decider::operator()(const ReassignCommand& command) {
  const SeatRules& rules = plan_.rules();
  const int share = rules.seats_per_organization;
  const int mine = plan_.taken_of(command.from);
  const int theirs = plan_.taken_of(command.to);
  // When all is over, nobody could make room any more. Who is above a share
  // that was lowered alone, is so no more than before.
  const bool binds = rules.state == VisitState::kPublished && now_ < rules.end;
  if (binds && share > 0 && mine > 0 && theirs > 0 && mine + theirs > share) {
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
  // On a copy first: a refusal changes nothing.
  SeatPlan merged = plan_;
  merged.Reassign(command.from, command.to, command.shares);
  if (binds) RETURN_IF_ERROR(CheckSharesMerged(plan_, command, merged));
  plan_ = std::move(merged);
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
  plan_.rules_.is_drawn = true;
  int64_t rank = 0;
  const auto wait = [&](const Party& party) {
    Event event = EventOf(party);
    event.rank = ++rank;
    Make(std::move(event));
  };
  for (const std::string& id : command.seated) {
    const Party& party = *plan_.Find(id);
    // Since the list was closed it has got a seat on another visit, or fits no
    // longer: others came in its members' places, or the rules are narrower.
    if (party.is_second ||
        ObstacleFor(plan_, party, party.most(), 0, Honour::kMaximumsOnly, now_)
                .why != WaitReason::kNone) {
      wait(party);
      continue;
    }
    Event event = Seated(party, party.most());
    event.rank = ++rank;
    Make(std::move(event));
  }
  for (const std::string& id : command.waiting) wait(*plan_.Find(id));
  Fill();
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

// Has too few seats left to come with, as members are gone: whoever waited in
// the party takes theirs, if that is within the rules.
void Decider::MoveUpWithin(Event event) {
  const Party& party = *plan_.Find(event.sign_up);
  Fit fit;
  if (plan_.rules().GivesSeats(now_)) {
    fit = FitOf(plan_, party, HeldAhead(plan_, plan_.KeyOf(party), now_),
                Honour::kAll, now_);
  }
  if (fit.seats > 0) {
    event.seats += fit.seats;
  } else {
    WaitAgain(event);
  }
  Make(std::move(event));
}

void Decider::LeaveOutPlaceholders() {
  // Who is forgotten once the visit has begun stays in the count.
  if (now_ < plan_.rules().placeholders_end || now_ >= plan_.rules().start) {
    return;
  }
  std::vector<Event> too_few;
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
    if (event.seats > 0 && event.seats < fewest) {
      Become(event, plan_);
      too_few.push_back(std::move(event));
    } else {
      Make(std::move(event));
    }
  }
  // When all seats that are free by it are.
  for (Event& event : too_few) MoveUpWithin(std::move(event));
}

absl::Status Decider::operator()(const SettleCommand& command) {
  if (plan_.rules().state == VisitState::kPublished &&
      now_ < plan_.rules().end) {
    for (const Mark& mark : command.marks) {
      Event event = EventOf(*plan_.Find(mark.sign_up));
      event.is_second = mark.is_second;
      event.is_mark = true;
      Make(std::move(event));
    }
    LapseWhatIsDue();
    LeaveOutPlaceholders();
    Fill();
  }
  const absl::Time next = plan_.NextDue(now_);
  plan_.settled_at_ = now_;
  plan_.settled_until_ = next;
  return absl::OkStatus();
}

}  // namespace lagnet::visits
