// Who is let in at the handshake, and who by their certificate.

#include <cstdlib>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "lagnet/access/v1/accounts.grpc.pb.h"
#include "lagnet/directory/v1/networks.grpc.pb.h"
#include "lagnet/directory/v1/themes.grpc.pb.h"
#include "server/config.h"
#include "tests/access/certificates.h"
#include "tests/access/requests.h"
#include "tests/access/whole_server.h"
#include "tests/support/database.h"
#include "tests/support/matchers.h"
#include "tests/support/server.h"

namespace lagnet::access {
namespace {

using support::Call;
using support::IsOk;
using support::StatusIs;
using testing::HasSubstr;
using Code = absl::StatusCode;
using Accounts = v1::AccountService::Stub;
using Themes = directory::v1::ThemeService;

class TlsTest : public support::DatabaseTest {
 protected:
  static void SetUpTestSuite() {
    DatabaseTest::SetUpTestSuite();
    certificates_ = new Certificates();
    certificates_->Make("server",
                        {.san = "DNS:localhost", .usage = "serverAuth"});
    certificates_->Make("good", {});
    server_ = new WholeServer(ConfigWith("ca"), nullptr);
    MakeAccount();
  }
  static void TearDownTestSuite() {
    delete server_;
    delete certificates_;
    DatabaseTest::TearDownTestSuite();
  }

  static Config ConfigWith(const std::string& client_ca) {
    Config config;
    config.database = database().dsn();
    config.tls_cert = certificates().CertPath("server");
    config.tls_key = certificates().KeyPath("server");
    if (!client_ca.empty()) {
      config.tls_client_ca = certificates().CertPath(client_ca);
    }
    return config;
  }
  static Certificates& certificates() { return *certificates_; }
  static const WholeServer& server() { return *server_; }

  // A channel that shows the certificate, or none for "", and trusts `ca`.
  static std::shared_ptr<grpc::Channel> Channel(const std::string& certificate,
                                                const std::string& ca = "ca") {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = ReadFile(certificates().CertPath(ca));
    if (!certificate.empty()) {
      options.pem_cert_chain = ReadFile(certificates().CertPath(certificate));
      options.pem_private_key = ReadFile(certificates().KeyPath(certificate));
    }
    grpc::ChannelArguments arguments;
    arguments.SetSslTargetNameOverride("localhost");
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(server().address(),
                                     grpc::SslCredentials(options), arguments);
  }

  static support::With Quickly(const std::string& token = "") {
    return {.token = token, .wait_for_ready = false};
  }

  // Who calls over this channel.
  static absl::StatusOr<v1::GetCallerResponse> Ask(
      const std::shared_ptr<grpc::Channel>& channel,
      const std::string& token = "") {
    return Call(*v1::AccountService::NewStub(channel), &Accounts::GetCaller,
                v1::GetCallerRequest(), Quickly(token));
  }

  // Whether the server shakes hands with an `openssl s_client`.
  static bool HandshakeWorks(const std::string& options) {
    const std::string command =
        absl::StrCat("openssl s_client -alpn h2 ", options, " -connect ",
                     server().address(), " </dev/null >/dev/null 2>&1");
    return std::system(command.c_str()) == 0;
  }

  // The system that the good certificate proves.
  static void MakeAccount() {
    const auto channel = Channel("");
    const support::With as_operator = {.token = server().operator_key()};
    const auto networks = directory::v1::NetworkService::NewStub(channel);
    auto network = support::FromText<directory::v1::CreateNetworkRequest>(
        absl::StrCat("network_id: 'ksow' request_id: '", FreshRequestId(),
                     "' network {", SampleOf("Network", {}), "}"));
    ASSERT_THAT(
        Call(*networks, &directory::v1::NetworkService::Stub::CreateNetwork,
             network, as_operator),
        IsOk());
    auto account = support::FromText<v1::CreateAccountRequest>(absl::StrCat(
        "account_id: 'the-system' request_id: '", FreshRequestId(),
        "' account { network: 'networks/ksow' kind: SYSTEM display_name: 'S'"
        " certificate_names: 'lag.example.org'"
        " certificate_names: 'spiffe://lag/a' }"));
    ASSERT_THAT(Call(*v1::AccountService::NewStub(channel),
                     &Accounts::CreateAccount, account, as_operator),
                IsOk());
  }

