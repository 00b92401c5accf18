// Names that nothing has, and texts that are no names.

#include <map>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "tests/access/any_call.h"
#include "tests/access/fixture.h"

namespace lagnet::access {
namespace {

using support::StatusIs;
using Code = absl::StatusCode;

class NamesTest : public AccessTest {
 protected:
  // Calls a method with the name of something, where it expects it.
  absl::Status CallOn(const std::string& method, const std::string& name,
                      const std::string& token) {
    const auto* found =
        google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
            method);
    if (found == nullptr) return absl::UnimplementedError(method);
    std::map<Place, Names> names = world().names();
    for (auto& [type, other] : names[Place::kNone]) other = name;
    return CallAny(server().channel(), *found,
                   *Requests(names).Make(*found, Place::kNone), {token});
  }
};

// Every kind of name, as nothing has it.
TEST_F(NamesTest, ThatNothingHasAreKnownToWhoRunsTheNetworkOnly) {
  const Somebody region =
      Make("region-unknown",
           "role: NETWORK_ADMIN network: 'networks/network-a' region: 'PL81'");
  const std::pair<const char*, const char*> calls[] = {
      {"lagnet.access.v1.AccountService.GetAccount", "accounts/no-one"},
      {"lagnet.access.v1.AccountService.DeleteGrant",
       "accounts/no-one/grants/x"},
      {"lagnet.access.v1.ApiKeyService.RevokeApiKey",
       "accounts/target-a/apiKeys/none"},
      {"lagnet.directory.v1.NetworkService.UpdateNetwork", "networks/nowhere"},
      {"lagnet.directory.v1.OrganizationService.ArchiveOrganization",
       "organizations/nobody"},
      {"lagnet.projects.v1.ProjectService.AdvanceProject", "projects/nothing"},
      {"lagnet.visits.v1.StudyVisitService.PublishStudyVisit",
       "studyVisits/never"},
      {"lagnet.visits.v1.SignUpService.GetSignUp",
       "studyVisits/never/signUps/none"},
      {"lagnet.visits.v1.SignUpService.GetSignUp",
       "studyVisits/visit-a/signUps/none"}};
  for (const auto& [method, name] : calls) {
    for (const char* role : {"operator", "admin"}) {
      EXPECT_THAT(CallOn(method, name, world().token(role)),
                  StatusIs(Code::kNotFound, "NOT_FOUND"))
          << role << " " << method;
    }
    for (const std::string& token :
         {world().token("manager"), world().token("nobody"), region.key}) {
      EXPECT_THAT(CallOn(method, name, token),
                  StatusIs(Code::kPermissionDenied, "PERMISSION_DENIED"))
          << method;
    }
    EXPECT_THAT(CallOn(method, name, ""), StatusIs(Code::kUnauthenticated))
        << method;
  }
}

// What is no name of the kind that is asked for has a defined answer too.
TEST_F(NamesTest, ThatAreNoneHaveADefinedAnswer) {
  const char* const names[] = {"accounts",
                               "accounts/",
                               "accounts//",
                               "accounts/x/grants",
                               "/",
                               "//",
                               "a/b/c/d/e",
                               "organizations",
                               "networks/",
                               "studyVisits/x/signUps",
                               "accounts/operator/grants/x/y",
                               "projects/../networks",
                               "%",
                               "accounts/ "};
  const char* const methods[] = {
      "lagnet.access.v1.AccountService.GetAccount",
      "lagnet.access.v1.AccountService.DeleteGrant",
      "lagnet.access.v1.ApiKeyService.ListApiKeys",
      "lagnet.directory.v1.NetworkService.UpdateNetwork",
      "lagnet.directory.v1.OrganizationService.UpdateOrganization",
      "lagnet.projects.v1.ProjectService.UpdateProject",
      "lagnet.visits.v1.StudyVisitService.DeleteStudyVisit",
      "lagnet.visits.v1.SignUpService.WithdrawSignUp",
      "lagnet.visits.v1.SignUpService.WatchSignUps",
      "lagnet.changes.v1.ChangeService.ListChanges"};
  for (const char* method : methods) {
    for (const char* name : names) {
      for (const char* role : {"operator", "admin", "manager"}) {
        const absl::Status status = CallOn(method, name, world().token(role));
        EXPECT_TRUE(absl::IsInvalidArgument(status) ||
                    absl::IsNotFound(status) ||
                    absl::IsPermissionDenied(status))
            << role << " " << method << " on '" << name << "': " << status;
      }
    }
  }
}

}  // namespace
}  // namespace lagnet::access
