#include "server/leximin/conflict.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "server/leximin/panels.h"
#include "server/leximin/program.h"

namespace lagnet::leximin {
namespace {

using draw::Conflict;
using draw::Demand;
using draw::Problem;

// Which limit of which share.
struct Limit {
  size_t share;
  Demand::Kind kind;
};
using Limits = std::vector<Limit>;

Limits AllLimits(const Problem& problem) {
  Limits limits;
  for (size_t s = 0; s < problem.shares.size(); ++s) {
    const draw::Share& share = problem.shares[s];
    if (share.min > 0) limits.push_back({s, Demand::Kind::kMin});
    if (share.max < problem.seats) limits.push_back({s, Demand::Kind::kMax});
  }
  return limits;
}

// Whether there is no panel even if only these limits hold. A search that
// takes too long counts as one that finds something: then the set is larger
// than it need be, and still a conflict.
bool Conflicts(const Problem& problem, const Limits& limits,
               absl::Time deadline) {
  constexpr double kSeconds = 2;
  const double left = absl::ToDoubleSeconds(deadline - absl::Now());
  if (left <= 0) return false;
  Problem only = problem;
  for (draw::Share& share : only.shares) {
    share.min = 0;
    share.max = problem.seats;
  }
  for (const Limit& limit : limits) {
    const draw::Share& share = problem.shares[limit.share];
    if (limit.kind == Demand::Kind::kMin) {
      only.shares[limit.share].min = share.min;
    } else {
      only.shares[limit.share].max = share.max;
    }
  }
  Program program;
  AddPanel(only, 0, only.seats, program);
  const Program::Whole whole = program.SolveWhole(
      std::min(left, kSeconds), std::numeric_limits<int>::max());
  return whole.is_best && !whole.values;
}

// A pair that conflicts by itself; of many limits there are very many pairs.
std::optional<Limits> PairOf(const Problem& problem, const Limits& limits,
                             absl::Time deadline) {
  for (size_t i = 0; i < limits.size(); ++i) {
    for (size_t k = i + 1; k < limits.size(); ++k) {
      if (absl::Now() >= deadline) return std::nullopt;
      const Limits pair = {limits[i], limits[k]};
      if (Conflicts(problem, pair, deadline)) return pair;
    }
  }
  return std::nullopt;
}

Limits FewestOf(const Problem& problem, const Limits& all,
                absl::Time deadline) {
  for (const Limit& one : all) {
    if (Conflicts(problem, {one}, deadline)) return {one};
  }
  // What the others conflict without is not needed.
  Limits needed = all;
  for (size_t i = 0; i < needed.size();) {
    Limits without = needed;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
    if (Conflicts(problem, without, deadline)) {
      needed = std::move(without);
    } else {
      ++i;
    }
  }
  if (needed.size() <= 2) return needed;
  return PairOf(problem, all, deadline).value_or(needed);
}

}  // namespace

Conflict ConflictOf(const Problem& problem, absl::Time deadline) {
  Conflict conflict;
  for (const Limit& limit : FewestOf(problem, AllLimits(problem), deadline)) {
    const draw::Share& share = problem.shares[limit.share];
    Demand demand{share.name, limit.kind,
                  limit.kind == Demand::Kind::kMin ? share.min : share.max, 0};
    for (const draw::Type& type : problem.types) {
      demand.eligible += type.counts[limit.share] * type.parties;
    }
    conflict.demands.push_back(std::move(demand));
  }
  return conflict;
}

}  // namespace lagnet::leximin
