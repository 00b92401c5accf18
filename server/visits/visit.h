#ifndef LAGNET_SERVER_VISITS_VISIT_H_
#define LAGNET_SERVER_VISITS_VISIT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "server/base/localized_text.h"
#include "server/visits/plan.h"
#include "server/visits/rules.h"

namespace lagnet::visits {

// One place that the group sees.
struct Stop {
  LocalizedText title;
  std::string host;  // An organisation's id, or empty.
  std::string place;
  std::string theme;
  std::vector<std::string> funds;
};

// One day of the programme.
struct Day {
  absl::CivilDay date;
  LocalizedText title;
  std::vector<Stop> stops;
};

// A visit that organisations host so that others can learn from them. Civil
// times are what people agreed on, in `time_zone`; see also InstantsOf().
struct StudyVisit {
  int64_t row = 0;  // The database's key.
  std::string id;   // "kazbegi-latvia" of "studyVisits/kazbegi-latvia".
  std::string network;
  std::string project;
  std::vector<std::string> hosts;
  LocalizedText title;
  LocalizedText description;
  std::string time_zone;
  absl::CivilSecond start;
  absl::CivilSecond end;
  std::optional<absl::CivilSecond> sign_up_start;
  std::optional<absl::CivilSecond> sign_up_end;
  int seats = 0;
  int seats_per_organization = 0;
  std::vector<std::string> languages;
  std::vector<int> covered;  // StudyVisit.Cover of study_visits.proto.
  std::string contact_email;
  std::vector<Day> days;
  VisitState state = VisitState::kDraft;
  std::string cancel_reason;
  VisitRules rules;
  std::string rules_hash;
  bool is_drawn = false;
  int confirmed = 0;
  int held = 0;
  int waiting = 0;
  int64_t version = 0;
  absl::Time create_time;
  absl::Time update_time;
};

// The instants of a visit's civil times. Where the clocks change, in favour of
// the applicant: opening the earlier instant, deadline the later one, its
// minute included.
struct Instants {
  absl::Time start;
  absl::Time end;
  absl::Time sign_up_start;  // Infinite past: from publication on.
  absl::Time sign_up_end;    // The first moment too late.
};
Instants InstantsOf(const StudyVisit& visit);

// Whether people can sign up at `now`.
bool IsSignUpOpen(const StudyVisit& visit, absl::Time now);

// What binds its seats.
SeatRules RulesOf(const StudyVisit& visit);

// The same as canonical text: what is hashed when the visit is published.
std::string RulesText(const StudyVisit& visit);
// Puts what binds into a visit as such a text has it.
void ReadRulesText(const std::string& text, StudyVisit& visit);

// The visit after one organisation was merged into another. A share of the one
// and a share of the other that are then for one group are one share, for as
// many people as both together.
void RenameOrganization(const std::string& from, const std::string& to,
                        StudyVisit& visit);

// Fails with INVALID_FIELDS: ends before it starts, sign-up ends before it
// begins or after the visit has started, programme days outside the visit, out
// of order or double, hosts named twice, rules that contradict themselves
// (see CheckRules()), deadlines after the start.
absl::Status CheckVisit(const StudyVisit& visit);

// Fails with INVALID_FIELDS where a visit that was published gives seats out
// together with others than before: people are known by its project.
absl::Status CheckStaysTogether(const StudyVisit& before,
                                const StudyVisit& after);

// Fails with FAILED_PRECONDITION / WRONG_STATE, or TOO_EARLY for a visit that
// has not started, unless the visit can go to `to` (published, completed).
absl::Status CheckMove(const StudyVisit& visit, VisitState to, absl::Time now);

// Which visits a list shows. Empty means any.
struct VisitFilter {
  std::string network;
  std::string project;
  std::string host;
  VisitState state = VisitState::kUnspecified;  // Unspecified: no drafts.
  std::string language;
  absl::Time start_after = absl::InfinitePast();
};

// Whether a list with this filter shows the visit; when it starts is left to
// whoever knows the order of visits.
bool Matches(const StudyVisit& visit, const VisitFilter& filter);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_VISIT_H_
