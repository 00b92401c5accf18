#include "server/visits/plan.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace lagnet::visits {
namespace {

using Counts = absl::flat_hash_map<std::string, int>;

int CountOf(const Counts& counts, const std::string& key) {
  const auto found = counts.find(key);
  return found == counts.end() ? 0 : found->second;
}

// Forgets a key of which nothing is left.
void AddTo(Counts& counts, const std::string& key, int change) {
  if ((counts[key] += change) == 0) counts.erase(key);
}

}  // namespace

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

bool IsLiving(SignUpState state) {
  return MayWait(state) || state == SignUpState::kOffered ||
         state == SignUpState::kRefused;
}

bool IsPending(SignUpState state) {
  return state == SignUpState::kPendingConfirmation ||
         state == SignUpState::kHeld;
}

bool MayWait(SignUpState state) {
  return IsPending(state) || state == SignUpState::kWaitlisted ||
         state == SignUpState::kConfirmed;
}

int Party::least() const {
  const int fewest = min_members == 0 ? size() : min_members;
  return std::max(fewest - seats, 1);
}

bool SeatRules::GivesSeats(absl::Time now) const {
  if (state != VisitState::kPublished || now >= end) return false;
  switch (policy) {
    case Policy::kPriorityGroups:
      return now >= sign_up_end;
    case Policy::kDraw:
      return is_drawn;
    default:
      return true;
  }
}

SeatPlan::SeatPlan(int64_t version, SeatRules rules, std::vector<Party> parties)
    : version_(version), rules_(std::move(rules)) {
  for (Party& party : parties) {
    parties_.emplace(party.sign_up, std::move(party));
  }
  CountAll();
}

int SeatPlan::taken_of(const std::string& organization) const {
  return CountOf(taken_of_, organization);
}

int SeatPlan::unverified_from(const std::string& network) const {
  return CountOf(unverified_from_, network);
}

int SeatPlan::unverified_for(const std::string& organization) const {
  return CountOf(unverified_for_, organization);
}

const Party* SeatPlan::Find(const std::string& sign_up) const {
  const auto found = parties_.find(sign_up);
  return found == parties_.end() ? nullptr : &found->second;
}

const Party* SeatPlan::PartyOf(const std::string& hash) const {
  const auto found = people_.find(hash);
  return found == people_.end() ? nullptr : Find(found->second);
}

std::vector<const Party*> SeatPlan::parties() const {
  std::vector<const Party*> all;
  for (const auto& [id, party] : parties_) all.push_back(&party);
  std::sort(all.begin(), all.end(), [](const Party* a, const Party* b) {
    return a->arrival < b->arrival;
  });
  return all;
}

SeatPlan::QueueKey SeatPlan::KeyOf(const Party& party) const {
  QueueKey key{
      .is_second = party.is_second,
      .rank = party.rank > 0 ? party.rank : std::numeric_limits<int64_t>::max(),
      .arrival = party.place > 0 ? party.place : party.arrival};
  if (rules_.policy == Policy::kPriorityGroups) {
    const auto belongs = [&](const Group& group) {
      return !party.members.empty() &&
             Belongs(party.members.front().traits, group);
    };
    const auto& groups = rules_.priority_groups;
    key.tier = static_cast<int>(
        std::find_if(groups.begin(), groups.end(), belongs) - groups.begin());
  }
  return key;
}

int SeatPlan::PositionOf(const std::string& sign_up) const {
  const Party* party = Find(sign_up);
  const bool has_queue = rules_.policy != Policy::kDraw || rules_.is_drawn;
  if (party == nullptr || !has_queue) return 0;
  const auto place = queue_.find(KeyOf(*party));
  if (place == queue_.end()) return 0;
  // Mostly asked of who has just come.
  if (std::next(place) == queue_.end()) return static_cast<int>(queue_.size());
  return static_cast<int>(std::distance(queue_.begin(), place)) + 1;
}

absl::Time SeatPlan::NextDue(absl::Time after) const {
  if (IsSettled(after)) return settled_until_;
  absl::Time next = absl::InfiniteFuture();
  const auto consider = [&](absl::Time due) {
    if (due > after) next = std::min(next, due);
  };
  for (const auto& [id, party] : parties_) {
    consider(party.due);
    consider(party.hold_until);
  }
  for (const Share& share : rules_.shares.shares()) consider(share.min_until);
  consider(rules_.sign_up_end);
  consider(rules_.placeholders_end);
  return next;
}

