#ifndef LAGNET_SERVER_VISITS_CLOSED_LIST_H_
#define LAGNET_SERVER_VISITS_CLOSED_LIST_H_

#include <functional>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"
#include "server/draw/dossier.h"
#include "server/visits/seats.h"

namespace lagnet::visits {

// Who takes part in the draw of a visit's seats, as the draw sees it: every
// party that waits, whole, with the visit's shares and its limit for one
// organisation. Minimums hold in the draw although sign-up is over. `weights`
// has what sign-ups count, if not 1 (WeighParties() of seat_history_store.h);
// `salt` makes 32 random bytes.
draw::ClosedList CloseList(const SeatPlan& plan,
                           const std::map<std::string, int>& weights,
                           const std::function<draw::Digest()>& salt);

// As it is kept, and back.
nlohmann::json PackList(const draw::ClosedList& list);
absl::StatusOr<draw::ClosedList> UnpackList(const nlohmann::json& packed);

// The same list, and the same root, without what the people of a sign-up said.
draw::ClosedList WithoutPeopleOf(const draw::ClosedList& list,
                                 const std::string& sign_up);

// What the draw came to, for those who still wait: who gave up meanwhile is
// left out, and who came back after a refusal goes last.
DrawCommand CommandOf(const draw::ClosedList& list, const draw::Result& result,
                      const SeatPlan& plan);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_CLOSED_LIST_H_
