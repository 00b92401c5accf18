#include "server/directory/territory_catalog.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/directory/area.h"

namespace lagnet::directory {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::UnorderedElementsAre;

const Place& At(absl::string_view code) {
  const Place* place = Territories().FindCode(code);
  EXPECT_NE(place, nullptr) << code;
  return *place;
}

std::vector<std::string> Codes(const std::vector<const Place*>& places) {
  std::vector<std::string> codes;
  for (const Place* place : places) codes.push_back(place->code());
  return codes;
}

Territory Nuts(const std::string& code, const std::string& version = "2021") {
  return {TerritoryScheme::kNuts, version, code};
}

Territory Lau(const std::string& code) {
  return {TerritoryScheme::kLau, "", code};
}

TEST(TerritoryDataTest, EveryPlaceHasCodesNamesLevelAndParent) {
  for (const auto& place : Territories().places()) {
    SCOPED_TRACE(place->code());
    EXPECT_FALSE(place->codes.empty());
    EXPECT_FALSE(place->names.empty());
    EXPECT_EQ(place->country.size(), 2u);
    EXPECT_FALSE(Territories().SourceOf(*place).licence.empty());
    if (place->level == PlaceLevel::kCountry) {
      EXPECT_EQ(place->parent, nullptr);
    } else {
      ASSERT_NE(place->parent, nullptr);
      EXPECT_LT(place->parent->level, place->level);
      EXPECT_LE(place->Path().size(), 7u);
      EXPECT_EQ(place->Path().front()->level, PlaceLevel::kCountry);
    }
    for (const PlaceCode& code : place->codes) {
      EXPECT_EQ(WrongTerritory({code.scheme, "2021", code.code}), "")
          << code.code;
    }
  }
}

TEST(TerritoryDataTest, NoTwoPlacesHaveACodeInCommon) {
  std::map<std::string, const Place*> seen;
  std::set<std::string> ids;
  for (const auto& place : Territories().places()) {
    EXPECT_TRUE(ids.insert(place->Id()).second) << place->Id();
    for (const PlaceCode& code : place->codes) {
      const auto [other, is_new] = seen.emplace(code.code, place.get());
      EXPECT_TRUE(is_new || other->second == place.get()) << code.code;
    }
  }
}

// All that our languages write has a precomposed form, so a name in NFC has no
// combining marks (U+0300 to U+036F: CC 80 to CD AF).
TEST(TerritoryDataTest, EveryNameIsInNormalFormC) {
  for (const auto& place : Territories().places()) {
    for (const auto& [language, name] : place->names) {
      EXPECT_FALSE(name.empty()) << place->code();
      EXPECT_EQ(name.find('\xCC'), std::string::npos) << name;
      for (size_t at = name.find('\xCD'); at != std::string::npos;
           at = name.find('\xCD', at + 1)) {
        EXPECT_GT(static_cast<unsigned char>(name[at + 1]), 0xAF) << name;
      }
    }
  }
}

TEST(TerritoryDataTest, RegionsAndGeorgiaHaveNamesInFourLanguages) {
  for (const auto& place : Territories().places()) {
    const bool is_wanted =
        place->country == "GE" || place->level <= PlaceLevel::kRegion ||
        (place->level == PlaceLevel::kSubregion && place->country != "PL");
    if (!is_wanted) continue;
    std::set<std::string> languages;
    for (const auto& [language, name] : place->names)
      languages.insert(language);
    EXPECT_THAT(languages, IsSupersetOf({"en", "ka", "pl", "cs"}))
        << place->code();
  }
}

TEST(TerritoryDataTest, HoldsWhatItsReadmeSays) {
  std::map<std::pair<std::string, PlaceLevel>, int> counts;
  std::map<std::pair<std::string, PlaceLevel>, int> without_centre;
  for (const auto& place : Territories().places()) {
    ++counts[{place->country, place->level}];
    if (!place->centre) ++without_centre[{place->country, place->level}];
  }
  using L = PlaceLevel;
  EXPECT_THAT(without_centre, ElementsAre(testing::Pair(
                                  std::pair("CZ", L::kMunicipality), 214)));
  EXPECT_EQ((counts[{"GE", L::kRegion}]), 12);
  EXPECT_EQ((counts[{"GE", L::kMunicipality}]), 63);
  EXPECT_EQ((counts[{"PL", L::kMacroregion}]), 7);
  EXPECT_EQ((counts[{"PL", L::kRegion}]), 17);
  EXPECT_EQ((counts[{"PL", L::kSubregion}]), 73);
  EXPECT_EQ((counts[{"PL", L::kDistrict}]), 380);
  EXPECT_EQ((counts[{"PL", L::kMunicipality}]), 2479);
  EXPECT_EQ((counts[{"CZ", L::kRegion}]), 8);
  EXPECT_EQ((counts[{"CZ", L::kSubregion}]), 14);
  EXPECT_EQ((counts[{"CZ", L::kDistrict}]), 76);
  EXPECT_EQ((counts[{"CZ", L::kMunicipality}]), 6254);
  EXPECT_EQ((counts[{"LV", L::kMunicipality}]), 43);
  EXPECT_EQ((counts[{"LT", L::kSubregion}]), 10);
  EXPECT_EQ((counts[{"LT", L::kMunicipality}]), 60);
}

TEST(TerritoryCatalogTest, FindsAPlaceByEachOfItsCodes) {
  const TerritoryCatalog& all = Territories();
  const Place& silesia = At("PL22");
  EXPECT_EQ(all.Find(Nuts("PL22")), &silesia);
  EXPECT_EQ(all.Find(Nuts("PL22", "2024")), &silesia);
  EXPECT_EQ(all.Find(Nuts("PL22", "2006")), nullptr);
  EXPECT_EQ(all.Find({TerritoryScheme::kIso3166, "", "PL-24"}), &silesia);
  EXPECT_EQ(all.Find({TerritoryScheme::kLau, "", "PL22"}), nullptr);
  EXPECT_EQ(all.FindId("nuts-2021-pl22"), &silesia);
  EXPECT_EQ(all.FindId("iso-3166-2-pl-24"), &silesia);
  EXPECT_EQ(all.FindId("lau-cz-588024"), &At("588024"));
  EXPECT_EQ(all.FindId("lau-pl-588024"), nullptr);
  EXPECT_EQ(all.FindId("lau-ge-mm-kazbegi"), &At("GE-MM-KAZBEGI"));
  EXPECT_EQ(all.FindId("nuts-2021-"), nullptr);
  EXPECT_EQ(all.FindId("śląskie"), nullptr);
  EXPECT_EQ(silesia.Id(), "nuts-2024-pl22");
  for (const auto& place : all.places()) {
    EXPECT_EQ(all.FindId(place->Id()), place.get()) << place->Id();
  }
}

TEST(TerritoryCatalogTest, TakesAGminaWithTheDigitOfItsKind) {
  EXPECT_EQ(Territories().Find(Lau("1427011"), "PL"), &At("142701"));
  EXPECT_EQ(Territories().Find(Lau("1427017"), "PL"), nullptr);
  EXPECT_EQ(Territories().Find(Lau("1427992"), "PL"), nullptr);
  EXPECT_EQ(Territories().Enclosing(Lau("1427992"), "PL"), &At("1427"));
  EXPECT_EQ(Territories().Enclosing(Lau("1499992"), "PL"), nullptr);
}

// Latvia's codes are as long as a gmina's with its kind.
TEST(TerritoryCatalogTest, KnowsMunicipalitiesOfLatviaByTheirNationalCodes) {
  EXPECT_EQ(Territories().Find(Lau("0001000"), "LV"), &At("LV-RIX"));
  EXPECT_EQ(Territories().Find(Lau("0038000"), "LV"), &At("LV-059"));
  EXPECT_EQ(Territories().Find(Lau("0038001"), "LV"), &At("LV-059"));
  EXPECT_EQ(Territories().FindId("lau-lv-0038001"), &At("LV-059"));
  EXPECT_EQ(Territories().Enclosing(Lau("0020240"), "LV"), &At("LV-002"));
  EXPECT_EQ(Territories().Enclosing(Lau("0320200"), "LV"), nullptr);
}

TEST(TerritoryCatalogTest, KeepsNationalCodesApart) {
  EXPECT_EQ(Territories().Find(Lau("588024"), "CZ"), &At("588024"));
  EXPECT_EQ(Territories().Find(Lau("588024"), "SK"), nullptr);
  EXPECT_EQ(Territories().Find(Lau("13"), "LT"), &At("LT-57"));
}

TEST(TerritoryCatalogTest, ReadsFromTheMunicipalityUpToTheCountry) {
  EXPECT_THAT(Codes(At("588024").Path()),
              ElementsAre("CZ", "CZ0", "CZ06", "CZ063", "CZ0632", "588024"));
  EXPECT_THAT(Codes(At("142701").Path()),
              ElementsAre("PL", "PL9", "PL92", "PL923", "1427", "142701"));
  EXPECT_THAT(Codes(At("GE-MM-KAZBEGI").Path()),
              ElementsAre("GE", "GE-MM", "GE-MM-KAZBEGI"));
}

TEST(TerritoryCatalogTest, WithinIsATransitiveOrder) {
  const auto& places = Territories().places();
  std::mt19937 random(7);
  for (int i = 0; i < 2000; ++i) {
    const Place& a = *places[random() % places.size()];
    const auto path = a.Path();
    const Place& b = *path[random() % path.size()];
    const auto above = b.Path();
    const Place& c = *above[random() % above.size()];
    EXPECT_TRUE(a.IsWithin(b));
    EXPECT_TRUE(b.IsWithin(c));
    EXPECT_TRUE(a.IsWithin(c));
    EXPECT_TRUE(&a == &c || !c.IsWithin(a));
  }
}

TEST(TerritoryCatalogTest, SpeaksTheReadersLanguage) {
  EXPECT_EQ(At("GE-MM-KAZBEGI").NameIn("ka"), "ყაზბეგი");
  EXPECT_EQ(At("GE-SJ-BORJOMI").NameIn("pl"), "Bordżomi");
  EXPECT_EQ(At("PL22").NameIn("pl-PL"), "śląskie");
  EXPECT_EQ(At("PL22").NameIn("de"), "Silesia");
  EXPECT_EQ(At("588024").NameIn("ka"), "Telč");
  EXPECT_EQ(Territories().NamesOf(TerritoryScheme::kIso3166, "GE-KA")["cs"],
            "Kachetie");
  EXPECT_THAT(Territories().NamesOf(TerritoryScheme::kNuts, "XX"), IsEmpty());
}

// Lublin, Łódź and Opole are cities; their voivodeships are called otherwise.
TEST(TerritoryCatalogTest, CallsNoRegionOfPolandAsACity) {
  std::set<std::string> districts;
  for (const auto& place : Territories().places()) {
    if (place->country == "PL" && place->level == PlaceLevel::kDistrict) {
      districts.insert(place->NameIn("en"));
    }
  }
  for (const auto& place : Territories().places()) {
    if (place->country != "PL" || place->level != PlaceLevel::kRegion) continue;
    EXPECT_EQ(districts.count(place->NameIn("en")), 0u) << place->code();
  }
}

TEST(TerritoryCatalogTest, NamesTheNeighboursOfKakheti) {
  EXPECT_THAT(Codes(Territories().Neighbours(At("GE-KA"))),
              ElementsAre("GE-KK", "GE-MM"));
}

TEST(TerritoryCatalogTest, NamesNeighboursAcrossCountries) {
  EXPECT_THAT(Codes(Territories().Neighbours(At("PL"))),
              UnorderedElementsAre("CZ", "LT"));
  EXPECT_THAT(Codes(Territories().Neighbours(At("PL22"))),
              UnorderedElementsAre("PL21", "PL52", "PL71", "PL72", "CZ080"));
  EXPECT_THAT(
      Codes(Territories().Neighbours(At("PL-14"))),
      UnorderedElementsAre("PL61", "PL62", "PL71", "PL72", "PL81", "PL84"));
}

TEST(TerritoryCatalogTest, NamesTheNeighboursOfPolandsSubregions) {
  EXPECT_THAT(Codes(Territories().Neighbours(At("PL213"))),
              ElementsAre("PL214"));
  EXPECT_THAT(Codes(Territories().Neighbours(At("PL843"))),
              ElementsAre("PL623", "PL841", "PL842"));
  const auto voivodeship = [](const Place& place) {
    const Place* found = nullptr;
    for (const Place* above : place.Path()) {
      const PlaceCode* code = above->CodeIn(TerritoryScheme::kIso3166);
      if (code != nullptr && code->code != "PL") found = above;
    }
    return found;
  };
  for (const auto& place : Territories().places()) {
    if (place->country != "PL" || place->level != PlaceLevel::kSubregion) {
      continue;
    }
    EXPECT_THAT(Territories().Neighbours(*place), Not(IsEmpty()));
    for (const Place* neighbour : Territories().Neighbours(*place)) {
      const Place* here = voivodeship(*place);
      const Place* there = voivodeship(*neighbour);
      if (here == there) continue;
      EXPECT_THAT(Territories().Neighbours(*here), testing::Contains(there))
          << place->code() << " " << neighbour->code();
    }
  }
}

TEST(TerritoryCatalogTest, NeighboursAreSo) {
  for (const auto& place : Territories().places()) {
    for (const Place* neighbour : Territories().Neighbours(*place)) {
      EXPECT_THAT(Territories().Neighbours(*neighbour),
                  testing::Contains(place.get()))
          << place->code() << " " << neighbour->code();
      EXPECT_FALSE(place->IsWithin(*neighbour));
    }
  }
}

TEST(TerritoryCatalogTest, FindsTheRegionOfAPoint) {
  const auto at = [](double latitude, double longitude) {
    const Place* place = Territories().At({latitude, longitude});
    return place == nullptr ? "" : place->code();
  };
  EXPECT_EQ(at(41.72, 44.78), "GE-TB");
  EXPECT_EQ(at(49.18, 15.45), "CZ063");
  EXPECT_EQ(at(50.26, 19.02), "PL22");
  EXPECT_EQ(at(56.95, 24.11), "LV00A");
  EXPECT_EQ(at(54.69, 25.28), "LT011");
  EXPECT_EQ(at(48.2, 16.37), "");
}

// The outlines are simplified, so a town at a border may fall outside.
TEST(TerritoryCatalogTest, PutsNearlyEveryMunicipalityIntoItsRegion) {
  int all = 0;
  int wrong = 0;
  for (const auto& place : Territories().places()) {
    if (place->level != PlaceLevel::kMunicipality) continue;
    for (const Place* above : place->Path()) {
      if (above->outline.empty() || !place->centre) continue;
      ++all;
      if (!Encloses(above->outline, *place->centre)) ++wrong;
    }
  }
  EXPECT_GT(all, 10000);
  EXPECT_LT(wrong, all / 50);
}

TEST(TerritoryCatalogTest, NearestIsWhatLookingAtEachOneFinds) {
  std::mt19937 random(11);
  std::uniform_real_distribution<double> latitude(41, 58);
  std::uniform_real_distribution<double> longitude(12, 47);
  const auto is_municipality = [](const Place& place) {
    return place.level == PlaceLevel::kMunicipality;
  };
  for (int i = 0; i < 50; ++i) {
    const Position point{latitude(random), longitude(random)};
    std::vector<double> distances;
    for (const auto& place : Territories().places()) {
      if (is_municipality(*place) && place->centre) {
        distances.push_back(DistanceKm(point, *place->centre));
      }
    }
    std::sort(distances.begin(), distances.end());
    const auto nearest = Territories().Nearest(point, 5, is_municipality);
    ASSERT_EQ(nearest.size(), 5u);
    for (size_t n = 0; n < nearest.size(); ++n) {
      EXPECT_EQ(nearest[n].first, distances[n]);
    }
  }
}

TEST(TerritoryCatalogTest, TellsWhatBecameOfACode) {
  EXPECT_THAT(Codes(Territories().Moved(Nuts("PL12", "2013"))),
              ElementsAre("PL91", "PL92"));
  EXPECT_THAT(Codes(Territories().Moved(Nuts("LV008"))), ElementsAre("LV00C"));
  EXPECT_THAT(Codes(Territories().Moved(Nuts("LV008", "2024"))),
              ElementsAre("LV00C"));
  EXPECT_THAT(Territories().Moved(Nuts("PL22")), IsEmpty());
}

TEST(OutlineTest, MeasuresOverTheGlobe) {
  // Tbilisi to Kazbegi, Warsaw to Prague.
  EXPECT_NEAR(DistanceKm({41.715, 44.827}, {42.657, 44.643}), 106, 1);
  EXPECT_NEAR(DistanceKm({52.2297, 21.0122}, {50.0755, 14.4378}), 518, 2);
  EXPECT_EQ(DistanceKm({50, 20}, {50, 20}), 0);
  EXPECT_NEAR(DistanceKm({0, 179.9}, {0, -179.9}), 22.2, 0.1);
  EXPECT_NEAR(DistanceKm({90, 0}, {-90, 0}), 20015, 1);
}

TEST(OutlineTest, KnowsInsideFromOutside) {
  const Outline ring = ParseOutline(
      "0,0 10000,0 10000,10000 0,10000 0,0;"
      "4000,4000 6000,4000 6000,6000 4000,6000 4000,4000");
  ASSERT_EQ(ring.size(), 2u);
  EXPECT_TRUE(Encloses(ring, {1, 1}));
  EXPECT_FALSE(Encloses(ring, {5, 5}));
  EXPECT_FALSE(Encloses(ring, {11, 5}));
  EXPECT_FALSE(Encloses({}, {1, 1}));
}

TEST(AreaTest, ContainsAndOverlaps) {
  const Area vysocina = {&At("CZ063")};
  EXPECT_TRUE(Contains(vysocina, At("588024")));
  EXPECT_FALSE(Contains({&At("588024")}, At("CZ063")));
  EXPECT_TRUE(Overlap(vysocina, {&At("588024"), &At("PL22")}));
  EXPECT_TRUE(Overlap({&At("588024")}, vysocina));
  EXPECT_FALSE(Overlap(vysocina, {&At("CZ064")}));
  EXPECT_FALSE(Overlap({}, vysocina));
}

TEST(AreaTest, JoinsToAsFewPlacesAsPossible) {
  EXPECT_THAT(Codes(Join({&At("PL91")}, {&At("PL92"), &At("1427")})),
              ElementsAre("PL9"));
  EXPECT_THAT(Codes(Join({&At("588024")}, {&At("CZ063")})),
              ElementsAre("CZ063"));
  Area gminas;
  for (const Place* gmina : At("1427").children) gminas.push_back(gmina);
  EXPECT_EQ(Join(gminas, {}).size(), gminas.size())
      << "the list of gminas is not complete";
  Area guria;
  for (const Place* child : At("GE-GU").children) guria.push_back(child);
  EXPECT_THAT(Codes(Join(guria, {})), ElementsAre("GE-GU"));
  // The regions of 2024 are all of Latvia; those of 2021 need not be named.
  EXPECT_THAT(Codes(Join({&At("LV00A"), &At("LV00B"), &At("LV00C")},
                         {&At("LV005"), &At("LV009")})),
              ElementsAre("LV"));
  EXPECT_THAT(Join({}, {}), IsEmpty());
}

TEST(AreaTest, JoiningKeepsWhatThereWas) {
  const auto& places = Territories().places();
  std::mt19937 random(3);
  for (int round = 0; round < 20; ++round) {
    Area a;
    for (int i = 0; i < 12; ++i) {
      a.push_back(places[random() % places.size()].get());
    }
    const Area joined = Join(a, {});
    for (const Place* place : a) EXPECT_TRUE(Contains(joined, *place));
    EXPECT_LE(joined.size(), a.size());
    EXPECT_EQ(Join(joined, joined), joined);
  }
}

TEST(AreaTest, NamesEveryCodeThatATerritoryLiesIn) {
  EXPECT_THAT(
      CodesAbove(Lau("1427992"), "PL"),
      ElementsAre("1427992", "1427", "PL923", "PL92", "PL9", "PL-14", "PL"));
  EXPECT_THAT(CodesAbove(Lau("GE-MM-KAZBEGI"), "GE"),
              ElementsAre("GE-MM-KAZBEGI", "GE-MM", "GE"));
  EXPECT_THAT(CodesAbove(Nuts("DE212"), "DE"), ElementsAre("DE212"));
}

TEST(AreaTest, LiesInByTheTreeOrElseByPrefix) {
  EXPECT_TRUE(LiesIn(Lau("1427011"), "PL", "PL-14"));
  EXPECT_TRUE(LiesIn(Lau("1427011"), "PL", "1427"));
  EXPECT_TRUE(LiesIn(Lau("1427011"), "PL", "1427011"));
  EXPECT_TRUE(LiesIn(Nuts("PL815"), "PL", "PL8"));
  EXPECT_FALSE(LiesIn(Nuts("PL815"), "PL", "PL9"));
  EXPECT_FALSE(LiesIn(Lau("588024"), "SK", "CZ"));
  EXPECT_TRUE(LiesIn(Nuts("DE212"), "DE", "DE2"));
  EXPECT_FALSE(LiesIn(Nuts("DE212"), "DE", "DE3"));
}

}  // namespace
}  // namespace lagnet::directory
