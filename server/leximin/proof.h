#ifndef LAGNET_SERVER_LEXIMIN_PROOF_H_
#define LAGNET_SERVER_LEXIMIN_PROOF_H_

#include <vector>

#include "server/draw/lottery.h"
#include "server/draw/problem.h"

namespace lagnet::leximin {

// A chance, for the solver: the expected parties of a type, times this, is
// about 1 for who has an average chance.
double ScaleOf(const draw::Problem& problem, int people, size_t type);

// What a level is, in the solver's numbers.
struct RoughLevel {
  std::vector<int> types;
  double chance = 0;           // Scaled.
  std::vector<double> gains;   // Of a party of each type; not negative.
  std::vector<double> prices;  // Of the shares, and of the people.
};

// The level in whole numbers, with the bound that its prices show. `fixed`
// says which types earlier levels have.
draw::Level ToLevel(const draw::Problem& problem, int people,
                    const std::vector<bool>& fixed, const RoughLevel& rough);

// The same, with the lowest bound not below `worth`, the best panel's worth by
// the rough gains, that a verifier will find to hold.
draw::Level ToLevel(const draw::Problem& problem, int people,
                    const std::vector<bool>& fixed, const RoughLevel& rough,
                    double worth);

// What shows that no panel has more people.
draw::Prices PeoplePrices(const draw::Problem& problem,
                          const std::vector<double>& prices);

}  // namespace lagnet::leximin

#endif  // LAGNET_SERVER_LEXIMIN_PROOF_H_
