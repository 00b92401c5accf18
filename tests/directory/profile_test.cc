// What an organisation can be, whatever is stored.

#include "server/directory/profile.h"

#include <functional>

#include "server/directory/field_change.h"
#include "tests/support/matchers.h"

namespace lagnet::directory {
namespace {

using support::IsOk;
using support::WrongFields;
using testing::ElementsAre;

const absl::CivilDay kEarly(2020, 1, 1);
const absl::CivilDay kLate(2021, 1, 1);

Profile Good() {
  return {
      .memberships = {{"ksow", kEarly, kLate},
                      {"ksow", kLate + 1, std::nullopt},
                      {"elard", std::nullopt, std::nullopt}},
      .partner_registrations = {{"ksow", PartnerStatus::kEnded, kEarly, kEarly,
                                 kLate},
                                {"elard", PartnerStatus::kApplied}},
      .funds = {{Fund::kEafrd, "PROW", {2014, 2020}}, {Fund::kErdf, "", {}}},
      .strategy = Strategy{.years = {2016, 2022}, .themes = {"water"}},
      .legal_form = LegalForm{"association", "8888"},
      .founded_on = kEarly,
      .register_entry = RegisterEntry{"KRS", "0000312844", kLate},
      .member_counts = MemberCounts{10, 1, 2, 3, 4},
      .bodies = {Body::kAssembly, Body::kBoard},
  };
}

TEST(ProfileTest, RefusesWhatCannotBe) {
  EXPECT_THAT(CheckProfile(Good()), IsOk());
  EXPECT_THAT(CheckProfile({}), IsOk());
  struct Case {
    std::function<void(Profile&)> spoil;
    const char* field;
  };
  const Case cases[] = {
      {[](Profile& p) { p.memberships[0].until = kEarly - 1; },
       "organization.memberships[0].until"},
      {[](Profile& p) { p.memberships[1].since = kLate; },
       "organization.memberships[1].network"},
      {[](Profile& p) {
         p.memberships.push_back({"elard", kEarly, kLate});
       },
       "organization.memberships[3].network"},
      {[](Profile& p) { p.partner_registrations[1].network = "ksow"; },
       "organization.partner_registrations[1].network"},
      {[](Profile& p) { p.partner_registrations[1].registered_on = kLate; },
       "organization.partner_registrations[1].registered_on"},
      {[](Profile& p) { p.partner_registrations[1].ended_on = kLate; },
       "organization.partner_registrations[1].ended_on"},
      {[](Profile& p) { p.partner_registrations[0].applied_on = kLate; },
       "organization.partner_registrations[0].registered_on"},
      {[](Profile& p) { p.partner_registrations[0].ended_on = kEarly - 1; },
       "organization.partner_registrations[0].ended_on"},
      {[](Profile& p) { p.funds[0].years.end = 2013; },
       "organization.funds[0].end_year"},
      {[](Profile& p) { p.strategy->years.start = 2023; },
       "organization.strategy.end_year"},
      {[](Profile& p) { p.strategy->themes.push_back("water"); },
       "organization.strategy.themes[1]"},
      {[](Profile& p) { p.legal_form->elf_code = "88"; },
       "organization.legal_form.elf_code"},
      {[](Profile& p) { p.legal_form->elf_code = "88-8"; },
       "organization.legal_form.elf_code"},
      {[](Profile& p) { p.member_counts->total = 11; },
       "organization.member_counts.total"},
      {[](Profile& p) { p.bodies.push_back(Body::kBoard); },
       "organization.bodies[2]"},
  };
  for (const Case& c : cases) {
    Profile profile = Good();
    c.spoil(profile);
    EXPECT_THAT(WrongFields(CheckProfile(profile)), ElementsAre(c.field));
  }
}

TEST(ProfileTest, TakesCountsWithoutSectors) {
  EXPECT_THAT(CheckProfile({.member_counts = MemberCounts{.total = 65}}),
              IsOk());
  EXPECT_THAT(CheckProfile({.member_counts = MemberCounts{.total = 65,
                                                          .public_sector = 18,
                                                          .private_sector = 14,
                                                          .civic_sector = 33}}),
              IsOk());
  // Sums that an int would not hold.
  EXPECT_FALSE(CheckProfile({.member_counts =
                                 MemberCounts{.total = 2,
                                              .public_sector = 2'147'483'647,
                                              .private_sector = 2'147'483'647,
                                              .civic_sector = 4}})
                   .ok());
}

TEST(ProfileTest, RefusesDaysThatNobodyHasSeenYet) {
  const absl::Time now = absl::FromCivil(absl::CivilSecond(2026, 7, 1, 9, 0, 0),
                                         absl::UTCTimeZone());
  EXPECT_THAT(CheckNotInFuture("as_of", Day(), now), IsOk());
  EXPECT_THAT(CheckNotInFuture("as_of", absl::CivilDay(2026, 7, 1), now),
              IsOk());
  EXPECT_THAT(
      WrongFields(CheckNotInFuture("as_of", absl::CivilDay(2026, 7, 2), now)),
      ElementsAre("as_of"));
  // Later that day, it is tomorrow in the east.
  EXPECT_THAT(CheckNotInFuture("as_of", absl::CivilDay(2026, 7, 2),
                               now + absl::Hours(2)),
              IsOk());
}

}  // namespace
}  // namespace lagnet::directory
