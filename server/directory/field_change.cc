#include "server/directory/field_change.h"

#include "server/base/error.h"

namespace lagnet::directory {

absl::Status CheckNotInFuture(absl::string_view field, const Day& day,
                              absl::Time now) {
  // Kiritimati, UTC+14, is where each day begins.
  const absl::CivilDay latest =
      absl::ToCivilDay(now + absl::Hours(14), absl::UTCTimeZone());
  if (!day || *day <= latest) return absl::OkStatus();
  return InvalidField(field, "must not lie in the future");
}

}  // namespace lagnet::directory
