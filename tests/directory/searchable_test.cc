#include "server/directory/searchable.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lagnet::directory {
namespace {

TEST(SearchableTest, IsWhereItsAreaIsIfNoOfficeIsKnown) {
  Organization organization{.id = "lag-a", .country = "GE"};
  EXPECT_FALSE(DocumentOf(organization, {}).position);
  organization.territories = {{TerritoryScheme::kIso3166, "", "GE-KA"}};
  const auto area = DocumentOf(organization, {}).position;
  ASSERT_TRUE(area);
  EXPECT_NEAR(area->latitude, 41.7, 0.5);
  EXPECT_NEAR(area->longitude, 45.7, 0.7);
  organization.position = Position{41.92, 45.47};
  EXPECT_EQ(DocumentOf(organization, {}).position->latitude, 41.92);
}

}  // namespace
}  // namespace lagnet::directory
