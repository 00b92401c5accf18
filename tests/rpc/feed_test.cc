#include "server/rpc/feed.h"

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "lagnet/visits/v1/study_visits.grpc.pb.h"
#include "tests/support/matchers.h"
#include "tests/support/server.h"

namespace lagnet::rpc {
namespace {

using support::IsOk;
using support::StatusIs;
using support::TestServer;
using visits::v1::StudyVisit;
using visits::v1::StudyVisitService;
using visits::v1::WatchStudyVisitsRequest;
using visits::v1::WatchStudyVisitsResponse;
using ResponseFeed = Feed<WatchStudyVisitsResponse>;

std::shared_ptr<const WatchStudyVisitsResponse> Response(
    const std::string& token, size_t padding = 0) {
  auto response = std::make_shared<WatchStudyVisitsResponse>();
  response->set_resume_token(token);
  if (padding > 0)
    response->add_study_visits()->set_name(std::string(padding, 'x'));
  return response;
}

// Hands each stream that is opened to the test.
class FeedProbe final : public StudyVisitService::CallbackService {
 public:
  using Opened = std::function<absl::Status(const WatchStudyVisitsRequest&,
                                            std::shared_ptr<ResponseFeed>)>;

  FeedProbe(Gate* gate, db::Pool*) : gate_(gate) {
    gate->RegisterService(*StudyVisit::descriptor()->file()->service(0));
  }
  grpc::ServerWriteReactor<WatchStudyVisitsResponse>* WatchStudyVisits(
      grpc::CallbackServerContext* context,
      const WatchStudyVisitsRequest* request) override {
    return gate_->RunStream(context, request, this, &FeedProbe::Watch);
  }

  Opened opened = [](const auto&, const auto&) { return absl::OkStatus(); };

 private:
  absl::Status Watch(const Call&, const WatchStudyVisitsRequest& request,
                     std::shared_ptr<ResponseFeed> feed) {
    const support::Meeting meeting;
    return opened(request, std::move(feed));
  }
  Gate* const gate_;
};

// A client's end of a stream.
class Reader {
 public:
  explicit Reader(TestServer& server, const WatchStudyVisitsRequest& request,
                  const support::With& with = {})
      : stub_(StudyVisitService::NewStub(server.channel())) {
    support::Prepare(with, &context_);
    support::MeetAtTheWire();
    stream_ = stub_->WatchStudyVisits(&context_, request);
  }
  explicit Reader(TestServer& server) : Reader(server, {}) {}
  ~Reader() {
    Cancel();
    if (!finished_) Finish().IgnoreError();
  }

  bool Read(WatchStudyVisitsResponse* response) {
    return stream_->Read(response);
  }
  // Reads on to the end; how many came.
  int ReadAll() {
    int count = 0;
    WatchStudyVisitsResponse response;
    while (stream_->Read(&response)) ++count;
    return count;
  }
  absl::Status Finish() {
    finished_ = true;
    WatchStudyVisitsResponse response;
    while (stream_->Read(&response)) {
    }
    const grpc::Status status = stream_->Finish();
    support::MeetAtTheWire();
    return support::FromWire(status);
  }
  void Cancel() { context_.TryCancel(); }

 private:
  std::unique_ptr<StudyVisitService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<WatchStudyVisitsResponse>> stream_;
  bool finished_ = false;
};

class FeedTest : public testing::Test {
 protected:
  void Start(TestServer::Options options = {}) {
    server_ = std::make_unique<TestServer>("", options);
    probe_ = &server_->Add<FeedProbe>();
    server_->Start();
  }
  // Keeps the feed of the next stream.
  std::shared_ptr<ResponseFeed> WaitForFeed() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](std::shared_ptr<ResponseFeed>* feed) { return *feed != nullptr; },
        &feed_));
    return std::move(feed_);
  }
  void KeepFeeds() {
    probe_->opened = [this](const auto&, std::shared_ptr<ResponseFeed> feed) {
      absl::MutexLock lock(&mutex_);
      feed_ = std::move(feed);
      return absl::OkStatus();
    };
  }
  void WaitForNoStreams() {
    while (server_->gate().open_streams() > 0) {
      absl::SleepFor(absl::Milliseconds(1));
    }
  }

  absl::Mutex mutex_;
  std::shared_ptr<ResponseFeed> feed_;
  std::unique_ptr<TestServer> server_;
  FeedProbe* probe_ = nullptr;
};

TEST_F(FeedTest, CarriesWhatIsPushedInOrder) {
  Start();
  KeepFeeds();
  Reader reader(*server_);
  const auto feed = WaitForFeed();
  for (int i = 0; i < 100; ++i) feed->Push(Response(absl::StrCat(i)));
  WatchStudyVisitsResponse response;
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(reader.Read(&response));
    EXPECT_EQ(response.resume_token(), absl::StrCat(i));
  }
  feed->End(Error(absl::StatusCode::kOutOfRange, "RESUME_TOKEN_EXPIRED", "x"));
  EXPECT_THAT(reader.Finish(),
              StatusIs(absl::StatusCode::kOutOfRange, "RESUME_TOKEN_EXPIRED"));
  WaitForNoStreams();
}

TEST_F(FeedTest, TakesPushesFromManyThreads) {
  constexpr int kThreads = 8;
  constexpr int kEach = 500;
  Start({.gate = {.calls_per_second = 0, .stream_queue = kThreads * kEach}});
  KeepFeeds();
  Reader reader(*server_);
  const auto feed = WaitForFeed();
  std::vector<std::thread> writers;
  for (int t = 0; t < kThreads; ++t) {
    writers.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        feed->Push(Response(absl::StrCat(t * kEach + i)));
      }
    });
  }
  std::vector<int> next(kThreads, 0);
  WatchStudyVisitsResponse response;
  for (int n = 0; n < kThreads * kEach; ++n) {
    ASSERT_TRUE(reader.Read(&response));
    const int number = std::stoi(response.resume_token());
    EXPECT_EQ(number % kEach, next[number / kEach]++);  // Each in its order.
  }
  for (std::thread& writer : writers) writer.join();
}

