#include "server/directory/service.h"

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "tests/directory/fixture.h"

namespace lagnet::directory {
namespace {

using support::MetadataOf;

class ServiceTest : public DirectoryTest {};

TEST_F(ServiceTest, KeepsEverythingAboutANetwork) {
  v1::GetNetworkRequest request;
  request.set_name("networks/georgia");
  const auto network = Call(*networks_, &Networks::GetNetwork, request);
  ASSERT_THAT(network, IsOk());
  EXPECT_THAT(*network, HasProto(kGeo));
  EXPECT_THAT(*network, HasProto("name: 'networks/georgia' etag: '\"1\"'"));
  EXPECT_EQ(network->create_time().seconds(), network->update_time().seconds());
}

TEST_F(ServiceTest, KeepsEverythingAboutAnOrganization) {
  const auto created = Create(CreationOf("lag-kazbegi"));
  ASSERT_THAT(created, IsOk());
  EXPECT_THAT(*created, HasProto(kKazbegi));
  EXPECT_THAT(*created,
              HasProto("name: 'organizations/lag-kazbegi' state: VERIFIED"));
  EXPECT_THAT(Get(created->name()),
              IsOkAndHolds(EqualsProto(created->DebugString())));
}

TEST_F(ServiceTest, KeepsAnOrganizationWithLittle) {
  const char kLittle[] = R"pb(
    network: "networks/georgia"
    kind: CSO
    display_name {
      texts {
        key: "en"
        value { text: "A" }
      }
    }
    country: "GE"
  )pb";
  const auto created = Create(CreationOf("little", kLittle));
  ASSERT_THAT(created, IsOk());
  EXPECT_FALSE(created->has_position());
  EXPECT_THAT(*created, HasProto(kLittle));
}

TEST_F(ServiceTest, SaysWhatDoesNotExist) {
  EXPECT_THAT(Get("organizations/ghost"),
              StatusIs(absl::StatusCode::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(Get("nonsense"),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  v1::GetNetworkRequest request;
  request.set_name("networks/ghost");
  EXPECT_THAT(Call(*networks_, &Networks::GetNetwork, request),
              StatusIs(absl::StatusCode::kNotFound, "NOT_FOUND"));
}

TEST_F(ServiceTest, GivesANameOnce) {
  ASSERT_THAT(Create(CreationOf("lag-kazbegi")), IsOk());
  EXPECT_THAT(Create(CreationOf("lag-kazbegi")),
              StatusIs(absl::StatusCode::kAlreadyExists, "NAME_TAKEN"));
  EXPECT_THAT(CreateNetwork("georgia2", kGeo), IsOk());
  EXPECT_THAT(CreateNetwork("georgia2", kGeo),
              StatusIs(absl::StatusCode::kAlreadyExists, "NAME_TAKEN"));
}

TEST_F(ServiceTest, RefusesReferencesToNothing) {
  v1::CreateOrganizationRequest request = CreationOf("lag-kazbegi");
  request.mutable_organization()->set_network("networks/ghost");
  const auto status = Create(request, kAdmin).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument,
                               "UNKNOWN_REFERENCE"));
  EXPECT_THAT(WrongFields(status), ElementsAre("organization.network"));
  request = CreationOf("lag-kazbegi");
  request.mutable_organization()->add_themes("alchemy");
  EXPECT_THAT(Create(request),
              StatusIs(absl::StatusCode::kInvalidArgument, "UNKNOWN_THEME"));
}

TEST_F(ServiceTest, SaysWhatIsNearAWrongTerritory) {
  auto request = CreationOf("lag-kazbegi");
  request.mutable_organization()->mutable_territories(1)->set_code(
      "GE-MM-KAZBEG");
  const auto status = Create(request).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument,
                               "UNKNOWN_TERRITORY"));
  EXPECT_THAT(WrongFields(status),
              ElementsAre("organization.territories[1].code"));
  EXPECT_EQ(MetadataOf(status, "near"), "GE-MM-KAZBEGI");
}

