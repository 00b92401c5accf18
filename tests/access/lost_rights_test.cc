// What becomes of those whose rights end while they use them.

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "lagnet/visits/v1/sign_ups.grpc.pb.h"
#include "lagnet/visits/v1/study_visits.grpc.pb.h"
#include "tests/access/fixture.h"

namespace lagnet::access {
namespace {

using support::Call;
using support::IsOk;
using support::StatusIs;
using Code = absl::StatusCode;

constexpr char kHost[] =
    "role: HOST_COORDINATOR organization: 'organizations/host-a'";

class LostRightsTest : public AccessTest {
 protected:
  // An open watch of the sign-ups of network A's visit.
  class Watch {
   public:
    explicit Watch(const std::string& key)
        : stub_(visits::v1::SignUpService::NewStub(server().channel())) {
      support::Prepare({.token = key, .timeout = absl::Seconds(30)}, &context_);
      visits::v1::WatchSignUpsRequest request;
      request.set_parent(world().own().at("StudyVisit"));
      reader_ = stub_->WatchSignUps(&context_, request);
      EXPECT_TRUE(Next());
    }

    bool Next() { return reader_->Read(&response_); }

    // Reads to the end; how it ended.
    absl::Status End() {
      while (Next()) {
      }
      return support::FromWire(reader_->Finish());
    }

   private:
    std::unique_ptr<visits::v1::SignUpService::Stub> stub_;
    grpc::ClientContext context_;
    visits::v1::WatchSignUpsResponse response_;
    std::unique_ptr<grpc::ClientReader<visits::v1::WatchSignUpsResponse>>
        reader_;
  };

  static const std::string& operator_token() {
    return world().as_operator().token;
  }
};

TEST_F(LostRightsTest, EndsTheWatchOfARevokedKeyAndNoOther) {
  const Somebody loser = Make("watch-revoked", kHost);
  const Somebody keeper = Make("watch-kept", kHost);
  Watch lost(loser.key);
  Watch kept(keeper.key);
  const absl::Time before = absl::Now();
  ASSERT_THAT(
      RevokeKey(ListKeys(loser.account)->api_keys(0).name(), operator_token()),
      IsOk());
  EXPECT_THAT(lost.End(), StatusIs(Code::kUnauthenticated, "BAD_CREDENTIALS"));
  EXPECT_LT(absl::Now() - before, absl::Seconds(5)) << "as is promised";
  ASSERT_THAT(Disable(keeper.account), IsOk());
  EXPECT_THAT(kept.End(), StatusIs(Code::kUnauthenticated, "BAD_CREDENTIALS"));
}

TEST_F(LostRightsTest, EndsTheWatchOfARoleTakenAway) {
  const Somebody somebody = Make("watch-taken");
  const auto grant = Grant(somebody.account, kHost, operator_token());
  ASSERT_THAT(grant, IsOk());
  Watch watch(somebody.key);
  v1::DeleteGrantRequest request;
  request.set_name(grant->name());
  request.set_request_id(FreshRequestId());
  ASSERT_THAT(Call(world().accounts(), &Accounts::DeleteGrant, request,
                   {operator_token()}),
              IsOk());
  EXPECT_THAT(watch.End(),
              StatusIs(Code::kPermissionDenied, "PERMISSION_DENIED"));
}

TEST_F(LostRightsTest, EndsTheWatchOfARoleThatComesToItsEnd) {
  const int64_t end = absl::ToUnixSeconds(absl::Now()) + 2;
  const Somebody somebody = Make(
      "watch-ended", absl::StrCat(kHost, " end_time { seconds: ", end, "}"));
  EXPECT_THAT(Watch(somebody.key).End(),
              StatusIs(Code::kPermissionDenied, "PERMISSION_DENIED"));
  EXPECT_GE(absl::Now(), absl::FromUnixSeconds(end));
}

// The visit is gone, and with it what shows that the caller may: but who
// deleted it may be told so once more.
TEST_F(LostRightsTest, AnswersARepeatedDeletionAsBefore) {
  const Somebody host = Make("deletes-twice", kHost);
  const auto stub = visits::v1::StudyVisitService::NewStub(server().channel());
  using Stub = visits::v1::StudyVisitService::Stub;
  visits::v1::DeleteStudyVisitRequest request;
  request.set_name(world().own().at("Draft"));
  request.set_request_id(FreshRequestId());
  const auto remove = [&](const std::string& key) {
    return Call(*stub, &Stub::DeleteStudyVisit, request, {key}).status();
  };
  ASSERT_THAT(remove(host.key), IsOk());
  EXPECT_THAT(remove(host.key), IsOk());
  // What belongs to whom is known from memory, which follows the change log.
  visits::v1::GetStudyVisitRequest get;
  get.set_name(request.name());
  const absl::Time give_up = absl::Now() + absl::Seconds(30);
  while (Call(*stub, &Stub::GetStudyVisit, get, {host.key}).ok() &&
         absl::Now() < give_up) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  const auto refused = StatusIs(Code::kPermissionDenied, "PERMISSION_DENIED");
  EXPECT_THAT(remove(Make("deletes-not", kHost).key), refused)
      << "another caller's request id";
  request.set_request_id(FreshRequestId());
  EXPECT_THAT(remove(host.key), refused) << "another request id";
}

}  // namespace
}  // namespace lagnet::access
