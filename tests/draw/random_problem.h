#ifndef LAGNET_TESTS_DRAW_RANDOM_PROBLEM_H_
#define LAGNET_TESTS_DRAW_RANDOM_PROBLEM_H_

#include <map>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/draw/problem.h"

namespace lagnet::draw {

class RandomProblems {
 public:
  explicit RandomProblems(unsigned seed) : random_(seed) {}

  // A few types, delegations and weights among them, and shares that may not
  // be possible.
  Problem Small() {
    Problem problem{.seats = 2 + Below(6)};
    const int shares = Below(4);
    for (int s = 0; s < shares; ++s) {
      const int min = Below(3);
      problem.shares.push_back({absl::StrCat("share", s), min,
                                Below(2) == 0
                                    ? problem.seats
                                    : std::min(problem.seats, min + Below(3))});
    }
    std::map<std::pair<std::pair<int, int>, std::vector<int>>, int> types;
    const int kinds = 2 + Below(5);
    for (int t = 0; t < kinds; ++t) {
      const int size = Below(3) == 0 ? 1 + Below(3) : 1;
      std::vector<int> counts;
      for (int s = 0; s < shares; ++s) counts.push_back(Below(size + 1));
      types[{{size, Below(5) == 0 ? 2 : 1}, counts}] += 1 + Below(4);
    }
    for (const auto& [alike, parties] : types) {
      problem.types.push_back(
          {alike.first.first, alike.second, alike.first.second, parties});
    }
    return problem;
  }

  // Six shares that overlap in every way, and people who are mostly alone of
  // their type: what rounding errors like.
  Problem Overlapping(int people) {
    Problem problem{.seats = 20};
    for (int s = 0; s < 6; ++s) {
      problem.shares.push_back({absl::StrCat("share", s), 3 + s, 9 + s});
    }
    std::map<std::vector<int>, int> types;
    for (int i = 0; i < people; ++i) {
      std::vector<int> counts;
      for (int s = 0; s < 6; ++s) counts.push_back(Below(100) < 25 + 6 * s);
      ++types[counts];
    }
    for (const auto& [counts, parties] : types) {
      problem.types.push_back({1, counts, 1, parties});
    }
    return problem;
  }

  // What a large network might see: 2,000 people, three sectors, six
  // territories, young people, women and first-timers, for 50 seats.
  Problem Large(bool delegations) {
    Problem problem{.seats = 50};
    const int limits[][2] = {{15, 20}, {12, 20}, {15, 25}, {8, 12},
                             {8, 12},  {8, 12},  {6, 10},  {5, 10},
                             {4, 10},  {10, 50}, {22, 28}, {25, 50}};
    for (const auto& [min, max] : limits) {
      problem.shares.push_back(
          {absl::StrCat("share", problem.shares.size()), min, max});
    }
    std::map<std::pair<int, std::vector<int>>, int> types;
    for (int i = 0; i < 2'000; ++i) {
      const int size = delegations && Below(10) < 3 ? 2 + Below(4) : 1;
      std::vector<int> counts(12, 0);
      counts[PickOf({5, 2, 3})] = size;
      counts[3 + PickOf({40, 25, 15, 10, 7, 3})] = size;
      for (int person = 0; person < size; ++person) {
        counts[9] += Below(100) < 15;
        counts[10] += Below(100) < 35;
        counts[11] += Below(100) < 60;
      }
      ++types[{size, counts}];
    }
    for (const auto& [alike, parties] : types) {
      problem.types.push_back({alike.first, alike.second, 1, parties});
    }
    return problem;
  }

 private:
  int Below(int limit) {
    return static_cast<int>(random_() % static_cast<unsigned>(limit));
  }
  size_t PickOf(const std::vector<int>& odds) {
    int sum = 0;
    for (const int odd : odds) sum += odd;
    int ticket = Below(sum);
    size_t i = 0;
    while (ticket >= odds[i]) ticket -= odds[i++];
    return i;
  }

  std::mt19937 random_;
};

}  // namespace lagnet::draw

#endif  // LAGNET_TESTS_DRAW_RANDOM_PROBLEM_H_
