#include "server/visits/seat_history.h"

#include <algorithm>

namespace lagnet::visits {
namespace {

// 29 February is 1 March in other years.
absl::CivilDay AddYears(absl::CivilDay day, int years) {
  return absl::CivilDay(day.year() + years, day.month(), day.day());
}

}  // namespace

absl::CivilDay LastDayKept(absl::CivilDay visit_end) {
  return AddYears(visit_end, kHistoryYears);
}

int WeightOf(const DrawWeights& weights, absl::CivilDay start,
             const PastSeats& past) {
  const absl::CivilDay first = AddYears(start, -weights.years);
  const auto had_none = [&](const std::optional<absl::CivilDay>& end) {
    return !end || *end < first;
  };
  int weight = 1;
  if (had_none(past.people)) weight = std::max(weight, weights.newcomers);
  if (had_none(past.organization)) {
    weight = std::max(weight, weights.new_organizations);
  }
  return weight;
}

}  // namespace lagnet::visits
