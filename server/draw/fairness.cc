#include "server/draw/fairness.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/status_macros.h"
#include "server/draw/bound.h"

namespace lagnet::draw {
namespace {

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

// Chances that there can be, for each unit of weight, and what they show the
// worth of a level to be at most, times kTotalWeight.
struct Witness {
  std::vector<Wide> chances;
  std::vector<Wide> bounds;
};

// Goes through the levels and keeps account of what is fixed.
class Account {
 public:
  Account(const Problem& problem, const Lottery& lottery)
      : problem_(problem),
        lottery_(lottery),
        fixed_(problem.types.size(), false),
        aims_(problem.types.size(), 0) {
    const std::vector<int64_t> expected = Expected(problem, lottery);
    for (size_t t = 0; t < expected.size(); ++t) {
      given_.push_back(DivideDown(expected[t], FactorOf(t)));
    }
  }

  // Fails if the levels are no proof of anything.
  absl::Status Read() {
    for (const Level& level : lottery_.levels) {
      RETURN_IF_ERROR(CheckLevel(level));
      if (!IsBound(problem_, WorthOf(level), level.bound)) {
        return absl::InvalidArgumentError(
            "a proof of fairness promises a bound that it does not show");
      }
      for (const int t : level.types) {
        fixed_[static_cast<size_t>(t)] = true;
        aims_[static_cast<size_t>(t)] = level.chance;
      }
    }
    if (std::find(fixed_.begin(), fixed_.end(), false) != fixed_.end()) {
      return absl::InvalidArgumentError(
          "the proof of fairness leaves somebody out");
    }
    return absl::OkStatus();
  }

  // What the levels aim at is a panel in pieces, or else what is given is
  // close to it. Either shows that they do not aim too high, which would make
  // the rest seem to be all that there is.
  int64_t Loss() {
    const Wide loss = std::min(LossBy(Aims()), LossBy(Given()));
    return static_cast<int64_t>(std::min<Wide>(loss, kTotalWeight));
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

  Worth WorthOf(const Level& level) const {
    return {lottery_.people, lottery_.people, level.gains, level.prices};
  }

  // Parties times weight: what a chance is multiplied by to be worth gains.
  Wide FactorOf(size_t t) const {
    return Wide{problem_.types[t].parties} * problem_.types[t].weight;
  }

  Witness Aims() const {
    Witness aims;
    std::vector<Wide> taken;
    for (size_t t = 0; t < aims_.size(); ++t) {
      // Nobody can have more than one seat.
      aims.chances.push_back(
          std::min(aims_[t], Wide{kTotalWeight} / problem_.types[t].weight));
      taken.push_back(FactorOf(t) * aims.chances[t]);
    }
    for (const Level& level : lottery_.levels) {
      aims.bounds.push_back(BoundInPieces(problem_, WorthOf(level), taken));
    }
    return aims;
  }

  Witness Given() const {
    Witness given{given_, {}};
    for (const Level& level : lottery_.levels) {
      given.bounds.push_back(Wide{level.bound} * kTotalWeight);
    }
    return given;
  }

  Wide LossBy(const Witness& witness) {
    fixed_.assign(fixed_.size(), false);
    Wide loss = 0;
    for (size_t i = 0; i < lottery_.levels.size(); ++i) {
      const Level& level = lottery_.levels[i];
      loss = std::max(loss, LossAt(level, witness.chances, witness.bounds[i]));
      for (const int t : level.types) fixed_[static_cast<size_t>(t)] = true;
    }
    return loss;
  }

  Wide LossAt(const Level& level, const std::vector<Wide>& chances,
              Wide bound) const {
    Wide left = bound;  // What no type has by what it is to have at least.
    Wide open = 0;      // What those who are not fixed have of it.
    Wide sum = 0;       // What they are worth.
    std::vector<Wide> least;
    for (size_t t = 0; t < fixed_.size(); ++t) {
      const Wide aim = fixed_[t] ? aims_[t] : Wide{level.chance};
      least.push_back(std::min(aim, chances[t]));
      const Wide worth = level.gains[t] * FactorOf(t);
      left -= worth * least[t];
      if (fixed_[t]) continue;
      open += worth * least[t];
      sum += worth;
    }
    const Wide lowest =
        std::max(Wide{level.chance}, DivideUp(left + open, sum));
    Wide loss = 0;
    for (size_t t = 0; t < fixed_.size(); ++t) {
      if (!fixed_[t]) loss = std::max(loss, lowest - given_[t]);
    }
    for (const int type : level.types) {
      const auto t = static_cast<size_t>(type);
      const Wide most = least[t] + DivideUp(left, level.gains[t] * FactorOf(t));
      loss = std::max(loss, most - given_[t]);
    }
    return loss;
  }

  const Problem& problem_;
  const Lottery& lottery_;
  std::vector<bool> fixed_;
  std::vector<Wide> aims_;   // The chances of the levels.
  std::vector<Wide> given_;  // Those of the lottery, rounded down.
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
  RETURN_IF_ERROR(account.Read());
  return account.Loss();
}

}  // namespace lagnet::draw
