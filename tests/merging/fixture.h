#ifndef LAGNET_TESTS_MERGING_FIXTURE_H_
#define LAGNET_TESTS_MERGING_FIXTURE_H_

#include <atomic>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "lagnet/access/v1/accounts.grpc.pb.h"
#include "lagnet/access/v1/api_keys.grpc.pb.h"
#include "lagnet/directory/v1/doubles.grpc.pb.h"
#include "lagnet/directory/v1/field_changes.grpc.pb.h"
#include "lagnet/directory/v1/imports.grpc.pb.h"
#include "lagnet/directory/v1/networks.grpc.pb.h"
#include "lagnet/directory/v1/organizations.grpc.pb.h"
#include "lagnet/projects/v1/projects.grpc.pb.h"
#include "lagnet/search/v1/search.grpc.pb.h"
#include "lagnet/visits/v1/sign_ups.grpc.pb.h"
#include "lagnet/visits/v1/study_visits.grpc.pb.h"
#include "tests/access/whole_server.h"
#include "tests/support/database.h"
#include "tests/support/matchers.h"
#include "tests/support/seats_wrong.h"
#include "tests/support/server.h"

namespace lagnet::merging {

using Accounts = access::v1::AccountService;
using ApiKeys = access::v1::ApiKeyService;
using Doubles = directory::v1::DoubleService;
using FieldChanges = directory::v1::FieldChangeService;
using Imports = directory::v1::ImportService;
using Networks = directory::v1::NetworkService;
using Organizations = directory::v1::OrganizationService;
using Projects = projects::v1::ProjectService;
using Searches = search::v1::SearchService;
using SignUps = visits::v1::SignUpService;
using Visits = visits::v1::StudyVisitService;

inline std::string FreshRequestId() {
  static std::atomic<int> count{0};
  return absl::StrFormat("00000000-0000-4000-8000-%012d", ++count);
}

// A whole server, two LAGs that are one, and a third that is not.
class MergeTest : public support::DatabaseTest {
 protected:
  static void SetUpTestSuite() {
    support::DatabaseTest::SetUpTestSuite();
    server_ = new access::WholeServer(database().dsn());
  }
  static void TearDownTestSuite() {
    delete server_;
    server_ = nullptr;
    support::DatabaseTest::TearDownTestSuite();
  }

  void SetUp() override {
    // Names are never free again: each test has its own.
    static int count = 0;
    suffix_ = absl::StrCat("-", ++count);
    network_ = MakeNetwork("net");
    old_ = MakeOrganization("old", "Lagodekhi LAG");
    new_ = MakeOrganization("new", "ლაგოდეხის ჯგუფი");
    third_ = MakeOrganization("third", "Akhmeta LAG");
  }

