// The small parts: statuses on the wire, peers, types, workers, fingerprints.

#include <atomic>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "google/rpc/error_details.pb.h"
#include "lagnet/directory/v1/organizations.pb.h"
#include "server/rpc/fingerprint.h"
#include "server/rpc/peer.h"
#include "server/rpc/status.h"
#include "server/rpc/types.h"
#include "server/rpc/workers.h"
#include "tests/support/matchers.h"
#include "tests/support/server.h"

namespace lagnet::rpc {
namespace {

using support::FromWire;
using support::IsOk;
using support::IsOkAndHolds;
using support::MetadataOf;
using support::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(StatusTest, CarriesDetailsOverTheWire) {
  const absl::Status sent =
      Error(absl::StatusCode::kResourceExhausted, "RATE_LIMITED", "slow down")
          .With("limit", "5")
          .RetryAfter(absl::Milliseconds(1500))
          .Quota("accounts/a", "5 calls")
          .Field("x", "is wrong");
  const absl::Status received = FromWire(ToGrpc(sent, "call"));
  EXPECT_EQ(received, sent);
  EXPECT_EQ(ReasonOf(received), "RATE_LIMITED");
  EXPECT_EQ(MetadataOf(received, "limit"), "5");
  EXPECT_EQ(RetryDelayOf(received), absl::Milliseconds(1500));
}

TEST(StatusTest, MasksWhatIsNobodysBusiness) {
  for (const absl::Status& secret :
       {absl::InternalError("password is geheim"),
        absl::DataLossError("password is geheim"),
        absl::UnknownError("password is geheim")}) {
    const grpc::Status wire = ToGrpc(secret, "call-7");
    EXPECT_EQ(wire.error_code(), grpc::StatusCode::INTERNAL);
    EXPECT_THAT(wire.error_message() + wire.error_details(),
                Not(HasSubstr("geheim")));
    EXPECT_EQ(MetadataOf(FromWire(wire), "callId"), "call-7");
    EXPECT_EQ(ReasonOf(FromWire(wire)), "INTERNAL");
  }
}

TEST(StatusTest, LetsDoubtThrough) {
  const absl::Status doubt =
      Error(absl::StatusCode::kUnknown, "COMMIT_IN_DOUBT", "repeat the call");
  EXPECT_EQ(FromWire(ToGrpc(doubt, "call")), doubt);
}

TEST(PeerTest, CountsByAddressOrByNetwork) {
  EXPECT_EQ(NetworkOf("ipv4:192.0.2.7:41234"), "192.0.2.7");
  EXPECT_EQ(NetworkOf("ipv6:%5B2001:db8:a:b:1:2:3:4%5D:41234"),
            "2001:db8:a:b::");
  EXPECT_EQ(NetworkOf("ipv6:%5B2001:db8::1%5D:41234"), "2001:db8::");
  EXPECT_EQ(NetworkOf("ipv6:%5B2001:db8::2%5D:1"), "2001:db8::");
  EXPECT_EQ(NetworkOf("ipv6:[2001:db8::2]:1"), "2001:db8::");
  EXPECT_EQ(NetworkOf("ipv6:%5Bfe80::1%25eth0%5D:1"), "fe80::");
  EXPECT_EQ(NetworkOf("unix:/run/lagnet"), "unix:/run/lagnet");
}

TEST(TypesTest, ReadsIdsOutOfNames) {
  EXPECT_THAT(IdOf("networks", "network", "networks/ksow"),
              IsOkAndHolds("ksow"));
  EXPECT_THAT(IdOf("networks", "network", ""), IsOkAndHolds(""));
  for (const char* name :
       {"networks/", "networks", "network/ksow", "networks/KSOW",
        "networks/a/b", "ksow", "networks/ksow/", "/networks/ksow"}) {
    const auto id = IdOf("networks", "organization.network", name);
    EXPECT_THAT(id,
                StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"))
        << name;
    EXPECT_THAT(support::WrongFields(id.status()),
                ElementsAre("organization.network"));
  }
}

TEST(TypesTest, KeepsTimesAndTexts) {
  for (const int64_t nanos : {int64_t{0}, int64_t{1}, int64_t{-1},
                              int64_t{1'900'000'000'123'456'789}}) {
    const absl::Time time = absl::FromUnixNanos(nanos);
    EXPECT_EQ(FromProto(ToProto(time)), time);
    EXPECT_GE(ToProto(time).nanos(), 0);
  }
  const LocalizedText text = {{"ka", {.text = "ყ", .origin = 1}},
                              {"pl", {.text = "ż", .status = 2}}};
  EXPECT_EQ(FromProto(ToProto(text)), text);
}

TEST(FingerprintTest, IsOfWhatIsAskedFor) {
  directory::v1::CreateOrganizationRequest a;
  for (const char* language : {"ka", "pl", "en", "cs"}) {
    (*a.mutable_organization()
          ->mutable_display_name()
          ->mutable_texts())[language]
        .set_text(language);
  }
  directory::v1::CreateOrganizationRequest b;
  for (const char* language : {"cs", "en", "pl", "ka"}) {
    (*b.mutable_organization()
          ->mutable_display_name()
          ->mutable_texts())[language]
        .set_text(language);
  }
  a.set_request_id("1");
  b.set_request_id("2");
  EXPECT_EQ(Fingerprint(a, {"request_id"}), Fingerprint(b, {"request_id"}));
  EXPECT_EQ(Fingerprint(a, {"request_id"}).size(), 16u);
  EXPECT_NE(Fingerprint(a, {}), Fingerprint(b, {}));
  b.set_organization_id("x");
  EXPECT_NE(Fingerprint(a, {"request_id"}), Fingerprint(b, {"request_id"}));
}

TEST(WorkersTest, SendAwayWhoFindsTheQueueFull) {
  Workers workers(1, 2);
  absl::Notification started;
  absl::Notification release;
  ASSERT_TRUE(workers.Submit([&] {
    started.Notify();
    release.WaitForNotification();
  }));
  started.WaitForNotification();
  std::atomic<int> ran{0};
  EXPECT_TRUE(workers.Submit([&] { ++ran; }));
  EXPECT_TRUE(workers.Submit([&] { ++ran; }));
  EXPECT_FALSE(workers.Submit([&] { ++ran; }));
  EXPECT_EQ(workers.queued(), 2);
  release.Notify();
  while (ran < 2) absl::SleepFor(absl::Milliseconds(1));
  EXPECT_TRUE(workers.Submit([] {}));
}

TEST(WorkersTest, RunWhatIsQueuedBeforeTheyGo) {
  std::atomic<int> ran{0};
  {
    Workers workers(2, 100);
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE(workers.Submit([&] {
        absl::SleepFor(absl::Milliseconds(1));
        ++ran;
      }));
    }
  }
  EXPECT_EQ(ran, 100);
}

}  // namespace
}  // namespace lagnet::rpc
