#ifndef LAGNET_SERVER_LEXIMIN_CONFLICT_H_
#define LAGNET_SERVER_LEXIMIN_CONFLICT_H_

#include "absl/time/time.h"
#include "server/draw/outcome.h"
#include "server/draw/problem.h"

namespace lagnet::leximin {

// Why no panel keeps to the shares: one demand if one is enough, else two if
// two are, else a set of which each is needed. The seats are always in force.
// At `deadline` it ends with what it has: a set that may be larger than it need
// be. `problem` has no panel.
draw::Conflict ConflictOf(const draw::Problem& problem, absl::Time deadline);

}  // namespace lagnet::leximin

#endif  // LAGNET_SERVER_LEXIMIN_CONFLICT_H_
