#ifndef LAGNET_TESTS_VISITS_PLAN_TEXT_H_
#define LAGNET_TESTS_VISITS_PLAN_TEXT_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "server/visits/seats.h"

namespace lagnet::visits {

inline absl::Time At(int second) { return absl::FromUnixSeconds(second); }

// Everything that a plan knows, as text: two plans are equal if their texts
// are, and a failing test shows where they differ.
inline std::string TextOf(const SeatPlan& plan) {
  const SeatRules& rules = plan.rules();
  std::string text = absl::StrCat(
      "version ", plan.version(), " state ", static_cast<int>(rules.state),
      " seats ", rules.seats, " share ", rules.seats_per_organization,
      " window ", absl::ToUnixSeconds(rules.sign_up_start), "-",
      absl::ToUnixSeconds(rules.sign_up_end), " end ",
      absl::ToUnixSeconds(rules.end), " confirmed ", plan.confirmed(),
      " waiting ", plan.waiting(), " queue ", absl::StrJoin(plan.queue(), ","),
      "\n");
  for (const Party* party : plan.parties()) {
    absl::StrAppend(&text, party->sign_up, " of ", party->organization, " (",
                    plan.confirmed_of(party->organization), ") members ",
                    party->members, " people ",
                    absl::StrJoin(party->people, ","), " state ",
                    static_cast<int>(party->state), " arrival ", party->arrival,
                    " position ", plan.PositionOf(party->sign_up), "\n");
  }
  return text;
}

}  // namespace lagnet::visits

#endif  // LAGNET_TESTS_VISITS_PLAN_TEXT_H_
