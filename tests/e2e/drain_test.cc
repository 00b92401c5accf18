// SIGTERM: calls in flight finish, watches are sent away, the server goes
// within ten seconds, and nothing that was acknowledged is lost.

#include <atomic>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "lagnet/watch.h"
#include "tests/e2e/lagnetd.h"
#include "tests/e2e/network.h"

namespace lagnet::e2e {
namespace {

class DrainTest : public testing::Test {
 protected:
  DrainTest() : server_({.data = folder_.path() + "/data"}) {
    Start();
    const auto client = server_.Operator();
    EXPECT_TRUE(FillDirectory(*client).ok());
    EXPECT_TRUE(OpenVisit(*client, "drained", 500).ok());
  }

  void Start() {
    const auto ready = server_.Start();
    if (!ready.ok()) ADD_FAILURE() << ready.status();
  }

  // Sends one sign-up and does not try again.
  static grpc::Status SignUpOnce(client::Client& client,
                                 const std::string& person) {
    grpc::ClientContext context;
    client.Prepare(context);
    visits::v1::SignUp sign_up;
    return client.stub<client::SignUps>().CreateSignUp(
        &context, SignUpRequest("drained", person), &sign_up);
  }

  Folder folder_;
  Lagnetd server_;
};

TEST_F(DrainTest, FinishesTheCallsInFlight) {
  constexpr int kCalls = 40;
  // Every commit takes a while: all calls are in flight when the signal comes.
  server_.Kill();
  server_.set_environment(
      {{"LAGNET_FAILPOINTS", "visits.before_commit=sleep:1500"}});
  Start();
  const auto client = server_.Operator();
  ASSERT_TRUE(SignUpOnce(*client, "connects").ok());
  std::vector<grpc::Status> answers(kCalls);
  std::vector<std::thread> callers;
  for (int i = 0; i < kCalls; ++i) {
    callers.emplace_back([&, i] {
      answers[static_cast<size_t>(i)] =
          SignUpOnce(*client, absl::StrCat("person", i));
    });
  }
  absl::SleepFor(absl::Milliseconds(1200));
  const absl::Time start = absl::Now();
  server_.Terminate();
  EXPECT_EQ(server_.Wait(absl::Seconds(10)), 0) << server_.LogTail();
  std::printf("ended %s after SIGTERM with %d calls in flight\n",
              absl::FormatDuration(absl::Now() - start).c_str(), kCalls);
  for (std::thread& caller : callers) caller.join();
  for (const grpc::Status& answer : answers) {
    EXPECT_TRUE(answer.ok())
        << answer.error_code() << " " << answer.error_message();
  }
  server_.set_environment({});
  Start();
  EXPECT_EQ(Database(server_.Dsn()).Ask("SELECT count(*) FROM visits.sign_up"),
            absl::StrCat(kCalls + 1));
}

TEST_F(DrainTest, LosesNothingUnderLoad) {
  constexpr int kClients = 32;
  std::atomic<int> acknowledged{0};
  std::atomic<bool> stop{false};
  const auto client = server_.Operator();
  std::vector<std::thread> clients;
  for (int c = 0; c < kClients; ++c) {
    clients.emplace_back([&, c] {
      for (int i = 0; !stop; ++i) {
        const grpc::Status status =
            SignUpOnce(*client, absl::StrCat("p", c, "-", i));
        if (status.ok()) ++acknowledged;
        if (status.ok()) continue;
        // Refused before it was begun is all that may happen, for which gRPC
        // has two codes (grpc/grpc#41785).
        if (status.error_code() != grpc::StatusCode::UNAVAILABLE &&
            status.error_code() != grpc::StatusCode::CANCELLED) {
          ADD_FAILURE() << status.error_code() << " " << status.error_message();
        }
        return;
      }
    });
  }
  // A watch is open meanwhile; it is sent away, not waited for.
  std::string ended;
  std::thread watcher([&] {
    visits::v1::WatchSignUpsRequest request;
    request.set_parent("studyVisits/drained");
    const absl::Status status = client::Watch(
        *client, &client::SignUps::WatchSignUps, request,
        [](const visits::v1::WatchSignUpsResponse&) { return true; },
        {.on_interruption = [](const absl::Status&, absl::Duration) {
          return false;
        }});
    ended = client::Decode(status).reason;
  });
  absl::SleepFor(absl::Seconds(1));
  const absl::Time start = absl::Now();
  server_.Terminate();
  EXPECT_EQ(server_.Wait(absl::Seconds(10)), 0) << server_.LogTail();
  std::printf("ended %s after SIGTERM under load\n",
              absl::FormatDuration(absl::Now() - start).c_str());
  stop = true;
  for (std::thread& thread : clients) thread.join();
  watcher.join();
  EXPECT_EQ(ended, "STOPPING");
  EXPECT_GT(acknowledged, 0);
  Start();
  Database database(server_.Dsn());
  EXPECT_EQ(database.Ask("SELECT count(*) FROM visits.sign_up"),
            absl::StrCat(acknowledged.load()));
  EXPECT_EQ(database.Wrong(), "");
}

}  // namespace
}  // namespace lagnet::e2e
