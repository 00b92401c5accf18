#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cpp/cli/app.h"
#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "lagnet/mail/v1/bounces.grpc.pb.h"
#include "tests/clients/peer.h"

namespace lagnet::cli {
namespace {

using mail::v1::ReportBounceRequest;
using mail::v1::ReportBounceResponse;
using testing::HasSubstr;
using testing::StartsWith;

// A gRPC server in this process that takes each mail for what the test says.
class BouncePeer : public mail::v1::BounceService::Service {
 public:
  BouncePeer() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  ~BouncePeer() override { server_->Shutdown(absl::ToChronoTime(absl::Now())); }

  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

  grpc::Status ReportBounce(grpc::ServerContext*,
                            const ReportBounceRequest* request,
                            ReportBounceResponse* response) override {
    asked = *request;
    response->set_outcome(outcome);
    return status;
  }

  ReportBounceRequest asked;
  ReportBounceResponse::Outcome outcome = ReportBounceResponse::NOT_A_REPORT;
  grpc::Status status;

 private:
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

class MailCommandTest : public testing::Test {
 protected:
  // Runs `lagnet mail bounced WORDS < mail`; returns what was printed.
  std::string RunWith(const std::string& mail, int exit_code = 0,
                      std::vector<std::string> words = {}) {
    words.insert(words.begin(), {"mail", "bounced"});
    words.insert(words.end(), {"--server", server_});
    std::istringstream input(mail);
    std::streambuf* const before = std::cin.rdbuf(input.rdbuf());
    std::cin.clear();
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    EXPECT_EQ(RunApp(words), exit_code);
    errors_ = testing::internal::GetCapturedStderr();
    std::cin.rdbuf(before);
    std::cin.clear();
    EXPECT_EQ(input.peek(), EOF) << "read to its end";
    return testing::internal::GetCapturedStdout();
  }

  BouncePeer peer_;
  std::string server_ = peer_.address();
  std::string errors_;
};

TEST_F(MailCommandTest, PassesTheMailOnAndSaysWhatItWas) {
  const std::string mail("Subject: ą\r\n\r\n\0\xff\n", 18);
  EXPECT_THAT(RunWith(mail), StartsWith("Ignored: it is no report"));
  EXPECT_EQ(peer_.asked.message(), mail);
  EXPECT_EQ(peer_.asked.request_id().size(), 36U);
  peer_.outcome = ReportBounceResponse::ADDRESS_REFUSED;
  EXPECT_THAT(RunWith(mail), HasSubstr("is not written to any more"));
  EXPECT_THAT(RunWith(mail, 0, {"--json"}), HasSubstr("ADDRESS_REFUSED"));
  for (const auto outcome :
       {ReportBounceResponse::NOT_OURS, ReportBounceResponse::NOT_FAILED}) {
    peer_.outcome = outcome;
    EXPECT_THAT(RunWith(mail), StartsWith("Ignored: "));
  }
  peer_.outcome = ReportBounceResponse::OTHER_FAULT;
  EXPECT_THAT(RunWith(mail), StartsWith("Noted: "));
}

TEST_F(MailCommandTest, IgnoresWhatIsTooLongToBeAReport) {
  EXPECT_THAT(RunWith(std::string(1'000'000, 'a')), StartsWith("Ignored: "));
  EXPECT_EQ(peer_.asked.message().size(), 1'000'000U);
  peer_.asked.Clear();
  EXPECT_THAT(RunWith(std::string(3'000'000, 'a')), StartsWith("Ignored: "));
  EXPECT_EQ(peer_.asked.message(), "") << "not even sent";
}

TEST_F(MailCommandTest, HasTheMailKeptWhateverGoesWrong) {
  peer_.status =
      client::Refusal(grpc::StatusCode::UNAUTHENTICATED, "BAD_CREDENTIALS");
  RunWith("Subject: a\n\n", 75);
  EXPECT_THAT(errors_, HasSubstr("BAD_CREDENTIALS"));
  RunWith("Subject: a\n\n", 75, {"--key-file", "/no/such/file"});
  EXPECT_THAT(errors_, HasSubstr("/no/such/file"));
  server_ = "127.0.0.1:1";
  RunWith("Subject: a\n\n", 75, {"--timeout", "2"});
  EXPECT_THAT(errors_, HasSubstr("127.0.0.1:1"));
}

}  // namespace
}  // namespace lagnet::cli
