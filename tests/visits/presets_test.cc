#include "server/visits/presets.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/zoned_time.h"
#include "tests/visits/fixture.h"

namespace lagnet::visits {
namespace {

using support::FromText;
using support::HasProto;
using support::IsOk;
using support::IsOkAndHolds;
using support::StatusIs;
using testing::HasSubstr;
using testing::IsEmpty;
using Code = absl::StatusCode;

const absl::Time kLongAgo = absl::UnixEpoch();

StudyVisit PresetVisit(int seats) {
  return {.id = "v",
          .time_zone = "Europe/Warsaw",
          .start = absl::CivilSecond(2036, 5, 1, 9, 0, 0),
          .end = absl::CivilSecond(2036, 5, 2, 16, 0, 0),
          .sign_up_end = absl::CivilSecond(2036, 4, 20, 23, 59, 0),
          .seats = seats};
}

TEST(PresetsTest, KeepAsManySeatsForEachPartner) {
  const StudyVisit visit = PresetVisit(17);
  ASSERT_OK_AND_ASSIGN(
      const VisitRules rules,
      Suggest(Preset::kSeatsPerPartner, visit, {"a", "b", "c", "d"}, kLongAgo));
  ASSERT_EQ(rules.shares.size(), 4u);
  for (const ShareRule& share : rules.shares) {
    EXPECT_EQ(share.min, 4);
    EXPECT_EQ(share.max, 0) << "a partner may have more";
    EXPECT_EQ(share.min_until, absl::CivilSecond(2036, 4, 13, 23, 59, 0));
  }
  EXPECT_EQ(rules.shares[3].group.organization, "d");
  EXPECT_EQ(rules.confirm_hours, 72);
}

TEST(PresetsTest, KeepThemForHalfOfAShortWindow) {
  StudyVisit visit = PresetVisit(4);
  visit.sign_up_start = absl::CivilSecond(2036, 4, 18, 23, 59, 0);
  ASSERT_OK_AND_ASSIGN(const VisitRules rules, Suggest(Preset::kSeatsPerPartner,
                                                       visit, {"a"}, kLongAgo));
  EXPECT_EQ(rules.shares[0].min_until,
            absl::CivilSecond(2036, 4, 19, 23, 59, 0));
}

// Nobody can sign up before now, whatever the rules say.
TEST(PresetsTest, KeepThemForHalfOfWhatIsLeftOfTheWindow) {
  StudyVisit visit = PresetVisit(4);
  const auto kept_until = [&](absl::CivilSecond now) {
    const auto rules =
        Suggest(Preset::kSeatsPerPartner, visit, {"a"},
                InstantOf(now, visit.time_zone, Favour::kEarlier));
    EXPECT_THAT(rules, IsOk());
    return *rules->shares[0].min_until;
  };
  using Civil = absl::CivilSecond;
  EXPECT_EQ(kept_until(Civil(2036, 4, 1)), Civil(2036, 4, 13, 23, 59, 0));
  EXPECT_EQ(kept_until(Civil(2036, 4, 18, 23, 59, 0)),
            Civil(2036, 4, 19, 23, 59, 0));
  visit.sign_up_start = Civil(2036, 1, 1);
  EXPECT_EQ(kept_until(Civil(2036, 4, 18, 23, 59, 0)),
            Civil(2036, 4, 19, 23, 59, 0))
      << "it has begun already";
  visit.sign_up_start = Civil(2036, 4, 20, 21, 59, 0);
  EXPECT_EQ(kept_until(Civil(2036, 4, 18, 23, 59, 0)),
            Civil(2036, 4, 20, 22, 59, 0));
  EXPECT_EQ(kept_until(Civil(2036, 4, 25)), *visit.sign_up_end) << "it is over";
}

TEST(PresetsTest, RefusePartnersWithoutASeat) {
  const auto is_invalid = StatusIs(Code::kInvalidArgument, "INVALID_FIELDS");
  EXPECT_THAT(Suggest(Preset::kSeatsPerPartner, PresetVisit(2), {}, kLongAgo),
              is_invalid);
  EXPECT_THAT(
      Suggest(Preset::kSeatsPerPartner, PresetVisit(2), {"a", "b"}, kLongAgo),
      IsOk());
  EXPECT_THAT(Suggest(Preset::kSeatsPerPartner, PresetVisit(2), {"a", "b", "c"},
                      kLongAgo),
              is_invalid);
  std::vector<std::string> many;
  for (int i = 0; i <= kMaxShares; ++i) many.push_back(absl::StrCat("p", i));
  EXPECT_THAT(
      Suggest(Preset::kSeatsPerPartner, PresetVisit(100), many, kLongAgo),
      is_invalid);
}

// What is suggested can be published as it is, whatever the visit.
TEST(PresetsTest, SuggestWhatContradictsNothing) {
  for (const Preset preset :
       {Preset::kOrderOfArrival, Preset::kSeatsPerPartner, Preset::kDraw}) {
    for (const int seats : {3, 7, 50}) {
      StudyVisit visit = PresetVisit(seats);
      ASSERT_OK_AND_ASSIGN(visit.rules,
                           Suggest(preset, visit, {"a", "b", "c"}, kLongAgo));
      EXPECT_THAT(CheckRules(visit.rules, seats, 0), IsOk());
      EXPECT_EQ(visit.rules.policy == Policy::kDraw, preset == Preset::kDraw);
      EXPECT_EQ(visit.rules.shares.empty(), preset != Preset::kSeatsPerPartner);
    }
  }
}

class PresetServiceTest : public VisitServiceTest {
 protected:
  absl::StatusOr<v1::SeatRules> Suggested(const std::string& text,
                                          const std::string& token = kHost) {
    return support::Call(node_.visits(), &Visits::SuggestSeatRules,
                         FromText<v1::SuggestSeatRulesRequest>(text), {token});
  }
};

TEST_F(PresetServiceTest, SuggestsForTheVisitAsItIs) {
  v1::StudyVisit visit = WantedProto();
  visit.set_seats(9);
  visit.clear_seats_per_organization();
  visit.clear_project();
  ASSERT_THAT(Create("preset", visit), IsOk());
  const std::string of_visit = "name: 'studyVisits/preset' preset: ";
  EXPECT_THAT(Suggested(of_visit + "SEATS_PER_PARTNER"),
              StatusIs(Code::kInvalidArgument, "INVALID_FIELDS"))
      << "it has no project whose partners they could be";
  ASSERT_OK_AND_ASSIGN(
      const v1::SeatRules rules,
      Suggested(of_visit +
                "SEATS_PER_PARTNER organizations: 'organizations/lag-kotla' "
                "organizations: 'organizations/lag-achinos'"));
  EXPECT_THAT(rules, HasProto("shares { group { organization: "
                              "'organizations/lag-kotla' } min: 4 min_until: "
                              "'2036-04-13T23:59' } shares { min: 4 } "
                              "confirm_hours: 72"));
  visit.set_name("studyVisits/preset");
  *visit.mutable_seat_rules() = rules;
  EXPECT_THAT(Update(visit, {"seat_rules"}), IsOk());
  EXPECT_THAT(Publish("preset"), IsOk());
  EXPECT_THAT(Suggested(of_visit + "DRAW"),
              IsOkAndHolds(HasProto("policy: DRAW")));
  EXPECT_THAT(Suggested(of_visit + "DRAW", ""),
              StatusIs(Code::kUnauthenticated));
}

TEST_F(PresetServiceTest, TakesThePartnersOfTheProject) {
  projects::Project project{.id = "partnered", .network = "ksow"};
  project.partners = {{.organization = "lag-kotla"},
                      {.organization = "lag-achinos"},
                      {.organization = "lag-kazbegi"}};
  project.start_date = absl::CivilDay(2036, 1, 1);
  project.end_date = absl::CivilDay(2036, 12, 31);
  ASSERT_THAT(Transact(pool(),
                       [&](db::Tx& tx) {
                         return projects::InsertProject(tx, {}, project);
                       }),
              IsOk());
  v1::StudyVisit visit = WantedProto();
  visit.set_project("projects/partnered");
  visit.set_seats(10);
  ASSERT_THAT(Create("partnered", visit), IsOk());
  EXPECT_THAT(Suggested("name: 'studyVisits/partnered' preset: "
                        "SEATS_PER_PARTNER"),
              IsOkAndHolds(HasProto("shares { min: 3 } shares { min: 3 } "
                                    "shares { min: 3 }")));
}

}  // namespace
}  // namespace lagnet::visits
