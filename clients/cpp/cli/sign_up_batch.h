#ifndef LAGNET_CLI_SIGN_UP_BATCH_H_
#define LAGNET_CLI_SIGN_UP_BATCH_H_

#include "CLI/App.hpp"
#include "clients/cpp/cli/session.h"

namespace lagnet::cli {

// `signup batch`: many sign-ups of one organisation, an answer for each.
void AddBatch(CLI::App* noun, Session& session);

}  // namespace lagnet::cli

#endif  // LAGNET_CLI_SIGN_UP_BATCH_H_
