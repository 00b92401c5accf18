// `private_postgres FOLDER` starts or adopts a private PostgreSQL in FOLDER,
// says "ready DSN", and waits to be killed. `private_postgres FOLDER stop`
// stops it. What goes wrong is said on standard error.

#include <unistd.h>

#include <cstdio>
#include <string>

#include "server/base/process.h"
#include "server/base/status_macros.h"
#include "server/db/embedded.h"

namespace {

absl::Status Main(const std::string& folder, bool stop) {
  RETURN_IF_ERROR(lagnet::BecomeUser("lagnet"));
  ASSIGN_OR_RETURN(const auto server,
                   lagnet::db::Embedded::Start(
                       {.folder = folder, .settings = {"fsync = off"}}));
  if (stop) return server->Stop();
  std::printf("ready %s\n", server->Dsn().c_str());
  std::fflush(stdout);
  for (;;) pause();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const absl::Status status = Main(argv[1], argc > 2);
  if (status.ok()) return 0;
  std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return 1;
}
