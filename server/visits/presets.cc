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
// week before sign-up ends, or half-way through a shorter window. Nobody signs
// up before now, whenever the window begins.
absl::CivilSecond KeptUntil(const StudyVisit& visit, absl::Time now) {
  constexpr int64_t kWeek = int64_t{7} * 24 * 60 * 60;
  absl::TimeZone zone = absl::UTCTimeZone();
  absl::LoadTimeZone(visit.time_zone, &zone);
  const absl::CivilSecond today = absl::ToCivilSecond(now, zone);
  const absl::CivilSecond begin =
      std::max(today, visit.sign_up_start.value_or(today));
  const absl::CivilSecond end = visit.sign_up_end.value_or(visit.start);
  const int64_t half = std::max<int64_t>(end - begin, 0) / 2;
  return absl::CivilSecond(absl::CivilMinute(end - std::min(kWeek, half)));
}

}  // namespace

absl::StatusOr<VisitRules> Suggest(Preset preset, const StudyVisit& visit,
                                   const std::vector<std::string>& partners,
                                   absl::Time now) {
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
  const absl::CivilSecond until = KeptUntil(visit, now);
  for (const std::string& partner : partners) {
    rules.shares.push_back({.group = {.organization = partner},
                            .min = visit.seats / count,
                            .min_until = until});
  }
  return rules;
}

}  // namespace lagnet::visits
