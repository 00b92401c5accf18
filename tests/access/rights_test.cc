// What the matrix cannot say: how far rights reach when more than one thing
// decides.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "lagnet/directory/v1/organizations.grpc.pb.h"
#include "lagnet/visits/v1/sign_ups.grpc.pb.h"
#include "lagnet/visits/v1/study_visits.grpc.pb.h"
#include "tests/access/fixture.h"

namespace lagnet::access {
namespace {

using support::Call;
using support::FromText;
using support::HasProto;
using support::IsOk;
using support::IsOkAndHolds;
using support::StatusIs;
using support::WrongFields;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Code = absl::StatusCode;

using Organizations = directory::v1::OrganizationService;
using SignUps = visits::v1::SignUpService;
using Visits = visits::v1::StudyVisitService;

class RightsTest : public AccessTest {
 protected:
  absl::StatusOr<directory::v1::Organization> Update(
      const std::string& organization, const std::string& token) {
    directory::v1::UpdateOrganizationRequest request;
    request.mutable_organization()->set_name(organization);
    request.mutable_organization()->set_email("office@example.org");
    request.mutable_update_mask()->add_paths("email");
    request.set_request_id(FreshRequestId());
    return Call(*Organizations::NewStub(server().channel()),
                &Organizations::Stub::UpdateOrganization, request, {token});
  }
  absl::StatusOr<visits::v1::StudyVisit> GetVisit(const std::string& name,
                                                  const std::string& token) {
    visits::v1::GetStudyVisitRequest request;
    request.set_name(name);
    return Call(*Visits::NewStub(server().channel()),
                &Visits::Stub::GetStudyVisit, request, {token});
  }
  absl::StatusOr<visits::v1::SignUp> GetSignUp(const std::string& name,
                                               const std::string& token) {
    visits::v1::GetSignUpRequest request;
    request.set_name(name);
    return Call(*SignUps::NewStub(server().channel()),
                &SignUps::Stub::GetSignUp, request, {token});
  }
};

TEST_F(RightsTest, LetNobodyGrantMoreThanTheyHold) {
  const std::string& admin = world().token("admin");
  const std::string mine = world().own().at("Account");
  const std::vector<std::string> others = {
      "role: NETWORK_ADMIN network: 'networks/network-b'",
      "role: NETWORK_EDITOR network: 'networks/network-b' region: 'PL8'",
      "role: GATEWAY network: 'networks/network-b'",
      "role: LAG_MANAGER organization: 'organizations/lag-b'",
      "role: HOST_COORDINATOR organization: 'organizations/host-b'",
      "role: PARTNER_SYSTEM organization: 'organizations/lag-b'",
      "role: AUDITOR project: 'projects/project-b'"
      " end_time { seconds: 4000000000 }",
      absl::StrCat("role: DELEGATION_HEAD sign_up: '",
                   world().other().at("SignUp"), "'")};
  for (const std::string& grant : others) {
    EXPECT_THAT(Grant(mine, grant, admin), StatusIs(Code::kPermissionDenied))
        << grant;
  }
  const std::vector<std::string> own = {
      "role: NETWORK_ADMIN network: 'networks/network-a' region: 'PL8'",
      "role: LAG_MANAGER organization: 'organizations/lag-a'",
      "role: AUDITOR project: 'projects/project-a'"
      " end_time { seconds: 4000000000 }",
      absl::StrCat("role: DELEGATION_HEAD sign_up: '",
                   world().own().at("SignUp"), "'")};
  for (const std::string& grant : own) {
    EXPECT_THAT(Grant(mine, grant, admin), IsOk()) << grant;
    EXPECT_THAT(Grant(world().other().at("Account"), grant, admin),
                StatusIs(Code::kPermissionDenied))
        << grant;
    EXPECT_THAT(Grant(mine, grant, world().token("editor")),
                StatusIs(Code::kPermissionDenied))
        << grant;
  }
}

// Who makes a key could use it.
TEST_F(RightsTest, LetNobodyMakeKeysForMoreThanTheyHold) {
  const Somebody admin_of_b =
      Make("admin-of-b", "role: NETWORK_ADMIN network: 'networks/network-b'");
  // Kept by B, with a role over A.
  EXPECT_THAT(CreateKey("accounts/the-editor", admin_of_b.key),
              StatusIs(Code::kPermissionDenied));
  EXPECT_THAT(CreateKey("accounts/the-nobody", admin_of_b.key), IsOk());
  EXPECT_THAT(CreateKey("accounts/the-editor", world().token("operator")),
              IsOk());
}

TEST_F(RightsTest, CannotBeGrantedOverEverythingOrOverWhatIsNone) {
  const std::string mine = world().own().at("Account");
  for (const std::string& token :
       {world().token("admin"), world().token("operator")}) {
    EXPECT_THAT(WrongFields(Grant(mine, "role: NETWORK_ADMIN", token).status()),
                ElementsAre("grant.network"));
    EXPECT_THAT(Grant(mine, "role: BROKER network: 'networks/nowhere'", token),
                StatusIs(Code::kNotFound));
    for (const char* name : {"networks/network-a", "studyVisits/visit-a", "x",
                             "studyVisits/visit-a/signUps/"}) {
      EXPECT_THAT(
          WrongFields(
              Grant(mine,
                    absl::StrCat("role: DELEGATION_HEAD sign_up: '", name, "'"),
                    token)
                  .status()),
          ElementsAre("grant.sign_up"))
          << name;
    }
  }
}

// Who runs a region does not run the network: neither its accounts, nor may
// they make a colleague for another region.
TEST_F(RightsTest, OfARegionEndAtItsBorder) {
  const Somebody inside =
      Make("region-inside",
           "role: NETWORK_EDITOR network: 'networks/network-a' region: 'PL81'");
  const Somebody outside =
      Make("region-outside",
           "role: NETWORK_EDITOR network: 'networks/network-a' region: 'PL9'");
  const Somebody elsewhere =
      Make("region-elsewhere",
           "role: NETWORK_EDITOR network: 'networks/network-b' region: 'PL81'");
  const std::string lag = world().own().at("Organization");
  EXPECT_THAT(Update(lag, inside.key), IsOk());
  EXPECT_THAT(Update(lag, outside.key), StatusIs(Code::kPermissionDenied));
  EXPECT_THAT(Update(lag, elsewhere.key), StatusIs(Code::kPermissionDenied));
  // What belongs to an organisation lies where the organisation does.
  EXPECT_THAT(GetSignUp(world().own().at("SignUp"), inside.key), IsOk());
  EXPECT_THAT(GetVisit(world().own().at("Draft"), inside.key), IsOk());
  EXPECT_THAT(GetSignUp(world().own().at("SignUp"), outside.key),
              StatusIs(Code::kPermissionDenied));
  EXPECT_THAT(GetVisit(world().own().at("Draft"), outside.key),
              StatusIs(Code::kNotFound));

  const Somebody admin =
      Make("region-admin",
           "role: NETWORK_ADMIN network: 'networks/network-a' region: 'PL81'");
  EXPECT_THAT(Update(lag, admin.key), IsOk());
  EXPECT_THAT(Get(world().own().at("Account"), admin.key),
              StatusIs(Code::kPermissionDenied));
  EXPECT_THAT(
      Grant(admin.account, "role: NETWORK_ADMIN network: 'networks/network-a'",
            admin.key),
      StatusIs(Code::kPermissionDenied));
}

TEST_F(RightsTest, OfAnAuditorAreToReadWithinThePeriod) {
  const int64_t now = absl::ToUnixSeconds(absl::Now());
  const std::string sign_up = world().own().at("SignUp");
  const auto auditor = [&](const std::string& id, const std::string& project,
                           int64_t from, int64_t to) {
    return Make(id, absl::StrCat("role: AUDITOR project: '", project,
                                 "' start_time { seconds: ", from,
                                 "} end_time { seconds: ", to, "}"))
        .key;
  };
  const std::string own = world().own().at("Project");
  const std::string now_key = auditor("audits-now", own, now - 9, now + 900);
  EXPECT_THAT(GetSignUp(sign_up, now_key), IsOk());
  EXPECT_THAT(GetSignUp(world().other().at("SignUp"), now_key),
              StatusIs(Code::kPermissionDenied));
  EXPECT_THAT(GetSignUp(sign_up, auditor("audited", own, now - 900, now - 1)),
              StatusIs(Code::kPermissionDenied));
  EXPECT_THAT(
      GetSignUp(sign_up, auditor("will-audit", own, now + 800, now + 900)),
      StatusIs(Code::kPermissionDenied));
  EXPECT_THAT(
      GetSignUp(sign_up, auditor("audits-b", world().other().at("Project"),
                                 now - 9, now + 900)),
      StatusIs(Code::kPermissionDenied));
}

// A host's manager is not its coordinator: parties of others stay hidden.
TEST_F(RightsTest, OfAManagerReachTheOwnPartiesOnly) {
  const Somebody of_host =
      Make("manager-of-host",
           "role: LAG_MANAGER organization: 'organizations/host-a'");
  EXPECT_THAT(GetSignUp(world().own().at("SignUp"), of_host.key),
              StatusIs(Code::kPermissionDenied));
  const Somebody of_lag =
      Make("coordinator-of-b",
           "role: HOST_COORDINATOR organization: 'organizations/lag-b'");
  EXPECT_THAT(GetSignUp(world().own().at("SignUp"), of_lag.key),
              StatusIs(Code::kPermissionDenied));
}

TEST_F(RightsTest, HideDraftsFromAllButTheirHostsAndTheirNetwork) {
  const std::string draft = world().own().at("Draft");
  for (const char* role : {"operator", "admin", "editor", "coordinator"}) {
    EXPECT_THAT(GetVisit(draft, world().token(role)), IsOk()) << role;
  }
  for (const char* role : {"broker", "manager", "head", "auditor", "partner",
                           "gateway", "holder", "nobody", "public"}) {
    EXPECT_THAT(GetVisit(draft, world().token(role)),
                StatusIs(Code::kNotFound, "NOT_FOUND"))
        << role;
  }
  EXPECT_THAT(GetVisit(world().other().at("Draft"), world().token("admin")),
              StatusIs(Code::kNotFound));
  visits::v1::ListStudyVisitsRequest request;
  request.set_state(visits::v1::StudyVisit::DRAFT);
  const auto stub = Visits::NewStub(server().channel());
  const auto list = [&](const std::string& role) {
    const auto page = Call(*stub, &Visits::Stub::ListStudyVisits, request,
                           {world().token(role)});
    std::vector<std::string> names;
    for (const auto& visit : page->study_visits()) {
      names.push_back(visit.name());
    }
    return names;
  };
  EXPECT_THAT(list("operator"), SizeIs(2));
  EXPECT_THAT(list("editor"), ElementsAre(draft));
  EXPECT_THAT(list("coordinator"), ElementsAre(draft));
  EXPECT_THAT(list("manager"), IsEmpty());
  EXPECT_THAT(list("public"), IsEmpty());
}

TEST_F(RightsTest, OfALinkAreOneSignUp) {
  const auto caller = CallerOf(world().token("holder"));
  ASSERT_THAT(caller, IsOk());
  EXPECT_FALSE(caller->has_account());
  EXPECT_THAT(*caller,
              HasProto(absl::StrCat("grants { role: HOLDER sign_up: '",
                                    world().own().at("SignUp"), "' }")));
  std::string forged = world().token("holder");
  forged.back() = forged.back() == '0' ? '1' : '0';
  EXPECT_THAT(CallerOf(forged), StatusIs(Code::kUnauthenticated));
}

}  // namespace
}  // namespace lagnet::access
