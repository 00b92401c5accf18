#ifndef LAGNET_TESTS_VISITS_RUSH_H_
#define LAGNET_TESTS_VISITS_RUSH_H_

#include <algorithm>
#include <atomic>
#include <functional>
#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/visits/world.h"

namespace lagnet::visits {

// Whoever takes sign-ups: a desk, or the naive one that must oversell.
using Door = std::function<absl::StatusOr<SignUp>(Wish)>;

struct RushOptions {
  std::string name;
  int clients = 200;
  int seats = 50;
  int rounds = 1;
  bool withdraws = true;  // Some who got a seat give it up again.
};

struct RushResult {
  int oversold = 0;  // Rounds with more confirmed people than seats.
  int worst = 0;     // The most people above the seats.
  int wasted = 0;    // Rounds with a free seat while somebody waits.
  int failed = 0;    // Calls that failed.
  int mistold = 0;   // Rounds in which clients were told another thing.
};

// The same harness for who is right and for who is wrong: in each round all
// clients want a seat of one visit at the same moment, through any door.
class RushTest : public World {
 protected:
  static RushResult Rush(const RushOptions& options,
                         const std::vector<Door>& doors) {
    RushResult result;
    for (int round = 0; round < options.rounds; ++round) {
      const std::string visit = absl::StrCat(options.name, "-", round);
      Open(visit, options.seats);
      Tally tally;
      RunRound(visit, options, doors, tally);
      const int confirmed = Confirmed(visit);
      const int waiting = Count(visit, "sign_up.state = 5");
      result.failed += tally.failed;
      result.oversold += confirmed > options.seats;
      result.worst = std::max(result.worst, confirmed - options.seats);
      result.wasted += waiting > 0 && confirmed < options.seats;
      // Whoever was told to have a seat has one, or has moved up since.
      result.mistold += tally.confirmed - tally.withdrawn > confirmed ||
                        tally.answered - tally.withdrawn != confirmed + waiting;
    }
    return result;
  }

  static Door DoorOf(Desk& desk) {
    return [&desk](Wish wish) { return Ask(desk, std::move(wish)); };
  }

 private:
  struct Tally {
    std::atomic<int> answered{0};
    std::atomic<int> confirmed{0};
    std::atomic<int> withdrawn{0};
    std::atomic<int> failed{0};
  };

  static void RunRound(const std::string& visit, const RushOptions& options,
                       const std::vector<Door>& doors, Tally& tally) {
    std::latch start(options.clients);
    std::vector<std::thread> clients;
    for (int i = 0; i < options.clients; ++i) {
      clients.emplace_back([&, i] {
        const Door& door = doors[static_cast<size_t>(i) % doors.size()];
        Wish wish = SignUpWish(visit, absl::StrCat("person", i));
        start.arrive_and_wait();
        const auto answer = door(std::move(wish));
        if (!answer.ok()) {
          ++tally.failed;
          return;
        }
        ++tally.answered;
        if (answer->state != SignUpState::kConfirmed) return;
        ++tally.confirmed;
        if (!options.withdraws || i % 7 != 0) return;
        const Door& other = doors[static_cast<size_t>(i + 1) % doors.size()];
        ++(other(WithdrawWish(visit, answer->id)).ok() ? tally.withdrawn
                                                       : tally.failed);
      });
    }
    for (std::thread& client : clients) client.join();
  }
};

}  // namespace lagnet::visits

#endif  // LAGNET_TESTS_VISITS_RUSH_H_
