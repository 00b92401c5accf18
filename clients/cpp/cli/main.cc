#include <cstdlib>

#include "clients/cpp/cli/app.h"

int main(int argc, char** argv) {
  // What gRPC has to say is said by the command, in plainer words.
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  return lagnet::cli::RunApp({argv + 1, argv + argc});
}
