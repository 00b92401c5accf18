#include "lagnet/uuid.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "lagnet/retry.h"
#include "lagnet/visits/v1/sign_ups.pb.h"

namespace lagnet::client {
namespace {

using testing::MatchesRegex;

constexpr char kV4[] =
    "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

TEST(UuidTest, MakesVersionFiveAsTheStandardDoes) {
  // Python: uuid.uuid5(uuid.NAMESPACE_DNS, 'python.org')
  EXPECT_EQ(UuidV5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "python.org"),
            "886313e1-3b8a-5372-9b90-0c9aee199e5d");
}

TEST(UuidTest, IsTheSameForTheSameText) {
  EXPECT_EQ(UuidFor("a"), UuidFor("a"));
  EXPECT_NE(UuidFor("a"), UuidFor("b"));
}

TEST(UuidTest, IsRandomOtherwise) {
  EXPECT_THAT(NewUuid(), MatchesRegex(kV4));
  EXPECT_NE(NewUuid(), NewUuid());
}

TEST(RetryTest, GivesABatchAndItsItemsIdsOfTheirOwn) {
  visits::v1::BatchCreateSignUpsRequest batch;
  batch.add_requests();
  batch.add_requests()->set_request_id("mine");
  const std::string id = FillRequestIds(batch);
  EXPECT_EQ(id, batch.request_id());
  EXPECT_THAT(batch.requests(0).request_id(), MatchesRegex(kV4));
  EXPECT_NE(batch.requests(0).request_id(), id);
  EXPECT_EQ(batch.requests(1).request_id(), "mine");
}

TEST(RetryTest, LeavesReadsAlone) {
  visits::v1::GetSignUpRequest get;
  EXPECT_EQ(FillRequestIds(get), "");
}

TEST(RetryTest, PausesGrowToALimitAndKeepToTheServersLeast) {
  Backoff backoff(absl::Milliseconds(100), absl::Milliseconds(300));
  EXPECT_GE(backoff.Next(absl::Seconds(1)), absl::Milliseconds(1030));
  EXPECT_GE(backoff.Next(), absl::Milliseconds(60));
  EXPECT_GE(backoff.Next(), absl::Milliseconds(90));
  EXPECT_LE(backoff.Next(), absl::Milliseconds(300));
  backoff.Reset();
  EXPECT_LE(backoff.Next(), absl::Milliseconds(100));
}

}  // namespace
}  // namespace lagnet::client
