#ifndef LAGNET_CLI_COMPLETE_H_
#define LAGNET_CLI_COMPLETE_H_

#include <string>
#include <vector>

#include "CLI/App.hpp"
#include "clients/cpp/cli/session.h"

namespace lagnet::cli {

// What shells call, with the words so far, the last one unfinished.
inline constexpr char kCompleteCommand[] = "__complete";

// The words that could stand in place of the last one: subcommands, flags,
// and the values of flags that take one of a few.
std::vector<std::string> Complete(const CLI::App& app,
                                  const std::vector<std::string>& words);

// `completion bash|zsh|fish`: prints the script that makes a shell call.
void AddCompletion(CLI::App& app, Session& session);

}  // namespace lagnet::cli

#endif  // LAGNET_CLI_COMPLETE_H_
