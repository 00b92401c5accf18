#include "server/leximin/leximin.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "server/base/status_macros.h"
#include "server/draw/fairness.h"
#include "server/leximin/conflict.h"
#include "server/leximin/mixture.h"
#include "server/leximin/panels.h"
#include "server/leximin/program.h"
#include "server/leximin/proof.h"
#include "server/leximin/relaxed.h"

namespace lagnet::leximin {
namespace {

using draw::Lottery;
using draw::Problem;
using Tell = std::function<void(const Progress&)>;

// Scaled chances are the same if they differ by less.
constexpr double kSame = 1e-7;

// If what parties in pieces could have is not reached by then, whole parties
// most likely cannot, and to look at them level by level is quicker.
constexpr int kRounds = 60;
constexpr int kRoundsOfFew = 8;

// With more types, what is within the tolerance is not improved any further.
constexpr size_t kManyTypes = 40;

// How much of the whole is done at the end of a step, about.
constexpr double kUntilChances = 0.2;
constexpr double kUntilTowards = 0.5;  // The first half of "panels".
constexpr double kUntilPanels = 0.8;

// How many people panels can have, with the proof and one such panel; nothing
// if there is none.
std::optional<Lottery> MostPeople(const Problem& problem, absl::Time deadline,
                                  bool& is_known) {
  Program program;
  AddPanel(problem, 0, problem.seats, program);
  draw::Composition sizes;
  for (size_t t = 0; t < problem.types.size(); ++t) {
    program.SetGain(static_cast<int>(t), problem.types[t].size);
  }
  const Program::Whole best =
      program.SolveWhole(absl::ToDoubleSeconds(deadline - absl::Now()),
                         std::numeric_limits<int>::max());
  is_known = best.is_best || best.values;
  if (!best.values) return std::nullopt;
  Lottery lottery;
  lottery.people = draw::PeopleOf(problem, *best.values);
  lottery.panels = {{draw::kTotalWeight, *best.values}};
  lottery.people_prices.shares.assign(problem.shares.size(), 0);
  if (program.Solve()) {
    lottery.people_prices = PeoplePrices(problem, program.prices());
  }
  return lottery;
}

int64_t LossOf(const Problem& problem, const Lottery& lottery) {
  return draw::ProvenLoss(problem, lottery)
      .value_or(std::numeric_limits<int64_t>::max());
}

// Level by level over panels as they are, where parties in pieces would have
// better chances than whole ones can. Nothing if time is up before the end.
std::optional<Lottery> ExactLeximin(const Problem& problem, Lottery lottery,
                                    Mixture& mixture, const Tell& tell) {
  const size_t types = problem.types.size();
  std::vector<double> floors(types, 0);
  std::vector<bool> rising(types, true);
  std::vector<bool> fixed(types, false);
  lottery.levels.clear();
  size_t done = 0;
  const auto tell_now = [&](int) {
    const double part = static_cast<double>(done) / static_cast<double>(types);
    tell({"levels", kUntilPanels + part * (1 - kUntilPanels), mixture.size()});
  };
  while (done < types) {
    tell_now(0);
    const auto best = mixture.Raise(floors, rising, kNoLimit,
                                    std::numeric_limits<int>::max(), tell_now);
    if (!best || !best->is_best) return std::nullopt;
    std::vector<double> worth = best->worth;
    RoughLevel level{.chance = best->raised,
                     .gains = std::vector<double>(types)};
    for (size_t t = 0; t < types; ++t) {
      level.gains[t] = worth[t] * mixture.scale()[t];
      if (fixed[t]) worth[t] = 0;
    }
    level.types = Settled(worth, fixed);
    const auto relaxed = mixture.panels().Relax(level.gains);
    if (level.types.empty() || !relaxed) return std::nullopt;
    level.prices = relaxed->prices;
    lottery.levels.push_back(
        ToLevel(problem, lottery.people, fixed, level, best->bound));
    for (const int type : level.types) {
      const auto t = static_cast<size_t>(type);
      fixed[t] = true;
      rising[t] = false;
      floors[t] = std::max(0.0, best->raised - 1e-9);
    }
    done += level.types.size();
  }
  lottery.panels = mixture.Weighed();
  return lottery;
}

}  // namespace

absl::StatusOr<draw::Outcome> Solve(const Problem& problem, absl::Time deadline,
                                    const Tell& tell) {
  RETURN_IF_ERROR(draw::Check(problem));
  tell({"people", 0, 0});
  bool is_known = false;
  std::optional<Lottery> lottery = MostPeople(problem, deadline, is_known);
  if (!is_known) {
    return absl::DeadlineExceededError("no panel was found in time");
  }
  if (!lottery) return ConflictOf(problem, deadline);
  const auto types = static_cast<double>(problem.types.size());
  const std::optional<Target> target =
      RelaxedLeximin(problem, lottery->people, [&](int count) {
        tell({"chances", count / types * kUntilChances, 0});
      });
  if (!target) return absl::InternalError("the solver found no chances");
  lottery->levels = target->levels;
  Mixture mixture(problem, lottery->people, deadline);
  mixture.Add(lottery->panels.front().take);
  const auto tell_panels = [&](double from, double to, int rounds) {
    return [&, from, to, rounds](int round) {
      tell({"panels", from + (to - from) * round / rounds, mixture.size()});
    };
  };
  const int towards = std::clamp(2 * static_cast<int>(types), 10, 2'000);
  mixture.AddTowards(target->chances, towards,
                     tell_panels(kUntilChances, kUntilTowards, towards));
  const bool is_large = problem.types.size() > kManyTypes;
  const int rounds = is_large ? kRounds : kRoundsOfFew;
  const auto best = mixture.Raise(
      target->chances, std::vector<bool>(problem.types.size(), true), -kSame,
      rounds, tell_panels(kUntilTowards, kUntilPanels, rounds));
  if (!best) return absl::InternalError("the solver found no panels");
  lottery->panels = mixture.Weighed();
  if (best->raised >= -kSame ||
      (is_large &&
       LossOf(problem, *lottery) <= draw::ToleranceOf(problem, *lottery))) {
    return *std::move(lottery);
  }
  const std::optional<Lottery> exact =
      ExactLeximin(problem, *lottery, mixture, tell);
  if (exact && LossOf(problem, *exact) < LossOf(problem, *lottery)) {
    return *exact;
  }
  return *std::move(lottery);
}

}  // namespace lagnet::leximin