// By the tree: a municipality is in its region, a gmina in its voivodeship.
TEST_F(ServiceTest, ReachesFromARegionDownToMunicipalities) {
  auto request = CreationOf("lag-kazbegi");
  auto* const area = request.mutable_organization()->mutable_territories();
  area->DeleteSubrange(0, 1);
  ASSERT_THAT(Create(request), IsOk());
  EXPECT_THAT(List("territory: 'GE-MM'"), ElementsAre("lag-kazbegi"));
  EXPECT_THAT(List("territory: 'GE-KA'"), IsEmpty());
  EXPECT_THAT(Update(UpdateOf("email: 'new@x.org'", {"email"}),
                     "role:NETWORK_EDITOR@network=georgia,region=GE-MM"),
              IsOk());
  ASSERT_THAT(Update(UpdateOf(
                  "country: 'PL' territories { scheme: LAU code: '1427011' }"
                  " territories { scheme: LAU code: '1427992' }",
                  {"country", "territories"})),
              IsOk());
  for (const char* code : {"PL-14", "PL92", "PL923", "1427", "142701"}) {
    EXPECT_THAT(List(absl::StrCat("territory: '", code, "'")),
                ElementsAre("lag-kazbegi"));
    EXPECT_THAT(
        Update(UpdateOf("email: 'new@x.org'", {"email"}),
               absl::StrCat("role:NETWORK_EDITOR@network=georgia,region=", code)
                   .c_str()),
        IsOk())
        << code;
  }
  EXPECT_THAT(List("territory: 'PL91'"), IsEmpty());
  EXPECT_THAT(Update(UpdateOf("email: 'new@x.org'", {"email"}),
                     "role:NETWORK_EDITOR@network=georgia,region=PL91"),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(ServiceTest, LetsOnlyThoseChangeWhoMay) {
  EXPECT_THAT(CreateNetwork("mine", kGeo, "role:NETWORK_ADMIN@network=georgia"),
              StatusIs(absl::StatusCode::kPermissionDenied));
  for (const char* token :
       {"role:NETWORK_EDITOR@network=other", kManager, "role:NONE"}) {
    EXPECT_THAT(Create(CreationOf("lag-kazbegi"), token),
                StatusIs(absl::StatusCode::kPermissionDenied))
        << token;
  }
  ASSERT_THAT(Create(CreationOf("lag-kazbegi")), IsOk());
  const auto update = UpdateOf("email: 'new@x.example.org'", {"email"});
  for (const char* token : {"role:LAG_MANAGER@organization=lag-other",
                            "role:NETWORK_EDITOR@network=georgia,region=GE-KA",
                            "role:NETWORK_EDITOR@network=other"}) {
    EXPECT_THAT(Update(update, token),
                StatusIs(absl::StatusCode::kPermissionDenied))
        << token;
  }
  for (const char* token :
       {kManager, kEditor, kAdmin,
        "role:NETWORK_EDITOR@network=georgia,region=GE-MM"}) {
    EXPECT_THAT(
        Update(UpdateOf("email: 'new@x.example.org'", {"email"}), token),
        IsOk())
        << token;
  }
  EXPECT_THAT(Archive("", kManager),
              StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST_F(ServiceTest, UpdatesWhatTheMaskNames) {
  const auto created = Create(CreationOf("lag-kazbegi"));
  ASSERT_THAT(created, IsOk());
  const auto updated = Update(UpdateOf(
      R"pb(
        email: "new@kazbegi.example.org"
        website: "https://ignored.example.org"
        territories { scheme: ISO_3166_2 code: "GE-KA" }
        themes: "youth"
        themes: "rural_tourism"
        themes: "water"
      )pb",
      {"email", "territories", "themes", "position", "description"}));
  ASSERT_THAT(updated, IsOk());
  EXPECT_EQ(updated->email(), "new@kazbegi.example.org");
  EXPECT_EQ(updated->website(), created->website());
  EXPECT_THAT(updated->territories(), SizeIs(1));
  EXPECT_THAT(updated->themes(),
              ElementsAre("youth", "rural_tourism", "water"));
  EXPECT_FALSE(updated->has_position());
  EXPECT_EQ(updated->description().texts_size(), 0);
  EXPECT_EQ(updated->etag(), "\"2\"");
  EXPECT_THAT(Get(updated->name()),
              IsOkAndHolds(EqualsProto(updated->DebugString())));
}

TEST_F(ServiceTest, RefusesUpdatesThatWouldBreakIt) {
  const auto created = Create(CreationOf("lag-kazbegi"));
  ASSERT_THAT(created, IsOk());
  EXPECT_THAT(Update(UpdateOf("", {"country"})),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(Update(UpdateOf("", {"colour"})),
              StatusIs(absl::StatusCode::kInvalidArgument, "UNKNOWN_FIELD"));
  EXPECT_THAT(Update(UpdateOf("network: 'networks/pl'", {"network"})),
              StatusIs(absl::StatusCode::kInvalidArgument, "IMMUTABLE_FIELD"));
  EXPECT_THAT(
      Update(UpdateOf("territories { scheme: NUTS version: '1' code: 'x' }",
                      {"territories"})),
      StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(Update(UpdateOf("themes: 'alchemy'", {"themes"})),
              StatusIs(absl::StatusCode::kInvalidArgument, "UNKNOWN_THEME"));
  EXPECT_THAT(Get(created->name()),
              IsOkAndHolds(EqualsProto(created->DebugString())));
}

TEST_F(ServiceTest, NoticesThatSomebodyElseChangedIt) {
  ASSERT_THAT(Create(CreationOf("lag-kazbegi")), IsOk());
  ASSERT_THAT(Update(UpdateOf("etag: '\"1\"' email: 'a@x.org'", {"email"})),
              IsOk());
  EXPECT_THAT(Update(UpdateOf("etag: '\"1\"' email: 'b@x.org'", {"email"})),
              StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
  EXPECT_THAT(Archive("\"1\""),
              StatusIs(absl::StatusCode::kAborted, "ETAG_MISMATCH"));
  EXPECT_THAT(Archive("\"2\""), IsOk());
}

TEST_F(ServiceTest, LosesNoUpdateWhenManyComeAtOnce) {
  ASSERT_THAT(Create(CreationOf("lag-kazbegi")), IsOk());
  std::vector<std::thread> writers;
  for (int i = 0; i < 10; ++i) {
    writers.emplace_back([this, i] {
      EXPECT_THAT(
          Update(UpdateOf(absl::StrCat("email: 'a", i, "@x.org'"), {"email"})),
          IsOk());
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(Get("organizations/lag-kazbegi")->etag(), "\"11\"");
}

TEST_F(ServiceTest, ArchivesOnce) {
  ASSERT_THAT(Create(CreationOf("lag-kazbegi")), IsOk());
  EXPECT_THAT(Archive(), IsOkAndHolds(HasProto("state: ARCHIVED")));
  EXPECT_THAT(Archive(),
              StatusIs(absl::StatusCode::kFailedPrecondition, "WRONG_STATE"));
  EXPECT_THAT(Get("organizations/lag-kazbegi"),
              IsOkAndHolds(HasProto("state: ARCHIVED")));
  EXPECT_THAT(List(""), IsEmpty());
  EXPECT_THAT(List("states: ARCHIVED"), ElementsAre("lag-kazbegi"));
}

TEST_F(ServiceTest, ListsWhatEveryFilterAsksFor) {
  ASSERT_THAT(CreateNetwork("ksow", R"pb(
                kind: NATIONAL
                display_name {
                  texts {
                    key: "pl"
                    value { text: "KSOW" }
                  }
                }
                countries: "PL"
                languages: "pl"
                currency: "PLN"
                time_zone: "Europe/Warsaw"
              )pb"),
              IsOk());
  ASSERT_THAT(Create(CreationOf("lag-kazbegi")), IsOk());
  ASSERT_THAT(
      Create(CreationOf("powiat-radomski", R"pb(
               network: "networks/ksow"
               kind: COUNTY
               display_name {
                 texts {
                   key: "pl"
                   value { text: "Radom" }
                 }
               }
               country: "PL"
               territories { scheme: NUTS version: "2021" code: "PL921" }
               themes: "water"
               languages: "pl"
             )pb"),
             kAdmin),
      IsOk());
  EXPECT_THAT(List(""), ElementsAre("lag-kazbegi", "powiat-radomski"));
  EXPECT_THAT(List("network: 'networks/georgia'"), ElementsAre("lag-kazbegi"));
  EXPECT_THAT(List("kind: COUNTY"), ElementsAre("powiat-radomski"));
  EXPECT_THAT(List("country: 'PL'"), ElementsAre("powiat-radomski"));
  EXPECT_THAT(List("territory: 'PL9'"), ElementsAre("powiat-radomski"));
  EXPECT_THAT(List("territory: 'PL-14'"), ElementsAre("powiat-radomski"));
  EXPECT_THAT(List("territory: 'PL8'"), IsEmpty());
  EXPECT_THAT(List("territory: 'GE'"), ElementsAre("lag-kazbegi"));
  EXPECT_THAT(List("territory: 'PL%'"), IsEmpty());
  EXPECT_THAT(List("territory: 'PL_2'"), IsEmpty());
  EXPECT_THAT(List("theme: 'biodiversity'"), ElementsAre("lag-kazbegi"));
  EXPECT_THAT(List("language: 'ka'"), ElementsAre("lag-kazbegi"));
  EXPECT_THAT(List("language: 'ka' country: 'PL'"), IsEmpty());
  EXPECT_THAT(List("theme: \"x' OR '1'='1\""), IsEmpty());
}

TEST_F(ServiceTest, PagesThroughEveryOrganizationOnce) {
  for (int i = 0; i < 7; ++i) {
    ASSERT_THAT(Create(CreationOf(absl::StrCat("org-", i))), IsOk());
  }
  v1::ListOrganizationsRequest request;
  request.set_page_size(3);
  std::vector<std::string> names;
  std::vector<int> sizes;
  do {
    const auto page =
        Call(*organizations_, &Organizations::ListOrganizations, request);
    ASSERT_THAT(page, IsOk());
    sizes.push_back(page->organizations_size());
    for (const auto& entry : page->organizations()) {
      names.push_back(entry.name());
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(sizes, ElementsAre(3, 3, 1));
  EXPECT_THAT(names, SizeIs(7));
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
}

TEST_F(ServiceTest, ListsTheNearestOrganizationsFirst) {
  const std::pair<const char*, const char*> entries[] = {
      {"at-tbilisi", "position { latitude: 41.72 longitude: 44.83 }"},
      {"at-kazbegi", "position { latitude: 42.66 longitude: 44.64 }"},
      {"in-borjomi", "territories { scheme: LAU code: 'GE-SJ-BORJOMI' }"},
      {"nowhere", ""}};
  for (const auto& [id, where] : entries) {
    auto request = CreationOf(id);
    request.mutable_organization()->clear_position();
    request.mutable_organization()->clear_territories();
    request.mutable_organization()->MergeFrom(
        FromText<v1::Organization>(where));
    ASSERT_THAT(Create(request), IsOk());
  }
  const auto near = [&](const std::string& text) {
    auto request = FromText<v1::ListNearbyOrganizationsRequest>(text);
    std::vector<std::string> ids;
    do {
      const auto page = Call(*organizations_,
                             &Organizations::ListNearbyOrganizations, request);
      EXPECT_THAT(page, IsOk());
      if (!page.ok()) break;
      for (const auto& entry : page->organizations()) {
        ids.push_back(absl::StrCat(
            entry.organization().name().substr(strlen("organizations/")),
            absl::StrFormat(" %.0f%s", entry.distance_km(),
                            entry.is_area() ? " area" : "")));
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return ids;
  };
  for (const char* page : {"", "page_size: 1", "page_size: 2"}) {
    EXPECT_THAT(
        near(absl::StrCat("position { latitude: 42 longitude: 44.83 } ", page)),
        ElementsAre("at-tbilisi 31", "at-kazbegi 75", "in-borjomi 120 area"));
  }
  EXPECT_THAT(near("organization: 'organizations/in-borjomi'"),
              ElementsAre("at-tbilisi 120", "at-kazbegi 136"));
  EXPECT_THAT(near("organization: 'organizations/in-borjomi'"
                   " max_distance_km: 130 kind: LAG"),
              ElementsAre("at-tbilisi 120"));
  EXPECT_THAT(near("position { latitude: 42 longitude: 44.83 }"
                   " network: 'networks/other'"),
              IsEmpty());
  const auto refused = [&](const char* text) {
    return Call(*organizations_, &Organizations::ListNearbyOrganizations,
                FromText<v1::ListNearbyOrganizationsRequest>(text));
  };
  EXPECT_THAT(refused(""),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(refused("organization: 'organizations/nowhere'"),
              StatusIs(absl::StatusCode::kFailedPrecondition, "NO_POSITION"));
  EXPECT_THAT(refused("organization: 'organizations/ghost'"),
              StatusIs(absl::StatusCode::kNotFound, "NOT_FOUND"));
}

TEST_F(ServiceTest, RefusesThePageOfAnotherList) {
  for (int i = 0; i < 3; ++i) {
    ASSERT_THAT(Create(CreationOf(absl::StrCat("org-", i))), IsOk());
  }
  v1::ListOrganizationsRequest request;
  request.set_page_size(1);
  const auto page =
      Call(*organizations_, &Organizations::ListOrganizations, request);
  ASSERT_THAT(page, IsOk());
  request.set_page_token(page->next_page_token());
  request.set_country("GE");
  EXPECT_THAT(
      Call(*organizations_, &Organizations::ListOrganizations, request),
      StatusIs(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_MISMATCH"));
}

TEST_F(ServiceTest, DoesEachRequestOnce) {
  const auto request = CreationOf("lag-kazbegi");
  const auto first = Create(request);
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(Create(request), IsOkAndHolds(EqualsProto(first->DebugString())));

  auto update = UpdateOf("etag: '\"1\"' email: 'new@x.org'", {"email"});
  ASSERT_THAT(Update(update), IsOk());
  EXPECT_THAT(Update(update), IsOkAndHolds(HasProto("etag: '\"2\"'")));
  update.mutable_organization()->set_email("other@x.org");
  EXPECT_THAT(Update(update), StatusIs(absl::StatusCode::kFailedPrecondition,
                                       "REQUEST_ID_REUSED"));
}

TEST_F(ServiceTest, GivesFiftyTwinsTheSameAnswer) {
  const auto request = CreationOf("lag-kazbegi");
  std::vector<absl::StatusOr<v1::Organization>> answers(50);
  std::vector<std::thread> callers;
  for (auto& answer : answers) {
    callers.emplace_back([&, this] { answer = Create(request); });
  }
  for (std::thread& caller : callers) caller.join();
  for (const auto& answer : answers) {
    EXPECT_THAT(answer, IsOkAndHolds(HasProto("etag: '\"1\"'")));
  }
  EXPECT_EQ(database().Ask("SELECT count(*) FROM changes.change"
                           " WHERE resource = 'organizations/lag-kazbegi'"),
            "1");
}

TEST_F(ServiceTest, OnlyChecksWhenAskedTo) {
  auto request = CreationOf("lag-kazbegi");
  request.set_validate_only(true);
  EXPECT_THAT(Create(request),
              IsOkAndHolds(HasProto("name: 'organizations/lag-kazbegi'")));
  EXPECT_THAT(Get("organizations/lag-kazbegi"),
              StatusIs(absl::StatusCode::kNotFound));
  request.mutable_organization()->add_themes("alchemy");
  EXPECT_THAT(Create(request),
              StatusIs(absl::StatusCode::kInvalidArgument, "UNKNOWN_THEME"));
}

TEST_F(ServiceTest, TellsTheChangeLogWhatChangedAndWhoDidIt) {
  ASSERT_THAT(Create(CreationOf("lag-kazbegi")), IsOk());
  ASSERT_THAT(Update(UpdateOf("email: 'new@x.org'", {"email"})), IsOk());
  EXPECT_EQ(
      database().Ask("SELECT string_agg(concat_ws(' ', network, resource,"
                     " version, removed, actor,"
                     " split_part(method, '/', 2)), '; ' ORDER BY xid, seq)"
                     " FROM changes.change WHERE resource LIKE 'org%'"),
      "georgia organizations/lag-kazbegi 1 f "
      "accounts/network-editor-network-georgia "
      "CreateOrganization; "
      "georgia organizations/lag-kazbegi 2 f "
      "accounts/lag-manager-organization-lag-kazbegi UpdateOrganization");
}

TEST_F(ServiceTest, UpdatesANetwork) {
  v1::UpdateNetworkRequest request;
  request.mutable_network()->set_name("networks/georgia");
  request.mutable_network()->set_currency("EUR");
  request.mutable_update_mask()->add_paths("currency");
  request.set_request_id(FreshRequestId());
  EXPECT_THAT(Call(*networks_, &Networks::UpdateNetwork, request,
                   {"role:NETWORK_ADMIN@network=georgia"}),
              IsOkAndHolds(HasProto("currency: 'EUR' etag: '\"2\"' "
                                    "time_zone: 'Asia/Tbilisi'")));
  request.mutable_network()->add_countries("PL");
  request.mutable_network()->add_countries("GE");
  request.mutable_update_mask()->add_paths("countries");
  request.set_request_id(FreshRequestId());
  EXPECT_THAT(Call(*networks_, &Networks::UpdateNetwork, request, {kAdmin}),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
}

TEST_F(ServiceTest, ListsNetworksByName) {
  ASSERT_THAT(CreateNetwork("alps", R"pb(
                kind: TRANSNATIONAL
                display_name {
                  texts {
                    key: "en"
                    value { text: "Alps" }
                  }
                }
                countries: "AT"
                countries: "IT"
                languages: "de"
                currency: "EUR"
                time_zone: "Europe/Vienna"
              )pb"),
              IsOk());
  v1::ListNetworksRequest request;
  request.set_page_size(1);
  auto page = Call(*networks_, &Networks::ListNetworks, request);
  ASSERT_THAT(page, IsOk());
  EXPECT_EQ(page->networks(0).name(), "networks/alps");
  request.set_page_token(page->next_page_token());
  page = Call(*networks_, &Networks::ListNetworks, request);
  ASSERT_THAT(page, IsOk());
  EXPECT_EQ(page->networks(0).name(), "networks/georgia");
  EXPECT_EQ(page->next_page_token(), "");
}

TEST_F(ServiceTest, KnowsEveryThemeInFourLanguages) {
  const auto stub = v1::ThemeService::NewStub(server_->channel());
  v1::ListThemesRequest request;
  request.set_page_size(200);
  const auto response = Call(*stub, &Themes::ListThemes, request);
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->next_page_token(), "");
  EXPECT_GE(response->themes_size(), 40);
  std::set<std::string> ids;
  for (const v1::Theme& theme : response->themes()) ids.insert(theme.id());
  for (const v1::Theme& theme : response->themes()) {
    for (const char* language : {"en", "ka", "pl", "cs"}) {
      EXPECT_TRUE(theme.label().texts().contains(language)) << theme.id();
    }
    EXPECT_TRUE(theme.broader().empty() || ids.contains(theme.broader()));
  }
}

}  // namespace
}  // namespace lagnet::directory
