#ifndef LAGNET_SERVER_BASE_PROCESS_H_
#define LAGNET_SERVER_BASE_PROCESS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lagnet {

// What a finished command left behind.
struct CommandResult {
  int exit_code = 0;
  std::string output;  // Standard output and error, the last 64 KiB.
};

// Runs a program (no shell) with an almost empty environment and waits for
// it. Fails only if the program cannot be started.
absl::StatusOr<CommandResult> RunCommand(
    const std::vector<std::string>& command);

// Makes this process, if it is root, the given system user for good. Does
// nothing for who is not root. Call it before any thread starts.
absl::Status BecomeUser(const std::string& user);

// Creates a folder (and its parents) for the given user, closed to others
// (0700), if it is not there. Call it before BecomeUser().
absl::Status MakePrivateFolder(const std::string& path,
                               const std::string& user);

}  // namespace lagnet

#endif  // LAGNET_SERVER_BASE_PROCESS_H_
