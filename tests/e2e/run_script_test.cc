// deploy/run.sh, as it is typed at a terminal: it says when all is up, fails
// with a sentence if it cannot be, and leaves nothing behind.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/process.h"
#include "tests/e2e/lagnetd.h"

namespace lagnet::e2e {
namespace {

namespace fs = std::filesystem;

using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

std::string TextOf(const fs::path& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// A port of 127.0.0.1 that was free just now.
int FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  EXPECT_EQ(bind(fd, any, size), 0);
  EXPECT_EQ(getsockname(fd, any, &size), 0);
  close(fd);
  return ntohs(address.sin_port);
}

// The processes whose command names the path, one a line: PostgreSQL and
// lagnetd name their folder.
std::string ProcessesOf(const std::string& path) {
  std::string found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    int pid = 0;
    if (!absl::SimpleAtoi(entry.path().filename().string(), &pid)) continue;
    std::string command = TextOf(entry.path() / "cmdline");
    std::replace(command.begin(), command.end(), '\0', ' ');
    if (!absl::StrContains(command, path)) continue;
    absl::StrAppend(&found, pid, ": ", command, "\n");
  }
  return found;
}

// What run.sh finds around itself, with the programs under test. They are
// built: a build in the middle of a test would take its time, and change what
// other tests run.
void MakeCheckout(const fs::path& folder) {
  fs::create_directories(folder / "deploy");
  fs::create_directories(folder / "build/release");
  for (const char* script : {"deploy/run.sh", "deploy/packages.sh"}) {
    fs::create_symlink(fs::path(LAGNET_CHECKOUT) / script, folder / script);
  }
  fs::create_directory_symlink(fs::path(ProgramPath("lagnetd")).parent_path(),
                               folder / "build/release/bin");
  const fs::path build = folder / "deploy/build.sh";
  std::ofstream(build) << "#!/bin/sh\n[ \"$1\" = release ]\n";
  fs::permissions(build, fs::perms::owner_all);
}

// deploy/run.sh in the foreground of a terminal of its own, so to speak.
class RunScript {
 public:
  RunScript(const std::string& checkout, const std::string& data, int port)
      : output_(data + ".output") {
    Spawn({checkout + "/deploy/run.sh", "--no-demo", "--data", data, "--listen",
           absl::StrCat("127.0.0.1:", port), "--metrics", "off"});
  }
  ~RunScript() {
    if (pid_ <= 0) return;
    kill(-pid_, SIGTERM);
    if (Wait() >= 0) return;
    kill(-pid_, SIGKILL);
    Wait();
  }
  RunScript(const RunScript&) = delete;
  RunScript& operator=(const RunScript&) = delete;

  // As Ctrl-C, which goes to all of the foreground.
  void Interrupt() const { kill(-pid_, SIGINT); }

  // As WaitForEnd().
  int Wait() {
    const int code = WaitForEnd(pid_, absl::Seconds(60));
    if (code >= 0) pid_ = -1;
    return code;
  }

  // Waits until it says that all is up, or ends.
  void WaitUntilReady() const {
    const absl::Time give_up = absl::Now() + absl::Minutes(2);
    while (!absl::StrContains(output(), "lagnet is ready: ") &&
           !absl::StrContains(output(), "run.sh: ") && absl::Now() < give_up) {
      absl::SleepFor(absl::Milliseconds(20));
    }
  }

  std::string output() const { return TextOf(output_); }

