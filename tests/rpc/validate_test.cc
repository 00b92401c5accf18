#include "server/rpc/validate.h"

#include <limits>

#include "lagnet/access/v1/accounts.pb.h"
#include "lagnet/directory/v1/imports.pb.h"
#include "lagnet/directory/v1/networks.pb.h"
#include "lagnet/directory/v1/organizations.pb.h"
#include "lagnet/mail/v1/bounces.pb.h"
#include "lagnet/projects/v1/projects.pb.h"
#include "lagnet/visits/v1/sign_ups.pb.h"
#include "tests/support/matchers.h"

namespace lagnet::rpc {
namespace {

using directory::v1::CreateNetworkRequest;
using directory::v1::CreateOrganizationRequest;
using directory::v1::ListOrganizationsRequest;
using directory::v1::UpdateNetworkRequest;
using support::FromText;
using support::IsOk;
using support::StatusIs;
using support::WrongFields;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

CreateOrganizationRequest Good() {
  return FromText<CreateOrganizationRequest>(R"pb(
    organization_id: "lag-kazbegi"
    organization {
      network: "networks/geo"
      kind: LAG
      display_name {
        texts {
          key: "ka"
          value { text: "ყაზბეგი" }
        }
      }
      country: "GE"
      territories { scheme: ISO_3166_2 code: "GE-MM" }
      themes: "water"
      languages: "ka"
      languages: "en"
      position { latitude: 42.66 longitude: 44.64 }
      email: "office@lag.example.org"
      website: "https://lag.example.org"
    }
    request_id: "0b2a6d0e-3c0c-4c1a-9d0e-5a3b1f6c7d8e"
  )pb");
}

// The fields that Validate() finds wrong after `change`.
template <typename Change>
std::vector<std::string> Wrong(Change change) {
  CreateOrganizationRequest request = Good();
  change(request);
  return WrongFields(Validate(request));
}

TEST(ValidateTest, TakesAGoodRequest) { EXPECT_THAT(Validate(Good()), IsOk()); }

TEST(ValidateTest, NamesEveryWrongFieldAtOnce) {
  const absl::Status status = Validate(CreateOrganizationRequest());
  EXPECT_THAT(status,
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(WrongFields(status),
              ElementsAre("organization_id", "organization", "request_id"));
}

TEST(ValidateTest, AsksForRequiredFieldsDownInMessages) {
  EXPECT_THAT(Wrong([](auto& r) {
                r.mutable_organization()->clear_network();
                r.mutable_organization()->clear_kind();
                r.mutable_organization()->clear_display_name();
                r.mutable_organization()->clear_country();
              }),
              ElementsAre("organization.network", "organization.kind",
                          "organization.display_name", "organization.country"));
}

TEST(ValidateTest, ChecksEveryItemOfARepeatedField) {
  EXPECT_THAT(Wrong([](auto& r) {
                r.mutable_organization()->set_languages(1, "EN");
                r.mutable_organization()->add_languages("");
                r.mutable_organization()->add_themes(std::string(61, 'x'));
              }),
              ElementsAre("organization.themes[1]", "organization.languages[1]",
                          "organization.languages[2]"));
}

TEST(ValidateTest, ChecksMessagesInRepeatedFields) {
  EXPECT_THAT(
      Wrong([](auto& r) { r.mutable_organization()->add_territories(); }),
      ElementsAre("organization.territories[1].scheme",
                  "organization.territories[1].code"));
}

TEST(ValidateTest, CountsItems) {
  EXPECT_THAT(Wrong([](auto& r) {
                for (int i = 0; i < 20; ++i) {
                  r.mutable_organization()->add_languages("ka");
                }
              }),
              ElementsAre("organization.languages"));
}

TEST(ValidateTest, ChecksKeysAndValuesOfMaps) {
  EXPECT_THAT(
      Wrong([](auto& r) {
        auto& texts =
            *r.mutable_organization()->mutable_display_name()->mutable_texts();
        texts["Georgian"].set_text("Kazbegi");
        texts["en"].set_text("");
        texts["pl"].set_text("a\x01");
        texts["cs"].set_origin(static_cast<types::v1::Translation::Origin>(77));
        texts["cs"].set_text("x");
      }),
      UnorderedElementsAre("organization.display_name.texts key",
                           "organization.display_name.texts[en].text",
                           "organization.display_name.texts[pl].text",
                           "organization.display_name.texts[cs].origin"));
}

TEST(ValidateTest, CountsEntriesOfMaps) {
  EXPECT_THAT(Wrong([](auto& r) {
                for (char c = 'a'; c <= 'z'; ++c) {
                  for (const char* d : {"a", "b"}) {
                    (*r.mutable_organization()
                          ->mutable_description()
                          ->mutable_texts())[std::string(1, c) + d]
                        .set_text("x");
                  }
                }
              }),
              ElementsAre("organization.description.texts"));
}

TEST(ValidateTest, AsksForATextInOneLanguage) {
  EXPECT_THAT(Wrong([](auto& r) {
                r.mutable_organization()->mutable_display_name()->Clear();
                r.mutable_organization()->mutable_description()->Clear();
              }),
              ElementsAre("organization.display_name"));
}

TEST(ValidateTest, MeasuresTextInCodePoints) {
  std::string long_name;
  for (int i = 0; i < 200; ++i) long_name += "ყ";
  const auto rename = [&](auto& r) {
    (*r.mutable_organization()->mutable_display_name()->mutable_texts())["ka"]
        .set_text(long_name);
  };
  EXPECT_THAT(Wrong(rename), IsEmpty());
  long_name += "ყ";
  EXPECT_THAT(Wrong(rename), ElementsAre("organization.display_name"));
}

TEST(ValidateTest, LimitsTextsWithoutALimitOfTheirOwn) {
  directory::v1::GetOrganizationRequest request;
  request.set_name(std::string(200, 'x'));
  EXPECT_THAT(Validate(request), IsOk());
  request.set_name(std::string(201, 'x'));
  EXPECT_THAT(WrongFields(Validate(request)), ElementsAre("name"));
}

TEST(ValidateTest, RefusesControlCharactersAnywhere) {
  EXPECT_THAT(Wrong([](auto& r) {
                r.mutable_organization()->set_themes(0, std::string("a\0b", 3));
              }),
              ElementsAre("organization.themes[0]"));
}

TEST(ValidateTest, ChecksRangesOfNumbers) {
  EXPECT_THAT(
      Wrong([](auto& r) {
        r.mutable_organization()->mutable_position()->set_latitude(90.001);
        r.mutable_organization()->mutable_position()->set_longitude(-181);
      }),
      ElementsAre("organization.position.latitude",
                  "organization.position.longitude"));
  EXPECT_THAT(Wrong([](auto& r) {
                r.mutable_organization()->mutable_position()->set_latitude(
                    std::numeric_limits<double>::quiet_NaN());
                r.mutable_organization()->mutable_position()->set_longitude(
                    std::numeric_limits<double>::infinity());
              }),
              ElementsAre("organization.position.latitude",
                          "organization.position.longitude"));
  ListOrganizationsRequest list;
  list.set_page_size(-1);
  EXPECT_THAT(WrongFields(Validate(list)), ElementsAre("page_size"));
  projects::v1::Project::Indicator indicator;
  indicator.set_title("participants");
  indicator.set_target(-1);
  EXPECT_THAT(WrongFields(Validate(indicator)), ElementsAre("target"));
}

TEST(ValidateTest, RefusesEnumNumbersItDoesNotKnow) {
  EXPECT_THAT(Wrong([](auto& r) {
                r.mutable_organization()->set_kind(
                    static_cast<directory::v1::Organization::Kind>(99));
              }),
              ElementsAre("organization.kind"));
}

TEST(ValidateTest, PassesOverWhatTheServerSets) {
  EXPECT_THAT(Wrong([](auto& r) {
                r.mutable_organization()->set_state(
                    static_cast<directory::v1::Organization::State>(99));
                r.mutable_organization()->mutable_create_time()->set_seconds(
                    std::numeric_limits<int64_t>::max());
              }),
              IsEmpty());
}

TEST(ValidateTest, RefusesTimesWithoutAForm) {
  access::v1::Grant grant;
  grant.set_role(options::v1::AUDITOR);
  grant.mutable_start_time()->set_seconds(253'402'300'799);
  EXPECT_THAT(Validate(grant), IsOk());
  grant.mutable_start_time()->set_seconds(253'402'300'800);
  grant.mutable_end_time()->set_nanos(-1);
  EXPECT_THAT(WrongFields(Validate(grant)),
              ElementsAre("start_time", "end_time"));
}

TEST(ValidateTest, ReachesIntoBatches) {
  visits::v1::BatchCreateSignUpsRequest batch;
  batch.set_organization("organizations/lag-a");
  batch.set_request_id("0b2a6d0e-3c0c-4c1a-9d0e-5a3b1f6c7d8e");
  auto* item = batch.add_requests();
  item->set_parent("studyVisits/a");
  item->set_request_id("nonsense");
  auto* sign_up = item->mutable_sign_up();
  sign_up->set_standing(visits::v1::SignUp::RESIDENT);
  sign_up->set_sector(visits::v1::SignUp::CIVIC);
  sign_up->set_organization("organizations/lag-a");
  sign_up->add_members()->set_email("nino");
  EXPECT_THAT(WrongFields(Validate(batch)),
              ElementsAre("requests[0].sign_up.members[0].email",
                          "requests[0].request_id"));
}

TEST(ValidateTest, SaysNoMoreThanFitsAnAnswer) {
  CreateOrganizationRequest request = Good();
  for (int i = 0; i < 150; ++i) {
    request.mutable_organization()->add_territories();
  }
  EXPECT_THAT(WrongFields(Validate(request)), SizeIs(50));
}

UpdateNetworkRequest Update(std::initializer_list<const char*> paths) {
  auto request = FromText<UpdateNetworkRequest>(R"pb(
    network { name: "networks/ksow" }
    request_id: "0b2a6d0e-3c0c-4c1a-9d0e-5a3b1f6c7d8e"
  )pb");
  for (const char* path : paths) request.mutable_update_mask()->add_paths(path);
  return request;
}

TEST(ValidateTest, LeavesToTheMethodWhatItChecksItself) {
  auto request = FromText<directory::v1::ImportOrganizationsRequest>(R"pb(
    network: "networks/ksow"
    rows { organization { country: "Poland" } }
    request_id: "0b2a6d0e-3c0c-4c1a-9d0e-5a3b1f6c7d8e"
  )pb");
  EXPECT_THAT(Validate(request), IsOk());
  for (int i = 0; i < 100; ++i) request.add_rows();
  EXPECT_THAT(WrongFields(Validate(request)), ElementsAre("rows"));
  request.clear_rows();
  EXPECT_THAT(WrongFields(Validate(request)), ElementsAre("rows"));
}

TEST(ValidateTest, LetsUpdatesLeaveOutWhatTheyDoNotChange) {
  EXPECT_THAT(Validate(Update({})), IsOk());
  EXPECT_THAT(Validate(Update({"jurisdiction_profile"})), IsOk());
  UpdateNetworkRequest request = Update({"time_zone"});
  request.mutable_network()->set_time_zone("Asia/Tbilisi");
  EXPECT_THAT(Validate(request), IsOk());
}

TEST(ValidateTest, DoesNotLetUpdatesClearWhatIsRequired) {
  EXPECT_THAT(WrongFields(Validate(Update({"time_zone", "countries"}))),
              ElementsAre("network.countries", "network.time_zone"));
  EXPECT_THAT(WrongFields(Validate(Update({"*"}))), SizeIs(6));
}

TEST(ValidateTest, ChecksWhatAnUpdateSetsButDoesNotName) {
  UpdateNetworkRequest request = Update({"currency"});
  request.mutable_network()->set_currency("PLN");
  request.mutable_network()->set_time_zone("Mars/Olympus");
  EXPECT_THAT(WrongFields(Validate(request)), ElementsAre("network.time_zone"));
}

TEST(ValidateTest, TakesAnyBytesButNotTooMany) {
  mail::v1::ReportBounceRequest request;
  request.set_request_id("0b2a6d0e-3c0c-4c1a-9d0e-5a3b1f6c7d8e");
  request.set_message(std::string(1'000'000, '\xff'));
  EXPECT_THAT(Validate(request), IsOk());
  request.mutable_message()->push_back('\0');
  EXPECT_THAT(WrongFields(Validate(request)), ElementsAre("message"));
}

}  // namespace
}  // namespace lagnet::rpc
