#ifndef LAGNET_TESTS_DRAW_ALL_PANELS_H_
#define LAGNET_TESTS_DRAW_ALL_PANELS_H_

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "server/draw/problem.h"
#include "tests/draw/simplex.h"

namespace lagnet::draw {

// Every panel of a small problem, and the fairest chances over all of them,
// found by trying for each type whether it can have more.
class AllPanels {
 public:
  explicit AllPanels(const Problem& problem) : problem_(problem) {
    for (people_ = problem.seats; people_ >= 0; --people_) {
      Composition panel(problem.types.size(), 0);
      Collect(0, panel);
      if (!panels_.empty()) return;
    }
  }

  bool empty() const { return panels_.empty(); }
  int people() const { return people_; }
  const std::vector<Composition>& panels() const { return panels_; }

  // For each type, the chance for each unit of weight.
  std::vector<double> Leximin() const {
    const size_t types = problem_.types.size();
    std::vector<std::optional<double>> fixed(types);
    while (std::count(fixed.begin(), fixed.end(), std::nullopt) > 0) {
      const double lowest = *Raise(fixed, std::nullopt, 0);
      std::vector<size_t> now;
      for (size_t t = 0; t < types; ++t) {
        if (!fixed[t] && *Raise(fixed, t, lowest) < lowest + 1e-8) {
          now.push_back(t);
        }
      }
      if (now.empty()) return {};
      for (const size_t t : now) fixed[t] = lowest;
    }
    std::vector<double> chances;
    for (const auto& chance : fixed) chances.push_back(*chance);
    return chances;
  }

 private:
  void Collect(size_t type, Composition& panel) {
    if (type == panel.size()) {
      if (IsPanel(problem_, people_, panel)) panels_.push_back(panel);
      return;
    }
    for (int n = 0; n <= problem_.types[type].parties; ++n) {
      panel[type] = n;
      Collect(type + 1, panel);
    }
    panel[type] = 0;
  }

  long double ChanceIn(size_t panel, size_t t) const {
    return static_cast<long double>(panels_[panel][t]) /
           problem_.types[t].parties / problem_.types[t].weight;
  }

  // The highest chance that `type` can have, or else the lowest of all that
  // are not fixed, if none of these has less than `lowest`.
  std::optional<double> Raise(const std::vector<std::optional<double>>& fixed,
                              std::optional<size_t> type, double lowest) const {
    const size_t count = panels_.size();
    Simplex::Row gains(count + 1, 0);
    gains[count] = 1;
    Simplex simplex(gains);
    simplex.Add(
        [&] {
          Simplex::Row row(count + 1, 1);
          row[count] = 0;
          return row;
        }(),
        1);
    Simplex::Row sum(count + 1, -1);
    sum[count] = 0;
    simplex.Add(sum, -1);
    for (size_t t = 0; t < fixed.size(); ++t) {
      Simplex::Row row(count + 1, 0);
      for (size_t i = 0; i < count; ++i) row[i] = -ChanceIn(i, t);
      const bool rises = type ? t == *type : !fixed[t];
      row[count] = rises ? 1 : 0;
      simplex.Add(row, rises ? 0 : -(fixed[t].value_or(lowest) - 1e-10));
    }
    const auto best = simplex.Maximum();
    return best ? std::optional(static_cast<double>(*best)) : std::nullopt;
  }

  const Problem& problem_;
  int people_ = 0;
  std::vector<Composition> panels_;
};

}  // namespace lagnet::draw

#endif  // LAGNET_TESTS_DRAW_ALL_PANELS_H_