  // Calls a method with a request in text format, with a request id unless it
  // has one, as the operator or the holder of `key`.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Do(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                           const Request&,
                                                           Response*),
                              const std::string& text,
                              const std::string& key = "") {
    auto request = support::FromText<Request>(text);
    const auto* id = Request::descriptor()->FindFieldByName("request_id");
    if (id != nullptr &&
        request.GetReflection()->GetString(request, id) == "") {
      request.GetReflection()->SetString(&request, id, FreshRequestId());
    }
    Stub stub(server_->channel());
    return support::Call(stub, method, request,
                         {key.empty() ? server_->operator_key() : key});
  }

  template <typename T>
  static T Must(absl::StatusOr<T> result) {
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *std::move(result) : T();
  }

  std::string MakeNetwork(const std::string& id) {
    return Must(
               Do(&Networks::Stub::CreateNetwork,
                  absl::StrCat("network_id: '", id, suffix_,
                               "' network { kind: NATIONAL display_name {"
                               "  texts { key: 'en' value { text: 'A network' }"
                               " } } countries: 'GE' languages: 'ka'"
                               " currency: 'GEL' time_zone: 'Asia/Tbilisi' }")))
        .name();
  }

  std::string MakeOrganization(const std::string& id, const std::string& text,
                               const std::string& more = "") {
    return Must(Do(&Organizations::Stub::CreateOrganization,
                   absl::StrCat(
                       "organization_id: '", id, suffix_,
                       "' initial_state: VERIFIED allow_likely_doubles: true"
                       " organization {"
                       "  network: '",
                       network_,
                       "' kind: LAG"
                       "  display_name { texts { key: 'en' value {"
                       "    text: '",
                       text,
                       "' } } }"
                       "  country: 'GE' ",
                       more, "}")))
        .name();
  }

  // A published study visit; `more` are other fields.
  std::string MakeVisit(const std::string& id, const std::string& host,
                        const std::string& more) {
    const std::string name =
        Must(Do(&Visits::Stub::CreateStudyVisit,
                absl::StrCat(
                    "study_visit_id: '", id, suffix_,
                    "' study_visit { network: '", network_, "' hosts: '", host,
                    "' title { texts { key: 'en' value { text: 'To see'"
                    " } } } time_zone: 'Asia/Tbilisi'"
                    " start: '2099-05-01T09:00' end: '2099-05-02T18:00'",
                    more, "}")))
            .name();
    Must(Do(&Visits::Stub::PublishStudyVisit,
            absl::StrCat("name: '", name, "'")));
    return name;
  }

  std::string SignUpText(const std::string& visit,
                         const std::string& organization,
                         const std::string& person) {
    return absl::StrCat("parent: '", visit, "' sign_up { organization: '",
                        organization,
                        "' standing: RESIDENT sector: INDIVIDUAL members {"
                        "  full_name: 'Example ",
                        person, "' email: '", person, "@example.org' } }");
  }
  visits::v1::SignUp SignUp(const std::string& visit,
                            const std::string& organization,
                            const std::string& person) {
    return Must(Do(&SignUps::Stub::CreateSignUp,
                   SignUpText(visit, organization, person)));
  }

  // A key of an account that holds `grant`, in text format.
  std::string KeyFor(const std::string& id, const std::string& grant) {
    const std::string account =
        Must(Do(&Accounts::Stub::CreateAccount,
                absl::StrCat("account_id: '", id, suffix_,
                             "' account { network: '", network_,
                             "' kind: SYSTEM display_name: 'A system' }")))
            .name();
    Must(Do(&Accounts::Stub::CreateGrant,
            absl::StrCat("parent: '", account, "' grant {", grant, "}")));
    return Must(Do(&ApiKeys::Stub::CreateApiKey,
                   absl::StrCat("parent: '", account, "'")))
        .secret();
  }

  absl::StatusOr<directory::v1::MergeOrganizationsResponse> Merge(
      const std::string& name, const std::string& into,
      const std::string& more = "", const std::string& key = "") {
    return Do(&Doubles::Stub::MergeOrganizations,
              absl::StrCat("name: '", name, "' into: '", into, "' ", more),
              key);
  }
  absl::StatusOr<directory::v1::Organization> Get(const std::string& name) {
    return Do(&Organizations::Stub::GetOrganization,
              absl::StrCat("name: '", name, "'"));
  }

  // "lag" of "organizations/lag".
  static std::string IdOf(const std::string& name) {
    return name.substr(name.find('/') + 1);
  }
  int Count(const std::string& from_where) {
    return std::stoi(
        database().Ask(absl::StrCat("SELECT count(*) FROM ", from_where)));
  }
  static std::string SeatsWrong() {
    return database().Ask(support::kSeatsWrong);
  }

  static inline access::WholeServer* server_ = nullptr;
  std::string suffix_;
  std::string network_;
  std::string old_;
  std::string new_;
  std::string third_;
};

}  // namespace lagnet::merging

#endif  // LAGNET_TESTS_MERGING_FIXTURE_H_
