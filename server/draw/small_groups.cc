#include "server/draw/small_groups.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"

namespace lagnet::draw {
namespace {

using Family = std::vector<size_t>;  // Shares.

// Finds the families of shares that leave out nobody, or a few people.
class Families {
 public:
  Families(const Problem& problem, std::vector<size_t> shares)
      : problem_(problem), shares_(std::move(shares)) {
    for (const Type& type : problem.types) open_.push_back(type.size);
  }

  // Nothing if it took too long.
  std::optional<std::vector<Family>> Find() {
    Extend(0, kSmallGroup - 1);
    if (steps_ <= 0) return std::nullopt;
    return std::move(found_);
  }

 private:
  // Adds what covers the people of `type`, of whom `left` more may be left out.
  void Extend(size_t type, int left) {
    if (--steps_ <= 0) return;
    while (type < open_.size() && open_[type] == 0) ++type;
    if (type == open_.size()) {
      found_.push_back(family_);
      return;
    }
    for (const size_t share : shares_) {
      if (problem_.types[type].counts[share] == 0 || !Fits(share)) continue;
      Take(share, 1);
      family_.push_back(share);
      Extend(type, left);
      family_.pop_back();
      Take(share, -1);
    }
    const int people = open_[type] * problem_.types[type].parties;
    if (people <= left) Extend(type + 1, left - people);
  }

  bool Fits(size_t share) const {
    for (size_t t = 0; t < open_.size(); ++t) {
      if (problem_.types[t].counts[share] > open_[t]) return false;
    }
    return true;
  }

  void Take(size_t share, int sign) {
    for (size_t t = 0; t < open_.size(); ++t) {
      open_[t] -= sign * problem_.types[t].counts[share];
    }
  }

  const Problem& problem_;
  const std::vector<size_t> shares_;
  std::vector<int> open_;  // People of a party of each type, not covered yet.
  Family family_;
  std::vector<Family> found_;
  int steps_ = 20'000;
};

// Decides who is hidden, from the numbers of people.
class Hiding {
 public:
  explicit Hiding(const Problem& problem)
      : people_(problem.shares.size(), 0), hidden_(problem.shares.size()) {
    for (const Type& type : problem.types) {
      all_ += type.size * type.parties;
      for (size_t s = 0; s < people_.size(); ++s) {
        people_[s] += type.counts[s] * type.parties;
      }
    }
    for (size_t s = 0; s < people_.size(); ++s) {
      const int others = all_ - people_[s];
      hidden_[s] =
          people_[s] < kSmallGroup || (others > 0 && others < kSmallGroup);
    }
  }

  void Hide(const Family& shares) {
    for (const size_t share : shares) hidden_[share] = true;
  }

  // Hides one more of a family if that is needed; says whether it was.
  bool HideMore(const Family& family) {
    int rest = all_;  // Who is not shown.
    int covered = 0;  // Who is in the family.
    int groups = 0;   // Of it, hidden with people in them.
    std::optional<size_t> smallest;
    for (const size_t share : family) {
      covered += people_[share];
      if (hidden_[share]) {
        groups += people_[share] > 0 ? 1 : 0;
        continue;
      }
      rest -= people_[share];
      if (!smallest || people_[share] < people_[*smallest]) smallest = share;
    }
    const bool is_alone = groups == 1 && covered == all_;
    if (!smallest || rest == 0 || (rest >= kSmallGroup && !is_alone)) {
      return false;
    }
    hidden_[*smallest] = true;
    return true;
  }

  std::vector<bool> Take() { return std::move(hidden_); }

 private:
  std::vector<int> people_;
  std::vector<bool> hidden_;
  int all_ = 0;
};

}  // namespace

std::vector<bool> HiddenShares(const Problem& problem) {
  Family organizations, others;
  for (size_t s = 0; s < problem.shares.size(); ++s) {
    const bool is_organization =
        absl::StartsWith(problem.shares[s].name, kOrganizationShare);
    (is_organization ? organizations : others).push_back(s);
  }
  Hiding hiding(problem);
  std::optional<std::vector<Family>> families =
      Families(problem, others).Find();
  if (!families) {
    hiding.Hide(others);
    families.emplace();
  }
  families->push_back(organizations);
  for (bool is_done = false; !is_done;) {
    is_done = true;
    for (const Family& family : *families) {
      if (hiding.HideMore(family)) is_done = false;
    }
  }
  return hiding.Take();
}

}  // namespace lagnet::draw
