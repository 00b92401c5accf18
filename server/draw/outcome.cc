#include "server/draw/outcome.h"

#include <utility>

#include "server/base/status_macros.h"
#include "server/draw/document.h"
#include "server/draw/reader.h"

namespace lagnet::draw {

using nlohmann::json;

json ToJson(const Outcome& outcome) {
  if (const auto* lottery = std::get_if<Lottery>(&outcome)) {
    return {{"lottery", ToJson(*lottery)}};
  }
  json demands = json::array();
  for (const Demand& demand : std::get<Conflict>(outcome).demands) {
    demands.push_back({{"share", demand.share},
                       {"kind", static_cast<int>(demand.kind)},
                       {"asked", demand.asked},
                       {"eligible", demand.eligible}});
  }
  return {{"conflict", std::move(demands)}};
}

absl::StatusOr<Outcome> ReadOutcome(const Problem& problem,
                                    const json& document) {
  Reader reader(document, "the outcome");
  if (reader.Has("lottery")) {
    const json lottery = reader.Object("lottery");
    RETURN_IF_ERROR(reader.status());
    return ReadLottery(problem, lottery);
  }
  Conflict conflict;
  for (Reader& part : reader.Parts("conflict")) {
    constexpr int kMost = kMaxParties * kMaxSeats;
    Demand demand{part.Text("share"),
                  static_cast<Demand::Kind>(part.Int("kind", 0, 1)),
                  static_cast<int>(part.Int("asked", 0, kMaxSeats)),
                  static_cast<int>(part.Int("eligible", 0, kMost))};
    RETURN_IF_ERROR(part.status());
    conflict.demands.push_back(std::move(demand));
  }
  RETURN_IF_ERROR(reader.status());
  return conflict;
}

}  // namespace lagnet::draw
