// What touches the system: processes, folders, failpoints, the log.

#include "server/base/process.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "server/base/failpoint.h"
#include "server/base/log.h"
#include "tests/support/captured_log.h"
#include "tests/support/matchers.h"

namespace lagnet {
namespace {

using support::CapturedLog;
using support::IsOk;
using support::StatusIs;
using testing::HasSubstr;
using testing::Not;

TEST(RunCommandTest, ReturnsWhatTheProgramLeaves) {
  const auto result =
      RunCommand({"/bin/sh", "-c", "echo out; echo err >&2; exit 3"});
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->exit_code, 3);
  EXPECT_EQ(result->output, "out\nerr\n");
}

TEST(RunCommandTest, KeepsTheEndOfALongOutput) {
  const auto result =
      RunCommand({"/bin/sh", "-c", "seq 1 100000; echo the end; kill -9 $$"});
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->exit_code, 128 + 9);
  EXPECT_LE(result->output.size(), 64u << 10);
  EXPECT_THAT(result->output, testing::EndsWith("100000\nthe end\n"));
}

TEST(RunCommandTest, PassesNoSecretsOn) {
  setenv("LAGNET_TEST_SECRET", "geheim", 1);
  const auto result = RunCommand({"/usr/bin/env"});
  ASSERT_THAT(result, IsOk());
  EXPECT_THAT(result->output, Not(HasSubstr("geheim")));
}

TEST(RunCommandTest, SaysWhatCannotBeStarted) {
  const auto result = RunCommand({"/nowhere/initdb"});
  EXPECT_THAT(result, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(result.status().ToString(), HasSubstr("/nowhere/initdb"));
}

TEST(BecomeUserTest, SaysWhatToDoWithoutTheUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root becomes another";
  EXPECT_THAT(BecomeUser("nobody-has-this-name").ToString(),
              HasSubstr("useradd --system"));
  EXPECT_EQ(geteuid(), 0u);
}

TEST(MakePrivateFolderTest, ClosesTheFolderToOthers) {
  char place[] = "/tmp/lagnet-base-XXXXXX";
  ASSERT_NE(mkdtemp(place), nullptr);
  const std::string path = std::string(place) + "/a/b";
  ASSERT_THAT(MakePrivateFolder(path, "lagnet"), IsOk());
  struct stat info {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
  EXPECT_THAT(MakePrivateFolder(path, "lagnet"), IsOk());
  EXPECT_THAT(MakePrivateFolder("/proc/nothing/here", "lagnet"),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  std::filesystem::remove_all(place);
}

// The environment is read once: each of these runs in a process of its own.
TEST(FailpointDeathTest, KillsWhereItIsToldTo) {
  testing::GTEST_FLAG(death_test_style) = "threadsafe";
  const auto pass = [] {
    setenv("LAGNET_FAILPOINTS", "db.x=kill:1,db.y=sleep:1,nonsense", 1);
    Failpoint("db.y");
    Failpoint("db.z");
    Failpoint("db.x");
  };
  EXPECT_EXIT(pass(), testing::KilledBySignal(SIGKILL), "");
  const auto survive = [] {
    setenv("LAGNET_FAILPOINTS", "db.x=kill:1", 1);
    Failpoint("db.y");
    std::exit(7);
  };
  EXPECT_EXIT(survive(), testing::ExitedWithCode(7), "");
}

TEST(LogTest, IsALineOfJson) {
  CapturedLog log;
  Log(Severity::kWarning, "test_event")
      .With("text", "a \"quote\"\nand a line")
      .With("bad", std::string("\xff"))
      .With("number", 7);
  const std::string line = log.LineWith("test_event");
  const auto json = nlohmann::json::parse(line, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << line;
  EXPECT_EQ(json["severity"], "warning");
  EXPECT_EQ(json["text"], "a \"quote\"\nand a line");
  EXPECT_EQ(json["number"], 7);
  EXPECT_TRUE(json.contains("time"));
}

TEST(LogTest, LosesNoLineOfManyThreads) {
  CapturedLog log;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < 500; ++i) {
        Log(Severity::kInfo, "many").With("number", t * 500 + i);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  FlushLog();
  std::set<int> numbers;
  for (const auto line : absl::StrSplit(log.Text(), '\n')) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_discarded()) numbers.insert(json["number"].get<int>());
  }
  EXPECT_EQ(numbers.size(), 4000u);
}

// Nobody reads the pipe for a while.
TEST(LogTest, SaysHowManyLinesAStuckReaderCost) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const int standard_error = dup(STDERR_FILENO);
  dup2(ends[1], STDERR_FILENO);
  const std::string long_text(1 << 16, 'x');
  for (int i = 0; i < 200; ++i) {  // Thrice what is kept.
    Log(Severity::kInfo, "flood").With("text", long_text);
  }
  std::string read_back;
  while (!absl::StrContains(read_back, "log_lines_lost")) {
    char buffer[1 << 16];
    const ssize_t size = read(ends[0], buffer, sizeof(buffer));
    ASSERT_GT(size, 0);
    read_back.append(buffer, static_cast<size_t>(size));
    const size_t whole = read_back.rfind('\n');
    if (whole != std::string::npos && whole > (1 << 17)) {
      read_back.erase(0, whole - (1 << 16));
    }
  }
  dup2(standard_error, STDERR_FILENO);
  close(standard_error);
  close(ends[0]);
  close(ends[1]);
}

TEST(LogTest, LeavesOutWhatIsBelowItsSeverity) {
  CapturedLog log;
  Log(Severity::kDebug, "too_fine");
  Log(Severity::kWarning, "loud");
  EXPECT_NE(log.LineWith("loud"), "");
  EXPECT_THAT(log.Text(), Not(HasSubstr("too_fine")));
}

}  // namespace
}  // namespace lagnet
