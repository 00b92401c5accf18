#ifndef LAGNET_SERVER_SOLVER_RUN_H_
#define LAGNET_SERVER_SOLVER_RUN_H_

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/draw/outcome.h"
#include "server/draw/problem.h"

namespace lagnet::solver {

// lagnet-solver, as it lies beside the program that runs.
std::string SolverBesideThis();

// How far a solver is. Percentages are from 0 to 100.
struct Progress {
  std::string step = "people";  // Then "chances", "panels", perhaps "levels".
  int done_percent = 0;         // Of all steps, about; never goes back.
  int panels = 0;               // That were found.
  int time_percent = 0;         // Of `limit`.
};

// Has the program at `path` solve a problem, and waits for it: at most
// `limit`, after which it answers the best lottery that it has, and a little
// longer until it is killed. Thread-safe; `progress` is called in this thread,
// often and once a second at least.
//
// The lottery has passed CheckPanels() and CheckPeople(), and its ProvenLoss()
// is within the tolerance. Fails with
//   INVALID_ARGUMENT   the problem does not pass Check()
//   DEADLINE_EXCEEDED  there was no answer in time, or none that is proven fair
//   UNAVAILABLE        the program cannot be started
//   INTERNAL           it crashed, or its answer is none
absl::StatusOr<draw::Outcome> RunSolver(
    const std::string& path, const draw::Problem& problem, absl::Duration limit,
    const std::function<void(const Progress&)>& progress);

}  // namespace lagnet::solver

#endif  // LAGNET_SERVER_SOLVER_RUN_H_
