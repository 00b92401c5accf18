#include "server/solver/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace lagnet::solver {
namespace {

absl::Status Unavailable(int error, absl::string_view doing) {
  return absl::UnavailableError(
      absl::StrCat(doing, ": ", absl::ErrnoToStatus(error, "").message()));
}

void Close(int& fd) {
  if (fd >= 0) close(fd);
  fd = -1;
}

// A file in memory, from its start: unlike a pipe, nobody has to feed it.
int FileOf(absl::string_view text) {
  int fd = memfd_create("input", MFD_CLOEXEC);
  while (fd >= 0 && !text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      Close(fd);
    } else {
      text.remove_prefix(static_cast<size_t>(written));
    }
  }
  if (fd >= 0) lseek(fd, 0, SEEK_SET);
  return fd;
}

int Spawn(const std::vector<std::string>& command, int in, int out, int err,
          pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, 0);
  posix_spawn_file_actions_adddup2(&actions, out, 1);
  posix_spawn_file_actions_adddup2(&actions, err, 2);
  // Signals that this process waits for are not the child's business.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  std::vector<char*> argv;
  for (const std::string& word : command) {
    argv.push_back(const_cast<char*>(word.c_str()));
  }
  argv.push_back(nullptr);
  char locale[] = "LC_ALL=C.UTF-8";
  char* environment[] = {locale, nullptr};
  const int error = posix_spawn(&pid, argv[0], &actions, &attributes,
                                argv.data(), environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

// Reads what there is; false at the end.
bool ReadSome(int fd, std::string& into) {
  std::array<char, 16 << 10> buffer;
  const ssize_t got = read(fd, buffer.data(), buffer.size());
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  into.append(buffer.data(), static_cast<size_t>(got));
  return got > 0;
}

// Hands on whole lines and leaves the rest.
void HandOn(std::string& text, std::string& last,
            const std::function<void(const std::string&)>& line) {
  constexpr size_t kLongest = 1 << 10;
  for (size_t end; (end = text.find('\n')) != std::string::npos;) {
    last = text.substr(0, std::min(end, kLongest));
    line(last);
    text.erase(0, end + 1);
  }
  if (text.size() > kLongest) text.erase(0, text.size() - kLongest);
}

}  // namespace

absl::StatusOr<Child> Child::Start(const std::vector<std::string>& command,
                                   absl::string_view input) {
  int in = FileOf(input);
  if (in < 0) return Unavailable(errno, "no memory for a program's input");
  Child child;
  int out[2] = {-1, -1};
  int err[2] = {-1, -1};
  int error = 0;
  if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) {
    error = errno;
  } else {
    error = Spawn(command, in, out[1], err[1], child.pid_);
  }
  child.output_ = out[0];
  child.errors_ = err[0];
  Close(in);
  Close(out[1]);
  Close(err[1]);
  if (error != 0) {
    child.pid_ = -1;
    return Unavailable(error, absl::StrCat("cannot run ", command[0]));
  }
  return child;
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      output_(std::exchange(other.output_, -1)),
      errors_(std::exchange(other.errors_, -1)) {}

Child::~Child() {
  Close(output_);
  Close(errors_);
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  End().IgnoreError();
}

absl::Status Child::End() {
  int status = 0;
  while (waitpid(std::exchange(pid_, -1), &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  if (WIFEXITED(status) && WEXITSTATUS(status) == kTooLate) {
    return absl::DeadlineExceededError("it was not ready in time");
  }
  return absl::InternalError(
      WIFEXITED(status)
          ? absl::StrCat("it ended with code ", WEXITSTATUS(status))
          : absl::StrCat("it was ended by signal ", WTERMSIG(status)));
}

absl::StatusOr<std::string> Child::Wait(
    absl::Time deadline, size_t most,
    const std::function<void(const std::string&)>& line,
    const std::function<void()>& tick) {
  std::string output;
  std::string errors;
  std::string last;
  while (output_ >= 0 || errors_ >= 0) {
    std::array<pollfd, 2> fds = {pollfd{output_, POLLIN, 0},
                                 pollfd{errors_, POLLIN, 0}};
    const int64_t left = absl::ToInt64Milliseconds(deadline - absl::Now());
    if (left <= 0) return absl::DeadlineExceededError("it took too long");
    poll(fds.data(), fds.size(),
         static_cast<int>(std::min<int64_t>(left, 1'000)));
    if (fds[0].revents != 0 && !ReadSome(output_, output)) Close(output_);
    if (fds[1].revents != 0 && !ReadSome(errors_, errors)) Close(errors_);
    HandOn(errors, last, line);
    tick();
    if (output.size() > most) {
      return absl::InternalError("it wrote more than it should");
    }
  }
  const absl::Status status = End();
  if (status.ok()) return output;
  return absl::Status(status.code(),
                      absl::StrCat(status.message(), ": ", last));
}

}  // namespace lagnet::solver
