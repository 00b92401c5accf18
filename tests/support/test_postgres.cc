// Starts and stops the PostgreSQL that tests run on, in the way that lagnetd
// starts its own: `test_postgres start`, `test_postgres stop`. Where it is
// stands in a file of the build folder, which the tests read.

#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "server/base/process.h"
#include "server/base/status_macros.h"
#include "server/db/connection.h"
#include "server/db/embedded.h"

namespace lagnet::support {
namespace {

namespace fs = std::filesystem;

constexpr char kUser[] = "lagnet";

std::string NotedFolder() {
  std::ifstream file(LAGNET_TEST_POSTGRES);
  std::string line;
  while (std::getline(file, line)) {
    absl::string_view folder = line;
    if (absl::ConsumePrefix(&folder, "folder=")) return std::string(folder);
  }
  return "";
}

// The build folder may be closed to the user that PostgreSQL runs as, and too
// deep for a socket: so a short folder in /tmp that belongs to that user.
absl::StatusOr<std::string> MakeFolder() {
  char path[] = "/tmp/lagnet-test-XXXXXX";
  if (mkdtemp(path) == nullptr) {
    return absl::ErrnoToStatus(errno, "cannot make a folder in /tmp");
  }
  const passwd* const user = getpwnam(kUser);
  if (geteuid() == 0 && user != nullptr &&
      chown(path, user->pw_uid, user->pw_gid) != 0) {
    return absl::ErrnoToStatus(errno, path);
  }
  return std::string(path);
}

// The note is opened while this is still root.
absl::Status Note(int fd, const std::string& text) {
  if (ftruncate(fd, 0) != 0 || lseek(fd, 0, SEEK_SET) != 0 ||
      write(fd, text.data(), text.size()) !=
          static_cast<ssize_t>(text.size())) {
    return absl::ErrnoToStatus(errno, LAGNET_TEST_POSTGRES);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<db::Embedded>> StartIn(
    const std::string& folder) {
  // What dies with the machine need not survive it.
  return db::Embedded::Start(
      {.folder = folder + "/pg",
       .settings = {"fsync = off", "full_page_writes = off",
                    "max_connections = 200", "max_wal_size = 4GB"}});
}

absl::Status Start(int note) {
  std::string folder = NotedFolder();
  if (folder.empty() || !fs::exists(folder)) {
    ASSIGN_OR_RETURN(folder, MakeFolder());
  }
  RETURN_IF_ERROR(BecomeUser(kUser));
  ASSIGN_OR_RETURN(const auto server, StartIn(folder));
  return Note(note, absl::StrCat("folder=", folder,
                                 "\ndsn=", server->Dsn("postgres"), "\n"));
}

bool InUse(const db::Embedded& server) {
  db::Connection connection(*db::CompleteDsn(server.Dsn("postgres")));
  const db::Rows rows = connection.Execute(
      {"test.in_use",
       "SELECT count(*) > 0 AS used FROM pg_stat_activity"
       " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"},
      {});
  return rows[0].Get<bool>("used");
}

absl::Status Stop(int note) {
  const std::string folder = NotedFolder();
  if (folder.empty() || !fs::exists(folder)) return absl::OkStatus();
  RETURN_IF_ERROR(BecomeUser(kUser));
  ASSIGN_OR_RETURN(const auto server, StartIn(folder));
  if (InUse(*server)) {
    std::printf("left running: other tests use it\n");
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(server->Stop());
  fs::remove_all(folder);
  return Note(note, "");
}

int Main(absl::string_view command) {
  const int note = open(LAGNET_TEST_POSTGRES, O_RDWR | O_CREAT, 0644);
  if (note < 0) {
    std::perror(LAGNET_TEST_POSTGRES);
    return 1;
  }
  const absl::Status status =
      command == "start"  ? Start(note)
      : command == "stop" ? Stop(note)
                          : absl::InvalidArgumentError("say start or stop");
  close(note);
  if (status.ok()) return 0;
  std::fprintf(stderr, "test_postgres: %s\n", status.ToString().c_str());
  return 1;
}

}  // namespace
}  // namespace lagnet::support

int main(int argc, char** argv) {
  return lagnet::support::Main(argc == 2 ? argv[1] : "");
}
