#include "lagnet/watch.h"

#include <numeric>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/clients/peer.h"

namespace lagnet::client {
namespace {

using testing::ElementsAre;
using Response = visits::v1::WatchSignUpsResponse;
using Request = visits::v1::WatchSignUpsRequest;

Response Decision(int64_t version, bool caught_up = false) {
  Response response;
  response.add_sign_ups()->set_name("s" + std::to_string(version));
  response.set_version(version);
  response.set_caught_up(caught_up);
  response.set_resume_token("t" + std::to_string(version));
  return response;
}

// Watches until `count` responses came; returns their versions, -1 for a
// restart.
std::vector<int64_t> Versions(Client& client, size_t count) {
  std::vector<int64_t> versions;
  WatchOptions options;
  options.on_restart = [&] { versions.push_back(-1); };
  const absl::Status status = Watch(
      client, &SignUps::WatchSignUps, Request(),
      [&](const Response& response) {
        versions.push_back(response.version());
        return versions.size() < count;
      },
      options);
  EXPECT_TRUE(status.ok()) << status;
  return versions;
}

TEST(WatchTest, ResumesWithTheLastTokenAndDropsRepeats) {
  Peer peer;
  peer.stream = [](int number, const Request&, grpc::ServerContext*,
                   Peer::Writer* writer) {
    if (number == 0) {
      writer->Write(Decision(1, true));
      writer->Write(Decision(2));
      return Refusal(grpc::StatusCode::ABORTED, "SLOW_READER");
    }
    writer->Write(Decision(2));
    writer->Write(Decision(3));
    return grpc::Status::OK;  // An orderly end resumes as well.
  };
  const auto client = peer.Connect();
  EXPECT_THAT(Versions(*client, 3), ElementsAre(1, 2, 3));
  EXPECT_THAT(peer.resume_tokens(), ElementsAre("", "t2"));
}

TEST(WatchTest, DeliversAllPartsOfTheState) {
  Peer peer;
  peer.stream = [](int, const Request&, grpc::ServerContext*,
                   Peer::Writer* writer) {
    writer->Write(Decision(7));
    writer->Write(Decision(7));
    writer->Write(Decision(7, true));
    writer->Write(Decision(7));  // Was in the state already.
    writer->Write(Decision(8));
    return grpc::Status::OK;
  };
  EXPECT_THAT(Versions(*peer.Connect(), 4), ElementsAre(7, 7, 7, 8));
}

TEST(WatchTest, BeginsAgainIfTheStateWasCut) {
  Peer peer;
  peer.stream = [](int number, const Request&, grpc::ServerContext*,
                   Peer::Writer* writer) {
    writer->Write(Decision(5));
    if (number == 0) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone");
    writer->Write(Decision(5, true));
    return grpc::Status::OK;
  };
  EXPECT_THAT(Versions(*peer.Connect(), 4), ElementsAre(5, -1, 5, 5));
  EXPECT_THAT(peer.resume_tokens(), ElementsAre("", ""));
}

TEST(WatchTest, BeginsAgainAfterARestoredBackup) {
  Peer peer;
  peer.stream = [](int number, const Request&, grpc::ServerContext*,
                   Peer::Writer* writer) {
    if (number == 0) {
      writer->Write(Decision(9, true));
      return grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone");
    }
    if (number == 1) {
      return Refusal(grpc::StatusCode::OUT_OF_RANGE, "RESUME_TOKEN_EXPIRED");
    }
    writer->Write(Decision(3, true));
    writer->Write(Decision(4));
    return grpc::Status::OK;
  };
  EXPECT_THAT(Versions(*peer.Connect(), 4), ElementsAre(9, -1, 3, 4));
  EXPECT_THAT(peer.resume_tokens(), ElementsAre("", "t9", ""));
}

TEST(WatchTest, FindsARestartedServerAgain) {
  Peer peer;
  peer.stream = [](int number, const Request&, grpc::ServerContext* context,
                   Peer::Writer* writer) {
    writer->Write(Decision(number + 1, number == 0));
    while (number == 0 && !context->IsCancelled()) {
      absl::SleepFor(absl::Milliseconds(5));
    }
    return grpc::Status::OK;
  };
  const auto client = peer.Connect();
  std::thread restart([&] {
    while (peer.resume_tokens().empty()) absl::SleepFor(absl::Milliseconds(5));
    absl::SleepFor(absl::Milliseconds(100));
    peer.Stop();
    peer.Start(peer.port());
  });
  EXPECT_THAT(Versions(*client, 2), ElementsAre(1, 2));
  restart.join();
  EXPECT_THAT(peer.resume_tokens(), ElementsAre("", "t1"));
}

TEST(WatchTest, MissesNothingAndRepeatsNothingWhenCutOften) {
  constexpr int kDecisions = 200;
  Peer peer;
  peer.stream = [](int, const Request& request, grpc::ServerContext*,
                   Peer::Writer* writer) {
    int64_t at = 0;
    if (request.resume_token().empty()) {
      writer->Write(Decision(0, true));
    } else {
      at = std::stoll(request.resume_token().substr(1));
    }
    // Begins a little before, breaks off at an odd place.
    for (int64_t version = std::max<int64_t>(1, at - 2); version <= at + 7;
         ++version) {
      writer->Write(Decision(version));
    }
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "cut");
  };
  const std::vector<int64_t> got = Versions(*peer.Connect(), kDecisions);
  std::vector<int64_t> all(kDecisions);
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(got, all);
}

TEST(WatchTest, EndsWithTheServersRefusal) {
  Peer peer;
  peer.stream = [](int, const Request&, grpc::ServerContext*, Peer::Writer*) {
    return Refusal(grpc::StatusCode::PERMISSION_DENIED, "PERMISSION_DENIED");
  };
  const auto client = peer.Connect();
  const absl::Status status = Watch(*client, &SignUps::WatchSignUps, Request(),
                                    [](const Response&) { return true; });
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
}

TEST(WatchTest, EndsWhenAskedToFromAnotherThread) {
  Peer peer;
  peer.stream = [](int, const Request&, grpc::ServerContext* context,
                   Peer::Writer* writer) {
    writer->Write(Decision(1, true));
    while (!context->IsCancelled()) absl::SleepFor(absl::Milliseconds(5));
    return grpc::Status::CANCELLED;
  };
  const auto client = peer.Connect();
  std::stop_source source;
  WatchOptions options;
  options.stop = source.get_token();
  std::thread stopper;
  const absl::Status status = Watch(
      *client, &SignUps::WatchSignUps, Request(),
      [&](const Response&) {
        stopper = std::thread([&] { source.request_stop(); });
        return true;
      },
      options);
  stopper.join();
  EXPECT_TRUE(status.ok()) << status;
}

TEST(WatchTest, CutsAServerThatHasFallenSilent) {
  Peer peer;
  peer.stream = [](int, const Request&, grpc::ServerContext* context,
                   Peer::Writer*) {
    while (!context->IsCancelled()) absl::SleepFor(absl::Milliseconds(5));
    return grpc::Status::CANCELLED;
  };
  const auto client = peer.Connect();
  WatchAttempt attempt(*client, {}, absl::Milliseconds(100));
  const auto reader =
      client->stub<SignUps>().WatchSignUps(attempt.context(), Request());
  attempt.Listen();
  Response response;
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST(WatchTest, AllowsTwoHeartbeatsOfSilence) {
  EXPECT_EQ(WatchPatience(absl::ZeroDuration()), absl::Seconds(70));
  EXPECT_EQ(WatchPatience(absl::Seconds(1)), absl::Seconds(12));
}

}  // namespace
}  // namespace lagnet::client
