#include "server/visits/why.h"

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/visits/fit.h"

namespace lagnet::visits {
namespace {

// Makes a party as large as it came. Of who was left out on the way nothing is
// kept: nobody was named, or somebody who had left. Of a party that has ended
// no hashes are kept either, though its members were not left out.
void FillUp(const Event& came, Party& party) {
  for (size_t i = 0; i < party.members.size(); ++i) {
    std::string& hash = party.members[i].hash;
    if (hash.empty()) hash = absl::StrCat(party.sign_up, "/", i);
  }
  const int size = std::max({came.members, came.seats, party.size()});
  party.members.resize(static_cast<size_t>(size));
}

// Goes through a history step by step, as it looked then.
class Past {
 public:
  Past(const History& history, std::string sign_up)
      : history_(history),
        sign_up_(std::move(sign_up)),
        plan_(
            0,
            history.rules.empty() ? SeatRules() : history.rules.begin()->second,
            {}) {
    const auto party = history.parties.find(sign_up_);
    if (party != history.parties.end() && party->second.is_unverified) {
      verified_ = std::numeric_limits<int64_t>::max();
    }
    for (const PastDecision& past : history.decisions) {
      if (past.command == CommandKind::kVerify && !past.events.empty() &&
          past.events[0].sign_up == sign_up_) {
        verified_ = past.version;
      }
    }
  }

  Explanation Tell() {
    for (const PastDecision& past : history_.decisions) Follow(past);
    for (const auto& [id, people] : ranked_ahead_) {
      explanation_.is_outranked = true;
      explanation_.ranked_people += people;
    }
    if (explanation_.ranked_people < kFewestToTell) {
      explanation_.ranked_people = 0;
    }
    for (Overtaken& group : explanation_.overtaken) {
      if (group.people < kFewestToTell) group.people = 0;
      group.obstacle.share = ShareNow(group.groups);
    }
    explanation_.first_obstacle.share = ShareNow(first_groups_);
    return std::move(explanation_);
  }

 private:
  void Follow(const PastDecision& past) {
    Command command = CommandOf(past);
    if (past.command == CommandKind::kRank) NoteRanking(past);
    if (past.events.empty()) {
      Apply({std::move(command), past.version, {}}, plan_);
      return;
    }
    for (size_t i = 0; i < past.events.size(); ++i) {
      const Event& event = past.events[i];
      // The first event goes with the command.
      Command by = std::exchange(command, SettleCommand());
      const bool is_known = plan_.Find(event.sign_up) != nullptr;
      if (!is_known && past.command != CommandKind::kSignUp) continue;
      const bool by_hand = i == 0 && past.command == CommandKind::kPromote;
      // By a draw nobody is ahead of anybody: there was no queue before it.
      if (past.command != CommandKind::kDraw) {
        NoteOvertaking(event, by_hand, past);
      }
      Apply({std::move(by), past.version, {event}}, plan_);
      if (event.sign_up == sign_up_ && past.command == CommandKind::kSignUp) {
        NoteFirst(event, past.time);
      }
    }
  }

  void NoteFirst(const Event& event, absl::Time time) {
    explanation_.first_position = plan_.PositionOf(sign_up_);
    explanation_.first_obstacle = event.obstacle;
    // Shares that became one by a merge have other numbers in the record.
    const Obstacle again = WhyWaiting(plan_, *plan_.Find(sign_up_), time);
    first_groups_ = GroupsOf(
        again.why == event.obstacle.why ? again.share : event.obstacle.share);
  }

  // Whom a share of the rules then was for; nobody if there is no such share.
  std::vector<Group> GroupsOf(int share) const {
    const auto& shares = plan_.rules().shares.shares();
    if (share < 0 || share >= static_cast<int>(shares.size())) return {};
    return {shares[static_cast<size_t>(share)].group};
  }

  // The number that the first of these groups has in the rules that bind now;
  // -1 if it has none.
  int ShareNow(const std::vector<Group>& groups) const {
    const auto& shares = plan_.rules().shares.shares();
    const auto share =
        std::find_if(shares.begin(), shares.end(), [&](const Share& one) {
          return !groups.empty() && one.group == groups.front();
        });
    return share == shares.end() ? -1
                                 : static_cast<int>(share - shares.begin());
  }

  // What the command did beside its events. Who a substitute replaced is no
  // longer known, and need not be.
  Command CommandOf(const PastDecision& past) const {
    const auto rules = history_.rules.find(past.version);
    switch (past.command) {
      case CommandKind::kSignUp: {
        const auto party = past.events.empty()
                               ? history_.parties.end()
                               : history_.parties.find(past.events[0].sign_up);
        if (party == history_.parties.end()) return SettleCommand();
        Party fresh = party->second;
        fresh.seats = 0;
        fresh.rank = 0;
        fresh.place = 0;
        fresh.due = absl::InfiniteFuture();
        fresh.hold_until = absl::InfinitePast();
        // Who was of one network is no longer known; see NoteOvertaking().
        fresh.is_unverified = false;
        FillUp(past.events[0], fresh);
        return SignUpCommand{.party = std::move(fresh)};
      }
      case CommandKind::kChangeRules:
        if (rules == history_.rules.end()) return SettleCommand();
        return RulesWithDraw(rules->second);
      case CommandKind::kCancel:
        return CancelCommand();
      case CommandKind::kDraw:
        return DrawCommand();
      default:
        return SettleCommand();
    }
  }

