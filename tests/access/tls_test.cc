// Who is let in at the handshake, and who by their certificate.

#include <string>

#include "gmock/gmock.h"
#include "lagnet/directory/v1/themes.grpc.pb.h"
#include "server/config.h"
#include "tests/access/requests.h"
#include "tests/access/tls_fixture.h"
#include "tests/support/matchers.h"

namespace lagnet::access {
namespace {

using support::Call;
using support::IsOk;
using support::StatusIs;
using testing::HasSubstr;
using Code = absl::StatusCode;
using Accounts = v1::AccountService::Stub;
using Themes = directory::v1::ThemeService;

// Refused before any call.
constexpr char kAtTheHandshake[] = "";

struct BadCertificate {
  const char* what;
  support::Certificates::Kind kind;
  const char* reason;
};

// Ten certificates that must open nothing. With no certificate at all and TLS
// 1.1, which are tried below, they are twelve.
const BadCertificate kBad[] = {
    {"expired", {.end = "20210101000000Z"}, kAtTheHandshake},
    {"not-yet-valid", {.start = "20980101000000Z"}, kAtTheHandshake},
    {"of-another-authority", {.ca = "other-ca"}, kAtTheHandshake},
    {"self-signed", {.ca = ""}, kAtTheHandshake},
    {"for-servers", {.usage = "serverAuth"}, kAtTheHandshake},
    {"with-a-weak-digest", {.digest = "sha1"}, kAtTheHandshake},
    {"with-a-short-key", {.key = "rsa:1024"}, kAtTheHandshake},
    {"without-a-name", {.san = ""}, "BAD_CREDENTIALS"},
    {"renamed", {.san = "DNS:lag.example.org.evil.org"}, "BAD_CREDENTIALS"},
    {"withdrawn", {}, "CERTIFICATE_DENIED"}};

TEST_F(TlsTest, KnowsASystemByItsCertificate) {
  const auto caller = Ask(Channel("good"));
  ASSERT_THAT(caller, IsOk());
  EXPECT_EQ(caller->account().name(), "accounts/the-system");
  certificates().Make("in-capitals", {.san = "DNS:LAG.Example.ORG"});
  EXPECT_EQ(Ask(Channel("in-capitals"))->account().name(),
            "accounts/the-system");
  MakeSystem("the-uri", "spiffe://lag/a");
  certificates().Make("by-uri",
                      {.san = "DNS:other.example.org,URI:spiffe://lag/a"});
  EXPECT_EQ(Ask(Channel("by-uri"))->account().name(), "accounts/the-uri");
}

// What lies between comes with the certificate.
TEST_F(TlsTest, FollowsAChainToItsAuthority) {
  certificates().Make("between", {.authority = true});
  certificates().Make("signed-between", {.ca = "between"});
  certificates().Write("chained.pem", certificates().Cert("signed-between") +
                                          certificates().Cert("between"));
  certificates().Write("chained.key", certificates().Key("signed-between"));
  EXPECT_THAT(Ask(Channel("chained")), IsOk());
  EXPECT_THAT(Ask(Channel("signed-between")), StatusIs(Code::kUnavailable));
  certificates().Write("deny", certificates().Serial("between") + "\n");
  server().Reload();
  EXPECT_THAT(Ask(Channel("chained")),
              StatusIs(Code::kUnauthenticated, "CERTIFICATE_DENIED"));
}

TEST_F(TlsTest, RefusesTwelveBadCertificates) {
  EXPECT_TRUE(HandshakeWorksWith("good")) << "the others would prove nothing";
  for (const auto& [what, kind, reason] : kBad) {
    certificates().Make(what, kind);
  }
  certificates().Write("deny", certificates().Serial("withdrawn") + "\n");
  server().Reload();
  for (const auto& [what, kind, reason] : kBad) {
    const bool at_handshake = std::string(reason) == kAtTheHandshake;
    EXPECT_EQ(HandshakeWorksWith(what), !at_handshake) << what;
    EXPECT_THAT(
        Ask(Channel(what)),
        StatusIs(at_handshake ? Code::kUnavailable : Code::kUnauthenticated,
                 reason))
        << what;
  }
  EXPECT_THAT(Ask(Channel("")),
              StatusIs(Code::kUnauthenticated, "SIGN_IN_NEEDED"));
  EXPECT_FALSE(HandshakeWorks("-tls1_1 -cipher DEFAULT@SECLEVEL=0"));
}

// Whoever shows one of these has more to explain than whether the key is good.
TEST_F(TlsTest, LetsNoKeyMendABadCertificate) {
  certificates().Make("expired", {.end = "20210101000000Z"});
  certificates().Make("of-another-authority", {.ca = "other-ca"});
  certificates().Make("withdrawn", {});
  certificates().Write("deny", certificates().Serial("withdrawn") + "\n");
  server().Reload();
  const std::string key = server().operator_key();
  EXPECT_THAT(Ask(Channel("expired"), key), StatusIs(Code::kUnavailable));
  EXPECT_THAT(Ask(Channel("of-another-authority"), key),
              StatusIs(Code::kUnavailable));
  EXPECT_THAT(Ask(Channel("withdrawn"), key),
              StatusIs(Code::kUnauthenticated, "CERTIFICATE_DENIED"));
}

// The whole name of a host or a URI, and of nothing else.
TEST_F(TlsTest, KnowsNobodyByAnotherKindOfName) {
  MakeSystem("by-uri", "spiffe://lag/b");
  const std::pair<const char*, const char*> names[] = {
      {"by-mail", "email:lag.example.org"},
      {"by-wildcard", "DNS:*.example.org"},
      {"by-part", "DNS:example.org"},
      {"by-host-for-uri", "DNS:spiffe://lag/b"},
      {"by-uri-in-capitals", "URI:spiffe://lag/B"},
      {"by-uri-for-host", "URI:lag.example.org"}};
  for (const auto& [what, name] : names) {
    certificates().Make(what, {.san = name});
    EXPECT_THAT(Ask(Channel(what)),
                StatusIs(Code::kUnauthenticated, "BAD_CREDENTIALS"))
        << what;
  }
  // The subject does not count: anyone may be called so there.
  certificates().Make("lag.example.org", {.san = "DNS:evil.example.org"});
  EXPECT_THAT(Ask(Channel("lag.example.org")),
              StatusIs(Code::kUnauthenticated, "BAD_CREDENTIALS"));
  certificates().Make("of-two",
                      {.san = "DNS:lag.example.org,URI:spiffe://lag/b"});
  EXPECT_THAT(Ask(Channel("of-two")),
              StatusIs(Code::kUnauthenticated, "BAD_CREDENTIALS"))
      << "two accounts";
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
  const Config tls{.data = "/x", .tls_cert = "/c.pem", .tls_key = "/k.pem"};
  for (const auto set :
       {+[](Config& config) { config.tls_deny = "/deny"; },
        +[](Config& config) { config.tls_require_client = true; }}) {
    Config config = tls;
    set(config);
    EXPECT_THAT(check(config), StatusIs(Code::kInvalidArgument));
    config.tls_client_ca = "/ca.pem";
    EXPECT_THAT(check(config), IsOk());
  }
}

}  // namespace
}  // namespace lagnet::access
