#include "server/rpc/gate.h"

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "lagnet/directory/v1/networks.grpc.pb.h"
#include "server/base/work.h"
#include "tests/support/captured_log.h"
#include "tests/support/matchers.h"
#include "tests/support/server.h"

namespace lagnet::rpc {
namespace {

using directory::v1::CreateNetworkRequest;
using directory::v1::GetNetworkRequest;
using directory::v1::ListNetworksRequest;
using directory::v1::ListNetworksResponse;
using directory::v1::Network;
using directory::v1::NetworkService;
using directory::v1::UpdateNetworkRequest;
using support::Call;
using support::FromText;
using support::IsOk;
using support::MetadataOf;
using support::StatusIs;
using support::TestServer;
using support::With;
using testing::HasSubstr;
using testing::Not;

constexpr absl::StatusCode kUnauthenticated =
    absl::StatusCode::kUnauthenticated;
constexpr absl::StatusCode kDenied = absl::StatusCode::kPermissionDenied;
constexpr absl::StatusCode kInvalid = absl::StatusCode::kInvalidArgument;

// A service that does what the test says. GetNetwork is public and runs on a
// worker, ListNetworks answers later; UpdateNetwork asks for NETWORK_ADMIN
// over the network that it names, and answers from memory if it can.
class Probe final : public NetworkService::WithRawCallbackMethod_UpdateNetwork<
                        NetworkService::CallbackService> {
 public:
  using Handler = std::function<absl::StatusOr<Network>(const rpc::Call&)>;
  using Done = std::function<void(absl::StatusOr<ListNetworksResponse>)>;

  Probe(Gate* gate, db::Pool*) : gate_(gate) {
    gate->RegisterService(*Network::descriptor()->file()->service(0));
    gate->RegisterOwner(
        "networks",
        {.from_memory =
             [this](const std::string& name) -> std::optional<Scope> {
           if (name != "networks/cached") return std::nullopt;
           ++remembered;
           return Scope{.network = "cached"};
         },
         .load = [this](const std::string& name,
                        absl::Time) -> absl::StatusOr<Scope> {
           ++loaded;
           AddStatements(1);
           if (name == "networks/broken") throw std::runtime_error("bug");
           if (name != "networks/ksow") return absl::NotFoundError(name);
           return Scope{.network = "ksow"};
         }});
  }

  grpc::ServerUnaryReactor* GetNetwork(grpc::CallbackServerContext* context,
                                       const GetNetworkRequest* request,
                                       Network* response) override {
    return gate_->Run(context, request, response, this, &Probe::Get);
  }
  grpc::ServerUnaryReactor* ListNetworks(
      grpc::CallbackServerContext* context, const ListNetworksRequest* request,
      ListNetworksResponse* response) override {
    return gate_->RunLater(context, request, response, this, &Probe::List);
  }
  grpc::ServerUnaryReactor* CreateNetwork(grpc::CallbackServerContext* context,
                                          const CreateNetworkRequest* request,
                                          Network* response) override {
    return gate_->Run(context, request, response, this, &Probe::Create);
  }
  grpc::ServerUnaryReactor* UpdateNetwork(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override {
    return gate_->RunFromMemory(context, request, response, this,
                                &Probe::UpdateFast, &Probe::Update);
  }

  // What the handlers do; each is run with the call.
  Handler handler = [](const rpc::Call&) -> absl::StatusOr<Network> {
    return Network();
  };
  std::function<void(const rpc::Call&, Done)> later =
      [](const rpc::Call&, Done done) { done(ListNetworksResponse()); };
  std::atomic<int> ran{0};
  std::atomic<int> ran_fast{0};
  bool knows = true;  // Whether UpdateNetwork can answer from memory.
  std::atomic<int> loaded{0};
  std::atomic<int> remembered{0};

 private:
  absl::StatusOr<Network> Handle(const rpc::Call& call) {
    const support::Meeting meeting;
    ++ran;
    return handler(call);
  }
  absl::StatusOr<Network> Get(const rpc::Call& call, const GetNetworkRequest&) {
    return Handle(call);
  }
  absl::StatusOr<Network> Create(const rpc::Call& call,
                                 const CreateNetworkRequest&) {
    return Handle(call);
  }
  absl::StatusOr<Network> Update(const rpc::Call& call,
                                 const UpdateNetworkRequest&) {
    return Handle(call);
  }
  std::optional<absl::Status> UpdateFast(const rpc::Call& call,
                                         const UpdateNetworkRequest&,
                                         std::string* answer) {
    {
      const support::Meeting meeting;
      if (!knows) return std::nullopt;
    }
    ++ran_fast;
    auto result = Handle(call);
    if (result.ok()) result->AppendToString(answer);
    return result.status();
  }
  void List(const rpc::Call& call, const ListNetworksRequest&, Done done) {
    const support::Meeting meeting;
    later(call, std::move(done));
  }

  Gate* const gate_;
};

class GateTest : public testing::Test {
 protected:
  using Stub = NetworkService::Stub;

  void Start(TestServer::Options options = {}) {
    server_ = std::make_unique<TestServer>("", options);
    probe_ = &server_->Add<Probe>();
    server_->Start();
    stub_ = NetworkService::NewStub(server_->channel());
  }

  absl::StatusOr<Network> Get(const With& with = {}) {
    GetNetworkRequest request;
    request.set_name("networks/ksow");
    return Call(*stub_, &Stub::GetNetwork, request, with);
  }
  absl::StatusOr<ListNetworksResponse> List(const With& with = {}) {
    return Call(*stub_, &Stub::ListNetworks, ListNetworksRequest(), with);
  }
  absl::StatusOr<Network> Update(const std::string& name, const With& with) {
    auto request = FromText<UpdateNetworkRequest>(
        "request_id: '0b2a6d0e-3c0c-4c1a-9d0e-5a3b1f6c7d8e'");
    request.mutable_network()->set_name(name);
    return Call(*stub_, &Stub::UpdateNetwork, request, with);
  }
  absl::StatusOr<Network> UpdateWrongly(const With& with) {
    return Call(*stub_, &Stub::UpdateNetwork, UpdateNetworkRequest(), with);
  }

  std::unique_ptr<TestServer> server_;
  Probe* probe_ = nullptr;
  std::unique_ptr<Stub> stub_;
};

TEST_F(GateTest, LetsAnyoneCallWhatIsPublic) {
  Start();
  EXPECT_THAT(Get(), IsOk());
  EXPECT_THAT(Get({"role:NONE"}), IsOk());
  EXPECT_EQ(probe_->ran, 2);
}

TEST_F(GateTest, RefusesCredentialsItDoesNotKnow) {
  Start();
  EXPECT_THAT(Get({"nonsense"}), StatusIs(kUnauthenticated));
  EXPECT_THAT(Get({.metadata = {{"authorization", "Basic bmlubzp4"}}}),
              StatusIs(kUnauthenticated));
  EXPECT_EQ(probe_->ran, 0);
}

TEST_F(GateTest, AsksForCredentialsWhereTheyAreNeeded) {
  Start();
  EXPECT_THAT(Update("networks/ksow", {}),
              StatusIs(kUnauthenticated, "SIGN_IN_NEEDED"));
}

TEST_F(GateTest, AsksForARoleOverWhatIsTouched) {
  Start();
  for (const char* token :
       {"role:NONE", "role:NETWORK_ADMIN@network=geo",
        "role:NETWORK_EDITOR@network=ksow",
        "role:LAG_MANAGER@organization=ksow", "role:AUDITOR@project=ksow",
        "role:GATEWAY@network=ksow"}) {
    const absl::Status status = Update("networks/ksow", {token}).status();
    EXPECT_THAT(status, StatusIs(kDenied, "PERMISSION_DENIED")) << token;
    EXPECT_EQ(MetadataOf(status, "method"),
              "lagnet.directory.v1.NetworkService/UpdateNetwork");
  }
  EXPECT_EQ(probe_->ran, 0);
  EXPECT_THAT(Update("networks/ksow", {"role:NETWORK_ADMIN@network=ksow"}),
              IsOk());
  EXPECT_THAT(Update("networks/ksow", {"role:NETWORK_ADMIN"}), IsOk());
}

TEST_F(GateTest, KeepsWhatExistsFromThoseWithoutRights) {
  Start();
  const auto outsider = [&](const char* name) {
    return Update(name, {"role:NETWORK_ADMIN@network=geo,region=GE-MM"})
        .status();
  };
  EXPECT_THAT(outsider("networks/ksow"), StatusIs(kDenied));
  EXPECT_THAT(outsider("networks/ghost"), StatusIs(kDenied));
  EXPECT_EQ(outsider("networks/ksow").message(),
            outsider("networks/ghost").message());
  EXPECT_THAT(outsider("nonsense"), StatusIs(kDenied));
  EXPECT_EQ(probe_->ran, 0);
  // Who runs a network may know. But nothing is run for what is not there: it
  // might be by then, and somebody else's.
  EXPECT_THAT(Update("networks/ghost", {"role:NETWORK_ADMIN"}),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(probe_->ran, 0);
}

TEST_F(GateTest, AuthorizesFromMemoryIfItCan) {
  Start();
  EXPECT_THAT(Update("networks/cached", {"role:NETWORK_ADMIN@network=cached"}),
              IsOk());
  EXPECT_EQ(probe_->loaded, 0);
  EXPECT_EQ(probe_->remembered, 1);
  EXPECT_EQ(probe_->ran_fast, 1);
}

TEST_F(GateTest, GoesToAWorkerForWhatMemoryDoesNotHold) {
  Start();
  const With admin = {"role:NETWORK_ADMIN"};
  // Who may call takes the database: a worker.
  EXPECT_THAT(Update("networks/ksow", admin), IsOk());
  EXPECT_EQ(probe_->ran_fast, 0);
  // What to answer takes the database.
  probe_->knows = false;
  EXPECT_THAT(Update("networks/cached", admin), IsOk());
  EXPECT_EQ(probe_->ran_fast, 0);
  EXPECT_EQ(probe_->ran, 2);
}

TEST_F(GateTest, IdentifiesThenLimitsThenValidatesThenAuthorizes) {
  Start({.gate = {.calls_per_second = 0.001, .burst = 2}});
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(UpdateWrongly({"nonsense"}), StatusIs(kUnauthenticated));
  }
  EXPECT_THAT(UpdateWrongly({"guess"}),
              StatusIs(absl::StatusCode::kResourceExhausted, "RATE_LIMITED"))
      << "guesses are counted by address";
  // Invalid and not allowed: the fields are looked at first.
  EXPECT_THAT(UpdateWrongly({"role:NONE"}),
              StatusIs(kInvalid, "INVALID_FIELDS"));
  EXPECT_THAT(Update("networks/ksow", {"role:NONE"}), StatusIs(kDenied));
  // Over the limit and invalid: the limit is looked at first.
  const absl::Status limited = UpdateWrongly({"role:NONE"}).status();
  EXPECT_THAT(limited,
              StatusIs(absl::StatusCode::kResourceExhausted, "RATE_LIMITED"));
  EXPECT_GT(RetryDelayOf(limited), absl::ZeroDuration());
  EXPECT_THAT(Update("networks/ksow", {"role:NETWORK_ADMIN"}), IsOk());
  EXPECT_EQ(probe_->ran, 1);
}

TEST_F(GateTest, TellsTheHandlerWhoCallsAndWhatMakesTheCallTheSame) {
  Start();
  std::vector<RequestKey> keys;
  probe_->handler = [&](const rpc::Call& call) -> absl::StatusOr<Network> {
    EXPECT_EQ(call.caller.account, "network-admin");
    EXPECT_EQ(call.request.caller, "accounts/network-admin");
    keys.push_back(call.request);
    return Network();
  };
  ASSERT_THAT(Update("networks/ksow", {"role:NETWORK_ADMIN"}), IsOk());
  ASSERT_THAT(Update("networks/ksow", {"role:NETWORK_ADMIN"}), IsOk());
  ASSERT_THAT(Update("networks/cached", {"role:NETWORK_ADMIN"}), IsOk());
  EXPECT_EQ(keys[0].method, "lagnet.directory.v1.NetworkService/UpdateNetwork");
  EXPECT_EQ(keys[0].request_id, "0b2a6d0e-3c0c-4c1a-9d0e-5a3b1f6c7d8e");
  EXPECT_EQ(keys[0].fingerprint, keys[1].fingerprint);
  EXPECT_NE(keys[0].fingerprint, keys[2].fingerprint);
}

TEST_F(GateTest, MasksInternalErrorsAndLogsThem) {
  Start();
  probe_->handler = [](const rpc::Call&) -> absl::StatusOr<Network> {
    return absl::InternalError("the column geheim is missing");
  };
  support::CapturedLog log;
  std::multimap<std::string, std::string> trailing;
  const absl::Status status = Get({.trailing = &trailing}).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInternal, "INTERNAL"));
  EXPECT_THAT(status.ToString(), Not(HasSubstr("geheim")));
  const std::string id = MetadataOf(status, "callId");
  ASSERT_NE(id, "");
  EXPECT_EQ(trailing.find("lagnet-call-id")->second, id);
  EXPECT_THAT(log.LineWith(id), HasSubstr("the column geheim is missing"));
}

TEST_F(GateTest, SurvivesWhatAHandlerThrows) {
  Start();
  probe_->handler = [](const rpc::Call&) -> absl::StatusOr<Network> {
    throw std::runtime_error("geheim");
  };
  const absl::Status status = Get().status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInternal, "INTERNAL"));
  EXPECT_THAT(status.ToString(), Not(HasSubstr("geheim")));
  EXPECT_THAT(Update("networks/broken", {"role:NETWORK_ADMIN"}),
              StatusIs(absl::StatusCode::kInternal, "INTERNAL"));
  probe_->later = [](const rpc::Call&, Probe::Done done) {
    done(ListNetworksResponse());
    throw std::runtime_error("after the answer");
  };
  EXPECT_THAT(List(), IsOk());
  EXPECT_THAT(List(), IsOk());
}

