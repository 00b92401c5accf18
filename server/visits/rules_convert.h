#ifndef LAGNET_SERVER_VISITS_RULES_CONVERT_H_
#define LAGNET_SERVER_VISITS_RULES_CONVERT_H_

#include "absl/status/statusor.h"
#include "lagnet/visits/v1/seat_rules.pb.h"
#include "server/visits/rules.h"

namespace lagnet::visits {

// Fails with INVALID_FIELDS for a reference that is no name. In which
// territories others lie is left to PlaceGroups().
absl::StatusOr<VisitRules> FromProto(const v1::SeatRules& rules);
v1::SeatRules ToProto(const VisitRules& rules);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_RULES_CONVERT_H_
