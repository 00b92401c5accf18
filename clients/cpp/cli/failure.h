#ifndef LAGNET_CLI_FAILURE_H_
#define LAGNET_CLI_FAILURE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Failures of the command line itself; all others are a server's.
namespace lagnet::cli {

// What is wanted cannot be done as it was said: exit code 2.
absl::Status UsageError(absl::string_view message);
bool IsUsageError(const absl::Status& status);

// A failure that the command has already told about. Its exit code is that of
// `status`, or else 1.
absl::Status ToldFailure(
    absl::Status status = absl::FailedPreconditionError("told already"));
bool IsToldFailure(const absl::Status& status);

// A failure after which whoever runs the program is to run it again: exit code
// 75, which mail servers know (EX_TEMPFAIL).
absl::Status TryLater(absl::Status status);
bool IsTryLater(const absl::Status& status);

}  // namespace lagnet::cli

#endif  // LAGNET_CLI_FAILURE_H_