TEST_F(FeedTest, CutsASlowReader) {
  Start({.gate = {.calls_per_second = 0, .stream_queue = 8}});
  KeepFeeds();
  Reader reader(*server_);
  const auto feed = WaitForFeed();
  int pushed = 0;
  while (!feed->ended() && pushed < 10'000) {
    feed->Push(Response(absl::StrCat(pushed++), 100'000));
    absl::SleepFor(absl::Milliseconds(1));
  }
  EXPECT_TRUE(feed->ended());
  EXPECT_LT(reader.ReadAll(), pushed);
  const absl::Status status = reader.Finish();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kAborted, "SLOW_READER"));
  EXPECT_GT(RetryDelayOf(status), absl::ZeroDuration());
  WaitForNoStreams();
}

TEST_F(FeedTest, NoticesThatTheClientLeft) {
  Start();
  KeepFeeds();
  {
    Reader reader(*server_);
    const auto feed = WaitForFeed();
    feed->Push(Response("a"));
    WatchStudyVisitsResponse response;
    ASSERT_TRUE(reader.Read(&response));
    reader.Cancel();
    while (!feed->ended()) absl::SleepFor(absl::Milliseconds(1));
    feed->Push(Response("in vain"));
    feed->End(absl::OkStatus());
  }
  WaitForNoStreams();
}

TEST_F(FeedTest, KeepsTheRequestOfAClientThatLeftBeforeItsTurn) {
  Start({.workers = 1});
  absl::Notification busy;
  absl::Notification release;
  ASSERT_TRUE(server_->workers().Submit([&] {
    busy.Notify();
    release.WaitForNotification();
  }));
  busy.WaitForNotification();
  const std::string name(150, 'n');
  absl::Notification ran;
  probe_->opened = [&](const WatchStudyVisitsRequest& request,
                       const std::shared_ptr<ResponseFeed>& feed) {
    EXPECT_EQ(request.study_visit(), name);
    EXPECT_TRUE(feed->ended());
    ran.Notify();
    return absl::OkStatus();
  };
  {
    WatchStudyVisitsRequest request;
    request.set_study_visit(name);
    Reader reader(*server_, request);
    while (server_->workers().queued() == 0) {
      absl::SleepFor(absl::Milliseconds(1));
    }
  }  // The client leaves.
  WaitForNoStreams();
  absl::SleepFor(absl::Milliseconds(50));  // gRPC frees what was the call's.
  release.Notify();
  ran.WaitForNotification();
}

TEST_F(FeedTest, EndsWithWhatTheHandlerSays) {
  Start();
  probe_->opened = [](const auto&, const auto&) -> absl::Status {
    return Error(absl::StatusCode::kInvalidArgument, "RESUME_TOKEN_MISMATCH",
                 "x");
  };
  EXPECT_THAT(
      Reader(*server_).Finish(),
      StatusIs(absl::StatusCode::kInvalidArgument, "RESUME_TOKEN_MISMATCH"));
  probe_->opened = [](const auto&, const auto&) -> absl::Status {
    throw std::runtime_error("geheim");
  };
  const absl::Status masked = Reader(*server_).Finish();
  EXPECT_THAT(masked, StatusIs(absl::StatusCode::kInternal, "INTERNAL"));
  WaitForNoStreams();
}

TEST_F(FeedTest, PassesTheGateFirst) {
  Start();
  std::atomic<bool> opened{false};
  probe_->opened = [&](const auto&, const auto&) {
    opened = true;
    return absl::OkStatus();
  };
  EXPECT_THAT(Reader(*server_, {}, {"nonsense"}).Finish(),
              StatusIs(absl::StatusCode::kUnauthenticated));
  WatchStudyVisitsRequest request;
  request.set_resume_token(std::string(1001, 'x'));
  EXPECT_THAT(Reader(*server_, request).Finish(),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_FALSE(opened);
  WaitForNoStreams();
}

TEST_F(FeedTest, LimitsHowManyStreamsAreOpen) {
  Start({.gate = {.calls_per_second = 0, .max_streams = 2}});
  KeepFeeds();
  Reader first(*server_);
  const auto one = WaitForFeed();
  Reader second(*server_);
  const auto two = WaitForFeed();
  EXPECT_THAT(Reader(*server_).Finish(),
              StatusIs(absl::StatusCode::kUnavailable, "OVERLOADED"));
  one->End(absl::OkStatus());
  EXPECT_THAT(first.Finish(), IsOk());
  Reader third(*server_);
  EXPECT_NE(WaitForFeed(), nullptr);
}

TEST_F(FeedTest, EndsAllWhenTheServerStops) {
  Start();
  KeepFeeds();
  Reader reader(*server_);
  const auto feed = WaitForFeed();
  const absl::Status stopping =
      Error(absl::StatusCode::kUnavailable, "STOPPING", "x");
  server_->gate().EndStreams(stopping);
  EXPECT_THAT(reader.Finish(),
              StatusIs(absl::StatusCode::kUnavailable, "STOPPING"));
  EXPECT_THAT(Reader(*server_).Finish(),
              StatusIs(absl::StatusCode::kUnavailable, "STOPPING"));
  WaitForNoStreams();
}

}  // namespace
}  // namespace lagnet::rpc
