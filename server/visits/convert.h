#ifndef LAGNET_SERVER_VISITS_CONVERT_H_
#define LAGNET_SERVER_VISITS_CONVERT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lagnet/visits/v1/sign_ups.pb.h"
#include "lagnet/visits/v1/study_visits.pb.h"
#include "server/visits/sign_up.h"
#include "server/visits/visit.h"
#include "server/visits/why.h"

namespace lagnet::visits {

// Fields that the server sets are not read. `id` is the last part of the name.
// Fails with INVALID_FIELDS for a reference that is no name.
absl::StatusOr<StudyVisit> FromProto(const std::string& id,
                                     const v1::StudyVisit& visit);

// `now` decides whether sign-up is open.
enum class View { kFull, kBasic };  // Basic: without days and description.
v1::StudyVisit ToProto(const StudyVisit& visit, absl::Time now,
                       View view = View::kFull);

absl::StatusOr<VisitFilter> FilterOf(const v1::ListStudyVisitsRequest& request);

Member FromProto(const v1::SignUp::Member& member);
v1::SignUp::Member ToProto(const Member& member);

absl::StatusOr<SignUp> FromProto(const std::string& visit,
                                 const v1::SignUp& sign_up);
v1::SignUp ToProto(const SignUp& sign_up);

v1::SignUpExplanation ToProto(const Explanation& explanation);

absl::StatusOr<SignUpFilter> FilterOf(const v1::ListSignUpsRequest& request,
                                      const std::string& caller);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_CONVERT_H_
