#ifndef LAGNET_SERVER_VISITS_EVENT_H_
#define LAGNET_SERVER_VISITS_EVENT_H_

#include <vector>

#include "nlohmann/json.hpp"
#include "server/visits/seats.h"

namespace lagnet::visits {

// Events as they are stored with a decision, and back. An event is an array:
// sign-up, state, why it waits, and what else is not as it mostly is.
nlohmann::json PackEvents(const std::vector<Event>& events);
std::vector<Event> UnpackEvents(const nlohmann::json& packed);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_EVENT_H_
