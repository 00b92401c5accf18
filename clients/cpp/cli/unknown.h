#ifndef LAGNET_CLI_UNKNOWN_H_
#define LAGNET_CLI_UNKNOWN_H_

#include <string>
#include <vector>

#include "CLI/App.hpp"

namespace lagnet::cli {

// The first word of a command line that is no command or option, in a sentence
// with what may have been meant; "" if all are known. CLI11 complains of what
// is missing first, which a misspelt word mostly is the cause of.
std::string ExplainUnknown(const CLI::App& app,
                           const std::vector<std::string>& words);

}  // namespace lagnet::cli

#endif  // LAGNET_CLI_UNKNOWN_H_
