// What networks and organisations must be, whatever is stored.

#include "server/directory/network.h"
#include "server/directory/organization.h"
#include "tests/support/matchers.h"

namespace lagnet::directory {
namespace {

using support::IsOk;
using support::StatusIs;
using support::WrongFields;
using testing::ElementsAre;

TEST(NetworkTest, CoversOneStateOrSeveral) {
  struct Case {
    NetworkKind kind;
    std::vector<std::string> countries;
    bool good;
  };
  const Case cases[] = {
      {NetworkKind::kNational, {"PL"}, true},
      {NetworkKind::kNational, {"PL", "CZ"}, false},
      {NetworkKind::kNational, {}, false},
      {NetworkKind::kTransnational, {"PL", "CZ"}, true},
      {NetworkKind::kTransnational, {"PL"}, false},
  };
  for (const Case& c : cases) {
    const absl::Status status =
        CheckNetwork({.kind = c.kind, .countries = c.countries});
    EXPECT_EQ(status.ok(), c.good) << testing::PrintToString(c.countries);
    if (!c.good) {
      EXPECT_THAT(WrongFields(status), ElementsAre("network.countries"));
    }
  }
}

TEST(TerritoryTest, HasACodeOfItsList) {
  struct Case {
    TerritoryScheme scheme;
    const char* version;
    const char* code;
    bool good;
  };
  const auto nuts = TerritoryScheme::kNuts;
  const auto iso = TerritoryScheme::kIso3166;
  const auto lau = TerritoryScheme::kLau;
  const Case cases[] = {
      {nuts, "2021", "PL", true},       {nuts, "2021", "PL815", true},
      {nuts, "2021", "EL30", true},     {nuts, "2021", "PLZZZ", true},
      {nuts, "", "PL815", false},       {nuts, "2021", "PL8155", false},
      {nuts, "2021", "pl815", false},   {nuts, "2021", "8PL", false},
      {nuts, "2021", "PL-81", false},   {nuts, "2021", "P", false},
      {nuts, "2021", "", false},        {iso, "", "GE-MM", true},
      {iso, "", "PL-06", true},         {iso, "", "CZ-642", true},
      {iso, "", "GE-", false},          {iso, "", "GEMM", false},
      {iso, "", "GE-MMMM", false},      {iso, "", "ge-mm", false},
      {iso, "", "GE-M-", false},        {lau, "2022", "1465011", true},
      {lau, "", "CZ0201-529303", true}, {lau, "", "gmina Kotla", false},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(WrongTerritory({c.scheme, c.version, c.code}).empty(), c.good)
        << c.code;
  }
}

Organization Kazbegi() {
  return {.id = "lag-kazbegi",
          .territories = {{TerritoryScheme::kIso3166, "", "GE-MM"},
                          {TerritoryScheme::kNuts, "2021", "PL815"}},
          .themes = {"water", "youth"}};
}

TEST(OrganizationTest, NamesNothingTwice) {
  EXPECT_THAT(CheckOrganization(Kazbegi()), IsOk());
  Organization twice = Kazbegi();
  twice.territories.push_back({TerritoryScheme::kNuts, "2024", "PL815"});
  EXPECT_THAT(WrongFields(CheckOrganization(twice)),
              ElementsAre("organization.territories[2].code"));
  twice = Kazbegi();
  twice.themes.push_back("water");
  EXPECT_THAT(WrongFields(CheckOrganization(twice)),
              ElementsAre("organization.themes[2]"));
}

TEST(OrganizationTest, NamesTheWrongTerritory) {
  Organization wrong = Kazbegi();
  wrong.territories[1].code = "nowhere";
  const absl::Status status = CheckOrganization(wrong);
  EXPECT_THAT(status,
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(WrongFields(status),
              ElementsAre("organization.territories[1].code"));
}

}  // namespace
}  // namespace lagnet::directory
