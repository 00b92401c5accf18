#include "lagnet/error.h"

#include "clients/cpp/cli/explain.h"
#include "clients/cpp/cli/failure.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/clients/peer.h"

namespace lagnet::cli {
namespace {

using client::Decode;
using client::Error;
using client::Refusal;
using client::ToStatus;
using testing::HasSubstr;
using testing::Not;

absl::Status WrongFields() {
  google::rpc::Status wire;
  wire.set_code(grpc::StatusCode::INVALID_ARGUMENT);
  wire.set_message("1 field is wrong");
  google::rpc::ErrorInfo info;
  info.set_reason("INVALID_FIELDS");
  (*info.mutable_metadata())["callId"] = "c1";
  wire.add_details()->PackFrom(info);
  google::rpc::BadRequest bad;
  auto* field = bad.add_field_violations();
  field->set_field("study_visit.seats");
  field->set_description("is required");
  wire.add_details()->PackFrom(bad);
  return ToStatus(wire);
}

TEST(ErrorTest, DecodesEveryDetail) {
  const Error error = Decode(WrongFields());
  EXPECT_EQ(error.code, absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(error.message, "1 field is wrong");
  EXPECT_EQ(error.reason, "INVALID_FIELDS");
  EXPECT_EQ(error.metadata.at("callId"), "c1");
  ASSERT_EQ(error.fields.size(), 1u);
  EXPECT_EQ(error.fields[0].path, "study_visit.seats");
  EXPECT_FALSE(error.retry_delay);
  EXPECT_EQ(Decode(ToStatus(Refusal(grpc::StatusCode::ABORTED, "X",
                                    absl::Milliseconds(250))))
                .retry_delay,
            absl::Milliseconds(250));
}

TEST(ErrorTest, KeepsWhatHasNoDetails) {
  const Error error = Decode(
      ToStatus(grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone", "\xff")));
  EXPECT_EQ(error.code, absl::StatusCode::kUnavailable);
  EXPECT_EQ(error.message, "gone");
  EXPECT_FALSE(error.from_server());
}

TEST(ExplainTest, ListsEachWrongField) {
  EXPECT_EQ(Explain(WrongFields(), {}),
            "The server refuses: 1 field is wrong (INVALID_FIELDS).\n"
            "  study_visit.seats: is required\n");
  EXPECT_EQ(ToExitCode(WrongFields()), ExitCode::kRefused);
}

TEST(ExplainTest, SaysWhichKeyWasUsed) {
  const absl::Status status = ToStatus(
      Refusal(grpc::StatusCode::UNAUTHENTICATED, "INVALID_CREDENTIALS"));
  EXPECT_THAT(Explain(status, {}), HasSubstr("No key was given"));
  EXPECT_THAT(Explain(status, {.key_file = "/k"}),
              HasSubstr("The key came from /k"));
}

TEST(ExplainTest, TellsAServerThatIsDownFromOneThatIsBusy) {
  const absl::Status down = absl::UnavailableError("Connection refused");
  EXPECT_THAT(Explain(down, {.server = "h:1"}),
              HasSubstr("Nothing listens at h:1"));
  EXPECT_EQ(ToExitCode(down), ExitCode::kNotReached);
  const absl::Status busy = ToStatus(Refusal(
      grpc::StatusCode::UNAVAILABLE, "OVERLOADED", absl::Milliseconds(300)));
  EXPECT_THAT(Explain(busy, {}), HasSubstr("Try again in 1s."));
  EXPECT_EQ(ToExitCode(busy), ExitCode::kRefused);
}

TEST(ExplainTest, SaysWhyATlsConnectionFails) {
  const auto explain = [](const std::string& why) {
    return Explain(absl::UnavailableError(
                       "failed to connect to all addresses; last error: "
                       "UNKNOWN: ipv4:127.0.0.1:7411: " +
                       why),
                   {.server = "h:1"});
  };
  EXPECT_EQ(explain("Peer name h is not in peer certificate"),
            "No connection to h:1: Peer name h is not in peer certificate.\n"
            "Is --ca the authority that signed the server's certificate, and "
            "is the server asked by the name in it?\n");
  EXPECT_THAT(explain("Ssl handshake failed: wrong version number"),
              HasSubstr("talks without TLS"));
  EXPECT_THAT(explain("Socket closed"), HasSubstr("want TLS"));
}

TEST(ExplainTest, NamesTheRequestIdOfACommitInDoubt) {
  absl::Status status =
      ToStatus(Refusal(grpc::StatusCode::UNKNOWN, "COMMIT_IN_DOUBT"));
  client::SetRequestId("r-1", status);
  EXPECT_THAT(Explain(status, {}), HasSubstr("--request-id r-1"));
}

TEST(ExplainTest, LetsNoServerCommandTheTerminal) {
  EXPECT_THAT(Explain(absl::NotFoundError("a\x1b[2Jb"), {}),
              Not(HasSubstr("\x1b")));
}

TEST(ExplainTest, KnowsItsOwnFailures) {
  EXPECT_EQ(ToExitCode(absl::OkStatus()), ExitCode::kOk);
  EXPECT_EQ(Explain(absl::OkStatus(), {}), "");
  EXPECT_EQ(ToExitCode(UsageError("x")), ExitCode::kUsage);
  EXPECT_EQ(Explain(UsageError("x"), {}), "x\n");
  EXPECT_EQ(ToExitCode(ToldFailure()), ExitCode::kRefused);
  EXPECT_EQ(Explain(ToldFailure(), {}), "");
  EXPECT_EQ(ToExitCode(TryLater(UsageError("x"))), ExitCode::kTryLater);
  EXPECT_EQ(Explain(TryLater(UsageError("x")), {}), "x\n");
}

}  // namespace
}  // namespace lagnet::cli
