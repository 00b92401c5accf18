#include "server/jobs/runner.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "tests/support/database.h"
#include "tests/support/matchers.h"

namespace lagnet::jobs {
namespace {

constexpr db::Statement kNote{"test.note", R"sql(
  INSERT INTO noted DEFAULT VALUES
)sql"};

class RunnerTest : public support::DatabaseTest {
 protected:
  static void SetUpTestSuite() {
    DatabaseTest::SetUpTestSuite();
    database().Run("CREATE TABLE noted (at timestamptz DEFAULT now())");
  }
  void SetUp() override { database().Run("TRUNCATE noted"); }

  static int Noted() {
    return std::stoi(database().Ask("SELECT count(*) FROM noted"));
  }

  // Whether `done` became true in time.
  template <typename Condition>
  static bool WaitUntil(Condition done) {
    const absl::Time give_up = absl::Now() + absl::Seconds(20);
    while (!done() && absl::Now() < give_up) {
      absl::SleepFor(absl::Milliseconds(10));
    }
    return done();
  }

  static std::unique_ptr<Runner> Run(db::Pool& on, Runner::Job job) {
    return std::make_unique<Runner>(&on, std::vector<Runner::Job>{job});
  }
};

TEST_F(RunnerTest, LetsOneServerLeadAtATime) {
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  const Runner::Job job = {
      .name = "lead", .every = absl::ZeroDuration(), .run = [&](db::Tx& tx) {
        most = std::max<int>(most, ++inside);
        tx.Run(kNote);
        // Longer than the tick of the others.
        absl::SleepFor(absl::Milliseconds(1200));
        --inside;
        return 1;
      }};
  db::Pool others(database().dsn(), 2);
  auto first = Run(pool(), job);
  auto second = Run(others, job);
  EXPECT_TRUE(WaitUntil([] { return Noted() >= 3; }));
  EXPECT_EQ(most, 1);
  // The one that is left goes on alone.
  first.reset();
  const int before = Noted();
  EXPECT_TRUE(WaitUntil([&] { return Noted() > before; }));
}

TEST_F(RunnerTest, LeavesNothingOfARunThatFailsAndTriesAgain) {
  std::atomic<int> runs{0};
  const auto runner = Run(
      pool(),
      {.name = "fail", .every = absl::ZeroDuration(), .run = [&](db::Tx& tx) {
         tx.Run(kNote);
         if (++runs == 1) {
           throw std::runtime_error("no");
         }
         return 1;
       }});
  EXPECT_TRUE(WaitUntil([&] { return runs >= 2 && Noted() >= 1; }));
  EXPECT_LT(Noted(), runs);
}

TEST_F(RunnerTest, ComesBackSoonWhileThereIsMoreToDo) {
  std::atomic<int> left{2};
  std::atomic<int> runs{0};
  const auto runner = Run(
      pool(), {.name = "pieces", .every = absl::Hours(1), .run = [&](db::Tx&) {
                 ++runs;
                 return left > 0 ? left-- : 0;
               }});
  EXPECT_TRUE(WaitUntil([&] { return runs == 3; }));
  absl::SleepFor(absl::Milliseconds(1500));
  EXPECT_EQ(runs, 3) << "until the next hour";
}

TEST_F(RunnerTest, IsDoneOnceInAPeriodWhoeverDoesIt) {
  std::atomic<int> runs{0};
  const Runner::Job job = {
      .name = "once", .every = absl::Hours(1), .run = [&](db::Tx&) {
        ++runs;
        return 0;
      }};
  const auto first = Run(pool(), job);
  EXPECT_TRUE(WaitUntil([&] { return runs == 1; }));
  const auto second = Run(pool(), job);
  absl::SleepFor(absl::Milliseconds(1500));
  EXPECT_EQ(runs, 1);
  // Half an hour later it is a new period's, for a server that has come since.
  database().Run("UPDATE jobs.run SET done_time = now() - interval '31 min'");
  const auto third = Run(pool(), job);
  EXPECT_TRUE(WaitUntil([&] { return runs == 2; }));
}

}  // namespace
}  // namespace lagnet::jobs
