#ifndef LAGNET_TESTS_DIRECTORY_FIXTURE_H_
#define LAGNET_TESTS_DIRECTORY_FIXTURE_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/directory/import_service.h"
#include "server/directory/service.h"
#include "tests/support/database.h"
#include "tests/support/matchers.h"
#include "tests/support/server.h"

namespace lagnet::directory {

using support::Call;
using support::EqualsProto;
using support::FromText;
using support::HasProto;
using support::IsOk;
using support::IsOkAndHolds;
using support::StatusIs;
using support::WrongFields;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Networks = v1::NetworkService::Stub;
using Organizations = v1::OrganizationService::Stub;
using FieldChanges = v1::FieldChangeService::Stub;
using Imports = v1::ImportService::Stub;
using Themes = v1::ThemeService::Stub;

inline constexpr char kAdmin[] = "role:NETWORK_ADMIN";
inline constexpr char kEditor[] = "role:NETWORK_EDITOR@network=georgia";
inline constexpr char kManager[] = "role:LAG_MANAGER@organization=lag-kazbegi";

inline constexpr char kName[] = "organizations/lag-kazbegi";

inline constexpr char kGeo[] = R"pb(
  kind: NATIONAL
  display_name {
    texts {
      key: "en"
      value { text: "Georgian LAGs" }
    }
  }
  countries: "GE"
  languages: "ka"
  languages: "en"
  currency: "GEL"
  time_zone: "Asia/Tbilisi"
  jurisdiction_profile: "ge-2024"
)pb";

inline constexpr char kKazbegi[] = R"pb(
  network: "networks/georgia"
  kind: LAG
  display_name {
    texts {
      key: "ka"
      value { text: "ყაზბეგი" origin: HUMAN }
    }
    texts {
      key: "en"
      value { text: "Kazbegi \"LAG\"" }
    }
  }
  country: "GE"
  territories { scheme: ISO_3166_2 code: "GE-MM" }
  territories { scheme: LAU version: "2024" code: "GE-MM-KAZBEGI" }
  themes: "rural_tourism"
  themes: "biodiversity"
  languages: "ka"
  languages: "en"
  position { latitude: 42.66 longitude: 44.64 }
  email: "office@kazbegi.example.org"
  website: "https://kazbegi.example.org"
  description {
    texts {
      key: "en"
      value { text: "In the mountains." }
    }
  }
  memberships { network: "networks/georgia" since: "2016-01-01" }
  partner_registrations {
    network: "networks/georgia"
    status: REGISTERED
    applied_on: "2016-02-01"
    registered_on: "2016-03-01"
  }
  funds { fund: ENPARD programme: "ENPARD II" start_year: 2015 end_year: 2017 }
  funds { fund: NATIONAL }
  strategy {
    title {
      texts {
        key: "en"
        value { text: "Rural Development Strategy" }
      }
    }
    start_year: 2016
    end_year: 2020
    themes: "rural_tourism"
    website: "https://kazbegi.example.org/strategy"
  }
  legal_form { text: "non-entrepreneurial legal entity" elf_code: "8888" }
  founded_on: "2015-11-20"
  register_entry { register: "NAPR" number: "0123" registered_on: "2016-01-02" }
  member_counts {
    total: 71
    public_sector: 20
    private_sector: 21
    civic_sector: 22
    individuals: 8
  }
  bodies: ASSEMBLY
  bodies: BOARD
  area_km2: 1081.7
  population: 3795
)pb";

inline std::string FreshRequestId() {
  static std::atomic<int> count{0};
  return absl::StrFormat("00000000-0000-4000-8000-%012d", ++count);
}

// A server with the directory, for all tests of a suite; each test begins with
// one network, networks/georgia.
class DirectoryTest : public support::DatabaseTest {
 protected:
  static void SetUpTestSuite() {
    support::DatabaseTest::SetUpTestSuite();
    server_ = new support::TestServer(database().dsn());
    server_->Add<NetworkService>();
    server_->Add<OrganizationService>();
    server_->Add<FieldChangeService>();
    server_->Add<ImportService>();
    server_->Add<ThemeService>();
    server_->Start();
  }
  static void TearDownTestSuite() {
    delete server_;
    support::DatabaseTest::TearDownTestSuite();
  }
  void SetUp() override {
    database().Run(
        "TRUNCATE directory.network, directory.organization, db.request,"
        " changes.change CASCADE");
    networks_ = v1::NetworkService::NewStub(server_->channel());
    organizations_ = v1::OrganizationService::NewStub(server_->channel());
    changes_ = v1::FieldChangeService::NewStub(server_->channel());
    imports_ = v1::ImportService::NewStub(server_->channel());
    ASSERT_THAT(CreateNetwork("georgia", kGeo), IsOk());
  }