void SeatPlan::Count(const Party& party, int sign) {
  if (party.seats > 0) {
    taken_ += sign * party.seats;
    AddTo(taken_of_, party.organization, sign * party.seats);
    if (party.is_unverified) {
      AddTo(unverified_from_, party.network, sign * party.seats);
      AddTo(unverified_for_, party.organization, sign * party.seats);
    }
    if (party.state == SignUpState::kConfirmed) {
      confirmed_ += sign * party.seats;
    }
  }
  if (!rules_.project.empty()) {
    const auto note = [&](bool is_so, std::set<std::string>& sign_ups) {
      if (is_so && sign > 0) sign_ups.insert(party.sign_up);
      if (is_so && sign < 0) sign_ups.erase(party.sign_up);
    };
    note(party.seats > 0, seated_);
    note(party.is_second, seconds_);
  }
  for (int i = 0; i < party.seats; ++i) {
    ShareSet shares = party.members[static_cast<size_t>(i)].shares;
    for (size_t share = 0; shares != 0; ++share, shares >>= 1) {
      if ((shares & 1) != 0) share_counts_[share] += sign;
    }
  }
  if (!MayWait(party.state) || party.most() == 0) return;
  waiting_ += sign * party.most();
  const QueueKey key = KeyOf(party);
  // While an organisation's parties change places, one may stand for a moment
  // where the next one has not left yet.
  if (sign > 0) {
    queue_.insert_or_assign(key, party.sign_up);
    held_for_.erase(key);
    if (party.hold_until > absl::InfinitePast()) held_for_.insert(key);
  } else if (const auto place = queue_.find(key);
             place != queue_.end() && place->second == party.sign_up) {
    queue_.erase(place);
    held_for_.erase(key);
  }
}

// Everything but the parties themselves, from the beginning.
void SeatPlan::CountAll() {
  taken_ = confirmed_ = waiting_ = 0;
  settled_until_ = absl::InfinitePast();
  share_counts_.assign(rules_.shares.shares().size(), 0);
  taken_of_.clear();
  unverified_from_.clear();
  unverified_for_.clear();
  people_.clear();
  queue_.clear();
  held_for_.clear();
  seated_.clear();
  seconds_.clear();
  for (auto& [id, party] : parties_) {
    for (Person& person : party.members) {
      person.shares = rules_.shares.Of(person.traits);
      if (!person.hash.empty()) people_.emplace(person.hash, id);
    }
    Count(party, 1);
  }
}

void SeatPlan::Add(Party party) {
  for (Person& person : party.members) {
    person.shares = rules_.shares.Of(person.traits);
    if (!person.hash.empty()) people_.emplace(person.hash, party.sign_up);
  }
  Count(party, 1);
  std::string id = party.sign_up;
  parties_.emplace(std::move(id), std::move(party));
}

void SeatPlan::Remove(const std::string& sign_up) {
  const auto found = parties_.find(sign_up);
  Count(found->second, -1);
  for (const Person& person : found->second.members) {
    people_.erase(person.hash);
  }
  parties_.erase(found);
}

void SeatPlan::CatchUp(int64_t version, std::vector<Party> changed) {
  // All leave before any comes: who left one party may be in another.
  for (const Party& party : changed) {
    if (parties_.contains(party.sign_up)) Remove(party.sign_up);
  }
  for (Party& party : changed) {
    if (IsLiving(party.state)) Add(std::move(party));
  }
  version_ = version;
  settled_until_ = absl::InfinitePast();
}

void SeatPlan::SetRules(SeatRules rules) {
  rules_ = std::move(rules);
  CountAll();
}

void SeatPlan::MarkVerified(const std::string& sign_up) {
  Party& party = parties_.at(sign_up);
  Count(party, -1);
  party.is_unverified = false;
  party.network.clear();
  Count(party, 1);
}

void SeatPlan::Reassign(const std::string& from, const std::string& to,
                        const std::optional<std::vector<Share>>& shares) {
  for (auto& [id, party] : parties_) {
    if (party.organization == from) party.organization = to;
    for (Person& person : party.members) {
      if (person.traits.organization == from) person.traits.organization = to;
    }
  }
  std::vector<Share> renamed = shares.value_or(rules_.shares.shares());
  for (Share& share : renamed) {
    if (share.group.organization == from) share.group.organization = to;
  }
  rules_.shares = ShareBook(std::move(renamed));
  std::replace(rules_.who.organizations.begin(), rules_.who.organizations.end(),
               from, to);
  for (Group& group : rules_.priority_groups) {
    if (group.organization == from) group.organization = to;
  }
  CountAll();
}

}  // namespace lagnet::visits
