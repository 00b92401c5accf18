#include "tests/access/tls_fixture.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/access/requests.h"
#include "tests/support/matchers.h"

namespace lagnet::access {
namespace {

struct Shared {
  Shared() : certificates(folder.path() + "/tls") {}

  TemporaryFolder folder;
  support::Certificates certificates;
  std::unique_ptr<WholeServer> server;
  std::unique_ptr<World> world;
};
Shared* shared = nullptr;

}  // namespace

void TlsTest::SetUpTestSuite() {
  DatabaseTest::SetUpTestSuite();
  shared = new Shared();
  certificates().Make("server",
                      {.san = "DNS:localhost", .usage = "serverAuth"});
  certificates().Make("good", {});
  shared->server = std::make_unique<WholeServer>(FreshConfig(), nullptr);
  shared->world = std::make_unique<World>(Channel(""), server().operator_key());
  MakeSystem("the-system", "LAG.example.org");
}

void TlsTest::TearDownTestSuite() {
  delete shared;
  DatabaseTest::TearDownTestSuite();
}

support::Certificates& TlsTest::certificates() { return shared->certificates; }
WholeServer& TlsTest::server() { return *shared->server; }
World& TlsTest::world() { return *shared->world; }

Config TlsTest::FreshConfig() {
  Config config;
  config.database = database().dsn();
  config.tls_cert =
      certificates().Write("live.pem", certificates().Cert("server"));
  config.tls_key =
      certificates().Write("live.key", certificates().Key("server"));
  config.tls_client_ca =
      certificates().Write("live-ca.pem", certificates().Cert("ca"));
  config.tls_deny = certificates().Write("deny", "# Nobody yet.\n");
  return config;
}

void TlsTest::MakeSystem(const std::string& id, const std::string& name) {
  const auto request = support::FromText<v1::CreateAccountRequest>(absl::StrCat(
      "account_id: '", id, "' request_id: '", FreshRequestId(),
      "' account { network: '", world().own().at("Network"),
      "' kind: SYSTEM display_name: 'S' certificate_names: '", name, "' }"));
  ASSERT_THAT(support::Call(world().accounts(),
                            &v1::AccountService::Stub::CreateAccount, request,
                            world().as_operator()),
              support::IsOk());
}

std::shared_ptr<grpc::Channel> TlsTest::Channel(const std::string& certificate,
                                                const std::string& ca) {
  return ChannelTo(server().address(), certificate, ca);
}

std::shared_ptr<grpc::Channel> TlsTest::ChannelTo(
    const std::string& address, const std::string& certificate,
    const std::string& ca) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = certificates().Cert(ca);
  if (!certificate.empty()) {
    options.pem_cert_chain = certificates().Cert(certificate);
    options.pem_private_key = certificates().Key(certificate);
  }
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride("localhost");
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::SslCredentials(options),
                                   arguments);
}

absl::StatusOr<v1::GetCallerResponse> TlsTest::Ask(
    const std::shared_ptr<grpc::Channel>& channel, const std::string& token) {
  return support::Call(*v1::AccountService::NewStub(channel),
                       &v1::AccountService::Stub::GetCaller,
                       v1::GetCallerRequest(),
                       {.token = token, .wait_for_ready = false});
}

bool TlsTest::HandshakeWorks(const std::string& options) {
  const std::string command =
      absl::StrCat("openssl s_client -alpn h2 ", options, " -connect ",
                   server().address(), " </dev/null >/dev/null 2>&1");
  return std::system(command.c_str()) == 0;
}

bool TlsTest::HandshakeWorksWith(const std::string& certificate) {
  // With TLS 1.2 the server says no before the client believes to be done.
  return HandshakeWorks(
      absl::StrCat("-tls1_2 -cipher DEFAULT@SECLEVEL=0 -cert ",
                   certificates().CertPath(certificate), " -key ",
                   certificates().KeyPath(certificate)));
}

}  // namespace lagnet::access
