#include "server/visits/presets.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"

namespace lagnet::visits {
namespace {

constexpr int kConfirmHours = 72;
constexpr int kOfferHours = 48;
constexpr int kHoldHours = 24;
constexpr int kLargestHold = 5;

// What a partner does not take is for all others in time to sign up for it: a
// week before sign-up ends, or half-way through a shorter window.
absl::CivilSecond KeptUntil(const StudyVisit& visit) {
  constexpr int64_t kWeek = int64_t{7} * 24 * 60 * 60;
  const absl::CivilSecond end = visit.sign_up_end.value_or(visit.start);
  int64_t before = kWeek;
  if (visit.sign_up_start) {
    before = std::min(before, (end - *visit.sign_up_start) / 2);
  }
  return absl::CivilSecond(absl::CivilMinute(end - before));
}

}  // namespace

absl::StatusOr<VisitRules> Suggest(Preset preset, const StudyVisit& visit,
                                   const std::vector<std::string>& partners) {
  VisitRules rules{.policy = Policy::kOrderOfArrival};
  if (preset == Preset::kDraw) {
    rules.policy = Policy::kDraw;
    rules.offer_hours = kOfferHours;
    return rules;
  }
  rules.hold_hours = kHoldHours;
  rules.largest_hold = kLargestHold;
  if (preset == Preset::kOrderOfArrival) return rules;
  const int count = static_cast<int>(partners.size());
  if (count == 0) {
    return InvalidField("organizations",
                        "must name the partners: the visit has no project "
                        "that does");
  }
  if (count > std::min(visit.seats, kMaxShares)) {
    return InvalidField(
        "organizations",
        absl::StrCat("are ", count, " partners: each must have a seat of the ",
                     visit.seats, ", and at most ", kMaxShares,
                     " can have seats kept"));
  }
  rules.confirm_hours = kConfirmHours;
  rules.offer_hours = kOfferHours;
  for (const std::string& partner : partners) {
    rules.shares.push_back({.group = {.organization = partner},
                            .min = visit.seats / count,
                            .min_until = KeptUntil(visit)});
  }
  return rules;
}

}  // namespace lagnet::visits
