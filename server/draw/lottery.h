#ifndef LAGNET_SERVER_DRAW_LOTTERY_H_
#define LAGNET_SERVER_DRAW_LOTTERY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/draw/problem.h"

// Panels, each drawn with a weight that is a whole number, and the proof that
// no other lottery is fairer. A solver finds both; anybody can check them
// without one.
namespace lagnet::draw {

// What the weights of a lottery sum up to. So chances are whole numbers of
// 10^-12, and those of a party of type t are a fraction of them.
inline constexpr int64_t kTotalWeight = 1'000'000'000'000;

struct Panel {
  int64_t weight = 0;
  Composition take;  // Of each type, that many parties by lot.

  bool operator==(const Panel&) const = default;
};

// What one more person costs: of each share, and of the panel. Any numbers
// make a bound that holds; good ones make a tight one.
struct Prices {
  std::vector<int64_t> shares;
  int64_t people = 0;

  bool operator==(const Prices&) const = default;
};

// A step of the leximin order: types that get the same chance for each unit of
// weight, which no lottery can give more to without giving less to those of
// earlier levels.
struct Level {
  std::vector<int> types;  // In ascending order.
  int64_t chance = 0;      // In units of 10^-12; what the lottery aims at.
  // What a party of each type is worth, so that no panel is worth more than
  // `bound`. Types of this level are worth something.
  std::vector<int64_t> gains;
  int64_t bound = 0;
  Prices prices;  // With which Bound() shows it.

  bool operator==(const Level&) const = default;
};

struct Lottery {
  int people = 0;             // On every panel: as many as the shares allow.
  Prices people_prices;       // With which Bound() shows that; in millionths.
  std::vector<Panel> panels;  // In ascending order of `take`, no two the same.
  std::vector<Level> levels;  // The lowest chances first; each type in one.

  bool operator==(const Lottery&) const = default;
};

// For each type, the expected number of its parties on the panel, times
// kTotalWeight. Divided by kTotalWeight and the type's parties, it is the
// chance of each of them.
std::vector<int64_t> Expected(const Problem& problem, const Lottery& lottery);

// How much fairer another lottery could be for one to pass as fair, in units of
// 10^-12 of a chance for each unit of weight: a fiftieth of what everybody
// would have if all were alike. What a solver finds is mostly fair to within a
// millionth; with many delegations it takes more time to get there than a
// visit's hosts should wait.
int64_t ToleranceOf(const Problem& problem, const Lottery& lottery);

// The chance of a party as a fraction in lowest terms.
struct Chance {
  int64_t numerator = 0;
  int64_t denominator = 1;

  bool operator==(const Chance&) const = default;
};
Chance ChanceOf(int64_t expected, int parties);

// "3/40", and "7.50 %".
std::string ToFraction(const Chance& chance);
std::string ToPercent(const Chance& chance);

// Fails, in words, if a panel breaks the shares, the weights do not sum up to
// kTotalWeight or are not positive, or panels are out of order. `problem` has
// passed Check().
absl::Status CheckPanels(const Problem& problem, const Lottery& lottery);

}  // namespace lagnet::draw

#endif  // LAGNET_SERVER_DRAW_LOTTERY_H_
