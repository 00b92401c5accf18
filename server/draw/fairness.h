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
// of a chance for each unit of weight. It is the largest, over all levels, of
// what
//   - a type that is not in earlier levels misses of the level's chance, and of
//     what the lowest of these could be at most;
//   - a type of the level misses of what it could have at most;
// if no other type has less than the chance of its own level, or of this one if
// that is less, as far as it can have that. What can be had, the levels tell,
// if they keep to the limits in pieces, or else the lottery: docs/api/draw.md
// has it. Fails, in words, if the levels are no proof of anything.
//
// `lottery` has passed CheckPanels(). Whole numbers throughout; the levels may
// be anybody's work.
absl::StatusOr<int64_t> ProvenLoss(const Problem& problem,
                                   const Lottery& lottery);

}  // namespace lagnet::draw

#endif  // LAGNET_SERVER_DRAW_FAIRNESS_H_
