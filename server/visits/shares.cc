#include "server/visits/shares.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace lagnet::visits {
namespace {

bool Has(const std::vector<std::string>& items, const std::string& item) {
  return std::find(items.begin(), items.end(), item) != items.end();
}

bool LiesWithin(const Group& inner, const std::string& territory) {
  return inner.territory == territory ||
         Has(inner.territories_above, territory);
}

template <typename T>
bool IsOneOf(const T& item, const std::vector<T>& items) {
  return items.empty() ||
         std::find(items.begin(), items.end(), item) != items.end();
}

bool AnyIsOneOf(const std::vector<std::string>& some,
                const std::vector<std::string>& items) {
  return items.empty() ||
         std::any_of(some.begin(), some.end(),
                     [&](const std::string& item) { return Has(items, item); });
}

template <typename T>
bool Differ(const T& one, const T& other) {
  return one != T() && other != T() && one != other;
}

// How many things a group asks of who belongs to it.
int Narrowness(const Group& group) {
  return (group.organization.empty() ? 0 : 1) +
         (group.territory.empty()
              ? 0
              : 1 + static_cast<int>(group.territories_above.size())) +
         (group.sector == Sector::kUnspecified ? 0 : 1) +
         (group.age_band == AgeBand::kUnspecified ? 0 : 1) +
         (group.language.empty() ? 0 : 1) + (group.first_timers ? 1 : 0) +
         (group.staff ? 1 : 0);
}

}  // namespace

bool Belongs(const Traits& person, const Group& group) {
  return (group.organization.empty() ||
          group.organization == person.organization) &&
         (group.territory.empty() ||
          Has(person.territories, group.territory)) &&
         (group.sector == Sector::kUnspecified ||
          group.sector == person.sector) &&
         (group.age_band == AgeBand::kUnspecified ||
          group.age_band == person.age_band) &&
         (group.language.empty() || Has(person.languages, group.language)) &&
         (!group.first_timers || person.first_timer) &&
         (!group.staff || person.staff);
}

bool IsWithin(const Group& inner, const Group& outer) {
  return (outer.organization.empty() ||
          outer.organization == inner.organization) &&
         (outer.territory.empty() || LiesWithin(inner, outer.territory)) &&
         (outer.sector == Sector::kUnspecified ||
          outer.sector == inner.sector) &&
         (outer.age_band == AgeBand::kUnspecified ||
          outer.age_band == inner.age_band) &&
         (outer.language.empty() || outer.language == inner.language) &&
         (!outer.first_timers || inner.first_timers) &&
         (!outer.staff || inner.staff);
}

bool AreApart(const Group& one, const Group& other) {
  return Differ(one.organization, other.organization) ||
         Differ(one.sector, other.sector) ||
         Differ(one.age_band, other.age_band) ||
         (Differ(one.territory, other.territory) &&
          !LiesWithin(one, other.territory) &&
          !LiesWithin(other, one.territory));
}

Bar WhyNotEligible(const Traits& person, const WhoMayCome& who) {
  if (!AnyIsOneOf(person.territories, who.territories)) return Bar::kTerritory;
  if (!IsOneOf(person.organization_kind, who.organization_kinds)) {
    return Bar::kOrganizationKind;
  }
  if (!IsOneOf(person.sector, who.sectors)) return Bar::kSector;
  if (!IsOneOf(person.organization, who.organizations)) {
    return Bar::kOrganization;
  }
  if (!IsOneOf(person.age_band, who.age_bands)) return Bar::kAgeBand;
  if (!AnyIsOneOf(person.languages, who.languages)) return Bar::kLanguage;
  return Bar::kNone;
}

ShareBook::ShareBook(std::vector<Share> shares) : shares_(std::move(shares)) {
  std::vector<int> order(shares_.size());
  std::iota(order.begin(), order.end(), 0);
  // The widest first: what lies within it finds it there.
  std::stable_sort(order.begin(), order.end(), [this](int a, int b) {
    return Narrowness(shares_[static_cast<size_t>(a)].group) <
           Narrowness(shares_[static_cast<size_t>(b)].group);
  });
  within_.resize(shares_.size());
  const auto group = [this](int share) -> const Group& {
    return shares_[static_cast<size_t>(share)].group;
  };
  std::vector<std::vector<int>> dimensions;
  for (const int share : order) {
    auto dimension = std::find_if(
        dimensions.begin(), dimensions.end(),
        [&](const std::vector<int>& others) {
          return std::all_of(others.begin(), others.end(), [&](int other) {
            return IsWithin(group(share), group(other)) ||
                   AreApart(group(share), group(other));
          });
        });
    if (dimension == dimensions.end()) {
      dimension = dimensions.insert(dimensions.end(), std::vector<int>());
      largest_.emplace_back();
    }
    // The narrowest of those that it lies within.
    const auto parent = std::find_if(
        dimension->rbegin(), dimension->rend(),
        [&](int other) { return IsWithin(group(share), group(other)); });
    if (parent == dimension->rend()) {
      largest_[static_cast<size_t>(dimension - dimensions.begin())].push_back(
          share);
    } else {
      within_[static_cast<size_t>(*parent)].push_back(share);
    }
    dimension->push_back(share);
  }
  beside_.resize(shares_.size());
  for (const std::vector<int>& dimension : dimensions) {
    for (const int share : dimension) {
      for (const int other : dimension) {
        if (IsWithin(group(share), group(other)) ||
            IsWithin(group(other), group(share))) {
          continue;
        }
        beside_[static_cast<size_t>(share)] |= ShareSet{1} << other;
      }
    }
  }
}

ShareSet ShareBook::Of(const Traits& person) const {
  ShareSet set = 0;
  for (size_t i = 0; i < shares_.size(); ++i) {
    if (Belongs(person, shares_[i].group)) set |= ShareSet{1} << i;
  }
  return set;
}

bool ShareBook::CountsTwice(ShareSet person) const {
  for (size_t i = 0; i < beside_.size(); ++i) {
    if ((person >> i & 1) != 0 && (person & beside_[i]) != 0) return true;
  }
  return false;
}

int ShareBook::Need(int share, const std::vector<int>& counts,
                    absl::Time now) const {
  const size_t i = static_cast<size_t>(share);
  int within = 0;
  for (const int inner : within_[i]) within += Need(inner, counts, now);
  const int mine = now < shares_[i].min_until ? shares_[i].min - counts[i] : 0;
  return std::max({mine, within, 0});
}

int ShareBook::Kept(const std::vector<int>& counts, absl::Time now) const {
  int kept = 0;
  for (const std::vector<int>& dimension : largest_) {
    int asked = 0;
    for (const int share : dimension) asked += Need(share, counts, now);
    kept = std::max(kept, asked);
  }
  return kept;
}

ShareBook::Demand ShareBook::MostAsked() const {
  const std::vector<int> nobody(shares_.size(), 0);
  Demand most;
  for (const std::vector<int>& dimension : largest_) {
    Demand demand;
    for (const int share : dimension) {
      const int asked = Need(share, nobody, absl::InfinitePast());
      demand.seats += asked;
      if (asked > 0) demand.shares.push_back(share);
    }
    if (demand.seats > most.seats) most = std::move(demand);
  }
  return most;
}

}  // namespace lagnet::visits
