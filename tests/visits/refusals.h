#ifndef LAGNET_TESTS_VISITS_REFUSALS_H_
#define LAGNET_TESTS_VISITS_REFUSALS_H_

#include "absl/status/status.h"
#include "tests/support/matchers.h"

namespace lagnet::visits {

// What several tests expect to be told.
inline const auto kClosed =
    support::StatusIs(absl::StatusCode::kFailedPrecondition, "SIGN_UP_CLOSED");
inline const auto kWrongState =
    support::StatusIs(absl::StatusCode::kFailedPrecondition, "WRONG_STATE");
inline const auto kRefused =
    support::StatusIs(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED");

}  // namespace lagnet::visits

#endif  // LAGNET_TESTS_VISITS_REFUSALS_H_