 private:
  void Spawn(std::vector<std::string> words) {
    std::vector<char*> argv, envp;
    for (std::string& word : words) argv.push_back(word.data());
    // All that there is, but not what would give the server other settings.
    for (char** each = environ; *each != nullptr; ++each) {
      if (!absl::StartsWith(*each, "LAGNET_")) envp.push_back(*each);
    }
    argv.push_back(nullptr);
    envp.push_back(nullptr);
    const int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    // Anew: the word of an earlier run that it is ready must not count.
    const int out =
        open(output_.c_str(),
             O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
    pid_ = fork();
    if (pid_ == 0) {
      setpgid(0, 0);
      dup2(in, STDIN_FILENO);
      dup2(out, STDOUT_FILENO);
      dup2(out, STDERR_FILENO);
      execve(argv[0], argv.data(), envp.data());
      _exit(127);
    }
    setpgid(pid_, pid_);
    close(in);
    close(out);
  }

  const std::string output_;
  pid_t pid_ = -1;
};

class RunScriptTest : public testing::Test {
 protected:
  RunScriptTest()
      : checkout_(folder_.path() + "/checkout"),
        data_(folder_.path() + "/data"),
        port_(FreePort()) {
    MakeCheckout(checkout_);
  }

  // What the command line hears from the first network.
  CommandResult ListVisits() const {
    const absl::StatusOr<CommandResult> result = RunCommand(
        {ProgramPath("lagnet"), "--server", absl::StrCat("127.0.0.1:", port_),
         "--key-file", data_ + "/admin.key", "visit", "list"});
    if (!result.ok()) ADD_FAILURE() << result.status();
    return result.ok() ? *result : CommandResult{.exit_code = -1};
  }

  const Folder folder_;
  const std::string checkout_;
  const std::string data_;
  const int port_;
};

TEST_F(RunScriptTest, EndsWithAllThatItStarted) {
  RunScript first(checkout_, data_, port_);
  first.WaitUntilReady();
  ASSERT_THAT(first.output(),
              EndsWith(absl::StrCat("\nlagnet is ready: grpc 127.0.0.1:", port_,
                                    "\n")));
  EXPECT_EQ(ListVisits().exit_code, 0) << ListVisits().output;
  const std::string running = ProcessesOf(data_);
  EXPECT_THAT(running, HasSubstr("lagnetd serve"));
  EXPECT_THAT(running, HasSubstr("postgres -D"));

  first.Interrupt();
  EXPECT_EQ(first.Wait(), 0) << first.output();
  EXPECT_EQ(ProcessesOf(data_), "");
  EXPECT_THAT(ListVisits().output, HasSubstr("Nothing listens at "));

  // And again, on what is there now.
  RunScript again(checkout_, data_, port_);
  again.WaitUntilReady();
  EXPECT_EQ(ListVisits().exit_code, 0) << again.output();
  again.Interrupt();
  EXPECT_EQ(again.Wait(), 0) << again.output();
  EXPECT_EQ(ProcessesOf(data_), "");
}

TEST_F(RunScriptTest, ASecondOneFailsAndHarmsNobody) {
  RunScript first(checkout_, data_, port_);
  first.WaitUntilReady();
  ASSERT_EQ(ListVisits().exit_code, 0) << first.output();

  const std::string other = folder_.path() + "/other";
  RunScript same_port(checkout_, other, port_);
  EXPECT_EQ(same_port.Wait(), 1);
  EXPECT_THAT(same_port.output(),
              HasSubstr(absl::StrCat("lagnetd: cannot listen on 127.0.0.1:",
                                     port_, ": is another program there")));
  EXPECT_EQ(ProcessesOf(other), "");

  const std::string before = ProcessesOf(data_);
  RunScript same_folder(checkout_, data_, FreePort());
  EXPECT_EQ(same_folder.Wait(), 1);
  EXPECT_THAT(same_folder.output(),
              HasSubstr("lagnetd: another lagnetd uses the data folder "));
  EXPECT_EQ(ProcessesOf(data_), before);

  EXPECT_EQ(ListVisits().exit_code, 0) << "the first is as it was";
  first.Interrupt();
  EXPECT_EQ(first.Wait(), 0) << first.output();
  EXPECT_EQ(ProcessesOf(folder_.path()), "");
}

}  // namespace
}  // namespace lagnet::e2e
