#ifndef LAGNET_SERVER_VISITS_PRESETS_H_
#define LAGNET_SERVER_VISITS_PRESETS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/visits/visit.h"

namespace lagnet::visits {

// The three kinds of rules that most visits need, filled in for one visit: what
// an organiser sees first. study_visits.proto tells what they say, and why.

// The numbers are those of study_visits.proto.
enum class Preset {
  kUnspecified = 0,
  kOrderOfArrival = 1,
  kSeatsPerPartner = 2,
  kDraw = 3,
};

// Fails with INVALID_FIELDS if there are no `partners` to keep seats for, or
// too many.
absl::StatusOr<VisitRules> Suggest(Preset preset, const StudyVisit& visit,
                                   const std::vector<std::string>& partners,
                                   absl::Time now);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_PRESETS_H_