  // A draw that was held stays held.
  Command RulesWithDraw(SeatRules rules) const {
    rules.is_drawn = plan_.rules().is_drawn;
    return ChangeRulesCommand{std::move(rules)};
  }

  // Who of our organisation it puts ahead of us, or behind us again.
  void NoteRanking(const PastDecision& past) {
    const Party* mine = plan_.Find(sign_up_);
    if (mine == nullptr) return;
    std::map<std::string, int64_t> places;
    for (const Event& event : past.events) {
      places.emplace(event.sign_up, event.place);
    }
    const auto key_then = [&](const Party& party) {
      SeatPlan::QueueKey key = plan_.KeyOf(party);
      const auto place = places.find(party.sign_up);
      if (place != places.end() && place->second > 0) {
        key.arrival = place->second;
      }
      return key;
    };
    for (const auto& [key, id] : plan_.queue()) {
      const Party& other = *plan_.Find(id);
      if (other.organization != mine->organization ||
          other.arrival < mine->arrival) {
        continue;
      }
      const bool was_ahead = key < plan_.KeyOf(*mine);
      const bool is_ahead = key_then(other) < key_then(*mine);
      if (is_ahead && !was_ahead) ranked_ahead_.emplace(id, other.size());
      if (was_ahead && !is_ahead) ranked_ahead_.erase(id);
    }
  }

  // Whether the event gives seats to somebody behind us while we wait.
  void NoteOvertaking(const Event& event, bool by_hand,
                      const PastDecision& past) {
    const Party* mine = plan_.Find(sign_up_);
    if (mine == nullptr || event.sign_up == sign_up_ ||
        plan_.PositionOf(sign_up_) == 0) {
      return;
    }
    const Party* other = plan_.Find(event.sign_up);
    const int before = other == nullptr ? 0 : other->seats;
    if (event.seats <= before) return;
    // Came later, and has no seat elsewhere.
    const bool is_first = mine->is_second && other != nullptr &&
                          !other->is_second && other->arrival > mine->arrival;
    if (!is_first && other != nullptr &&
        plan_.KeyOf(*other) < plan_.KeyOf(*mine)) {
      return;
    }
    Obstacle obstacle =
        by_hand ? Obstacle() : WhyWaiting(plan_, *mine, past.time);
    if (!by_hand && is_first) obstacle = {WaitReason::kSeatElsewhere};
    if (!by_hand && obstacle.why == WaitReason::kNone &&
        past.version < verified_) {
      obstacle.why = WaitReason::kAddressUnverified;
    }
    Overtaken& ahead = AheadBecauseOf(obstacle, by_hand);
    ahead.people += event.seats - before;
    if (obstacle.why == WaitReason::kSeatsKept) {
      AddKeepers(KeepersOf(plan_, *mine, past.time), ahead.groups);
    }
    if (by_hand) explanation_.promote_reasons.push_back(past.reason);
  }

  // Those who went ahead because of the same, by whatever rules.
  Overtaken& AheadBecauseOf(const Obstacle& obstacle, bool by_hand) {
    std::vector<Group> groups = GroupsOf(obstacle.share);
    for (Overtaken& known : explanation_.overtaken) {
      const bool is_same_group =
          groups.empty()
              ? known.groups.empty()
              : !known.groups.empty() && known.groups.front() == groups.front();
      if (known.obstacle.why == obstacle.why && known.by_hand == by_hand &&
          is_same_group) {
        return known;
      }
    }
    explanation_.overtaken.push_back({.obstacle = obstacle,
                                      .groups = std::move(groups),
                                      .by_hand = by_hand});
    return explanation_.overtaken.back();
  }

  void AddKeepers(ShareSet keepers, std::vector<Group>& groups) const {
    for (int share = 0; keepers != 0; ++share, keepers >>= 1) {
      if ((keepers & 1) == 0) continue;
      for (const Group& group : GroupsOf(share)) {
        if (std::find(groups.begin(), groups.end(), group) == groups.end()) {
          groups.push_back(group);
        }
      }
    }
  }

  const History& history_;
  const std::string sign_up_;
  SeatPlan plan_;
  int64_t verified_ = 0;  // By which version, if it ever had to be.
  Explanation explanation_;
  std::vector<Group> first_groups_;          // Of the first obstacle's share.
  std::map<std::string, int> ranked_ahead_;  // The people of each.
};

}  // namespace

std::vector<Group> GroupsIn(const Explanation& explanation) {
  std::vector<Group> groups;
  for (const Overtaken& ahead : explanation.overtaken) {
    groups.insert(groups.end(), ahead.groups.begin(), ahead.groups.end());
  }
  return groups;
}

Explanation Explain(const History& history, const std::string& sign_up) {
  return Past(history, sign_up).Tell();
}

}  // namespace lagnet::visits
