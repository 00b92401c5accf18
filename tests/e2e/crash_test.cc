// Ends the server as a power failure would, again and again, while people sign
// up: what was acknowledged is there, once, and no visit is oversold.

#include <signal.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/e2e/lagnetd.h"
#include "tests/e2e/network.h"

namespace lagnet::e2e {
namespace {

constexpr int kCallers = 64;
constexpr int kRushed = 20;
constexpr int kSeats = 50;
constexpr char kFailpoints[] = "LAGNET_FAILPOINTS";

// Sign-ups by many clients who do not give up; and who was told what.
class SignUpRush {
 public:
  SignUpRush(const Lagnetd& server, std::string name, int count)
      : name_(std::move(name)), count_(count), client_(server.Operator()) {
    for (int i = 0; i < kCallers; ++i) {
      clients_.emplace_back([this] { Work(*client_); });
    }
  }
  ~SignUpRush() {
    for (std::thread& client : clients_) client.join();
  }

  // Waits until so many were acknowledged (or all were tried).
  void WaitFor(int acknowledged) const {
    while (acknowledged_ < acknowledged && done_ < count_) {
      absl::SleepFor(absl::Milliseconds(1));
    }
  }
  bool finished() const { return done_ == count_; }

  std::set<std::string> names() const {
    absl::MutexLock lock(&mutex_);
    return names_;
  }
  std::string errors() const {
    absl::MutexLock lock(&mutex_);
    return errors_;
  }

 private:
  void Work(client::Client& client) {
    for (int i = next_++; i < count_; i = next_++) {
      const std::string person = absl::StrCat(name_, "-", i);
      const auto answer = Insist(
          client, SignUpRequest(absl::StrCat(name_, "-", i % kRushed), person));
      absl::MutexLock lock(&mutex_);
      if (!answer.ok()) {
        absl::StrAppend(&errors_, answer.status().ToString(), "\n");
      } else if (!names_.insert(answer->name()).second) {
        absl::StrAppend(&errors_, answer->name(), " was given out twice\n");
      }
      ++acknowledged_;
      ++done_;
    }
  }

  const std::string name_;
  const int count_;
  std::atomic<int> next_{0};
  std::atomic<int> acknowledged_{0};
  std::atomic<int> done_{0};
  mutable absl::Mutex mutex_;
  std::set<std::string> names_;
  std::string errors_;
  std::unique_ptr<client::Client> client_;
  std::vector<std::thread> clients_;
};

class CrashTest : public testing::Test {
 protected:
  CrashTest() : server_({.data = folder_.path() + "/data"}) {
    const auto ready = server_.Start();
    if (!ready.ok()) ADD_FAILURE() << ready.status();
    std::printf("first start: %s\n", absl::FormatDuration(*ready).c_str());
    EXPECT_TRUE(FillDirectory(*server_.Operator()).ok());
  }

  void OpenVisits(const std::string& name) {
    const auto client = server_.Operator();
    for (int v = 0; v < kRushed; ++v) {
      const auto opened =
          OpenVisit(*client, absl::StrCat(name, "-", v), kSeats);
      ASSERT_TRUE(opened.ok()) << opened;
    }
  }

  // Every acknowledged sign-up is there, and nothing else is.
  void CheckAll(const SignUpRush& rush, const std::string& name, int count) {
    Database database(server_.Dsn());
    EXPECT_EQ(rush.errors(), "");
    const std::set<std::string> names = rush.names();
    EXPECT_EQ(names.size(), static_cast<size_t>(count));
    const std::string rows = absl::StrCat(
        "FROM visits.sign_up AS s JOIN visits.visit AS v USING (visit_id) "
        "WHERE v.name LIKE '",
        name, "-%'");
    EXPECT_EQ(database.Ask(absl::StrCat("SELECT count(*) ", rows)),
              absl::StrCat(count));
    std::set<std::string> stored;
    const std::string all = database.Ask(absl::StrCat(
        "SELECT string_agg('studyVisits/' || v.name || '/signUps/' || s.name, "
        "' ') ",
        rows));
    for (size_t at = 0; at < all.size();) {
      const size_t end = std::min(all.find(' ', at), all.size());
      stored.insert(all.substr(at, end - at));
      at = end + 1;
    }
    EXPECT_TRUE(stored == names);
    EXPECT_EQ(database.Wrong(), "");
  }

  Folder folder_;
  Lagnetd server_;
};

TEST_F(CrashTest, LosesAndDoublesNothingWhenKilled) {
  const int kills = Scaled(20, 3);
  const int count = Scaled(10'000, 2000);
  std::mt19937 random(20);
  absl::Duration worst = absl::ZeroDuration();
  for (int kill = 0; kill < kills; ++kill) {
    const std::string name = absl::StrCat("kill-", kill);
    OpenVisits(name);
    {
      SignUpRush rush(server_, name, count);
      // Somewhere in the middle half.
      rush.WaitFor(count / 4 + static_cast<int>(random() % (count / 2)));
      server_.Kill();
      const auto ready = server_.Start();
      ASSERT_TRUE(ready.ok()) << ready.status();
      worst = std::max(worst, *ready);
      rush.WaitFor(count + 1);
      CheckAll(rush, name, count);
    }
    if (HasFailure()) return;
  }
  std::printf(
      "%d kills in %d sign-ups each: 0 lost, 0 double, 0 oversold; "
      "ready again after %s at worst\n",
      kills, count, absl::FormatDuration(worst).c_str());
  RecordProperty("worst_ready_ms",
                 static_cast<int>(absl::ToInt64Milliseconds(worst)));
}

// The same at the moments that hurt most: just before and just after a commit.
TEST_F(CrashTest, LosesAndDoublesNothingWhenKilledAroundACommit) {
  const int kills = Scaled(40, 4);
  const int count = Scaled(2000, 1000);
  int killed = 0;
  int unready = 0;
  for (int round = 0; killed < kills; ++round) {
    const std::string name = absl::StrCat("commit-", round);
    OpenVisits(name);
    SignUpRush rush(server_, name, count);
    // From here on the server ends itself, again and again.
    server_.Kill();
    server_.set_environment(
        {{kFailpoints,
          "visits.before_commit=kill:90,visits.after_commit=kill:90"}});
    while (!rush.finished()) {
      if (!server_.running()) {
        if (!server_.Start().ok()) ++unready;
        continue;
      }
      const int end = server_.Wait(absl::Milliseconds(20));
      if (end < 0) continue;
      ASSERT_EQ(end, 128 + SIGKILL) << server_.LogTail();
      ++killed;
    }
    server_.Kill();
    server_.set_environment({});
    const auto ready = server_.Start();
    ASSERT_TRUE(ready.ok()) << ready.status();
    CheckAll(rush, name, count);
    if (HasFailure()) return;
  }
  std::printf(
      "%d kills around commits (and %d before ready): 0 lost, 0 "
      "double, 0 oversold\n",
      killed, unready);
}

}  // namespace
}  // namespace lagnet::e2e
