#include "server/directory/searchable.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lagnet::directory {
namespace {

using testing::ElementsAre;

constexpr absl::CivilDay kToday(2026, 11, 26);

search::Document Of(const Organization& organization) {
  return DocumentOf(organization, {}, kToday);
}

TEST(SearchableTest, IsWhereItsAreaIsIfNoOfficeIsKnown) {
  Organization organization{.id = "lag-a", .country = "GE"};
  EXPECT_FALSE(Of(organization).position);
  organization.territories = {{TerritoryScheme::kIso3166, "", "GE-KA"}};
  const auto area = Of(organization).position;
  ASSERT_TRUE(area);
  EXPECT_NEAR(area->latitude, 41.7, 0.5);
  EXPECT_NEAR(area->longitude, 45.7, 0.7);
  organization.position = Position{41.92, 45.47};
  EXPECT_EQ(Of(organization).position->latitude, 41.92);
}

TEST(SearchableTest, LiesInAGminaHoweverItsCodeIsWritten) {
  Organization organization{.id = "gmina-a", .country = "PL"};
  organization.territories = {{TerritoryScheme::kLau, "", "0203042"}};
  EXPECT_THAT(Of(organization).territories, ElementsAre("0203042", "020304"));
  organization.territories = {{TerritoryScheme::kLau, "", "020304"}};
  EXPECT_THAT(Of(organization).territories, ElementsAre("020304"));
}

TEST(SearchableTest, HasItsNumbersAsOtherNames) {
  Organization organization{.id = "lag-a", .country = "PL"};
  organization.profile.register_entry = {.register_name = "KRS",
                                         .number = "0000312844"};
  organization.external_ids = {{"ksow-lgd", "042"}, {"other", "7"}};
  std::vector<std::string> names;
  for (const LocalizedText& name : Of(organization).other_names) {
    names.push_back(name.at("und").text);
  }
  EXPECT_THAT(names, ElementsAre("KRS 0000312844", "042"));
}

TEST(SearchableTest, IsInTheNetworksThatItIsAMemberOfToday) {
  Organization organization{.id = "lag-a", .network = "own", .country = "GE"};
  organization.profile.memberships = {
      {.network = "lasts", .since = absl::CivilDay(2020, 1, 1)},
      {.network = "ends-later", .until = kToday + 30},
      {.network = "ends-today", .until = kToday},
      {.network = "ended", .until = kToday - 1},
      {.network = "begins-today", .since = kToday},
      {.network = "begins-later", .since = kToday + 1},
      {.network = "unknown-days"}};
  EXPECT_THAT(Of(organization).other_networks,
              ElementsAre("lasts", "ends-later", "ends-today", "begins-today",
                          "unknown-days"));
}

}  // namespace
}  // namespace lagnet::directory
