#include "server/visits/visit.h"

#include <string>
#include <vector>

#include "server/base/zoned_time.h"
#include "tests/support/matchers.h"

namespace lagnet::visits {
namespace {

using support::IsOk;
using support::MetadataOf;
using support::StatusIs;
using support::WrongFields;
using testing::ElementsAre;
using Code = absl::StatusCode;

absl::Time Utc(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M", text, &time, &error)) << error;
  return time;
}

StudyVisit Visit(const std::string& zone = "Europe/Warsaw") {
  StudyVisit visit{.id = "v",
                   .hosts = {"a", "b"},
                   .time_zone = zone,
                   .start = absl::CivilSecond(2026, 11, 5, 9, 0, 0),
                   .end = absl::CivilSecond(2026, 11, 7, 16, 0, 0),
                   .seats = 20,
                   .seats_per_organization = 5};
  visit.days = {{.date = absl::CivilDay(2026, 11, 5)},
                {.date = absl::CivilDay(2026, 11, 7)}};
  return visit;
}

TEST(VisitTest, SignUpIsOpenUntilTheStartUnlessSaidOtherwise) {
  StudyVisit visit = Visit();
  EXPECT_EQ(InstantsOf(visit).sign_up_start, absl::InfinitePast());
  EXPECT_EQ(InstantsOf(visit).sign_up_end, Utc("2026-11-05 08:00"));
  EXPECT_EQ(InstantsOf(visit).start, Utc("2026-11-05 08:00"));
  EXPECT_EQ(InstantsOf(visit).end, Utc("2026-11-07 15:00"));
}

TEST(VisitTest, IncludesTheLastMinute) {
  StudyVisit visit = Visit("Asia/Tbilisi");
  visit.state = VisitState::kPublished;
  visit.sign_up_start = absl::CivilSecond(2026, 10, 1, 0, 0, 0);
  visit.sign_up_end = absl::CivilSecond(2026, 10, 31, 23, 59, 0);
  // Georgia is four hours ahead all year.
  const absl::Time opens = Utc("2026-09-30 20:00");
  const absl::Time closes = Utc("2026-10-31 20:00");
  EXPECT_EQ(InstantsOf(visit).sign_up_start, opens);
  EXPECT_EQ(InstantsOf(visit).sign_up_end, closes);
  EXPECT_FALSE(IsSignUpOpen(visit, opens - absl::Nanoseconds(1)));
  EXPECT_TRUE(IsSignUpOpen(visit, opens));
  EXPECT_TRUE(IsSignUpOpen(visit, closes - absl::Nanoseconds(1)));
  EXPECT_FALSE(IsSignUpOpen(visit, closes));
  for (const VisitState state :
       {VisitState::kDraft, VisitState::kCompleted, VisitState::kCancelled}) {
    visit.state = state;
    EXPECT_FALSE(IsSignUpOpen(visit, opens));
  }
}

TEST(VisitTest, DecidesInTheApplicantsFavourWhenTheClocksChange) {
  struct Case {
    const char* what;
    const char* zone;
    const char* civil;
    const char* opens;   // If it is the opening.
    const char* closes;  // If it is the deadline: the minute after it.
  };
  for (const Case& c : {
           Case{"a usual day", "Europe/Warsaw", "2026-07-01T12:00",
                "2026-07-01 10:00", "2026-07-01 10:01"},
           // 25 October 2026, 03:00 CEST: clocks go back to 02:00 CET.
           Case{"it happens twice", "Europe/Warsaw", "2026-10-25T02:30",
                "2026-10-25 00:30", "2026-10-25 01:31"},
           Case{"before the change", "Europe/Warsaw", "2026-10-25T01:59",
                "2026-10-24 23:59", "2026-10-25 00:00"},
           Case{"the last minute that happens twice", "Europe/Warsaw",
                "2026-10-25T02:59", "2026-10-25 00:59", "2026-10-25 02:00"},
           Case{"after the change", "Europe/Warsaw", "2026-10-25T03:00",
                "2026-10-25 02:00", "2026-10-25 02:01"},
           // 28 March 2027, 02:00 CET: clocks go forward to 03:00 CEST.
           Case{"before the gap", "Europe/Warsaw", "2027-03-28T01:59",
                "2027-03-28 00:59", "2027-03-28 01:00"},
           Case{"after the gap", "Europe/Warsaw", "2027-03-28T03:00",
                "2027-03-28 01:00", "2027-03-28 01:01"},
           Case{"no such change there", "Asia/Tbilisi", "2026-10-25T02:30",
                "2026-10-24 22:30", "2026-10-24 22:31"},
       }) {
    SCOPED_TRACE(c.what);
    StudyVisit visit = Visit(c.zone);
    visit.sign_up_start = visit.sign_up_end = *ParseLocalDateTime(c.civil);
    EXPECT_EQ(InstantsOf(visit).sign_up_start, Utc(c.opens));
    EXPECT_EQ(InstantsOf(visit).sign_up_end, Utc(c.closes));
  }
}

TEST(VisitTest, DecidesInTheApplicantsFavourInAMissingHour) {
  // 02:30 never happens on 28 March 2027 in Warsaw.
  StudyVisit visit = Visit();
  visit.sign_up_start = visit.sign_up_end =
      absl::CivilSecond(2027, 3, 28, 2, 30, 0);
  const absl::Time change = Utc("2027-03-28 01:00");
  EXPECT_LE(InstantsOf(visit).sign_up_start, change);
  EXPECT_GE(InstantsOf(visit).sign_up_end, change);
}

TEST(VisitTest, TellsTheSeatsTheirRules) {
  StudyVisit visit = Visit();
  visit.state = VisitState::kPublished;
  visit.sign_up_end = absl::CivilSecond(2026, 11, 1, 12, 0, 0);
  const SeatRules rules = RulesOf(visit);
  EXPECT_EQ(rules.state, VisitState::kPublished);
  EXPECT_EQ(rules.seats, 20);
  EXPECT_EQ(rules.seats_per_organization, 5);
  EXPECT_EQ(rules.sign_up_start, absl::InfinitePast());
  EXPECT_EQ(rules.sign_up_end, Utc("2026-11-01 11:01"));
  EXPECT_EQ(rules.end, Utc("2026-11-07 15:00"));
}

// With priority groups the first seat is given when sign-up has ended.
TEST(VisitTest, KeepsMinimumsWhenSeatsAreGivenOut) {
  StudyVisit visit = Visit();
  visit.sign_up_end = absl::CivilSecond(2026, 11, 1, 12, 0, 0);
  visit.rules.shares = {{.group = {.sector = Sector::kCivic}, .min = 2}};
  const auto kept_until = [&] {
    return RulesOf(visit).shares.shares()[0].min_until;
  };
  EXPECT_EQ(kept_until(), Utc("2026-11-01 11:01"));
  visit.rules.policy = Policy::kPriorityGroups;
  visit.rules.priority_groups = {{.first_timers = true}};
  EXPECT_EQ(kept_until(), Utc("2026-11-05 08:00")) << "until it begins";
  EXPECT_EQ(RulesOf(visit).placeholders_end, Utc("2026-11-01 11:01"));
  EXPECT_THAT(CheckVisit(visit), IsOk());
  visit.rules.shares[0].min_until = absl::CivilSecond(2026, 11, 1, 12, 1, 0);
  EXPECT_THAT(CheckVisit(visit), IsOk());
  EXPECT_EQ(kept_until(), Utc("2026-11-01 11:02"));
  visit.rules.shares[0].min_until = visit.sign_up_end;
  EXPECT_THAT(WrongFields(CheckVisit(visit)),
              ElementsAre("study_visit.seat_rules.shares[0].min_until"));
  visit.rules.shares[0].min = 0;
  visit.rules.shares[0].max = 3;
  EXPECT_THAT(CheckVisit(visit), IsOk()) << "no minimum, nothing to keep";
  visit.sign_up_end.reset();
  visit.rules.shares = {{.group = {.sector = Sector::kCivic}, .min = 2}};
  EXPECT_EQ(kept_until(), Utc("2026-11-07 15:00"))
      << "people sign up until it begins";
}

// Two shares for one group would keep the larger minimum only.
TEST(VisitTest, JoinsTheSharesOfOrganizationsThatAreMerged) {
  const auto at = [](int day) { return absl::CivilSecond(2026, 10, day); };
  const auto share = [](const char* organization, int min, int max = 0) {
    return ShareRule{
        .group = {.organization = organization}, .min = min, .max = max};
  };
  struct Case {
    const char* what;
    ShareRule of_a, of_b;
    std::vector<ShareRule> after;
  };
  ShareRule early = share("a", 2), late = share("b", 3), later = share("b", 5);
  early.min_until = at(1);
  late.min_until = later.min_until = at(2);
  ShareRule per_cent_a{
      .group = {.organization = "a"}, .min_percent = 10, .max_percent = 10};
  ShareRule per_cent_b{
      .group = {.organization = "b"}, .min_percent = 15, .max_percent = 20};
  ShareRule per_cent{
      .group = {.organization = "b"}, .min_percent = 25, .max_percent = 30};
  ShareRule staff = share("b", 1);
  staff.group.staff = true;
  ShareRule staff_of_a = staff;
  staff_of_a.group.organization = "a";
  for (const Case& c : {
           Case{"both", share("a", 1, 3), share("b", 2, 3), {share("b", 3, 6)}},
           Case{"one limit",
                share("a", 1),
                share("b", 2, 4),
                {share("b", 3, 4)}},
           Case{"the other",
                share("a", 1, 2),
                share("b", 2),
                {share("b", 3, 3)}},
           Case{
               "one each", share("a", 3), share("b", 0, 2), {share("b", 3, 3)}},
           Case{"two times", early, late, {later}},
           Case{"per cent", per_cent_a, per_cent_b, {per_cent}},
           Case{"seats and per cent",
                share("a", 1, 1),
                per_cent_b,
                {share("b", 4, 5)}},
           Case{"above the limit",
                share("a", 4),
                share("b", 4),
                {share("b", 5)}},
           Case{"of others", staff_of_a, share("b", 2), {staff, share("b", 2)}},
       }) {
    SCOPED_TRACE(c.what);
    StudyVisit visit = Visit();
    visit.rules.shares = {share("c", 1), c.of_a, c.of_b};
    RenameOrganization("a", "b", visit);
    std::vector<ShareRule> expected = {share("c", 1)};
    expected.insert(expected.end(), c.after.begin(), c.after.end());
    EXPECT_EQ(ToJson(visit.rules), ToJson(VisitRules{.shares = expected}));
    EXPECT_THAT(CheckVisit(visit), IsOk()) << "it can be edited";
  }
}

TEST(VisitTest, AcceptsWhatFitsTogether) {
  EXPECT_THAT(CheckVisit(Visit()), IsOk());
  StudyVisit visit = Visit();
  visit.seats_per_organization = 20;
  visit.sign_up_end = visit.start;
  visit.days.clear();
  EXPECT_THAT(CheckVisit(visit), IsOk());
}

TEST(VisitTest, RefusesWhatDoesNotFitTogether) {
  struct Case {
    const char* field;
    void (*spoil)(StudyVisit& visit);
  };
  for (const Case& c : {
           Case{"study_visit.end", [](StudyVisit& v) { v.end = v.start; }},
           Case{"study_visit.end", [](StudyVisit& v) { v.end = v.start - 60; }},
           Case{"study_visit.sign_up_end",
                [](StudyVisit& v) { v.sign_up_end = v.start + 60; }},
           Case{"study_visit.sign_up_end",
                [](StudyVisit& v) {
                  v.sign_up_start = v.start - 60;
                  v.sign_up_end = v.start - 3600;
                }},
           Case{"study_visit.sign_up_end",
                [](StudyVisit& v) { v.sign_up_start = v.start; }},
           Case{"study_visit.days[0].date",
                [](StudyVisit& v) { v.days[0].date -= 1; }},
           Case{"study_visit.days[1].date",
                [](StudyVisit& v) { v.days[1].date += 1; }},
           Case{"study_visit.days[1].date",
                [](StudyVisit& v) { v.days[1].date = v.days[0].date; }},
           Case{"study_visit.seats_per_organization",
                [](StudyVisit& v) { v.seats_per_organization = 21; }},
           Case{"study_visit.hosts[1]",
                [](StudyVisit& v) { v.hosts[1] = "a"; }},
       }) {
    StudyVisit visit = Visit();
    c.spoil(visit);
    const absl::Status status = CheckVisit(visit);
    EXPECT_THAT(status, StatusIs(Code::kInvalidArgument, "INVALID_FIELDS"));
    EXPECT_THAT(WrongFields(status), ElementsAre(c.field));
  }
}

TEST(VisitTest, GoesFromDraftToPublishedToCompleted) {
  const absl::Time before = Utc("2026-11-05 07:59");
  const absl::Time after = Utc("2026-11-05 08:00");
  const auto wrong = StatusIs(Code::kFailedPrecondition, "WRONG_STATE");
  for (const auto& [state, name] :
       std::vector<std::pair<VisitState, std::string>>{
           {VisitState::kDraft, "DRAFT"},
           {VisitState::kPublished, "PUBLISHED"},
           {VisitState::kCompleted, "COMPLETED"},
           {VisitState::kCancelled, "CANCELLED"}}) {
    StudyVisit visit = Visit();
    visit.state = state;
    const absl::Status publish =
        CheckMove(visit, VisitState::kPublished, before);
    const absl::Status complete =
        CheckMove(visit, VisitState::kCompleted, after);
    EXPECT_EQ(publish.ok(), state == VisitState::kDraft) << name;
    EXPECT_EQ(complete.ok(), state == VisitState::kPublished) << name;
    for (const absl::Status& status : {publish, complete}) {
      if (status.ok()) continue;
      EXPECT_THAT(status, wrong);
      EXPECT_EQ(MetadataOf(status, "state"), name);
    }
    if (state != VisitState::kPublished) continue;
    const absl::Status early = CheckMove(visit, VisitState::kCompleted, before);
    EXPECT_THAT(early, StatusIs(Code::kFailedPrecondition, "TOO_EARLY"));
    EXPECT_EQ(MetadataOf(early, "startTime"), "2026-11-05T08:00:00+00:00");
  }
}

}  // namespace
}  // namespace lagnet::visits
