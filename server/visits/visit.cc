#include "server/visits/visit.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/base/zoned_time.h"

namespace lagnet::visits {
namespace {

absl::Status CheckTimes(const StudyVisit& visit) {
  const Instants instants = InstantsOf(visit);
  if (instants.end <= instants.start) {
    return InvalidField("study_visit.end", "must be later than start");
  }
  if (visit.sign_up_end && *visit.sign_up_end > visit.start) {
    return InvalidField("study_visit.sign_up_end",
                        "must not be later than start");
  }
  if (instants.sign_up_end <= instants.sign_up_start) {
    return InvalidField("study_visit.sign_up_end",
                        "must be later than sign_up_start");
  }
  return absl::OkStatus();
}

absl::Status CheckDays(const StudyVisit& visit) {
  const absl::CivilDay first(visit.start);
  const absl::CivilDay last(visit.end);
  for (size_t i = 0; i < visit.days.size(); ++i) {
    const std::string path = absl::StrCat("study_visit.days[", i, "].date");
    const absl::CivilDay date = visit.days[i].date;
    if (date < first || date > last) {
      return InvalidField(path, "lies outside the visit");
    }
    if (i > 0 && date <= visit.days[i - 1].date) {
      return InvalidField(path, "must be later than the day before it");
    }
  }
  return absl::OkStatus();
}

}  // namespace

Instants InstantsOf(const StudyVisit& visit) {
  const std::string& zone = visit.time_zone;
  Instants instants{
      .start = InstantOf(visit.start, zone, Favour::kLater),
      .end = InstantOf(visit.end, zone, Favour::kLater),
      .sign_up_start = absl::InfinitePast(),
  };
  if (visit.sign_up_start) {
    instants.sign_up_start =
        InstantOf(*visit.sign_up_start, zone, Favour::kEarlier);
  }
  instants.sign_up_end = visit.sign_up_end
                             ? EndOfMinute(*visit.sign_up_end, zone)
                             : instants.start;
  return instants;
}

bool IsSignUpOpen(const StudyVisit& visit, absl::Time now) {
  const Instants instants = InstantsOf(visit);
  return visit.state == VisitState::kPublished &&
         now >= instants.sign_up_start && now < instants.sign_up_end;
}

SeatRules RulesOf(const StudyVisit& visit) {
  const Instants instants = InstantsOf(visit);
  return {.state = visit.state,
          .seats = visit.seats,
          .seats_per_organization = visit.seats_per_organization,
          .sign_up_start = instants.sign_up_start,
          .sign_up_end = instants.sign_up_end,
          .end = instants.end};
}

absl::Status CheckVisit(const StudyVisit& visit) {
  RETURN_IF_ERROR(CheckTimes(visit));
  RETURN_IF_ERROR(CheckDays(visit));
  if (visit.seats_per_organization > visit.seats) {
    return InvalidField("study_visit.seats_per_organization",
                        "is more than the seats");
  }
  std::set<std::string> hosts;
  for (size_t i = 0; i < visit.hosts.size(); ++i) {
    if (!hosts.insert(visit.hosts[i]).second) {
      return InvalidField(absl::StrCat("study_visit.hosts[", i, "]"),
                          "is named twice");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckMove(const StudyVisit& visit, VisitState to, absl::Time now) {
  const VisitState from = to == VisitState::kPublished ? VisitState::kDraft
                                                       : VisitState::kPublished;
  if (visit.state != from) {
    return Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
                 absl::StrCat("the study visit is ", NameOf(visit.state),
                              ", it must be ", NameOf(from)))
        .With("state", NameOf(visit.state));
  }
  const absl::Time start = InstantsOf(visit).start;
  if (to == VisitState::kCompleted && now < start) {
    return Error(absl::StatusCode::kFailedPrecondition, "TOO_EARLY",
                 "the study visit has not started yet")
        .With("startTime", absl::FormatTime(start, absl::UTCTimeZone()));
  }
  return absl::OkStatus();
}

bool Matches(const StudyVisit& visit, const VisitFilter& filter) {
  const auto fits = [](const std::string& wanted, const std::string& is) {
    return wanted.empty() || wanted == is;
  };
  const auto has = [](const std::string& wanted,
                      const std::vector<std::string>& items) {
    return wanted.empty() ||
           std::find(items.begin(), items.end(), wanted) != items.end();
  };
  const bool state = filter.state == VisitState::kUnspecified
                         ? visit.state != VisitState::kDraft
                         : visit.state == filter.state;
  return state && fits(filter.network, visit.network) &&
         fits(filter.project, visit.project) && has(filter.host, visit.hosts) &&
         has(filter.language, visit.languages);
}

}  // namespace lagnet::visits
