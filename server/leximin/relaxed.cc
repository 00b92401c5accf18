#include "server/leximin/relaxed.h"

#include <algorithm>
#include <utility>

#include "server/leximin/panels.h"
#include "server/leximin/program.h"

namespace lagnet::leximin {
namespace {

using draw::Problem;

// One program for all levels: how much is taken of each type, and the lowest
// scaled chance of those who are not fixed, which is maximised.
class Relaxation {
 public:
  Relaxation(const Problem& problem, int people)
      : problem_(problem), people_(people), fixed_(problem.types.size()) {
    AddPanel(problem, people, people, program_);
    lowest_ = program_.AddColumn(0, kNoLimit, 1);
    for (size_t t = 0; t < fixed_.size(); ++t) {
      scale_.push_back(ScaleOf(problem, people, t));
      program_.AddRow(0, kNoLimit,
                      {{static_cast<int>(t), scale_[t]}, {lowest_, -1}});
    }
    target_.chances.assign(fixed_.size(), 0);
  }

  // Fixes those who cannot rise further; false if the solver fails.
  bool Step() {
    if (!Solve()) return false;
    const std::vector<double> prices = program_.prices();
    const size_t rows = problem_.shares.size() + 1;
    const double lowest = program_.values()[static_cast<size_t>(lowest_)];
    RoughLevel level{
        .chance = lowest,
        .gains = std::vector<double>(fixed_.size()),
        .prices = {prices.begin(),
                   prices.begin() + static_cast<std::ptrdiff_t>(rows)}};
    std::vector<double> worth(fixed_.size(), 0);
    for (size_t t = 0; t < fixed_.size(); ++t) {
      if (!fixed_[t]) worth[t] = std::max(0.0, -prices[rows + t]);
      level.gains[t] =
          fixed_[t] ? std::max(0.0, PriceOf(prices, t)) : worth[t] * scale_[t];
    }
    level.types = Settled(worth, fixed_);
    if (level.types.empty()) return false;
    target_.levels.push_back(ToLevel(problem_, people_, fixed_, level));
    for (const int t : level.types) Fix(static_cast<size_t>(t), lowest);
    return true;
  }

  int count() const {
    return static_cast<int>(std::count(fixed_.begin(), fixed_.end(), true));
  }
  Target TakeTarget() { return std::move(target_); }

 private:
  // What the people of a party of a type cost.
  double PriceOf(const std::vector<double>& prices, size_t t) const {
    const draw::Type& type = problem_.types[t];
    double price = prices[type.counts.size()] * type.size;
    for (size_t s = 0; s < type.counts.size(); ++s) {
      price += prices[s] * type.counts[s];
    }
    return price;
  }

  // Where rounding has left no solution, what is fixed gives way a little.
  bool Solve() {
    for (; slack_ < kMostSlack; slack_ *= 10) {
      if (program_.Solve()) return true;
      for (size_t t = 0; t < fixed_.size(); ++t) {
        if (fixed_[t]) SetFloor(t, slack_ * 10);
      }
    }
    return false;
  }

  void SetFloor(size_t t, double slack) {
    const double most = MostOf(problem_, people_, t);
    const double floor = target_.chances[t] / scale_[t] - slack;
    program_.SetColumn(static_cast<int>(t), std::clamp(floor, 0.0, most), most);
  }

  void Fix(size_t t, double chance) {
    fixed_[t] = true;
    target_.chances[t] = chance;
    SetFloor(t, slack_);
    const size_t row = problem_.shares.size() + 1 + t;
    program_.SetRow(static_cast<int>(row), -kNoLimit, kNoLimit);
  }

  static constexpr double kMostSlack = 1e-4;

  const Problem& problem_;
  const int people_;
  Program program_;
  double slack_ = 1e-8;  // In parties.
  int lowest_ = 0;
  std::vector<double> scale_;
  std::vector<bool> fixed_;
  Target target_;
};

}  // namespace

std::vector<int> Settled(const std::vector<double>& worth,
                         const std::vector<bool>& fixed) {
  const auto rising = std::count(fixed.begin(), fixed.end(), false);
  std::vector<int> settled;
  for (size_t t = 0; t < worth.size(); ++t) {
    // What is worth very little is proven only roughly.
    if (!fixed[t] && worth[t] * static_cast<double>(rising) > 0.1) {
      settled.push_back(static_cast<int>(t));
    }
  }
  return settled;
}

std::optional<Target> RelaxedLeximin(const Problem& problem, int people,
                                     const std::function<void(int)>& fixed) {
  Relaxation relaxation(problem, people);
  while (relaxation.count() < static_cast<int>(problem.types.size())) {
    if (!relaxation.Step()) return std::nullopt;
    fixed(relaxation.count());
  }
  return relaxation.TakeTarget();
}

}  // namespace lagnet::leximin
