#ifndef LAGNET_SERVER_VISITS_WHY_H_
#define LAGNET_SERVER_VISITS_WHY_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/visits/seats.h"

namespace lagnet::visits {

// "Why not me": worked out from the record of decisions, by deciding again.

// A decision as it was kept: without the command's own data.
struct PastDecision {
  int64_t version = 0;
  CommandKind command = CommandKind::kSettle;
  std::vector<Event> events;
  std::string reason;  // Given by who asked for it.
  absl::Time time;
};

// All that was decided about a visit.
struct History {
  // What bound from which version on; the first one from the beginning.
  std::map<int64_t, SeatRules> rules;
  std::map<std::string, Party> parties;  // All that ever were, by sign-up.
  std::vector<PastDecision> decisions;   // In order.
};

// Parties that were behind this one in the queue and got seats before it.
struct Overtaken {
  // Why this party could not have those seats; nothing, if the record does not
  // tell. Its share is one of the rules as they are now, if it still is.
  Obstacle obstacle;
  // Whom the share was for that was full, or all shares that kept seats.
  std::vector<Group> groups;
  bool by_hand = false;  // The host promoted them.
  int people = 0;
};

struct Explanation {
  int first_position = 0;   // In the queue, from 1; 0: had seats at once.
  Obstacle first_obstacle;  // Its share is one of the rules now.
  std::vector<Overtaken> overtaken;  // One for each obstacle.
  std::vector<std::string> promote_reasons;
  // Whether the organisation ranked parties of its own ahead of this one that
  // were behind it, and of how many people.
  bool is_outranked = false;
  int ranked_people = 0;
};

// Fewer people than this are not told of apart: in a village a group of four
// is names (as in statistics, the rule of five).
inline constexpr int kFewestToTell = 5;

// Whom the shares were for that an explanation tells of.
std::vector<Group> GroupsIn(const Explanation& explanation);

// Tells one party only what does not name others.
Explanation Explain(const History& history, const std::string& sign_up);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_WHY_H_
