#ifndef LAGNET_SERVER_VISITS_SEAT_HISTORY_H_
#define LAGNET_SERVER_VISITS_SEAT_HISTORY_H_

#include <optional>

#include "absl/time/civil_time.h"
#include "server/visits/rules.h"

namespace lagnet::visits {

// Who had a seat before, and how much more those count in a draw who had none.
// See docs/adr/0033.

// How long it is kept that somebody had a seat. No rule looks further back.
inline constexpr int kHistoryYears = 5;

// The last day on which it is kept, of a visit whose last day was `visit_end`.
absl::CivilDay LastDayKept(absl::CivilDay visit_end);

// The last days of the latest visits of the network on which somebody had a
// seat; nothing if there was none, or nobody knows of it any more.
struct PastSeats {
  std::optional<absl::CivilDay> people;  // One of those named in the party.
  std::optional<absl::CivilDay> organization;  // Anybody who came for it.
};

// What a party counts in the draw of a visit that begins on `start`: the larger
// one of its weights, and 1 if it has none.
int WeightOf(const DrawWeights& weights, absl::CivilDay start,
             const PastSeats& past);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_SEAT_HISTORY_H_
