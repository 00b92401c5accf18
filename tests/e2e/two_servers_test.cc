// Two servers on one database give out the same seats: never oversold, never a
// seat left free, whichever server a client asks, also while one is killed.

#include <atomic>
#include <cstdio>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tests/e2e/lagnetd.h"
#include "tests/e2e/network.h"

namespace lagnet::e2e {
namespace {

constexpr int kClients = 200;
constexpr int kSeatsToWin = 50;
constexpr int kRoundsForAKill = 4;  // Of so many one has a kill in it.

class TwoServersTest : public testing::Test {
 protected:
  // The first has the database, the second joins it.
  TwoServersTest()
      : first_({.data = folder_.path() + "/first"}),
        second_(
            {.data = folder_.path() + "/second", .database = first_.Dsn()}) {
    const auto one = first_.Start();
    if (!one.ok()) ADD_FAILURE() << one.status();
    CopyKeys(folder_.path() + "/first", folder_.path() + "/second");
    const auto two = second_.Start();
    if (!two.ok()) ADD_FAILURE() << two.status();
    clients_.push_back(first_.Operator());
    clients_.push_back(second_.Operator());
    const absl::Status filled = FillDirectory(*clients_[0]);
    EXPECT_TRUE(filled.ok()) << filled;
  }

  client::Client& ClientOf(int i) {
    return *clients_[static_cast<size_t>(i) % clients_.size()];
  }

  // One client: signs up, and perhaps gives the seat up on the other server.
  void Visit(const std::string& visit, int i) {
    const auto answer =
        Insist(ClientOf(i), SignUpRequest(visit, absl::StrCat("person", i)));
    if (!answer.ok()) {
      ++failed_;
      return;
    }
    ++answered_;
    if (answer->state() != visits::v1::SignUp::CONFIRMED || i % 7 != 0) return;
    if (!Insist(ClientOf(i + 1), WithdrawRequest(answer->name())).ok()) {
      ++failed_;
    }
  }

  // As a power failure of the server that has not the database.
  void KillTheSecondSoon() {
    absl::SleepFor(absl::Milliseconds(absl::Uniform(random_, 0, 200)));
    second_.Kill();
    const auto again = second_.Start();
    ASSERT_TRUE(again.ok()) << again.status();
    ++kills_;
  }

  Folder folder_;
  Lagnetd first_;
  Lagnetd second_;
  std::vector<std::unique_ptr<client::Client>> clients_;
  std::atomic<int> answered_{0};
  std::atomic<int> failed_{0};
  absl::BitGen random_;
  int kills_ = 0;
};

TEST_F(TwoServersTest, NeverOversellAndLeaveNoSeatFree) {
  const int rounds = Scaled(200, 8);
  const absl::Time start = absl::Now();
  Database database(first_.Dsn());
  for (int round = 0; round < rounds; ++round) {
    const std::string visit = absl::StrCat("round-", round);
    const absl::Status opened = OpenVisit(ClientOf(round), visit, kSeatsToWin);
    ASSERT_TRUE(opened.ok()) << opened;
    std::latch all(kClients);
    std::vector<std::thread> clients;
    for (int i = 0; i < kClients; ++i) {
      clients.emplace_back([&, i] {
        all.arrive_and_wait();
        Visit(visit, i);
      });
    }
    if (round % kRoundsForAKill == 0) KillTheSecondSoon();
    for (std::thread& client : clients) client.join();
    ASSERT_EQ(failed_, 0);
    ASSERT_EQ(database.Wrong(), "");
    ASSERT_EQ(database.Ask(absl::StrCat(
                  "SELECT confirmed_count FROM visits.visit WHERE name = '",
                  visit, "'")),
              absl::StrCat(kSeatsToWin));
  }
  std::printf(
      "%d clients, %d seats, %d rounds on two servers, %d kills: %d sign-ups "
      "in %s, 0 oversold, 0 seats left free\n",
      kClients, kSeatsToWin, rounds, kills_, answered_.load(),
      absl::FormatDuration(absl::Now() - start).c_str());
}

}  // namespace
}  // namespace lagnet::e2e
