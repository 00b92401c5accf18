#ifndef LAGNET_CLI_APP_H_
#define LAGNET_CLI_APP_H_

#include <memory>
#include <string>
#include <vector>

#include "CLI/App.hpp"
#include "clients/cpp/cli/session.h"

namespace lagnet::cli {

// The whole command line: its parsing fills `session`, which must outlive it.
std::unique_ptr<CLI::App> MakeApp(Session& session);

// Parses and runs; returns the exit code. `arguments` without the program.
int RunApp(const std::vector<std::string>& arguments);

}  // namespace lagnet::cli

#endif  // LAGNET_CLI_APP_H_
