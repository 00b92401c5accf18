#include "server/directory/territory_service.h"

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"
#include "tests/support/server.h"

namespace lagnet::directory {
namespace {

using support::Call;
using support::FromText;
using support::HasProto;
using support::IsOk;
using support::IsOkAndHolds;
using support::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Stub = v1::TerritoryService::Stub;

class TerritoryServiceTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = new support::TestServer("");
    server_->Own(std::make_unique<TerritoryService>(&server_->gate()));
    server_->Start();
  }
  static void TearDownTestSuite() { delete server_; }
  void SetUp() override {
    stub_ = v1::TerritoryService::NewStub(server_->channel());
  }

  absl::StatusOr<v1::Territory> Get(const std::string& id) {
    v1::GetTerritoryRequest request;
    request.set_name("territories/" + id);
    return Call(*stub_, &Stub::GetTerritory, request);
  }
  // The last parts of the names on all pages.
  std::vector<std::string> List(const std::string& text) {
    auto request = FromText<v1::ListTerritoriesRequest>(text);
    std::vector<std::string> ids;
    do {
      const auto page = Call(*stub_, &Stub::ListTerritories, request);
      EXPECT_THAT(page, IsOk());
      if (!page.ok()) return ids;
      for (const auto& territory : page->territories()) {
        ids.push_back(territory.name().substr(strlen("territories/")));
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return ids;
  }

  static support::TestServer* server_;
  std::unique_ptr<Stub> stub_;
};
support::TestServer* TerritoryServiceTest::server_ = nullptr;

TEST_F(TerritoryServiceTest, GivesATerritoryByAnyOfItsCodes) {
  constexpr char kSilesia[] = R"pb(
    name: "territories/nuts-2024-pl22"
    codes { scheme: NUTS version: "2024" code: "PL22" }
    codes { scheme: NUTS version: "2021" code: "PL22" }
    codes { scheme: ISO_3166_2 code: "PL-24" }
    level: REGION
    country: "PL"
    parent: "territories/nuts-2024-pl2"
    display_name {
      texts {
        key: "pl"
        value { text: "śląskie" }
      }
    }
    has_outline: true
  )pb";
  for (const char* id :
       {"nuts-2024-pl22", "nuts-2021-pl22", "iso-3166-2-pl-24"}) {
    EXPECT_THAT(Get(id), IsOkAndHolds(HasProto(kSilesia))) << id;
  }
  EXPECT_THAT(Get("lau-ge-mm-kazbegi"),
              IsOkAndHolds(HasProto("parent: 'territories/iso-3166-2-ge-mm'")));
}

TEST_F(TerritoryServiceTest, SaysThatThereIsNone) {
  EXPECT_THAT(Get("nuts-2021-pl12"),
              StatusIs(absl::StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(Get("atlantis"),
              StatusIs(absl::StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(Call(*stub_, &Stub::GetTerritory,
                   FromText<v1::GetTerritoryRequest>("name: 'PL22'")),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
}

TEST_F(TerritoryServiceTest, ListsWhatEveryFilterAsksFor) {
  EXPECT_THAT(List("level: COUNTRY"), SizeIs(5));
  EXPECT_THAT(List("country: 'PL' scheme: ISO_3166_2"), SizeIs(17))
      << "16 voivodeships and the country";
  EXPECT_THAT(List("parent: 'territories/iso-3166-2-ge-gu'"),
              ElementsAre("lau-ge-gu-chokhatauri", "lau-ge-gu-lanchkhuti",
                          "lau-ge-gu-ozurgeti"));
  EXPECT_THAT(List("country: 'LV' level: SUBREGION version: '2021'"),
              SizeIs(6));
  EXPECT_THAT(List("country: 'LV' level: SUBREGION version: '2024'"),
              SizeIs(5));
  EXPECT_THAT(List("country: 'CZ' level: MUNICIPALITY"), SizeIs(6254));
  EXPECT_THAT(List("country: 'DE'"), IsEmpty());
}

TEST_F(TerritoryServiceTest, FindsByTheBeginningOfANameInAnyLanguage) {
  for (const char* prefix : {"Śląsk", "slask", "Silesia", "სილეზი", "Slezsk"}) {
    EXPECT_THAT(
        List(std::string("level: REGION name_prefix: '") + prefix + "'"),
        ElementsAre("nuts-2024-pl22"))
        << prefix;
  }
}

TEST_F(TerritoryServiceTest, PagesThroughEveryTerritoryOnce) {
  const auto all = List("page_size: 200");
  EXPECT_THAT(all, SizeIs(9516));
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
  EXPECT_EQ(List(""), all);
  auto request =
      FromText<v1::ListTerritoriesRequest>("page_size: 2 country: 'PL'");
  const auto page = Call(*stub_, &Stub::ListTerritories, request);
  ASSERT_THAT(page, IsOk());
  request.set_page_token(page->next_page_token());
  request.set_country("CZ");
  EXPECT_THAT(
      Call(*stub_, &Stub::ListTerritories, request),
      StatusIs(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_MISMATCH"));
}

TEST_F(TerritoryServiceTest, ListsNeighbours) {
  const auto found = Call(*stub_, &Stub::ListNeighbouringTerritories,
                          FromText<v1::ListNeighbouringTerritoriesRequest>(
                              "name: 'territories/iso-3166-2-ge-ka'"));
  EXPECT_THAT(found,
              IsOkAndHolds(HasProto(
                  "territories { name: 'territories/iso-3166-2-ge-kk' }"
                  "territories { name: 'territories/iso-3166-2-ge-mm' }")));
}

TEST_F(TerritoryServiceTest, ListsTheNearestFirst) {
  const auto found =
      Call(*stub_, &Stub::ListNearbyTerritories,
           FromText<v1::ListNearbyTerritoriesRequest>(
               "position { latitude: 49.184 longitude: 15.453 } page_size: 3"));
  ASSERT_THAT(found, IsOk());
  ASSERT_THAT(found->territories(), SizeIs(3));
  EXPECT_EQ(found->territories(0).territory().name(),
            "territories/lau-cz-588024");
  EXPECT_LT(found->territories(0).distance_km(), 0.1);
  EXPECT_LE(found->territories(1).distance_km(),
            found->territories(2).distance_km());
  EXPECT_NE(found->next_page_token(), "");
}

TEST_F(TerritoryServiceTest, TellsWhereAPointLies) {
  const auto at = [&](const char* position) {
    v1::LocateTerritoriesRequest request;
    support::ParseText(position, request.mutable_position());
    const auto found = Call(*stub_, &Stub::LocateTerritories, request);
    EXPECT_THAT(found, IsOk());
    std::vector<std::string> codes;
    for (const auto& territory : found->territories()) {
      codes.push_back(territory.codes(0).code());
    }
    return codes;
  };
  EXPECT_THAT(at("latitude: 42.66 longitude: 44.64"),
              ElementsAre("GE", "GE-MM"));
  EXPECT_THAT(at("latitude: 0 longitude: 0"), IsEmpty());
}

TEST_F(TerritoryServiceTest, GivesOutlinesToDrawAMapFrom) {
  const auto outlines = [&](const char* text) {
    const auto found = Call(*stub_, &Stub::GetOutlines,
                            FromText<v1::GetOutlinesRequest>(text));
    EXPECT_THAT(found, IsOk());
    return *found;
  };
  EXPECT_THAT(outlines("").outlines(), SizeIs(5));
  EXPECT_THAT(outlines("country: 'PL'").outlines(), SizeIs(16));
  EXPECT_THAT(outlines("country: 'CZ'").outlines(), SizeIs(14));
  EXPECT_THAT(outlines("country: 'GE'").outlines(), SizeIs(12));
  EXPECT_THAT(outlines("country: 'LV'").outlines(), SizeIs(5));
  EXPECT_THAT(outlines("country: 'LT'").outlines(), SizeIs(10));
  EXPECT_THAT(outlines("country: 'DE'").outlines(), IsEmpty());
  EXPECT_LT(outlines("country: 'PL'").ByteSizeLong(), 20'000u);
  const v1::GetOutlinesResponse countries = outlines("");
  for (const auto& ring : countries.outlines(0).rings()) {
    ASSERT_GE(ring.points_size(), 6);
    EXPECT_EQ(ring.points_size() % 2, 0);
  }
}

}  // namespace
}  // namespace lagnet::directory
