#include "lagnet/client.h"

#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/clients/peer.h"

namespace lagnet::client {
namespace {

using testing::ElementsAre;
using testing::Ge;
using testing::SizeIs;
using visits::v1::CreateSignUpRequest;

CreateSignUpRequest AnySignUp() {
  CreateSignUpRequest request;
  request.set_parent("studyVisits/a");
  return request;
}

TEST(ClientTest, SendsKeyAndFillsInARequestId) {
  Peer peer;
  const auto client = peer.Connect();
  const auto sign_up = client->Call(&SignUps::CreateSignUp, AnySignUp());
  ASSERT_TRUE(sign_up.ok()) << sign_up.status();
  EXPECT_EQ(sign_up->name(), "studyVisits/a/signUps/1");
  EXPECT_EQ(peer.metadata("authorization"), "Bearer k1");
  EXPECT_THAT(peer.request_ids(), ElementsAre(SizeIs(36)));
}

TEST(ClientTest, KeepsTheCallersRequestId) {
  Peer peer;
  CreateSignUpRequest request = AnySignUp();
  request.set_request_id("mine");
  EXPECT_TRUE(peer.Connect()->Call(&SignUps::CreateSignUp, request).ok());
  EXPECT_THAT(peer.request_ids(), ElementsAre("mine"));
}

TEST(ClientTest, SendsTheRevisionThatItHasSeen) {
  Peer peer;
  const auto client = peer.Connect();
  EXPECT_TRUE(client->Call(&SignUps::CreateSignUp, AnySignUp()).ok());
  EXPECT_EQ(peer.metadata("lagnet-revision"), "");
  EXPECT_TRUE(client->Call(&SignUps::CreateSignUp, AnySignUp()).ok());
  EXPECT_EQ(peer.metadata("lagnet-revision"), "9");
  EXPECT_TRUE(client->Call(&SignUps::CreateSignUp, AnySignUp()).ok());
  EXPECT_EQ(peer.metadata("lagnet-revision"), "10");
}

TEST(ClientTest, RepeatsACommitInDoubtWithTheSameRequestId) {
  Peer peer;
  peer.answer = [](int number) {
    return number < 2 ? Refusal(grpc::StatusCode::UNKNOWN, "COMMIT_IN_DOUBT")
                      : grpc::Status::OK;
  };
  EXPECT_TRUE(peer.Connect()->Call(&SignUps::CreateSignUp, AnySignUp()).ok());
  const auto ids = peer.request_ids();
  EXPECT_THAT(ids, ElementsAre(ids[0], ids[0], ids[0]));
}

TEST(ClientTest, WaitsAsLongAsRetryInfoSays) {
  Peer peer;
  peer.answer = [](int number) {
    return number == 0
               ? Refusal(grpc::StatusCode::ABORTED, "TRANSACTION_CONFLICT",
                         absl::Milliseconds(400))
               : grpc::Status::OK;
  };
  const absl::Time start = absl::Now();
  EXPECT_TRUE(peer.Connect()->Call(&SignUps::CreateSignUp, AnySignUp()).ok());
  EXPECT_THAT(absl::Now() - start, Ge(absl::Milliseconds(400)));
  EXPECT_THAT(peer.request_ids(), SizeIs(2));
}

TEST(ClientTest, FindsARestartedServerAgain) {
  Peer peer;
  const auto client = peer.Connect();
  EXPECT_TRUE(client->Call(&SignUps::CreateSignUp, AnySignUp()).ok());
  peer.Stop();
  std::thread restart([&] {
    // Longer than gRPC itself tries.
    absl::SleepFor(absl::Milliseconds(1500));
    peer.Start(peer.port());
  });
  const auto sign_up = client->Call(&SignUps::CreateSignUp, AnySignUp());
  restart.join();
  EXPECT_TRUE(sign_up.ok()) << sign_up.status();
}

TEST(ClientTest, LetsARefusalStand) {
  Peer peer;
  peer.answer = [](int) {
    return Refusal(grpc::StatusCode::FAILED_PRECONDITION, "SIGN_UP_CLOSED");
  };
  const auto sign_up =
      peer.Connect()->Call(&SignUps::CreateSignUp, AnySignUp());
  const Error error = Decode(sign_up.status());
  EXPECT_EQ(error.reason, "SIGN_UP_CLOSED");
  EXPECT_EQ(error.request_id, peer.request_ids()[0]);
  EXPECT_THAT(peer.request_ids(), SizeIs(1));
}

TEST(ClientTest, GivesUpWhenTheNextTryWouldBeTooLate) {
  Peer peer;
  peer.answer = [](int) {
    return Refusal(grpc::StatusCode::ABORTED, "TRANSACTION_CONFLICT",
                   absl::Milliseconds(900));
  };
  const absl::Time start = absl::Now();
  const auto sign_up = peer.Connect(absl::Milliseconds(500))
                           ->Call(&SignUps::CreateSignUp, AnySignUp());
  EXPECT_EQ(Decode(sign_up.status()).reason, "TRANSACTION_CONFLICT");
  EXPECT_LT(absl::Now() - start, absl::Milliseconds(500));
}

TEST(ClientTest, LeavesAnOverloadedServerToGrpcFirst) {
  Peer peer;
  peer.answer = [](int number) {
    return number < 3 ? Refusal(grpc::StatusCode::UNAVAILABLE, "OVERLOADED",
                                absl::Milliseconds(10))
                      : grpc::Status::OK;
  };
  EXPECT_TRUE(peer.Connect()->Call(&SignUps::CreateSignUp, AnySignUp()).ok());
  const auto ids = peer.request_ids();
  EXPECT_THAT(ids, ElementsAre(ids[0], ids[0], ids[0], ids[0]));
}

TEST(ClientTest, SaysThatNoServerWasReached) {
  Peer peer;
  const auto client = peer.Connect();
  peer.Stop();
  const Error error =
      Decode(client->Call(&SignUps::CreateSignUp, AnySignUp()).status());
  EXPECT_EQ(error.code, absl::StatusCode::kUnavailable);
  EXPECT_FALSE(error.from_server());
}

TEST(ClientTest, ListsAllPagesAsOneAnswer) {
  Peer peer;
  peer.pages.resize(3);
  for (int i = 0; i < 3; ++i) {
    peer.pages[i].add_sign_ups()->set_name(std::to_string(i));
    if (i < 2) peer.pages[i].set_next_page_token(std::to_string(i + 1));
  }
  const auto all = peer.Connect()->ListAll(&SignUps::ListSignUps, {});
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ(all->sign_ups_size(), 3);
  EXPECT_EQ(all->next_page_token(), "");
}

TEST(ClientTest, StopsAtAPageThatNamesItselfAsTheNext) {
  Peer peer;
  peer.pages.resize(2);
  peer.pages[0].set_next_page_token("1");
  peer.pages[1].set_next_page_token("1");
  EXPECT_EQ(peer.Connect()->ListAll(&SignUps::ListSignUps, {}).status().code(),
            absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace lagnet::client
