#include "server/access/claim.h"

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/id.h"

namespace lagnet::access {

std::string NewClaimToken() {
  return absl::StrCat("lagc_", Base32(RandomBytes(32)));
}

absl::Status ClaimRefused() {
  return Error(absl::StatusCode::kFailedPrecondition, "CLAIM_REFUSED",
               "this token does not work, or no longer: ask the network for "
               "another");
}

}  // namespace lagnet::access
