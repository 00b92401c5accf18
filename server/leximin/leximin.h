#ifndef LAGNET_SERVER_LEXIMIN_LEXIMIN_H_
#define LAGNET_SERVER_LEXIMIN_LEXIMIN_H_

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/draw/lottery.h"
#include "server/draw/outcome.h"
#include "server/draw/problem.h"

namespace lagnet::leximin {

// How far Solve() is.
struct Progress {
  std::string step;  // "people", "chances", "panels", then perhaps "levels".
  // Of all steps, from 0 to 1. It never goes back, and is a guess: nobody knows
  // before how many panels it takes.
  double done = 0;
  int panels = 0;  // That were found.
};

// Finds the lottery over panels whose chances, for each unit of weight, are as
// equal as the shares allow: the lowest is as high as can be, then the lowest
// of the others, and so on (leximin). After Flanigan, Gölz, Gupta, Hennig and
// Procaccia, "Fair algorithms for selecting citizens' assemblies", Nature
// 2021, by types rather than people; docs/adr/0020-the-draw.md says how.
//
// At `deadline` it ends with the best that it has, whose ProvenLoss() says how
// good that is. `tell` hears how far it is, often. Fails with INTERNAL if the
// solver fails, and DEADLINE_EXCEEDED if there is no lottery yet.
absl::StatusOr<draw::Outcome> Solve(
    const draw::Problem& problem, absl::Time deadline,
    const std::function<void(const Progress&)>& tell);

}  // namespace lagnet::leximin

#endif  // LAGNET_SERVER_LEXIMIN_LEXIMIN_H_
