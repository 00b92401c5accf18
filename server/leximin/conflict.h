#ifndef LAGNET_SERVER_LEXIMIN_CONFLICT_H_
#define LAGNET_SERVER_LEXIMIN_CONFLICT_H_

#include "server/draw/outcome.h"
#include "server/draw/problem.h"

namespace lagnet::leximin {

// Why no panel keeps to the shares: one demand if one is enough, else two if
// two are, else a set of which each is needed. The seats are always in force.
// `problem` has no panel.
draw::Conflict ConflictOf(const draw::Problem& problem);

}  // namespace lagnet::leximin

#endif  // LAGNET_SERVER_LEXIMIN_CONFLICT_H_
