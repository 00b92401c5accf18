#include "server/base/process.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"

namespace lagnet {
namespace {

absl::Status Errno(int error, absl::string_view doing) {
  return absl::ErrnoToStatus(error, doing);
}

std::string ReadAll(int fd) {
  constexpr size_t kKeep = 64 << 10;
  std::string output;
  char buffer[4096];
  for (;;) {
    const ssize_t got = read(fd, buffer, sizeof(buffer));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return output;
    output.append(buffer, static_cast<size_t>(got));
    if (output.size() > kKeep) output.erase(0, output.size() - kKeep);
  }
}

}  // namespace

absl::StatusOr<CommandResult> RunCommand(
    const std::vector<std::string>& command) {
  int pipe_fds[2];
  if (pipe2(pipe_fds, O_CLOEXEC) != 0) return Errno(errno, "pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, pipe_fds[1], 1);
  posix_spawn_file_actions_adddup2(&actions, pipe_fds[1], 2);

  std::vector<char*> argv;
  argv.reserve(command.size() + 1);
  for (const std::string& word : command) {
    argv.push_back(const_cast<char*>(word.c_str()));
  }
  argv.push_back(nullptr);
  char path[] = "PATH=/usr/local/bin:/usr/bin:/bin";
  char locale[] = "LC_ALL=C.UTF-8";
  char* environment[] = {path, locale, nullptr};

  pid_t pid = 0;
  const int error =
      posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environment);
  posix_spawn_file_actions_destroy(&actions);
  close(pipe_fds[1]);
  if (error != 0) {
    close(pipe_fds[0]);
    return Errno(error, absl::StrCat("cannot run ", command[0]));
  }
  CommandResult result;
  result.output = ReadAll(pipe_fds[0]);
  close(pipe_fds[0]);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  result.exit_code =
      WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

absl::Status BecomeUser(const std::string& user) {
  if (geteuid() != 0) return absl::OkStatus();
  const passwd* entry = getpwnam(user.c_str());
  if (entry == nullptr) {
    return absl::FailedPreconditionError(absl::StrCat(
        "lagnetd was started as root and gives up root for the system user '",
        user, "', which does not exist; create it with: useradd --system ",
        "--no-create-home --shell /usr/sbin/nologin ", user));
  }
  const uid_t uid = entry->pw_uid;
  const gid_t gid = entry->pw_gid;
  if (initgroups(user.c_str(), gid) != 0 || setgid(gid) != 0 ||
      setuid(uid) != 0) {
    return Errno(errno, absl::StrCat("cannot become user ", user));
  }
  return absl::OkStatus();
}

absl::Status MakePrivateFolder(const std::string& path,
                               const std::string& user) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return absl::OkStatus();
  std::filesystem::create_directories(path, error);
  if (error) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot create the folder ", path, ": ", error.message()));
  }
  if (chmod(path.c_str(), 0700) != 0) return Errno(errno, path);
  if (geteuid() != 0) return absl::OkStatus();
  const passwd* entry = getpwnam(user.c_str());
  if (entry != nullptr &&
      chown(path.c_str(), entry->pw_uid, entry->pw_gid) != 0) {
    return Errno(errno, path);
  }
  return absl::OkStatus();
}

}  // namespace lagnet
