#ifndef LAGNET_SERVER_DRAW_OUTCOME_H_
#define LAGNET_SERVER_DRAW_OUTCOME_H_

#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"
#include "server/draw/lottery.h"
#include "server/draw/problem.h"

// What a solver answers: a lottery, or why there is none.
namespace lagnet::draw {

// A limit of a share that has its part in a conflict.
struct Demand {
  enum class Kind { kMin = 0, kMax = 1 };

  std::string share;
  Kind kind = Kind::kMin;
  int asked = 0;     // Seats: at least, or at most.
  int eligible = 0;  // People who applied and belong to the share.

  bool operator==(const Demand&) const = default;
};

// Demands that no panel meets together, though without any one of them one
// would: "territory Kotla asks for 2, one eligible person applied".
struct Conflict {
  std::vector<Demand> demands;

  bool operator==(const Conflict&) const = default;
};

using Outcome = std::variant<Lottery, Conflict>;

nlohmann::json ToJson(const Outcome& outcome);
absl::StatusOr<Outcome> ReadOutcome(const Problem& problem,
                                    const nlohmann::json& json);

}  // namespace lagnet::draw

#endif  // LAGNET_SERVER_DRAW_OUTCOME_H_
