#include "server/rpc/limiter.h"

#include "tests/support/matchers.h"

namespace lagnet::rpc {
namespace {

using support::IsOk;
using support::StatusIs;

const absl::Time kStart = absl::FromUnixSeconds(1'900'000'000);

TEST(LimiterTest, LetsABurstThroughAndThenTheRate) {
  Limiter limiter(/*rate=*/2, /*burst=*/3);
  for (int i = 0; i < 3; ++i) EXPECT_THAT(limiter.Take("a", kStart), IsOk());
  const absl::Status refused = limiter.Take("a", kStart);
  EXPECT_THAT(refused,
              StatusIs(absl::StatusCode::kResourceExhausted, "RATE_LIMITED"));
  const absl::Duration wait = RetryDelayOf(refused);
  EXPECT_EQ(wait, absl::Milliseconds(500));
  EXPECT_FALSE(limiter.Take("a", kStart + wait - absl::Milliseconds(10)).ok());
  EXPECT_THAT(limiter.Take("a", kStart + wait), IsOk());
}

TEST(LimiterTest, KeepsCallersApart) {
  Limiter limiter(1, 1);
  EXPECT_THAT(limiter.Take("a", kStart), IsOk());
  EXPECT_THAT(limiter.Take("b", kStart), IsOk());
  EXPECT_FALSE(limiter.Take("a", kStart).ok());
}

TEST(LimiterTest, NeverSavesUpMoreThanABurst) {
  Limiter limiter(10, 2);
  const absl::Time later = kStart + absl::Hours(5);
  EXPECT_THAT(limiter.Take("a", kStart), IsOk());
  EXPECT_THAT(limiter.Take("a", later), IsOk());
  EXPECT_THAT(limiter.Take("a", later), IsOk());
  EXPECT_FALSE(limiter.Take("a", later).ok());
}

TEST(LimiterTest, SurvivesAClockThatGoesBack) {
  Limiter limiter(1, 1);
  EXPECT_THAT(limiter.Take("a", kStart), IsOk());
  EXPECT_FALSE(limiter.Take("a", kStart - absl::Hours(1)).ok());
  EXPECT_THAT(limiter.Take("a", kStart + absl::Hours(1)), IsOk());
}

TEST(LimiterTest, HasNoLimitAtRateZero) {
  Limiter limiter(0, 0);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_THAT(limiter.Take("a", kStart), IsOk());
  }
}

TEST(LimiterTest, ForgetsCallersWhoStayedAway) {
  Limiter limiter(1000, 1000);
  for (int i = 0; i < 250'000; ++i) {
    ASSERT_THAT(limiter.Take(std::to_string(i), kStart + absl::Milliseconds(i)),
                IsOk());
  }
}

}  // namespace
}  // namespace lagnet::rpc
