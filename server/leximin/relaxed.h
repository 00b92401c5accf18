#ifndef LAGNET_SERVER_LEXIMIN_RELAXED_H_
#define LAGNET_SERVER_LEXIMIN_RELAXED_H_

#include <functional>
#include <optional>
#include <vector>

#include "server/leximin/proof.h"

namespace lagnet::leximin {

// The fairest chances if parties could be cut into pieces: what no lottery can
// exceed, and most often what one can reach.
struct Target {
  std::vector<double> chances;  // Scaled, see ScaleOf().
  std::vector<draw::Level> levels;
};

// Nothing if the solver fails. `fixed` hears how many types are done.
std::optional<Target> RelaxedLeximin(const draw::Problem& problem, int people,
                                     const std::function<void(int)>& fixed);

// Which of the types that are not fixed yet cannot have more than the others:
// those with a good part of the worth, which sums up to 1.
std::vector<int> Settled(const std::vector<double>& worth,
                         const std::vector<bool>& fixed);

}  // namespace lagnet::leximin

#endif  // LAGNET_SERVER_LEXIMIN_RELAXED_H_
