#include "server/db/embedded.h"

#include <pwd.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/base/process.h"
#include "server/db/connection.h"
#include "tests/support/matchers.h"

namespace lagnet::db {
namespace {

namespace fs = std::filesystem;
using support::StatusIs;
using testing::HasSubstr;
using testing::Not;

// The program that starts a private PostgreSQL and then waits.
class Program {
 public:
  explicit Program(const std::string& folder) {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    pid_ = fork();
    if (pid_ == 0) {
      dup2(ends[1], 1);
      close(ends[0]);
      close(ends[1]);
      execl(LAGNET_PRIVATE_POSTGRES, LAGNET_PRIVATE_POSTGRES, folder.c_str(),
            nullptr);
      _exit(127);
    }
    close(ends[1]);
    char c = 0;
    while (read(ends[0], &c, 1) == 1 && c != '\n') said_ += c;
    close(ends[0]);
  }
  ~Program() { Kill(); }

  void Kill() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

  // Of the database, or "" if it did not start.
  std::string dsn() const {
    absl::string_view dsn = said_;
    return absl::ConsumePrefix(&dsn, "ready ") ? std::string(dsn) : "";
  }

 private:
  pid_t pid_ = -1;
  std::string said_;
};

class EmbeddedTest : public testing::Test {
 protected:
  EmbeddedTest() {
    char path[] = "/tmp/lagnet-embedded-XXXXXX";
    if (mkdtemp(path) == nullptr) std::abort();
    place_ = path;
    GiveAway(place_);
  }
  ~EmbeddedTest() override {
    for (const std::string& folder : started_) {
      EXPECT_THAT(Run(folder, "stop"), "");
    }
    fs::remove_all(place_);
  }

  // As root, folders must belong to the user that PostgreSQL runs as.
  static void GiveAway(const std::string& path) {
    const passwd* const user = getpwnam("lagnet");
    if (geteuid() != 0) return;
    if (user == nullptr) {
      FAIL() << "there is no system user lagnet; run deploy/packages.sh";
    }
    ASSERT_EQ(chown(path.c_str(), user->pw_uid, user->pw_gid), 0);
  }

  // Runs the program to its end; what it said.
  static std::string Run(const std::string& folder, const std::string& more) {
    const auto result = RunCommand({LAGNET_PRIVATE_POSTGRES, folder, more});
    return result.ok() ? result->output : result.status().ToString();
  }

  // The sentence with which it refuses to start.
  static std::string Refusal(const std::string& folder) {
    const auto result = RunCommand({LAGNET_PRIVATE_POSTGRES, folder, "stop"});
    EXPECT_EQ(result->exit_code, 1) << result->output;
    return result->output;
  }

  std::string Start(const std::string& folder) {
    started_.insert(folder);
    program_.reset();
    program_ = std::make_unique<Program>(folder);
    return program_->dsn();
  }

  static std::string Ask(const std::string& dsn, const char* sql) {
    Connection connection(dsn);
    return connection.Execute({"test.ask", sql}, {})[0].Get<std::string>("x");
  }

  static int PostmasterOf(const std::string& folder) {
    std::ifstream file(folder + "/postmaster.pid");
    int pid = 0;
    file >> pid;
    return pid;
  }

