#include "server/directory/unknown_territory.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace lagnet::directory {
namespace {

using support::IsOk;
using support::MetadataOf;
using support::StatusIs;

constexpr auto kNutsList = TerritoryScheme::kNuts;
constexpr auto kIsoList = TerritoryScheme::kIso3166;
constexpr auto kLauList = TerritoryScheme::kLau;

absl::Status Check(const Territory& territory, const std::string& country) {
  return CheckTerritoryExists("area", territory, country);
}

TEST(UnknownTerritoryTest, TakesWhatIsInTheListOrMayBe) {
  const std::pair<Territory, const char*> cases[] = {
      {{kNutsList, "2021", "PL815"}, "PL"},
      {{kNutsList, "2024", "LV00A"}, "LV"},
      {{kNutsList, "2013", "PL12"}, "PL"},   // No list of 2013 here.
      {{kNutsList, "2021", "DE212"}, "DE"},  // Nor of Germany.
      {{kIsoList, "", "GE-MM"}, "GE"},
      {{kIsoList, "", "CZ-642"}, "CZ"},
      {{kIsoList, "", "DE-BY"}, "DE"},
      {{kLauList, "2024", "GE-KA-LAGODEKHI"}, "GE"},
      {{kLauList, "", "1427011"}, "PL"},
      {{kLauList, "", "1427992"}, "PL"},  // Its powiat is known.
      {{kLauList, "", "588024"}, "CZ"},
      {{kLauList, "", "13"}, "LT"},
      {{kLauList, "", "0001000"}, "LV"},
      {{kLauList, "", "0020240"}, "LV"},  // A parish of a known novads.
      {{kLauList, "", "09162000"}, "DE"},
  };
  for (const auto& [territory, country] : cases) {
    EXPECT_THAT(Check(territory, country), IsOk()) << territory.code;
  }
}

TEST(UnknownTerritoryTest, NamesWhatIsNear) {
  struct Case {
    Territory territory;
    const char* country;
    const char* near;
  };
  const Case cases[] = {
      {{kNutsList, "2021", "PL12"}, "PL", "PL91,PL92,PL22"},
      {{kNutsList, "2024", "LV003"}, "LV", "LV00B,LV005,LV009"},
      {{kNutsList, "2021", "PL819"}, "PL", "PL811,PL812,PL814"},
      {{kIsoList, "", "GE-MN"}, "GE", "GE-MM"},
      {{kIsoList, "", "PL-MZ"}, "PL", ""},
      {{kLauList, "", "KAZBEGI"}, "GE", "GE-MM-KAZBEGI"},
      {{kLauList, "", "GE-BORJOMI"}, "GE", "GE-SJ-BORJOMI"},
      {{kLauList, "", "TELC"}, "CZ", "588024"},
      {{kLauList, "", "SIERPC"}, "PL", "142701,142705"},
      {{kLauList, "", "9999011"}, "PL", ""},
      {{kLauList, "", "999999"}, "PL", ""},  // Not 599999 of Czechia.
      {{kLauList, "", "588025"}, "CZ", "588024,588075,588725"},
      {{kLauList, "", "0099000"}, "LV", "0029000,0039000,0049000"},
      {{kLauList, "", "99"}, "LT", "91,94,19"},
  };
  for (const Case& c : cases) {
    const absl::Status status = Check(c.territory, c.country);
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument,
                                 "UNKNOWN_TERRITORY"))
        << c.territory.code;
    EXPECT_EQ(MetadataOf(status, "near"), c.near) << c.territory.code;
    EXPECT_EQ(MetadataOf(status, "field"), "area");
  }
}

TEST(UnknownTerritoryTest, SaysItInASentence) {
  EXPECT_EQ(std::string(Check({kNutsList, "2021", "PL12"}, "PL").message()),
            "\"PL12\" is not in NUTS 2021; near it: PL91 (Warsaw Capital "
            "Region), PL92 (Masovia outside Warsaw), PL22 (Silesia)");
  EXPECT_EQ(std::string(Check({kLauList, "", "9999011"}, "PL").message()),
            "\"9999011\" is not in the list of PL's local units; `lagnet "
            "territory list` shows what is");
}

TEST(UnknownTerritoryTest, ComparesNamesWithoutDiacritics) {
  EXPECT_EQ(PlainName("Śląskie"), "slaskie");
  EXPECT_EQ(PlainName("ŁÓDŹ, Příbram, Šiauliai, Ķekava"),
            "lodz, pribram, siauliai, kekava");
  EXPECT_EQ(PlainName("ყაზბეგი"), "ყაზბეგი");
  EXPECT_EQ(PlainName(""), "");
}

}  // namespace
}  // namespace lagnet::directory
