// A change of the server's certificate, of its authority and of the clients'
// certificates, under load: no call fails that was made with what was valid.

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "lagnet/access/v1/accounts.grpc.pb.h"
#include "tests/e2e/lagnetd.h"
#include "tests/e2e/network.h"
#include "tests/support/certificates.h"

namespace lagnet::e2e {
namespace {

using access::v1::AccountService;

class RotationTest : public testing::Test {
 protected:
  RotationTest()
      : certificates_(folder_.path() + "/tls"),
        trusted_(certificates_.Cert("ca") + certificates_.Cert("other-ca")),
        server_({.data = folder_.path() + "/data",
                 .environment = Environment(),
                 .ca_file = certificates_.Write("trusted.pem", trusted_)}) {
    for (const std::string ca : {"ca", "other-ca"}) {
      certificates_.Make(
          "server-of-" + ca,
          {.san = "IP:127.0.0.1", .ca = ca, .usage = "serverAuth"});
      certificates_.Make("client-of-" + ca, {.ca = ca});
    }
    Show("ca");
    Believe({"ca"});
    const auto ready = server_.Start();
    if (!ready.ok()) ADD_FAILURE() << ready.status();
    MakeSystem();
  }

  std::map<std::string, std::string> Environment() const {
    return {{"LAGNET_TLS_CERT", certificates_.CertPath("live")},
            {"LAGNET_TLS_KEY", certificates_.KeyPath("live")},
            {"LAGNET_TLS_CLIENT_CA", certificates_.CertPath("live-ca")}};
  }

  // The system that the clients' certificates prove.
  void MakeSystem() {
    const auto client = server_.Operator();
    EXPECT_TRUE(FillDirectory(*client).ok());
    access::v1::CreateAccountRequest request;
    request.set_account_id("the-system");
    auto* const account = request.mutable_account();
    account->set_network("networks/ksow");
    account->set_kind(access::v1::Account::SYSTEM);
    account->set_display_name("The system");
    account->add_certificate_names("lag.example.org");
    const auto made =
        client->Call(&AccountService::Stub::CreateAccount, request);
    EXPECT_TRUE(made.ok()) << made.status();
  }

  // Puts the server's certificate in place.
  void Show(const std::string& ca) {
    certificates_.Write("live.pem", certificates_.Cert("server-of-" + ca));
    certificates_.Write("live.key", certificates_.Key("server-of-" + ca));
  }
  // Puts in place whose certificates of clients are believed.
  void Believe(const std::vector<std::string>& authorities) {
    std::string text;
    for (const auto& ca : authorities) text += certificates_.Cert(ca);
    certificates_.Write("live-ca.pem", text);
  }

  // A connection of its own, which repeats nothing by itself.
  std::unique_ptr<AccountService::Stub> Connect(const std::string& ca) const {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = trusted_;
    options.pem_cert_chain = certificates_.Cert("client-of-" + ca);
    options.pem_private_key = certificates_.Key("client-of-" + ca);
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    return AccountService::NewStub(grpc::CreateCustomChannel(
        server_.address(), grpc::SslCredentials(options), arguments));
  }

  static grpc::Status Ask(AccountService::Stub& stub) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() +
                         std::chrono::seconds(20));
    access::v1::GetCallerResponse response;
    return stub.GetCaller(&context, {}, &response);
  }

  // Calls until told to stop, with the certificate that clients have by then;
  // on a new connection after `calls` calls at the latest.
  void Load(int client, int calls) {
    while (!stop_) {
      const int of_other = of_other_;
      shown_[static_cast<size_t>(client)] = of_other;
      const auto stub = Connect(of_other == 1 ? "other-ca" : "ca");
      ++connections_;
      for (int i = 0; i < calls && !stop_ && of_other == of_other_; ++i) {
        const grpc::Status status = Ask(*stub);
        ++calls_;
        if (status.ok()) continue;
        ++failed_;
        ADD_FAILURE() << status.error_code() << " " << status.error_message();
      }
    }
  }

  // Waits until every client has taken the certificate it is to have.
  void WaitForClients() const {
    const auto has_it = [&](const auto& shown) { return shown == of_other_; };
    while (!std::all_of(shown_.begin(), shown_.end(), has_it)) {
      absl::SleepFor(absl::Milliseconds(10));
    }
  }

  // SIGHUP, and a while for the calls that come then.
  void Reload() {
    server_.HangUp();
    absl::SleepFor(absl::Milliseconds(300));
  }

  // From certificates of one authority to those of the other, as it is done in
  // docs/operate.
  void Rotate(const std::string& from, const std::string& to) {
    Believe({from, to});
    Reload();
    of_other_ = to == "other-ca" ? 1 : 0;
    WaitForClients();
    Show(to);
    Believe({to});
    Reload();
  }

  static constexpr int kClients = 8;

  Folder folder_;
  support::Certificates certificates_;
  const std::string trusted_;
  Lagnetd server_;
  std::atomic<bool> stop_{false};
  std::atomic<int> of_other_{0};
  std::atomic<int> calls_{0};
  std::atomic<int> connections_{0};
  std::array<std::atomic<int>, kClients> shown_{};
  std::atomic<int> failed_{0};
};

TEST_F(RotationTest, FailsNoCall) {
  const int rounds = Scaled(40, 4);
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    // Some keep their connection, some make one for each call.
    clients.emplace_back([this, i] { Load(i, i % 2 == 0 ? 1 : 50); });
  }
  std::string from = "ca";
  std::string to = "other-ca";
  for (int i = 0; i < rounds && failed_ == 0; ++i) {
    Rotate(from, to);
    // And what is not believed any more is not.
    EXPECT_FALSE(Ask(*Connect(from)).ok()) << "round " << i;
    std::swap(from, to);
  }
  stop_ = true;
  for (std::thread& client : clients) client.join();
  std::printf("%d calls on %d connections in %d rotations, %d failed\n",
              calls_.load(), connections_.load(), rounds, failed_.load());
  EXPECT_GT(calls_, kClients * rounds);
  EXPECT_EQ(failed_, 0) << server_.LogTail();
}

}  // namespace
}  // namespace lagnet::e2e