  std::string place_;
  std::set<std::string> started_;
  std::unique_ptr<Program> program_;
};

TEST_F(EmbeddedTest, OutlivesItsProgramAndIsAdopted) {
  const std::string folder = place_ + "/pg";
  const std::string dsn = Start(folder);
  ASSERT_NE(dsn, "");
  Connection(dsn).ExecuteScript("CREATE TABLE kept AS SELECT 42 AS x");
  constexpr char kSince[] = "SELECT pg_postmaster_start_time()::text AS x";
  const std::string since = Ask(dsn, kSince);

  program_->Kill();
  EXPECT_EQ(Start(folder), dsn);
  EXPECT_EQ(Ask(dsn, kSince), since);
  EXPECT_EQ(Ask(dsn, "SELECT x::text FROM kept"), "42");

  // Killed itself, and its program too: it starts anew and recovers.
  program_->Kill();
  ASSERT_EQ(kill(PostmasterOf(folder), SIGKILL), 0);
  EXPECT_EQ(Start(folder), dsn);
  EXPECT_NE(Ask(dsn, kSince), since);
  EXPECT_EQ(Ask(dsn, "SELECT x::text FROM kept"), "42");
}

TEST_F(EmbeddedTest, TakesAFolderTooDeepForASocket) {
  const std::string deep = place_ + "/" + std::string(120, 'd');
  fs::create_directory(deep);
  GiveAway(deep);
  const std::string dsn = Start(deep + "/pg");
  ASSERT_NE(dsn, "");
  EXPECT_EQ(Ask(dsn, "SELECT 'here' AS x"), "here");
}

TEST_F(EmbeddedTest, RefusesTheDataOfAnotherMajorVersion) {
  const std::string folder = place_ + "/pg";
  fs::create_directory(folder);
  std::ofstream(folder + "/PG_VERSION") << "99\n";
  EXPECT_THAT(Refusal(folder), AllOf(HasSubstr("is of PostgreSQL 99"),
                                     HasSubstr("install postgresql-99")));
}

TEST_F(EmbeddedTest, RefusesAFolderWithSomethingElse) {
  const std::string folder = place_ + "/pg";
  fs::create_directory(folder);
  std::ofstream(folder + "/letter.txt") << "dear all\n";
  EXPECT_THAT(Refusal(folder), HasSubstr("holds no PostgreSQL data"));
  EXPECT_TRUE(fs::exists(folder + "/letter.txt"));
  EXPECT_FALSE(fs::exists(folder + ".new"));
}

TEST_F(EmbeddedTest, SaysThatAFolderIsClosed) {
  const std::string closed = place_ + "/closed";
  fs::create_directory(closed);
  if (geteuid() != 0) chmod(closed.c_str(), 0);
  if (geteuid() == 0) chmod(closed.c_str(), 0700);
  EXPECT_THAT(Refusal(closed + "/pg"),
              AllOf(HasSubstr(closed), HasSubstr("ermission denied")));
  chmod(closed.c_str(), 0700);
  EXPECT_TRUE(fs::is_empty(closed));
}

TEST_F(EmbeddedTest, LeavesNothingHalfMadeOnAFullDisk) {
  const std::string small = place_ + "/small";
  fs::create_directory(small);
  if (mount("lagnet", small.c_str(), "tmpfs", 0, "size=8m") != 0) {
    GTEST_SKIP() << "only root can mount a small disk";
  }
  GiveAway(small);
  EXPECT_THAT(Refusal(small + "/pg"), HasSubstr("No space left on device"));
  EXPECT_TRUE(fs::is_empty(small));
  umount(small.c_str());
}

TEST_F(EmbeddedTest, BeginsAnewAfterACrashInInitdbAndIsClosedToOthers) {
  const std::string folder = place_ + "/pg";
  fs::create_directories(folder + ".new/base");
  std::ofstream(folder + ".new/PG_VERSION") << "1";
  GiveAway(folder + ".new/base");
  GiveAway(folder + ".new/PG_VERSION");
  GiveAway(folder + ".new");
  EXPECT_NE(Start(folder), "");
  EXPECT_FALSE(fs::exists(folder + ".new"));
  // And what was made is closed to others.
  for (const char* part : {"", ".socket"}) {
    struct stat info {};
    ASSERT_EQ(stat((folder + part).c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0077, 0u) << folder << part;
  }
}

TEST_F(EmbeddedTest, RefusesRoot) {
  if (geteuid() != 0) GTEST_SKIP() << "not root";
  EXPECT_THAT(Embedded::Start({.folder = place_ + "/pg"}),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(fs::exists(place_ + "/pg"), false);
}

}  // namespace
}  // namespace lagnet::db
