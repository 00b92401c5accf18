#ifndef LAGNET_TESTS_VISITS_PLAN_TEXT_H_
#define LAGNET_TESTS_VISITS_PLAN_TEXT_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "server/visits/seats.h"

namespace lagnet::visits {

inline absl::Time At(int second) { return absl::FromUnixSeconds(second); }

// The sign-ups that wait, the first one first.
inline std::vector<std::string> QueueOf(const SeatPlan& plan) {
  std::vector<std::string> ids;
  for (const auto& [key, sign_up] : plan.queue()) ids.push_back(sign_up);
  return ids;
}

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
      " waiting ", plan.waiting(), " taken ", plan.taken(), " of shares ",
      absl::StrJoin(plan.share_counts(), ","), " drawn ", rules.is_drawn,
      " queue ", absl::StrJoin(QueueOf(plan), ","), " held for");
  for (const SeatPlan::QueueKey& key : plan.held_for()) {
    absl::StrAppend(&text, " ", key.tier, "/", key.rank, "/", key.arrival);
  }
  absl::StrAppend(&text, "\n");
  for (const Party* party : plan.parties()) {
    absl::StrAppend(
        &text, party->sign_up, " of ", party->organization, " (",
        plan.taken_of(party->organization), ") state ",
        static_cast<int>(party->state), " seats ", party->seats, " least ",
        party->least(), " due ", absl::ToUnixSeconds(party->due), " hold ",
        absl::ToUnixSeconds(party->hold_until), " rank ", party->rank,
        party->is_unverified ? " unverified" : "", " of all ",
        plan.unverified_for(party->organization), " from ", party->network, " ",
        plan.unverified_from(party->network), " arrival ", party->arrival,
        " place ", party->place, party->is_second ? " second" : "",
        " position ", plan.PositionOf(party->sign_up), " people");
    for (const Person& person : party->members) {
      absl::StrAppend(&text, " ", person.hash, "/", person.shares);
    }
    absl::StrAppend(&text, "\n");
  }
  return text;
}

}  // namespace lagnet::visits

#endif  // LAGNET_TESTS_VISITS_PLAN_TEXT_H_
