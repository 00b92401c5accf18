#include "server/base/error.h"

#include "server/base/status_macros.h"
#include "tests/support/matchers.h"

namespace lagnet {
namespace {

using support::IsOkAndHolds;
using support::MetadataOf;
using support::StatusIs;
using support::WrongFields;
using testing::ElementsAre;

TEST(ErrorTest, CarriesWhatClientsNeed) {
  const absl::Status status =
      Error(absl::StatusCode::kFailedPrecondition, "SIGN_UP_CLOSED", "too late")
          .With("signUpEndTime", "2030-05-03T12:00:00Z")
          .RetryAfter(absl::Milliseconds(1500));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition,
                               "SIGN_UP_CLOSED"));
  EXPECT_EQ(status.message(), "too late");
  EXPECT_EQ(MetadataOf(status, "signUpEndTime"), "2030-05-03T12:00:00Z");
  EXPECT_EQ(RetryDelayOf(status), absl::Milliseconds(1500));
}

TEST(ErrorTest, SaysNothingItWasNotTold) {
  EXPECT_EQ(ReasonOf(absl::NotFoundError("x")), "");
  EXPECT_EQ(ReasonOf(absl::OkStatus()), "");
  EXPECT_EQ(RetryDelayOf(absl::NotFoundError("x")), absl::ZeroDuration());
}

TEST(ErrorTest, NamesWrongFields) {
  const absl::Status status = InvalidField("network.countries", "must be one")
                                  .Field("network.kind", "is odd");
  EXPECT_THAT(status,
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(WrongFields(status),
              ElementsAre("network.countries", "network.kind"));
  EXPECT_EQ(WrongFieldsOf(status)[1],
            (std::pair<std::string, std::string>("network.kind", "is odd")));
}

TEST(ErrorsTest, AreOkWhileNothingIsWrong) {
  Errors errors;
  EXPECT_TRUE(errors.ok());
  errors.Add(absl::OkStatus());
  errors.Add(Errors());
  EXPECT_TRUE(errors.ok());
  EXPECT_TRUE(absl::Status(errors).ok());
}

TEST(ErrorsTest, NameTheFieldsOfAllThatHaveTheFirstReason) {
  Errors errors;
  errors.Add(InvalidField("kind", "is odd"));
  Errors others;
  others.Add(UnknownReference("network", "networks/x"));
  others.Add(InvalidField("country", "is even"));
  errors.Add(others);
  EXPECT_EQ(errors.all().size(), 3u);
  const absl::Status status = errors;
  EXPECT_THAT(status,
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_EQ(status.message(), "kind is odd");
  EXPECT_THAT(WrongFields(status), ElementsAre("kind", "country"));
}

TEST(ErrorsTest, FitIntoAnAnswerHoweverManyTheyAre) {
  Errors errors;
  for (int i = 0; i < 1000; ++i) errors.Add(InvalidField("kind", "is odd"));
  EXPECT_EQ(WrongFields(errors).size(), 20u);
}

absl::StatusOr<int> Half(int n) {
  if (n % 2 != 0) return absl::InvalidArgumentError("odd");
  return n / 2;
}
absl::StatusOr<int> Quarter(int n) {
  ASSIGN_OR_RETURN(const int half, Half(n));
  RETURN_IF_ERROR(Half(half).status());
  return Half(half);
}

TEST(StatusMacrosTest, PassErrorsOn) {
  EXPECT_THAT(Quarter(8), IsOkAndHolds(2));
  EXPECT_THAT(Quarter(6), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Quarter(7), StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace lagnet