 private:
  inline static Certificates* certificates_ = nullptr;
  inline static WholeServer* server_ = nullptr;
};

TEST_F(TlsTest, KnowsASystemByItsCertificate) {
  const auto caller = Ask(Channel("good"));
  ASSERT_THAT(caller, IsOk());
  EXPECT_EQ(caller->account().name(), "accounts/the-system");
  certificates().Make("by-uri",
                      {.san = "DNS:other.example.org,URI:spiffe://lag/a"});
  EXPECT_EQ(Ask(Channel("by-uri"))->account().name(), "accounts/the-system");
}

// Twelve certificates that must open nothing. Those that TLS itself can refuse
// do not get as far as a call.
TEST_F(TlsTest, RefusesAtTheHandshakeWhatIsNotValid) {
  const std::pair<const char*, Certificates::Kind> bad[] = {
      {"expired", {.end = "20210101000000Z"}},
      {"not-yet-valid", {.start = "20980101000000Z"}},
      {"of-another-authority", {.ca = "other-ca"}},
      {"self-signed", {.ca = ""}},
      {"for-servers", {.usage = "serverAuth"}}};
  for (const auto& [name, kind] : bad) {
    certificates().Make(name, kind);
    EXPECT_THAT(Ask(Channel(name)), StatusIs(Code::kUnavailable)) << name;
    // Also with a key that would open everything.
    EXPECT_THAT(Ask(Channel(name), server().operator_key()),
                StatusIs(Code::kUnavailable))
        << name;
  }
}

TEST_F(TlsTest, RefusesWhoseNameItDoesNotKnow) {
  certificates().Make("renamed", {.san = "DNS:lag.example.org.evil.org"});
  EXPECT_THAT(Ask(Channel("renamed")),
              StatusIs(Code::kUnauthenticated, "BAD_CREDENTIALS"));
  // The subject does not count: anyone may be called so there.
  certificates().Make("lag.example.org", {.san = ""});
  EXPECT_THAT(Ask(Channel("lag.example.org")),
              StatusIs(Code::kUnauthenticated, "SIGN_IN_NEEDED"));
  certificates().Make("by-mail", {.san = "email:lag.example.org"});
  EXPECT_THAT(Ask(Channel("by-mail")), StatusIs(Code::kUnauthenticated));
}

TEST_F(TlsTest, LetsAnyoneInWithoutACertificateAsThePublic) {
  EXPECT_THAT(Ask(Channel("")),
              StatusIs(Code::kUnauthenticated, "SIGN_IN_NEEDED"));
  EXPECT_THAT(Call(*Themes::NewStub(Channel("")), &Themes::Stub::ListThemes,
                   directory::v1::ListThemesRequest()),
              IsOk());
  EXPECT_EQ(Ask(Channel(""), server().operator_key())->account().name(),
            "accounts/operator");
}

// A gateway's own certificate must not lend its rights to a bad token.
TEST_F(TlsTest, PutsTheTokenAboveTheCertificate) {
  EXPECT_THAT(Ask(Channel("good"), "lagk_unknown"),
              StatusIs(Code::kUnauthenticated, "BAD_CREDENTIALS"));
  EXPECT_EQ(Ask(Channel("good"), server().operator_key())->account().name(),
            "accounts/operator");
}

// gRPC's own client would not show these; openssl does, told not to mind.
TEST_F(TlsTest, RefusesWeakCertificates) {
  const auto shows = [](const std::string& name) {
    return HandshakeWorks(absl::StrCat(
        "-tls1_2 -cipher DEFAULT@SECLEVEL=0 -cert ",
        certificates().CertPath(name), " -key ", certificates().KeyPath(name)));
  };
  EXPECT_TRUE(shows("good"));
  certificates().Make("with-a-short-key", {.key = "rsa:1024"});
  EXPECT_FALSE(shows("with-a-short-key"));
  certificates().Make("with-a-weak-digest", {.digest = "sha1"});
  EXPECT_FALSE(shows("with-a-weak-digest"));
}

TEST_F(TlsTest, SpeaksNoPlaintextAndNoOldTls) {
  EXPECT_THAT(Ask(grpc::CreateChannel(server().address(),
                                      grpc::InsecureChannelCredentials())),
              StatusIs(Code::kUnavailable));
  EXPECT_FALSE(HandshakeWorks("-tls1 -cipher DEFAULT@SECLEVEL=0"));
  EXPECT_FALSE(HandshakeWorks("-tls1_1 -cipher DEFAULT@SECLEVEL=0"));
  EXPECT_TRUE(HandshakeWorks("-tls1_2"));
  EXPECT_TRUE(HandshakeWorks("-tls1_3"));
}

TEST_F(TlsTest, ProvesItselfToClients) {
  EXPECT_THAT(Ask(Channel("good", "other-ca")), StatusIs(Code::kUnavailable));
}

TEST_F(TlsTest, EndsACertificateWithItsAccount) {
  ASSERT_THAT(Ask(Channel("good")), IsOk());
  v1::DisableAccountRequest request;
  request.set_name("accounts/the-system");
  request.set_request_id(FreshRequestId());
  ASSERT_THAT(
      Call(*v1::AccountService::NewStub(Channel("")), &Accounts::DisableAccount,
           request, {.token = server().operator_key()}),
      IsOk());
  EXPECT_THAT(Ask(Channel("good")),
              StatusIs(Code::kUnauthenticated, "BAD_CREDENTIALS"));
}

TEST(TlsConfigTest, AllowsPlaintextOnTheOwnMachineOnly) {
  const auto check = [](Config config) { return CompleteConfig(config); };
  for (const char* own : {"127.0.0.1:7300", "localhost:7300", "[::1]:7300",
                          "unix:/run/lagnet.sock"}) {
    EXPECT_THAT(check({.data = "/x", .listen = own}), IsOk()) << own;
  }
  for (const char* wide : {"0.0.0.0:7300", "[::]:7300", "192.0.2.1:7300",
                           "lag.example.org:7300"}) {
    const absl::Status refused = check({.data = "/x", .listen = wide});
    EXPECT_THAT(refused, StatusIs(Code::kInvalidArgument)) << wide;
    EXPECT_THAT(std::string(refused.message()), HasSubstr("--tls-cert"));
    EXPECT_THAT(check({.data = "/x", .listen = wide, .insecure = true}),
                IsOk());
    EXPECT_THAT(check({.data = "/x",
                       .listen = wide,
                       .tls_cert = "/c.pem",
                       .tls_key = "/k.pem"}),
                IsOk());
  }
  EXPECT_THAT(check({.data = "/x", .tls_cert = "/c.pem"}),
              StatusIs(Code::kInvalidArgument));
  EXPECT_THAT(check({.data = "/x", .tls_client_ca = "/ca.pem"}),
              StatusIs(Code::kInvalidArgument));
}

}  // namespace
}  // namespace lagnet::access
