#ifndef LAGNET_SERVER_LEXIMIN_MIXTURE_H_
#define LAGNET_SERVER_LEXIMIN_MIXTURE_H_

#include <functional>
#include <optional>
#include <random>
#include <set>
#include <vector>

#include "absl/time/time.h"
#include "server/draw/lottery.h"
#include "server/draw/problem.h"
#include "server/leximin/panels.h"
#include "server/leximin/program.h"
#include "server/leximin/proof.h"

namespace lagnet::leximin {

// Weights for panels, and more panels as they are needed (column generation):
// the main program weighs those that are known, its prices say what a better
// one would have to be worth, and Panels looks for it.
class Mixture {
 public:
  // Hears how many rounds are behind, as each is.
  using OnRound = std::function<void(int)>;

  Mixture(const draw::Problem& problem, int people, absl::Time deadline);

  // Adds a panel; false if it is known.
  bool Add(const draw::Composition& panel);

  // Adds panels that, one after the other, make up for what those before gave
  // too little of: the quick way to most of what is needed. `chances` are
  // scaled.
  void AddTowards(const std::vector<double>& chances, int rounds,
                  const OnRound& on_round);

  // Raises the lowest of what types have above their floors. A panel has to be
  // known.
  //   floors   scaled chances
  //   rising   which types are to be raised; the others only keep the floor
  //   enough   what will do
  //   rounds   after which to stop
  struct Best {
    double raised = 0;
    std::vector<double> worth;  // Of each type; those that rise sum up to 1.
    double bound = 0;           // Of sum worth * scaled chance of a panel.
    bool is_best = false;       // Unless it was enough, or too late.
  };
  std::optional<Best> Raise(const std::vector<double>& floors,
                            const std::vector<bool>& rising, double enough,
                            int rounds, const OnRound& on_round);

  // The panels that have weight, with their weights in whole numbers.
  std::vector<draw::Panel> Weighed() const;

  // How many panels are known.
  int size() const { return static_cast<int>(columns_.size()); }

  Panels& panels() { return panels_; }
  const std::vector<double>& scale() const { return scale_; }

 private:
  // What types are worth, and what can be raised by that at most.
  struct Center {
    std::vector<double> worth;
    double bound = 0;   // Of the worth of a panel.
    double raised = 0;  // The bound less the worth of the floors.
  };

  std::vector<double> GainsOf(const std::vector<double>& worth) const;
  bool AddNear(const Best& now, double than, const std::vector<double>& floors,
               Center& center);
  bool AddBest(double than, Best& now);
  double SecondsLeft() const;

  const absl::Time deadline_;
  Panels panels_;
  Program program_;  // Rows: a type each, and the sum of the weights.
  std::vector<double> scale_;
  std::vector<draw::Composition> columns_;
  std::set<draw::Composition> known_;
  std::vector<double> weights_;
  std::mt19937 random_;  // The same each time: a lottery can be made again.
};

}  // namespace lagnet::leximin

#endif  // LAGNET_SERVER_LEXIMIN_MIXTURE_H_
