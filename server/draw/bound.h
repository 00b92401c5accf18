#ifndef LAGNET_SERVER_DRAW_BOUND_H_
#define LAGNET_SERVER_DRAW_BOUND_H_

#include <cstdint>
#include <vector>

#include "server/draw/lottery.h"
#include "server/draw/problem.h"

// Proofs, in whole numbers, of what no panel can do.
namespace lagnet::draw {

using Wide = __int128;

// Limits for numbers of a proof, so that all sums fit into 128 bits.
inline constexpr int64_t kMaxGain = 1'000'000'000'000'000;
inline constexpr int64_t kMaxBound = 1'000 * kMaxGain;

// The steps that a proof may take: about a tenth of a second.
inline constexpr int64_t kProofSteps = 3'000'000;

struct Worth {
  int min_people = 0;  // Of the panels that are meant.
  int max_people = 0;
  std::vector<int64_t> gains;  // Of a party of each type, at most kMaxGain.
  Prices prices;               // Each at most kMaxGain, or its negative.
};

// The most that a panel can be worth, by the prices alone (weak duality): at
// most sum m_t max(0, gain_t - price_t) + sum of the prices times the limits
// that they press on, where m_t is the least of how many parties there are and
// how many each share and the panel have room for. At most kMaxBound, which
// says nothing.
int64_t Bound(const Problem& problem, const Worth& worth);

// The same, times kTotalWeight, for whatever keeps to the limits even in
// pieces. `taken` has parties of each type, times kTotalWeight and no more than
// there are; limits that they break give way, just as far as they need.
Wide BoundInPieces(const Problem& problem, const Worth& worth,
                   const std::vector<Wide>& taken);

// Whether no panel is worth more than `bound`. What the prices leave open is
// searched, in at most `steps` steps; false if that was not enough, too.
bool IsBound(const Problem& problem, const Worth& worth, int64_t bound,
             int64_t steps = kProofSteps);

}  // namespace lagnet::draw

#endif  // LAGNET_SERVER_DRAW_BOUND_H_
