#include "server/visits/visit.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <set>
#include <utility>

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

// Until when minimums hold that say nothing else. Where all seats are given out
// when sign-up has ended, one that held till then would keep none.
absl::Time MinimumsEnd(Policy policy, const Instants& instants) {
  if (policy != Policy::kPriorityGroups) return instants.sign_up_end;
  return instants.start > instants.sign_up_end ? instants.start : instants.end;
}

absl::Time MinimumEnd(const StudyVisit& visit, const ShareRule& share) {
  return share.min_until ? EndOfMinute(*share.min_until, visit.time_zone)
                         : MinimumsEnd(visit.rules.policy, InstantsOf(visit));
}

absl::Status CheckMinimumHolds(const StudyVisit& visit, const ShareRule& share,
                               const std::string& field) {
  if (visit.rules.policy != Policy::kPriorityGroups || !share.min_until ||
      (share.min == 0 && share.min_percent == 0) ||
      EndOfMinute(*share.min_until, visit.time_zone) >
          InstantsOf(visit).sign_up_end) {
    return absl::OkStatus();
  }
  return InvalidField(
      field,
      "must be later than sign_up_end: with PRIORITY_GROUPS all "
      "seats are given out then, and none would be kept; leave "
      "it out to keep them until the visit begins");
}

absl::Status CheckDeadlines(const StudyVisit& visit) {
  const auto check = [&](const std::optional<absl::CivilSecond>& time,
                         const std::string& field) {
    return time && *time > visit.start
               ? InvalidField("study_visit.seat_rules." + field,
                              "must not be later than the visit's start")
               : absl::OkStatus();
  };
  RETURN_IF_ERROR(check(visit.rules.placeholders_end, "placeholders_end"));
  RETURN_IF_ERROR(
      check(visit.rules.free_withdrawal_end, "free_withdrawal_end"));
  for (size_t i = 0; i < visit.rules.shares.size(); ++i) {
    const ShareRule& share = visit.rules.shares[i];
    const std::string field = absl::StrCat("shares[", i, "].min_until");
    RETURN_IF_ERROR(check(share.min_until, field));
    RETURN_IF_ERROR(
        CheckMinimumHolds(visit, share, "study_visit.seat_rules." + field));
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

// The share of two that are one, for as many people as both together. Per cent
// stay what they are; other numbers are of seats then.
ShareRule Join(const StudyVisit& visit, const ShareRule& one,
               const ShareRule& other) {
  const std::vector<Share> seats =
      SharesOf({.shares = {one, other}}, visit.seats);
  ShareRule both = other;
  if (seats[1].min == 0 || seats[0].min == 0) {
    const ShareRule& asks = seats[1].min == 0 ? one : other;
    both.min = asks.min;
    both.min_percent = asks.min_percent;
    both.min_until = asks.min_until;
  } else {
    const bool in_percent = one.min_percent > 0 && other.min_percent > 0;
    both.min = in_percent ? 0 : seats[0].min + seats[1].min;
    both.min_percent = in_percent ? one.min_percent + other.min_percent : 0;
    if (MinimumEnd(visit, one) > MinimumEnd(visit, other)) {
      both.min_until = one.min_until;
    }
  }
  if (seats[1].max == kNoLimit || seats[0].max == kNoLimit) {
    const ShareRule& limits = seats[1].max == kNoLimit ? one : other;
    both.max = limits.max;
    both.max_percent = limits.max_percent;
  } else {
    const bool in_percent = one.max_percent > 0 && other.max_percent > 0;
    both.max = in_percent ? 0 : seats[0].max + seats[1].max;
    both.max_percent =
        in_percent ? std::min(one.max_percent + other.max_percent, 100) : 0;
  }
  return both;
}

// Makes it ask for no more than one organisation may have, and have as much as
// it asks for.
void MendLimits(const StudyVisit& visit, ShareRule& share) {
  const Share seats = SharesOf({.shares = {share}}, visit.seats)[0];
  const int limit = visit.seats_per_organization;
  const int min = limit > 0 ? std::min(seats.min, limit) : seats.min;
  if (min < seats.min) {
    share.min = min;
    share.min_percent = 0;
  }
  if (min > seats.max) {
    share.max = min;
    share.max_percent = 0;
  }
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
  const VisitRules& rules = visit.rules;
  std::vector<Share> shares = SharesOf(rules, visit.seats);
  for (size_t i = 0; i < shares.size(); ++i) {
    shares[i].min_until = MinimumEnd(visit, rules.shares[i]);
  }
  return {.state = visit.state,
          .seats = visit.seats,
          .seats_per_organization = visit.seats_per_organization,
          .sign_up_start = instants.sign_up_start,
          .sign_up_end = instants.sign_up_end,
          .start = instants.start,
          .end = instants.end,
          .policy = rules.policy,
          .is_drawn = visit.is_drawn,
          .who = rules.who,
          .shares = ShareBook(std::move(shares)),
          .priority_groups = rules.priority_groups,
          .confirm_within = absl::Hours(rules.confirm_hours),
          .verify_within = absl::Hours(HoursToVerify(rules)),
          .verify_until =
              rules.policy == Policy::kDraw
                  ? instants.sign_up_end + absl::Hours(kVerifyHoursBeforeDraw)
                  : absl::InfiniteFuture(),
          .unverified_per_network = UnverifiedPerNetwork(visit.seats),
          .unverified_per_organization = UnverifiedPerOrganization(visit.seats),
          .offer_for = absl::Hours(rules.offer_hours),
          .hold_for = absl::Hours(rules.hold_hours),
          .largest_hold = rules.largest_hold,
          .placeholders_end =
              rules.placeholders_end
                  ? EndOfMinute(*rules.placeholders_end, visit.time_zone)
                  : instants.sign_up_end,
          .project = rules.first_seats_first ? visit.project : ""};
}

std::string RulesText(const StudyVisit& visit) {
  nlohmann::json text = {
      {"rules", ToJson(visit.rules)},
      {"seats", visit.seats},
      {"seats_per_organization", visit.seats_per_organization},
      {"study_visit", visit.id},
      {"time_zone", visit.time_zone},
      {"start", FormatLocalDateTime(visit.start)}};
  if (visit.sign_up_start) {
    text["sign_up_start"] = FormatLocalDateTime(*visit.sign_up_start);
  }
  if (visit.rules.first_seats_first) text["project"] = visit.project;
  if (visit.sign_up_end) {
    text["sign_up_end"] = FormatLocalDateTime(*visit.sign_up_end);
  }
  return text.dump();
}

void ReadRulesText(const std::string& text, StudyVisit& visit) {
  const nlohmann::json json = nlohmann::json::parse(text);
  visit.rules = RulesFromJson(json.at("rules"));
  visit.seats = json.at("seats");
  visit.seats_per_organization = json.at("seats_per_organization");
  visit.sign_up_start = ParseLocalDateTime(json.value("sign_up_start", ""));
  visit.sign_up_end = ParseLocalDateTime(json.value("sign_up_end", ""));
}

void RenameOrganization(const std::string& from, const std::string& to,
                        StudyVisit& visit) {
  const std::vector<ShareRule> before = visit.rules.shares;
  Rename(from, to, visit.rules);
  std::vector<ShareRule>& shares = visit.rules.shares;
  std::set<size_t, std::greater<>> joined;
  for (size_t i = 0; i < shares.size(); ++i) {
    if (before[i].group.organization != from) continue;
    for (size_t j = 0; j < shares.size(); ++j) {
      if (before[j].group.organization != to ||
          shares[j].group != shares[i].group) {
        continue;
      }
      shares[j] = Join(visit, shares[i], shares[j]);
      MendLimits(visit, shares[j]);
      joined.insert(i);
      break;
    }
  }
  for (const size_t i : joined) {
    shares.erase(shares.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

absl::Status CheckVisit(const StudyVisit& visit) {
  RETURN_IF_ERROR(CheckTimes(visit));
  RETURN_IF_ERROR(CheckDays(visit));
  if (visit.seats_per_organization > visit.seats) {
    return InvalidField("study_visit.seats_per_organization",
                        "is more than the seats");
  }
  RETURN_IF_ERROR(CheckDeadlines(visit));
  if (visit.rules.first_seats_first && visit.project.empty()) {
    return InvalidField("study_visit.seat_rules.first_seats_first",
                        "is for the visits of a project; say which one this "
                        "visit is of, in `project`");
  }
  RETURN_IF_ERROR(
      CheckRules(visit.rules, visit.seats, visit.seats_per_organization));
  std::set<std::string> hosts;
  for (size_t i = 0; i < visit.hosts.size(); ++i) {
    if (!hosts.insert(visit.hosts[i]).second) {
      return InvalidField(absl::StrCat("study_visit.hosts[", i, "]"),
                          "is named twice");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckStaysTogether(const StudyVisit& before,
                                const StudyVisit& after) {
  if (before.state == VisitState::kDraft ||
      RulesOf(before).project == RulesOf(after).project) {
    return absl::OkStatus();
  }
  return InvalidField("study_visit.seat_rules.first_seats_first",
                      "and with it the project can be changed only before the "
                      "visit is published");
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
