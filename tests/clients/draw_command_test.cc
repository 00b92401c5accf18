// `lagnet visit draw` on a server that takes its time.

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "clients/cpp/cli/app.h"
#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "lagnet/visits/v1/draws.grpc.pb.h"

namespace lagnet::cli {
namespace {

using testing::HasSubstr;
using visits::v1::SeatDraw;

// A gRPC server in this process that closes a draw once it was asked `looks`
// times how far it is.
class DrawPeer : public visits::v1::DrawService::Service {
 public:
  DrawPeer() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  ~DrawPeer() override { server_->Shutdown(absl::ToChronoTime(absl::Now())); }

  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

  std::string request_id() {
    absl::MutexLock lock(&mutex_);
    return request_id_;
  }

  int looks = 0;

 private:
  grpc::Status GetDraw(grpc::ServerContext*,
                       const visits::v1::GetDrawRequest* request,
                       SeatDraw* draw) override {
    absl::MutexLock lock(&mutex_);
    ++looked_;
    draw->set_name(request->name());
    draw->set_state(SeatDraw::OPEN);
    SeatDraw::Progress* const progress = draw->mutable_progress();
    progress->set_step(SeatDraw::Progress::PANELS);
    progress->set_done_percent(42);
    progress->set_panels(137);
    progress->set_time_percent(31);
    return grpc::Status::OK;
  }
  grpc::Status CloseDraw(grpc::ServerContext*,
                         const visits::v1::CloseDrawRequest* request,
                         SeatDraw* draw) override {
    absl::MutexLock lock(&mutex_);
    request_id_ = request->request_id();
    const auto is_enough = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return looked_ >= looks;
    };
    mutex_.AwaitWithTimeout(absl::Condition(&is_enough), absl::Seconds(20));
    draw->set_name(request->name());
    draw->set_state(SeatDraw::CLOSED);
    return grpc::Status::OK;
  }

  absl::Mutex mutex_;
  int looked_ ABSL_GUARDED_BY(mutex_) = 0;
  std::string request_id_ ABSL_GUARDED_BY(mutex_);
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

// While it lives, standard error is a terminal.
class Terminal {
 public:
  Terminal() {
    EXPECT_GE(terminal_, 0);
    EXPECT_EQ(grantpt(terminal_), 0);
    EXPECT_EQ(unlockpt(terminal_), 0);
    const int user = open(ptsname(terminal_), O_RDWR | O_NOCTTY);
    EXPECT_GE(dup2(user, STDERR_FILENO), 0);
    close(user);
  }
  ~Terminal() {
    dup2(before_, STDERR_FILENO);
    close(before_);
    close(terminal_);
  }

  // What was written to it.
  std::string Text() const {
    std::string text;
    fcntl(terminal_, F_SETFL, O_NONBLOCK);
    std::array<char, 4096> buffer;
    for (ssize_t got;
         (got = read(terminal_, buffer.data(), buffer.size())) > 0;) {
      text.append(buffer.data(), static_cast<size_t>(got));
    }
    return text;
  }

 private:
  const int before_ = dup(STDERR_FILENO);
  const int terminal_ = posix_openpt(O_RDWR | O_NOCTTY);
};

class DrawCommandTest : public testing::Test {
 protected:
  // Runs `lagnet visit draw WORDS`; returns what was printed.
  std::string Draw(std::vector<std::string> words) {
    words.insert(words.begin(), {"visit", "draw"});
    words.insert(words.end(), {"--server", peer_.address()});
    testing::internal::CaptureStdout();
    EXPECT_EQ(RunApp(words), 0);
    return testing::internal::GetCapturedStdout();
  }

  DrawPeer peer_;
};

constexpr char kLine[] =
    "PANELS: about 42 % done, 137 panels found, 31 % of the time gone";

TEST_F(DrawCommandTest, SaysOnATerminalHowFarTheServerIs) {
  peer_.looks = 2;
  std::string printed;
  std::string seen;
  {
    const Terminal terminal;
    printed = Draw({"close", "v"});
    seen = terminal.Text();
  }
  EXPECT_EQ(printed, "CLOSED  studyVisits/v\n");
  EXPECT_THAT(seen, HasSubstr(kLine));
  EXPECT_THAT(seen, testing::EndsWith("\r\x1b[K")) << "and wiped away";
}

TEST_F(DrawCommandTest, SaysNothingElsewhere) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(Draw({"close", "v", "--request-id",
                  "00000000-0000-4000-8000-000000000007"}),
            "CLOSED  studyVisits/v\n");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(peer_.request_id(), "00000000-0000-4000-8000-000000000007");
}

TEST_F(DrawCommandTest, ShowsADrawThatIsBeingClosed) {
  EXPECT_EQ(Draw({"get", "v"}),
            absl::StrCat("OPEN  studyVisits/v\nbeing closed: ", kLine, "\n"));
}

}  // namespace
}  // namespace lagnet::cli