  absl::StatusOr<v1::Network> CreateNetwork(const std::string& id,
                                            const std::string& text,
                                            const char* token = kAdmin) {
    v1::CreateNetworkRequest request;
    request.set_network_id(id);
    support::ParseText(text, request.mutable_network());
    request.set_request_id(FreshRequestId());
    return Call(*networks_, &Networks::CreateNetwork, request, {token});
  }
  static v1::CreateOrganizationRequest CreationOf(
      const std::string& id, const std::string& text = kKazbegi) {
    v1::CreateOrganizationRequest request;
    request.set_organization_id(id);
    support::ParseText(text, request.mutable_organization());
    request.set_initial_state(v1::Organization::VERIFIED);
    request.set_allow_likely_doubles(true);  // Most tests make equal entries.
    request.set_request_id(FreshRequestId());
    return request;
  }
  absl::StatusOr<v1::Organization> Create(
      const v1::CreateOrganizationRequest& request,
      const char* token = kEditor) {
    return Call(*organizations_, &Organizations::CreateOrganization, request,
                {token});
  }
  absl::StatusOr<v1::Organization> Get(const std::string& name,
                                       const char* token = "") {
    v1::GetOrganizationRequest request;
    request.set_name(name);
    return Call(*organizations_, &Organizations::GetOrganization, request,
                {token});
  }
  static v1::UpdateOrganizationRequest UpdateOf(
      const std::string& text, std::initializer_list<const char*> mask) {
    v1::UpdateOrganizationRequest request;
    support::ParseText(text, request.mutable_organization());
    request.mutable_organization()->set_name("organizations/lag-kazbegi");
    for (const char* path : mask)
      request.mutable_update_mask()->add_paths(path);
    request.set_request_id(FreshRequestId());
    return request;
  }
  absl::StatusOr<v1::Organization> Update(
      const v1::UpdateOrganizationRequest& request,
      const char* token = kManager) {
    return Call(*organizations_, &Organizations::UpdateOrganization, request,
                {token});
  }
  // Takes a step of the life of lag-kazbegi, such as Verify; `text` is more of
  // the request.
  template <typename Request>
  absl::StatusOr<v1::Organization> Take(
      grpc::Status (Organizations::*step)(grpc::ClientContext*, const Request&,
                                          v1::Organization*),
      const char* token = kEditor, const std::string& text = "") {
    Request request = FromText<Request>(text);
    request.set_name("organizations/lag-kazbegi");
    request.set_request_id(FreshRequestId());
    return Call(*organizations_, step, request, {token});
  }
  absl::StatusOr<v1::Organization> Archive(const std::string& etag = "",
                                           const char* token = kEditor) {
    return Take(&Organizations::ArchiveOrganization, token,
                absl::StrCat("etag: '", etag, "'"));
  }
  // The ids of the organisations that a list shows.
  std::vector<std::string> List(const std::string& text,
                                const char* token = "") {
    const auto response =
        Call(*organizations_, &Organizations::ListOrganizations,
             FromText<v1::ListOrganizationsRequest>(text), {token});
    EXPECT_THAT(response, IsOk());
    std::vector<std::string> ids;
    for (const auto& organization : response->organizations()) {
      ids.push_back(organization.name().substr(strlen("organizations/")));
    }
    return ids;
  }

  static inline support::TestServer* server_ = nullptr;
  std::unique_ptr<Networks> networks_;
  std::unique_ptr<Organizations> organizations_;
  std::unique_ptr<FieldChanges> changes_;
  std::unique_ptr<Imports> imports_;
};

}  // namespace lagnet::directory

#endif  // LAGNET_TESTS_DIRECTORY_FIXTURE_H_
