#include "server/mail/pace.h"

#include "gtest/gtest.h"

namespace lagnet::mail {
namespace {

const absl::Time kNoon = absl::FromUnixSeconds(1'900'000'000);

TEST(PaceTest, LetsSoManyGoToADomainInAMinute) {
  Pace pace(2);
  EXPECT_EQ(pace.Count("a@example.org", kNoon), absl::ZeroDuration());
  EXPECT_EQ(pace.Count("b@EXAMPLE.org", kNoon + absl::Seconds(20)),
            absl::ZeroDuration());
  EXPECT_EQ(pace.Count("c@example.org", kNoon + absl::Seconds(30)),
            absl::Seconds(30));
  EXPECT_EQ(pace.Count("c@example.net", kNoon + absl::Seconds(30)),
            absl::ZeroDuration())
      << "another domain";
  EXPECT_EQ(pace.Count("c@example.org", kNoon + absl::Seconds(60)),
            absl::ZeroDuration())
      << "the first is a minute old";
  EXPECT_EQ(pace.Count("d@example.org", kNoon + absl::Seconds(61)),
            absl::Seconds(19));
}

}  // namespace
}  // namespace lagnet::mail
