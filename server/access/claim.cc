#include "server/access/claim.h"

#include "server/base/error.h"

namespace lagnet::access {

absl::Status ClaimRefused() {
  return Error(absl::StatusCode::kFailedPrecondition, "CLAIM_REFUSED",
               "this token does not work, or no longer: ask the network for "
               "another");
}

}  // namespace lagnet::access
