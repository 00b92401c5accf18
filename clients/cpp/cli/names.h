#ifndef LAGNET_CLI_NAMES_H_
#define LAGNET_CLI_NAMES_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lagnet::cli {

// The full resource name that a person means by `text`, which is the full name
// already or only its ids:
//
//   FullName("lagnet/StudyVisit", "kazbegi-latvia")  studyVisits/kazbegi-latvia
//   FullName("lagnet/SignUp", "kazbegi-latvia/4f3k") studyVisits/…/signUps/4f3k
//
// `type` is what the API's fields say that they refer to. Fails with a
// UsageError.
absl::StatusOr<std::string> FullName(absl::string_view type,
                                     absl::string_view text);

// The ids of a full name: what people call the thing.
std::string ShortName(absl::string_view name);

}  // namespace lagnet::cli

#endif  // LAGNET_CLI_NAMES_H_