TEST_F(GateTest, AnswersLaterFromAnyThread) {
  Start();
  std::thread answerer;
  probe_->later = [&](const rpc::Call&, Probe::Done done) {
    answerer = std::thread([done = std::move(done)] {
      absl::SleepFor(absl::Milliseconds(20));
      ListNetworksResponse response;
      response.set_next_page_token("later");
      done(response);
    });
  };
  const auto response = List();
  answerer.join();
  ASSERT_THAT(response, IsOk());
  EXPECT_EQ(response->next_page_token(), "later");
}

TEST_F(GateTest, AnswersOverloadAtOnce) {
  Start({.workers = 1, .queue = 1});
  absl::Notification started;
  absl::Notification release;
  std::atomic<bool> first{true};
  probe_->handler = [&](const rpc::Call&) -> absl::StatusOr<Network> {
    if (first.exchange(false)) {
      started.Notify();
      release.WaitForNotification();
    }
    return Network();
  };
  std::thread running([&] { EXPECT_THAT(Get(), IsOk()); });
  started.WaitForNotification();
  std::thread queued([&] { EXPECT_THAT(Get(), IsOk()); });
  while (server_->workers().queued() == 0) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  std::multimap<std::string, std::string> trailing;
  const absl::Status status = Get({.trailing = &trailing}).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable, "OVERLOADED"));
  EXPECT_EQ(RetryDelayOf(status), absl::Seconds(1));
  EXPECT_EQ(trailing.count("grpc-retry-pushback-ms"), 1u);
  EXPECT_THAT(List(), IsOk());  // What needs no worker is still answered.
  release.Notify();
  running.join();
  queued.join();
}

