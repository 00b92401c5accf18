#include "clients/cpp/cli/app.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/clients/peer.h"

namespace lagnet::cli {
namespace {

using client::Peer;
using testing::HasSubstr;
using testing::MatchesRegex;
using visits::v1::SignUp;
using visits::v1::WatchSignUpsRequest;
using visits::v1::WatchSignUpsResponse;

WatchSignUpsResponse Response(
    int64_t version,
    const std::vector<std::pair<std::string, SignUp::State>>& states) {
  WatchSignUpsResponse response;
  response.set_version(version);
  response.set_confirmed_count(31);
  response.set_waitlisted_count(2);
  response.set_resume_token(std::to_string(version));
  for (const auto& [id, state] : states) {
    auto* sign_up = response.add_sign_ups();
    sign_up->set_name("studyVisits/v/signUps/" + id);
    sign_up->set_state(state);
  }
  return response;
}

// The state, two decisions with a cut between them, then a refusal.
grpc::Status Stream(int number, const WatchSignUpsRequest&,
                    grpc::ServerContext*, Peer::Writer* writer) {
  if (number == 0) {
    WatchSignUpsResponse state =
        Response(4, {{"aaa", SignUp::CONFIRMED}, {"bbb", SignUp::WAITLISTED}});
    state.set_caught_up(true);
    writer->Write(state);
    writer->Write(
        Response(5, {{"aaa", SignUp::WITHDRAWN}, {"bbb", SignUp::CONFIRMED}}));
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "going down");
  }
  if (number == 1) {
    writer->Write(Response(6, {{"ccc", SignUp::WAITLISTED}}));
  }
  return client::Refusal(grpc::StatusCode::PERMISSION_DENIED,
                         "PERMISSION_DENIED");
}

class WatchCommandTest : public testing::Test {
 protected:
  // Watches until the server refuses; returns what was printed.
  std::string Watch(const std::vector<std::string>& flags) {
    peer_.stream = Stream;
    std::vector<std::string> line = {"watch", "v", "--server", peer_.address()};
    line.insert(line.end(), flags.begin(), flags.end());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    EXPECT_EQ(RunApp(line), 1);
    errors_ = testing::internal::GetCapturedStderr();
    return testing::internal::GetCapturedStdout();
  }

  Peer peer_;
  std::string errors_;
};

TEST_F(WatchCommandTest, TellsEachDecisionOnALine) {
  const std::string clock = "[0-9:]{8}";
  const std::string seats = "31 of 40 seats taken, 2 waiting";
  EXPECT_THAT(
      Watch({}),
      MatchesRegex(clock + "  " + seats + "\n" + clock +
                   "  CONFIRMED -> WITHDRAWN  aaa  .31 of 40 seats taken, 2 "
                   "waiting.\n" +
                   clock + "  WAITLISTED -> CONFIRMED  bbb  ." + seats + ".\n" +
                   clock + "  WAITLISTED  ccc  ." + seats + ".\n"));
  EXPECT_THAT(errors_, HasSubstr("connection lost, trying again"));
}

TEST_F(WatchCommandTest, PrintsALineOfJsonForEachResponse) {
  const std::string out = Watch({"--json"});
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 3);
  EXPECT_THAT(out, HasSubstr("\"state\":\"WITHDRAWN\""));
}

}  // namespace
}  // namespace lagnet::cli
