#ifndef LAGNET_SERVER_BASE_ZONED_TIME_H_
#define LAGNET_SERVER_BASE_ZONED_TIME_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace lagnet {

// Times that people agree on are civil times in an IANA zone ("Friday 18:00
// in Warsaw"); the instant is computed. Where a civil time happens twice
// (clocks go back) or never (clocks go forward), `Favour` says for whom.
enum class Favour {
  kEarlier,  // An opening: the earlier instant lets people in sooner.
  kLater,    // A deadline: the later instant gives people more time.
};

// Whether the system knows the zone. Case matters.
bool IsTimeZone(absl::string_view name);

// Parses `2026-09-19T09:00` or `2026-09-19T09:00:30`.
std::optional<absl::CivilSecond> ParseLocalDateTime(absl::string_view text);

// Parses `2026-09-19`.
std::optional<absl::CivilDay> ParseLocalDate(absl::string_view text);

// The canonical text: minutes only if there are no seconds.
std::string FormatLocalDateTime(absl::CivilSecond time);

// The instant of a civil time. `zone` must be one that IsTimeZone() knows.
absl::Time InstantOf(absl::CivilSecond time, absl::string_view zone,
                     Favour favour);

// The first instant after an inclusive deadline: `18:00` means that 18:00:59
// is still in time, so the answer is 18:01:00.
absl::Time EndOfMinute(absl::CivilSecond deadline, absl::string_view zone);

}  // namespace lagnet

#endif  // LAGNET_SERVER_BASE_ZONED_TIME_H_
