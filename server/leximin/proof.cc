#include "server/leximin/proof.h"

#include <algorithm>
#include <cmath>

#include "server/draw/bound.h"

namespace lagnet::leximin {
namespace {

using draw::Level;
using draw::Problem;

// What the gains of those who are not fixed sum up to in a proof.
constexpr double kUnit = 1e12;

int64_t Round(double number) {
  constexpr auto kMost = static_cast<double>(draw::kMaxGain);
  return std::llround(std::clamp(number, -kMost, kMost));
}

// Rough gains to whole ones.
double UnitOf(const Problem& problem, const std::vector<bool>& fixed,
              const RoughLevel& rough) {
  double sum = 0;
  for (size_t t = 0; t < fixed.size(); ++t) {
    if (fixed[t]) continue;
    sum += rough.gains[t] * problem.types[t].parties * problem.types[t].weight;
  }
  return kUnit / sum;
}

draw::Worth WorthOf(int people, const Level& level) {
  return {people, people, level.gains, level.prices};
}

}  // namespace

double ScaleOf(const Problem& problem, int people, size_t type) {
  double all = 0;
  for (const draw::Type& t : problem.types) {
    all += static_cast<double>(t.size) * t.parties * t.weight;
  }
  const draw::Type& mine = problem.types[type];
  return all / std::max(people, 1) / mine.parties / mine.weight;
}

Level ToLevel(const Problem& problem, int people,
              const std::vector<bool>& fixed, const RoughLevel& rough) {
  const double unit = UnitOf(problem, fixed, rough);
  const draw::Type& any = problem.types.front();
  const double chance =
      rough.chance / ScaleOf(problem, people, 0) / any.parties / any.weight;
  Level level{.types = rough.types,
              .chance = std::llround(std::clamp(chance, 0.0, 1.0) *
                                     static_cast<double>(draw::kTotalWeight))};
  for (const double gain : rough.gains) {
    level.gains.push_back(std::max<int64_t>(0, Round(gain * unit)));
  }
  for (size_t s = 0; s < problem.shares.size(); ++s) {
    level.prices.shares.push_back(Round(rough.prices[s] * unit));
  }
  level.prices.people = Round(rough.prices.back() * unit);
  level.bound = draw::Bound(problem, WorthOf(people, level));
  return level;
}

Level ToLevel(const Problem& problem, int people,
              const std::vector<bool>& fixed, const RoughLevel& rough,
              double worth) {
  Level level = ToLevel(problem, people, fixed, rough);
  const double unit = UnitOf(problem, fixed, rough);
  for (const double slack : {1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3}) {
    const double wanted = worth * unit + slack * kUnit;
    if (!(wanted < static_cast<double>(level.bound))) return level;
    const int64_t bound = std::llround(wanted);
    if (draw::IsBound(problem, WorthOf(people, level), bound)) {
      level.bound = bound;
      return level;
    }
  }
  return level;
}

draw::Prices PeoplePrices(const Problem& problem,
                          const std::vector<double>& prices) {
  draw::Prices whole;
  for (size_t s = 0; s < problem.shares.size(); ++s) {
    whole.shares.push_back(Round(prices[s] * 1e6));
  }
  whole.people = Round(prices.back() * 1e6);
  return whole;
}

}  // namespace lagnet::leximin
