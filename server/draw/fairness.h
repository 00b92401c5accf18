#ifndef LAGNET_SERVER_DRAW_FAIRNESS_H_
#define LAGNET_SERVER_DRAW_FAIRNESS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/draw/lottery.h"
#include "server/draw/problem.h"

namespace lagnet::draw {

// Shows that no panel has more people than those of the lottery. Fails, in
// words, if the lottery's prices do not show it.
absl::Status CheckPeople(const Problem& problem, const Lottery& lottery);

// By how much a lottery may miss the leximin order at most, in units of 10^-12
// of a chance for each unit of weight. It is the largest of
//   - what the chance of a type misses of that of its level;
//   - by how much more, at some level, the lowest chance of all types that are
//     not in earlier levels could be, if those have no less than theirs;
//   - by how much more a type of the level could have beside that.
// The last two are small errors of the solver, the first is what a lottery over
// whole parties may cost. Fails, in words, if the levels are no proof of
// anything.
//
// `lottery` has passed CheckPanels(). Whole numbers throughout; the levels may
// be anybody's work.
absl::StatusOr<int64_t> ProvenLoss(const Problem& problem,
                                   const Lottery& lottery);

}  // namespace lagnet::draw

#endif  // LAGNET_SERVER_DRAW_FAIRNESS_H_
