#ifndef LAGNET_SERVER_DRAW_PROBLEM_H_
#define LAGNET_SERVER_DRAW_PROBLEM_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"

// What is drawn for: seats, the shares of those who get them, and the parties
// who want some. All is whole numbers, so that everybody computes the same.
namespace lagnet::draw {

// Limits, so that every sum below fits into its integer.
inline constexpr int kMaxSeats = 1'000;
inline constexpr int kMaxShares = 2'000;  // Of organisations, most of them.
inline constexpr int kMaxParties = 20'000;
inline constexpr int kMaxWeight = 10;

// Of the people on a panel at least `min` and at most `max` belong to it.
struct Share {
  std::string name;  // Unique among the shares, such as "territory/kotla".
  int min = 0;
  int max = 0;  // Without a limit: the seats.

  bool operator==(const Share&) const = default;
};

// Parties that are alike in all that the draw looks at. They have one chance.
struct Type {
  int size = 1;             // People of each party.
  std::vector<int> counts;  // How many of them belong to each share, in order.
  // A party of weight 2 is given twice the chance of one of weight 1, as far
  // as the shares allow.
  int weight = 1;
  int parties = 0;  // How many there are.

  bool operator==(const Type&) const = default;
};

struct Problem {
  int seats = 0;
  std::vector<Share> shares;
  std::vector<Type> types;

  bool operator==(const Problem&) const = default;
};

// How many parties of each type sit on a panel.
using Composition = std::vector<int>;

// Fails, in words for who made the problem, if a number is out of its range,
// names are missing or double, or types are empty or double.
absl::Status Check(const Problem& problem);

// The people on a panel: all of them, and those of share `share`.
int PeopleOf(const Problem& problem, const Composition& panel);
int PeopleOf(const Problem& problem, const Composition& panel, size_t share);

// Whether a panel keeps to the shares, has exactly `people` people and not
// more of a type than there are.
bool IsPanel(const Problem& problem, int people, const Composition& panel);

}  // namespace lagnet::draw

#endif  // LAGNET_SERVER_DRAW_PROBLEM_H_
