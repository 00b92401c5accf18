#include "server/draw/fairness.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/status_macros.h"
#include "server/draw/bound.h"

namespace lagnet::draw {
namespace {

using Wide = __int128;

// Of whole numbers, the denominator positive.
Wide DivideDown(Wide a, Wide b) { return a / b - (a % b < 0 ? 1 : 0); }
Wide DivideUp(Wide a, Wide b) { return a / b + (a % b > 0 ? 1 : 0); }

bool AreWithin(const std::vector<int64_t>& numbers, int64_t least) {
  return std::all_of(numbers.begin(), numbers.end(), [least](int64_t number) {
    return number >= least && number <= kMaxGain;
  });
}

absl::Status CheckPrices(const Problem& problem, const Prices& prices) {
  if (prices.shares.size() != problem.shares.size() ||
      !AreWithin(prices.shares, -kMaxGain) ||
      !AreWithin({prices.people}, -kMaxGain)) {
    return absl::InvalidArgumentError("a proof has prices out of range");
  }
  return absl::OkStatus();
}

// Goes through the levels and keeps account of what is fixed.
class Account {
 public:
  Account(const Problem& problem, const Lottery& lottery)
      : problem_(problem),
        people_(lottery.people),
        expected_(Expected(problem, lottery)),
        fixed_(problem.types.size(), false),
        chances_(problem.types.size(), 0) {}

  absl::Status Add(const Level& level) {
    RETURN_IF_ERROR(CheckLevel(level));
    const Worth worth{people_, people_, level.gains, level.prices};
    if (!IsBound(problem_, worth, level.bound)) {
      return absl::InvalidArgumentError(
          "a proof of fairness promises a bound that it does not show");
    }
    AddLoss(level);
    for (const int t : level.types) fixed_[static_cast<size_t>(t)] = true;
    return absl::OkStatus();
  }

  absl::StatusOr<int64_t> Loss() const {
    if (std::find(fixed_.begin(), fixed_.end(), false) != fixed_.end()) {
      return absl::InvalidArgumentError(
          "the proof of fairness leaves somebody out");
    }
    return static_cast<int64_t>(std::min<Wide>(loss_, kTotalWeight));
  }

 private:
  absl::Status CheckLevel(const Level& level) const {
    RETURN_IF_ERROR(CheckPrices(problem_, level.prices));
    if (level.types.empty() || level.gains.size() != fixed_.size() ||
        !AreWithin(level.gains, 0) || level.chance < 0 ||
        level.chance > kTotalWeight || level.bound < -kMaxBound ||
        level.bound > kMaxBound) {
      return absl::InvalidArgumentError(
          "a proof of fairness has numbers out of range");
    }
    for (const int t : level.types) {
      const auto type = static_cast<size_t>(t);
      if (t < 0 || type >= fixed_.size() || fixed_[type] ||
          level.gains[type] == 0) {
        return absl::InvalidArgumentError(
            "a proof of fairness fixes somebody twice, or for nothing");
      }
    }
    return absl::OkStatus();
  }

  // Parties times weight: what a chance is multiplied by to be worth gains.
  Wide FactorOf(size_t t) const {
    return Wide{problem_.types[t].parties} * problem_.types[t].weight;
  }

  void AddLoss(const Level& level) {
    Wide left = Wide{level.bound} * kTotalWeight;  // For who is not fixed.
    Wide sum = 0;                                  // Of what they are worth.
    for (size_t t = 0; t < fixed_.size(); ++t) {
      const Wide worth = level.gains[t] * FactorOf(t);
      if (fixed_[t]) {
        left -= worth * chances_[t];
      } else {
        sum += worth;
      }
    }
    Lose(DivideUp(left, sum) - level.chance);
    for (const int type : level.types) {
      const auto t = static_cast<size_t>(type);
      const Wide mine = level.gains[t] * FactorOf(t);
      Lose(DivideUp(left - (sum - mine) * level.chance, mine) - level.chance);
      Lose(level.chance - DivideDown(expected_[t], FactorOf(t)));
      chances_[t] = level.chance;
    }
  }

  void Lose(Wide loss) { loss_ = std::max(loss_, loss); }

  const Problem& problem_;
  const int people_;
  const std::vector<int64_t> expected_;
  std::vector<bool> fixed_;
  std::vector<int64_t> chances_;  // Of those who are fixed.
  Wide loss_ = 0;
};

}  // namespace

absl::Status CheckPeople(const Problem& problem, const Lottery& lottery) {
  RETURN_IF_ERROR(CheckPrices(problem, lottery.people_prices));
  if (lottery.people < 0 || lottery.people > problem.seats) {
    return absl::InvalidArgumentError(
        absl::StrCat("the panels have ", lottery.people, " people for ",
                     problem.seats, " seats"));
  }
  constexpr int64_t kMillion = 1'000'000;
  Worth worth{lottery.people + 1, problem.seats, {}, lottery.people_prices};
  for (const Type& type : problem.types) {
    worth.gains.push_back(type.size * kMillion);
  }
  if (lottery.people == problem.seats ||
      IsBound(problem, worth, (lottery.people + 1) * kMillion - 1)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("it is not shown that no more than ", lottery.people,
                   " people could come"));
}

absl::StatusOr<int64_t> ProvenLoss(const Problem& problem,
                                   const Lottery& lottery) {
  Account account(problem, lottery);
  for (const Level& level : lottery.levels) {
    RETURN_IF_ERROR(account.Add(level));
  }
  return account.Loss();
}

}  // namespace lagnet::draw
