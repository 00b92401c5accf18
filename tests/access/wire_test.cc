// What a whole server says to those who ask how it is, what it can do, and to
// those who misuse it.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "lagnet/directory/v1/organizations.grpc.pb.h"
#include "lagnet/visits/v1/study_visits.grpc.pb.h"
#include "tests/access/any_call.h"
#include "tests/access/fixture.h"

namespace lagnet::access {
namespace {

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using support::Call;
using support::HasProto;
using support::IsOk;
using support::IsOkAndHolds;
using support::StatusIs;
using testing::AnyOf;
using testing::HasSubstr;
using Code = absl::StatusCode;

const char* const kServices[] = {"lagnet.access.v1.AccountService",
                                 "lagnet.access.v1.ApiKeyService",
                                 "lagnet.changes.v1.ChangeService",
                                 "lagnet.directory.v1.NetworkService",
                                 "lagnet.directory.v1.OrganizationService",
                                 "lagnet.directory.v1.TerritoryService",
                                 "lagnet.directory.v1.ThemeService",
                                 "lagnet.projects.v1.ProjectService",
                                 "lagnet.visits.v1.SignUpService",
                                 "lagnet.visits.v1.StudyVisitService"};

class WireTest : public support::DatabaseTest {
 protected:
  static void SetUpTestSuite() {
    DatabaseTest::SetUpTestSuite();
    server_ = new WholeServer(database().dsn());
  }
  static void TearDownTestSuite() {
    delete server_;
    DatabaseTest::TearDownTestSuite();
  }

  static const WholeServer& server() { return *server_; }

  static absl::Status Send(const std::string& path, const std::string& bytes,
                           std::string* response = nullptr) {
    return CallWithBytes(server().channel(), path, bytes,
                         {.token = server().operator_key()}, response);
  }

 private:
  inline static WholeServer* server_ = nullptr;
};

TEST_F(WireTest, SaysHowEachServiceIs) {
  const auto health = Health::NewStub(server().channel());
  const auto check = [&](const std::string& service) {
    HealthCheckRequest request;
    request.set_service(service);
    return Call(*health, &Health::Stub::Check, request);
  };
  EXPECT_THAT(check(""), IsOkAndHolds(HasProto("status: SERVING")));
  for (const char* service : kServices) {
    EXPECT_THAT(check(service), IsOkAndHolds(HasProto("status: SERVING")))
        << service;
  }
  EXPECT_THAT(check("lagnet.none.v1.NoService"), StatusIs(Code::kNotFound));
}

// Requests in their bytes: field 7 lists, field 4 asks for what holds a symbol.
TEST_F(WireTest, DescribesItselfByReflection) {
  const std::string path =
      "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
  std::string services;
  ASSERT_THAT(Send(path, std::string("\x3a\x01*", 3), &services), IsOk());
  for (const std::string& service :
       std::vector<std::string>(std::begin(kServices), std::end(kServices))) {
    EXPECT_THAT(services, HasSubstr(service));
    std::string file;
    ASSERT_THAT(
        Send(path,
             absl::StrCat("\x22",
                          std::string(1, static_cast<char>(service.size())),
                          service),
             &file),
        IsOk());
    EXPECT_THAT(file, HasSubstr(".proto")) << service;
  }
  EXPECT_THAT(services, HasSubstr("grpc.health.v1.Health"));
}

TEST_F(WireTest, RefusesMessagesAboveOneMebibyte) {
  using Organizations = directory::v1::OrganizationService;
  const auto stub = Organizations::NewStub(server().channel());
  directory::v1::GetOrganizationRequest request;
  request.set_name(std::string((1 << 20) + 1, 'x'));
  EXPECT_THAT(Call(*stub, &Organizations::Stub::GetOrganization, request),
              StatusIs(Code::kResourceExhausted));
  request.set_name(std::string((1 << 20) - 100, 'x'));
  EXPECT_THAT(Call(*stub, &Organizations::Stub::GetOrganization, request),
              StatusIs(Code::kInvalidArgument, "INVALID_FIELDS"));
}

// gRPC itself cannot read such messages and says so in its own way (1.51:
// UNIMPLEMENTED); no handler sees them.
TEST_F(WireTest, HasADefinedAnswerToBytesThatAreNoMessage) {
  // The second is read by us, the first by gRPC.
  for (const std::string path :
       {"/lagnet.directory.v1.OrganizationService/GetOrganization",
        "/lagnet.visits.v1.StudyVisitService/GetStudyVisit"}) {
    for (const std::string& bytes :
         {std::string("\x0a\x02\xc3\x28", 4),      // Not UTF-8.
          std::string("\x0a\x05\xed\xa0\x80", 5),  // Shorter than it says.
          std::string("\x0a\x03\xed\xa0\x80", 5),  // Half a surrogate pair.
          std::string("\xff\xff\xff\xff", 4)}) {   // No field.
      EXPECT_THAT(Send(path, bytes), AnyOf(StatusIs(Code::kUnimplemented),
                                           StatusIs(Code::kInternal)));
    }
    EXPECT_THAT(Send(path, std::string("\x0a\x04"
                                       "a\0bc",
                                       6)),
                StatusIs(Code::kInvalidArgument, "INVALID_FIELDS"));
    EXPECT_THAT(Send(path, ""),
                StatusIs(Code::kInvalidArgument, "INVALID_FIELDS"));
  }
  EXPECT_THAT(Send("/lagnet.none.v1.NoService/None", ""),
              StatusIs(Code::kUnimplemented));
}

// Pings without end are how one connection keeps a server busy.
TEST_F(WireTest, SendsWhoPingsLikeMadAway) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 50);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  const auto channel = grpc::CreateCustomChannel(
      server().address(), grpc::InsecureChannelCredentials(), arguments);
  const auto stub = visits::v1::StudyVisitService::NewStub(channel);
  grpc::ClientContext context;
  support::Prepare({.timeout = absl::Seconds(60)}, &context);
  visits::v1::WatchStudyVisitsRequest request;
  request.mutable_heartbeat_interval()->set_seconds(300);
  const absl::Time begin = absl::Now();
  const auto stream = stub->WatchStudyVisits(&context, request);
  visits::v1::WatchStudyVisitsResponse response;
  while (stream->Read(&response)) continue;
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE)
      << status.error_message();
  EXPECT_LT(absl::Now() - begin, absl::Seconds(30));
}

}  // namespace
}  // namespace lagnet::access
