#include "server/changes/tailer.h"

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "tests/changes/fixture.h"

namespace lagnet::changes {
namespace {

using support::IsOk;

constexpr absl::Duration kPoll = absl::Milliseconds(10);

// What a listener heard of one network.
class Heard {
 public:
  explicit Heard(std::string network) : network_(std::move(network)) {}

  Tailer::Listener Listener() {
    return [this](const Stretch& stretch) {
      absl::MutexLock lock(&mutex_);
      for (const LoggedChange& change : stretch.changes) {
        if (change.network == network_) changes_.push_back(change);
      }
      return absl::OkStatus();
    };
  }
  std::vector<LoggedChange> changes() const {
    absl::MutexLock lock(&mutex_);
    return changes_;
  }
  // Whether `count` were heard in time.
  bool WaitFor(size_t count, absl::Duration timeout = absl::Seconds(20)) const {
    const absl::Time give_up = absl::Now() + timeout;
    while (changes().size() < count && absl::Now() < give_up) {
      absl::SleepFor(absl::Milliseconds(2));
    }
    return changes().size() >= count;
  }

 private:
  const std::string network_;
  mutable absl::Mutex mutex_;
  std::vector<LoggedChange> changes_ ABSL_GUARDED_BY(mutex_);
};

class TailerTest : public ChangesTest {
 protected:
  // To be kept behind what the listener uses, so that it ends before.
  static std::unique_ptr<Tailer> Start(Tailer::Listener listener,
                                       absl::Duration poll = kPoll) {
    auto tailer = std::make_unique<Tailer>(&pool(), poll);
    EXPECT_THAT(tailer->Prepare(), IsOk());
    tailer->Listen(std::move(listener));
    tailer->Start();
    return tailer;
  }
};

TEST_F(TailerTest, HearsEverythingOfTwoWritersOnceAndInTheirOrder) {
  constexpr int kWriters = 4;  // Two on each server.
  constexpr int kCommits = 150;
  Heard heard("writers");
  const auto tailer = Start(heard.Listener());
  db::Pool pools[] = {{database().dsn(), 2}, {database().dsn(), 2}};
  std::vector<std::thread> writers;
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([&, w] {
      for (int64_t i = 1; i <= kCommits; ++i) {
        const auto write = [&](db::Tx& tx) -> absl::StatusOr<bool> {
          Append(tx, {},
                 {{.network = "writers",
                   .resource = absl::StrCat("w/", w),
                   .version = i}});
          // The number is taken; others commit first.
          if (i % 7 == w) absl::SleepFor(absl::Milliseconds(3));
          return true;
        };
        EXPECT_THAT(InTransaction(pools[w % 2], write), IsOk());
        if (w % 2 == 0) tailer->Wake();
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  ASSERT_TRUE(heard.WaitFor(kWriters * kCommits));
  std::map<std::string, int64_t> last;
  Position position;
  for (const LoggedChange& change : heard.changes()) {
    EXPECT_EQ(change.version, ++last[change.resource]) << change.resource;
    EXPECT_GT(change.position, position);
    position = change.position;
  }
  EXPECT_EQ(heard.changes().size(), size_t{kWriters * kCommits});
}

TEST_F(TailerTest, StartsFromNow) {
  Log({{.network = "now", .resource = "past/1", .version = 1}});
  WaitForHorizon();
  Heard heard("now");
  const auto tailer = Start(heard.Listener());
  Log({{.network = "now", .resource = "future/1", .version = 1}});
  ASSERT_TRUE(heard.WaitFor(1));
  EXPECT_EQ(heard.changes()[0].resource, "future/1");
}

TEST_F(TailerTest, IsWokenByItsOwnServersCommits) {
  Heard heard("woken");
  const auto tailer = Start(heard.Listener(), absl::Hours(1));
  for (size_t i = 1; i <= 5; ++i) {
    Log({{.network = "woken", .resource = "a/1", .version = 1}});
    // Again if other suites held the horizon back just then.
    do {
      tailer->Wake();
    } while (!heard.WaitFor(i, absl::Milliseconds(500)));
  }
  EXPECT_LT(tailer->lag(), absl::Minutes(1));
}

TEST_F(TailerTest, TellsAgainWhatAListenerFailedAt) {
  std::atomic<int> calls{0};
  std::atomic<int> told{0};
  const auto tailer = Start([&](const Stretch& stretch) -> absl::Status {
    for (const LoggedChange& change : stretch.changes) {
      if (change.network != "again") continue;
      if (++calls <= 3) return absl::UnavailableError("not now");
      ++told;
    }
    return absl::OkStatus();
  });
  const Position before = tailer->position();
  Log({{.network = "again", .resource = "a/1", .version = 1}});
  const absl::Time give_up = absl::Now() + absl::Seconds(20);
  while (told == 0 && absl::Now() < give_up) absl::SleepFor(kPoll);
  absl::SleepFor(5 * kPoll);
  EXPECT_EQ(told, 1);
  EXPECT_EQ(calls, 4);
  EXPECT_GT(tailer->position(), before);
}

TEST_F(TailerTest, OutlivesTheLossOfItsConnection) {
  Heard heard("cut");
  const auto tailer = Start(heard.Listener());
  Log({{.network = "cut", .resource = "a/1", .version = 1}});
  ASSERT_TRUE(heard.WaitFor(1));
  database().Run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
      "datname = current_database() AND pid <> pg_backend_pid()");
  Log({{.network = "cut", .resource = "a/2", .version = 1}});
  ASSERT_TRUE(heard.WaitFor(2));
  EXPECT_EQ(heard.changes().size(), 2u);
}

TEST_F(TailerTest, CallsListenersAtEachTick) {
  std::atomic<int> ticks{0};
  const auto tailer = Start([&](const Stretch&) {
    ++ticks;
    return absl::OkStatus();
  });
  const absl::Time give_up = absl::Now() + absl::Seconds(20);
  while (ticks < 5 && absl::Now() < give_up) absl::SleepFor(kPoll);
  EXPECT_GE(ticks, 5);
}

}  // namespace
}  // namespace lagnet::changes
