#include "server/base/zoned_time.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace lagnet {

bool IsTimeZone(absl::string_view name) {
  // "localtime" would mean something else on each machine, and a path could
  // leave the zone database.
  if (name.empty() || name == "localtime" || name.front() == '/' ||
      absl::StrContains(name, "..")) {
    return false;
  }
  absl::TimeZone zone;
  return absl::LoadTimeZone(name, &zone);
}

std::optional<absl::CivilSecond> ParseLocalDateTime(absl::string_view text) {
  // Exactly YYYY-MM-DDTHH:MM[:SS]; Abseil alone also takes shorter forms and
  // normalises 31 February to March.
  if ((text.size() != 16 && text.size() != 19) || text[0] == '-') {
    return std::nullopt;  // PostgreSQL has another year 0.
  }
  absl::CivilSecond second;
  absl::CivilMinute minute;
  if (text.size() == 19) {
    if (!absl::ParseCivilTime(text, &second)) return std::nullopt;
  } else {
    if (!absl::ParseCivilTime(text, &minute)) return std::nullopt;
    second = absl::CivilSecond(minute);
  }
  if (!absl::StartsWith(absl::FormatCivilTime(second), text)) {
    return std::nullopt;
  }
  return second;
}

std::optional<absl::CivilDay> ParseLocalDate(absl::string_view text) {
  absl::CivilDay day;
  if (text.size() != 10 || text[0] == '-' ||
      !absl::ParseCivilTime(text, &day) || absl::FormatCivilTime(day) != text) {
    return std::nullopt;
  }
  return day;
}

std::string FormatLocalDateTime(absl::CivilSecond time) {
  return time.second() == 0 ? absl::FormatCivilTime(absl::CivilMinute(time))
                            : absl::FormatCivilTime(time);
}

absl::Time InstantOf(absl::CivilSecond time, absl::string_view zone_name,
                     Favour favour) {
  absl::TimeZone zone = absl::UTCTimeZone();
  absl::LoadTimeZone(zone_name, &zone);
  const absl::TimeZone::TimeInfo info = zone.At(time);
  // `pre` and `post` are equal for ordinary times. In a gap `pre` (old
  // offset) is the later instant, in an overlap the earlier one.
  return favour == Favour::kEarlier ? std::min(info.pre, info.post)
                                    : std::max(info.pre, info.post);
}

absl::Time EndOfMinute(absl::CivilSecond deadline, absl::string_view zone) {
  const absl::CivilMinute minute(deadline);
  return InstantOf(absl::CivilSecond(minute), zone, Favour::kLater) +
         absl::Minutes(1);
}

}  // namespace lagnet