TEST_F(GateTest, DoesNotRunWhoWaitedTooLong) {
  Start({.workers = 1});
  absl::Notification started;
  absl::Notification release;
  probe_->handler = [&](const rpc::Call&) -> absl::StatusOr<Network> {
    if (!started.HasBeenNotified()) {
      started.Notify();
      release.WaitForNotification();
    }
    return Network();
  };
  std::thread running([&] { EXPECT_THAT(Get(), IsOk()); });
  started.WaitForNotification();
  EXPECT_THAT(Get({.timeout = absl::Milliseconds(100)}),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  absl::SleepFor(absl::Milliseconds(100));  // Also by the server's clock.
  release.Notify();
  running.join();
  EXPECT_THAT(Get(), IsOk());
  EXPECT_EQ(probe_->ran, 2);
}

TEST_F(GateTest, GivesEveryCallADeadline) {
  Start();
  absl::Duration left;
  probe_->handler = [&](const rpc::Call& call) -> absl::StatusOr<Network> {
    left = call.deadline - call.now;
    return Network();
  };
  ASSERT_THAT(Get({.timeout = absl::Hours(5)}), IsOk());
  EXPECT_EQ(left, absl::Seconds(30));
  ASSERT_THAT(Get({.timeout = absl::Seconds(7)}), IsOk());
  EXPECT_LT(left, absl::Seconds(8));  // gRPC rounds up.
  EXPECT_GT(left, absl::Seconds(5));
}

TEST_F(GateTest, LogsOneLineForACall) {
  Start();
  probe_->handler = [](const rpc::Call&) -> absl::StatusOr<Network> {
    AddStatements(3);
    return Error(absl::StatusCode::kNotFound, "NOT_FOUND", "no such nino");
  };
  support::CapturedLog log;
  const std::string trace(
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  EXPECT_THAT(Update("networks/ksow", {.token = "role:NETWORK_ADMIN",
                                       .metadata = {{"traceparent", trace}}}),
              StatusIs(absl::StatusCode::kNotFound));
  const std::string line = log.LineWith(trace);
  const auto json = nlohmann::json::parse(line, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << line;
  EXPECT_EQ(json["event"], "call");
  EXPECT_EQ(json["method"], "lagnet.directory.v1.NetworkService/UpdateNetwork");
  EXPECT_EQ(json["caller"], "accounts/network-admin");
  EXPECT_EQ(json["code"], "NOT_FOUND");
  EXPECT_EQ(json["reason"], "NOT_FOUND");
  EXPECT_EQ(json["statements"], 4);  // One of them to authorise.
  EXPECT_GE(json["milliseconds"], 0);
  EXPECT_THAT(line, Not(HasSubstr("nino")));
}

TEST_F(GateTest, RefusesMessagesThatAreTooLarge) {
  Start();
  GetNetworkRequest request;
  request.set_name(std::string(2 << 20, 'x'));
  EXPECT_THAT(Call(*stub_, &Stub::GetNetwork, request),
              StatusIs(absl::StatusCode::kResourceExhausted));
}

}  // namespace
}  // namespace lagnet::rpc
