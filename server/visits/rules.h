#ifndef LAGNET_SERVER_VISITS_RULES_H_
#define LAGNET_SERVER_VISITS_RULES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "nlohmann/json.hpp"
#include "server/visits/plan.h"
#include "server/visits/shares.h"

namespace lagnet::visits {

// What the organiser of a visit lays down before it opens: who may come, and
// who gets the seats. RulesOf() of visit.h makes of it what binds: SeatRules.

// A share as it is laid down: numbers of seats, or per cent of them.
struct ShareRule {
  Group group;
  int min = 0;
  int max = 0;  // 0: no limit.
  int min_percent = 0;
  int max_percent = 0;
  // The last minute in which seats are kept for it; until sign-up ends if not
  // set.
  std::optional<absl::CivilSecond> min_until;

  bool operator==(const ShareRule&) const = default;
};

// How long the place is held of who signed up on a web page, if not said.
inline constexpr int kVerifyHours = 24;
// How long after the end of sign-up an address may be confirmed at most where
// the seats are drawn: till then the list stays open. Half a day, for whoever
// signs up in the last minute and reads mail in the evening.
inline constexpr int kVerifyHoursBeforeDraw = 12;

// How much more parties count in a draw who had no seat in so many years before
// the visit; see seat_history.h. A weight of 0 is 1.
struct DrawWeights {
  int years = 0;
  int newcomers = 0;
  int new_organizations = 0;

  bool operator==(const DrawWeights&) const = default;
};

struct VisitRules {
  Policy policy = Policy::kUnspecified;
  WhoMayCome who;
  std::vector<ShareRule> shares;
  std::vector<Group> priority_groups;
  int confirm_hours = 0;
  int verify_hours = 0;  // 0: kVerifyHours.
  int offer_hours = 0;
  int hold_hours = 0;
  int largest_hold = 0;
  // The visits of the project that say so give seats out together.
  bool first_seats_first = false;
  std::optional<absl::CivilSecond> placeholders_end;
  std::optional<absl::CivilSecond> free_withdrawal_end;
  DrawWeights draw_weights;

  bool operator==(const VisitRules&) const = default;
};

int HoursToVerify(const VisitRules& rules);

// Of `seats`, how many are held for people of one network of browsers, or of
// one organisation, who have not confirmed their address: a quarter, or a half,
// but enough for a small group.
int UnverifiedPerNetwork(int seats);
int UnverifiedPerOrganization(int seats);

// As they are stored. Equal rules have equal texts.
nlohmann::json ToJson(const VisitRules& rules);
VisitRules RulesFromJson(const nlohmann::json& json);

// The territory codes and the organisations' ids that the rules name.
std::vector<std::string> TerritoriesIn(const VisitRules& rules);
std::vector<std::string> OrganizationsIn(const VisitRules& rules);
// The same rules after one organisation was merged into another.
void Rename(const std::string& from, const std::string& to, VisitRules& rules);

// The shares in seats, of `seats` in all: at least so many per cent rounds up,
// at most rounds down. Times are left out.
std::vector<Share> SharesOf(const VisitRules& rules, int seats);

// Fails with INVALID_FIELDS where rules contradict themselves: a minimum above
// its maximum or above the seats, minimums that together ask for more seats
// than there are, a group inside another one that asks for more than that may
// have, a share of people who may not come, a draw or an order of groups
// without what it needs.
absl::Status CheckRules(const VisitRules& rules, int seats,
                        int seats_per_organization);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_RULES_H_
