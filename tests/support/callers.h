#ifndef LAGNET_TESTS_SUPPORT_CALLERS_H_
#define LAGNET_TESTS_SUPPORT_CALLERS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/rpc/caller.h"

namespace lagnet::support {

// The caller that a token of the form "role:ROLE" or
// "role:ROLE@over=id,over=id" stands for, where over is network, region,
// organization, project or sign_up:
//
//   role:NETWORK_ADMIN                       runs the whole installation
//   role:LAG_MANAGER@organization=lag-kazbegi
//   role:NETWORK_EDITOR@network=ksow,region=PL81
//
// "role:NONE" is somebody without any role. Each token is another account.
// Fails with UNAUTHENTICATED for any other text.
absl::StatusOr<rpc::Caller> CallerOf(absl::string_view token);

}  // namespace lagnet::support

#endif  // LAGNET_TESTS_SUPPORT_CALLERS_H_
