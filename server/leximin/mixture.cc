#include "server/leximin/mixture.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "absl/time/clock.h"

namespace lagnet::leximin {
namespace {

using draw::Composition;
using draw::Problem;

// A panel has to be worth that much more to be of use.
constexpr double kBetter = 1e-8;

}  // namespace

Mixture::Mixture(const Problem& problem, int people, absl::Time deadline)
    : deadline_(deadline), panels_(problem, people) {
  // Column 0: what is raised.
  program_.AddColumn(-kNoLimit, kNoLimit, 1);
  for (size_t t = 0; t < problem.types.size(); ++t) {
    scale_.push_back(ScaleOf(problem, people, t));
    program_.AddRow(0, kNoLimit, {{0, -1}});
  }
  program_.AddRow(1, 1, {});
}

double Mixture::SecondsLeft() const {
  return absl::ToDoubleSeconds(deadline_ - absl::Now());
}

bool Mixture::Add(const Composition& panel) {
  if (!known_.insert(panel).second) return false;
  Entries entries;
  for (size_t t = 0; t < panel.size(); ++t) {
    if (panel[t] > 0) {
      entries.emplace_back(static_cast<int>(t), scale_[t] * panel[t]);
    }
  }
  entries.emplace_back(static_cast<int>(panel.size()), 1);
  program_.AddColumn(0, kNoLimit, 0, entries);
  columns_.push_back(panel);
  return true;
}

void Mixture::AddTowards(const std::vector<double>& chances, int rounds,
                         const OnRound& on_round) {
  std::vector<double> lacking(chances.size(), 0);
  for (int round = 0; round < rounds && SecondsLeft() > 0; ++round) {
    on_round(round);
    for (size_t t = 0; t < chances.size(); ++t) {
      lacking[t] += chances[t] / scale_[t];
    }
    const auto relaxed = panels_.Relax(lacking);
    if (!relaxed) return;
    const auto panel = panels_.Near(*relaxed, lacking);
    if (!panel) continue;
    Add(*panel);
    for (size_t t = 0; t < chances.size(); ++t) lacking[t] -= (*panel)[t];
  }
}

std::vector<double> Mixture::GainsOf(const std::vector<double>& worth) const {
  std::vector<double> gains(worth.size());
  for (size_t t = 0; t < worth.size(); ++t) gains[t] = worth[t] * scale_[t];
  return gains;
}

// Adds panels that are better by the prices as they are now. These jump from
// one extreme to another, so most are looked for between them and those prices
// that have shown the lowest bound yet, the center.
bool Mixture::AddNear(const Best& now, double than,
                      const std::vector<double>& floors, Center& center) {
  constexpr int kTries = 12;
  std::uniform_real_distribution<double> part(0, 1);
  const std::vector<double> gains = GainsOf(now.worth);
  bool added = false;
  for (int i = 0; i < kTries; ++i) {
    std::vector<double> worth = now.worth;
    const double to_center = i == 0 || center.worth.empty() ? 0 : part(random_);
    for (size_t t = 0; to_center > 0 && t < worth.size(); ++t) {
      worth[t] += to_center * (center.worth[t] - worth[t]);
    }
    const std::vector<double> wanted = GainsOf(worth);
    const auto relaxed = panels_.Relax(wanted);
    if (!relaxed) return added;
    const double raised =
        relaxed->value -
        std::inner_product(worth.begin(), worth.end(), floors.begin(), 0.0);
    if (center.worth.empty() || raised < center.raised) {
      center = {worth, relaxed->value, raised};
    }
    const auto panel = panels_.Near(*relaxed, wanted);
    if (panel && WorthOf(gains, *panel) > than + kBetter) added |= Add(*panel);
  }
  return added;
}

// Adds the best panel there is by the prices as they are now, if it is better.
bool Mixture::AddBest(double than, Best& now) {
  const std::vector<double> gains = GainsOf(now.worth);
  const Program::Whole best = panels_.Best(gains, std::max(SecondsLeft(), 0.1));
  if (!best.values) return false;
  now.bound = WorthOf(gains, *best.values);
  now.is_best = best.is_best && now.bound <= than + kBetter;
  return now.bound > than + kBetter && Add(*best.values);
}

std::optional<Mixture::Best> Mixture::Raise(const std::vector<double>& floors,
                                            const std::vector<bool>& rising,
                                            double enough, int rounds,
                                            const OnRound& on_round) {
  const size_t types = floors.size();
  for (size_t t = 0; t < types; ++t) {
    program_.SetRow(static_cast<int>(t), floors[t], kNoLimit);
    program_.SetEntry(static_cast<int>(t), 0, rising[t] ? -1 : 0);
  }
  Center center;
  for (int round = 1;; ++round) {
    if (!program_.Solve()) return std::nullopt;
    const std::vector<double> values = program_.values();
    weights_.assign(values.begin() + 1, values.end());
    Best best{values[0], std::vector<double>(types)};
    if (best.raised >= enough || round == rounds || SecondsLeft() <= 0) {
      return best;
    }
    const std::vector<double> prices = program_.prices();
    for (size_t t = 0; t < types; ++t)
      best.worth[t] = std::max(0.0, -prices[t]);
    const bool added = AddNear(best, prices[types], floors, center);
    if (center.raised <= best.raised + kBetter) {
      return Best{best.raised, center.worth, center.bound, true};
    }
    if (!added && !AddBest(prices[types], best)) return best;
    on_round(round);
  }
}

std::vector<draw::Panel> Mixture::Weighed() const {
  constexpr double kNothing = 1e-10;
  std::vector<draw::Panel> panels;
  double sum = 0;
  for (const double weight : weights_) sum += weight > kNothing ? weight : 0;
  int64_t left = draw::kTotalWeight;
  for (size_t i = 0; i < weights_.size(); ++i) {
    if (weights_[i] <= kNothing) continue;
    const double part =
        weights_[i] / sum * static_cast<double>(draw::kTotalWeight);
    panels.push_back({std::max<int64_t>(1, std::llround(part)), columns_[i]});
    left -= panels.back().weight;
  }
  // What rounding left goes to the heaviest, which feels it least.
  std::max_element(panels.begin(), panels.end(),
                   [](const draw::Panel& a, const draw::Panel& b) {
                     return a.weight < b.weight;
                   })
      ->weight += left;
  std::sort(panels.begin(), panels.end(),
            [](const draw::Panel& a, const draw::Panel& b) {
              return a.take < b.take;
            });
  return panels;
}

}  // namespace lagnet::leximin
