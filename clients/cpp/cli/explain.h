#ifndef LAGNET_CLI_EXPLAIN_H_
#define LAGNET_CLI_EXPLAIN_H_

#include <string>

#include "absl/status/status.h"
#include "lagnet/connect.h"

namespace lagnet::cli {

// How a command ends.
enum class ExitCode {
  kOk = 0,
  kRefused = 1,
  kUsage = 2,
  kNotReached = 3,
  kTryLater = 75,
};

ExitCode ToExitCode(const absl::Status& status);

// What went wrong and what to do about it: a sentence or two, each on a line,
// then the wrong fields, if any.
std::string Explain(const absl::Status& status,
                    const client::ConnectOptions& connect);

}  // namespace lagnet::cli

#endif  // LAGNET_CLI_EXPLAIN_H_
