// What a server does when it reads its certificates and its deny-list again.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "lagnet/visits/v1/sign_ups.grpc.pb.h"
#include "server/rpc/server.h"
#include "server/rpc/tls.h"
#include "tests/access/tls_fixture.h"
#include "tests/support/captured_log.h"
#include "tests/support/matchers.h"

namespace lagnet::access {
namespace {

using support::IsOk;
using support::StatusIs;
using testing::HasSubstr;
using Code = absl::StatusCode;
using SignUps = visits::v1::SignUpService;

class TlsReloadTest : public TlsTest {
 protected:
  // Each test begins with what the suite began with.
  TlsReloadTest() {
    (void)FreshConfig();
    server().Reload();
  }

  static void Deny(const std::string& text) {
    certificates().Write("deny", text);
    server().Reload();
  }

  static auto IsDenied() {
    return StatusIs(Code::kUnauthenticated, "CERTIFICATE_DENIED");
  }
};

TEST_F(TlsReloadTest, ShowsNewConnectionsTheNewCertificate) {
  certificates().Make(
      "renewed",
      {.san = "DNS:localhost", .ca = "other-ca", .usage = "serverAuth"});
  const auto open = Channel("good");
  ASSERT_THAT(Ask(open), IsOk());
  certificates().Write("live.pem", certificates().Cert("renewed"));
  certificates().Write("live.key", certificates().Key("renewed"));
  EXPECT_THAT(Ask(Channel("good")), IsOk()) << "nobody has said so yet";
  server().Reload();
  EXPECT_THAT(Ask(Channel("good")), StatusIs(Code::kUnavailable));
  EXPECT_THAT(Ask(Channel("good", "other-ca")), IsOk());
  EXPECT_THAT(Ask(open), IsOk()) << "open connections go on";
}

TEST_F(TlsReloadTest, BelievesTheAuthoritiesThatAreThereNow) {
  certificates().Make("of-the-other", {.ca = "other-ca"});
  const auto open = Channel("good");
  ASSERT_THAT(Ask(open), IsOk());
  EXPECT_THAT(Ask(Channel("of-the-other")), StatusIs(Code::kUnavailable));
  certificates().Write("live-ca.pem", certificates().Cert("ca") +
                                          certificates().Cert("other-ca"));
  server().Reload();
  EXPECT_THAT(Ask(Channel("of-the-other")), IsOk());
  EXPECT_THAT(Ask(open), IsOk());
  certificates().Write("live-ca.pem", certificates().Cert("other-ca"));
  server().Reload();
  EXPECT_THAT(Ask(Channel("good")), StatusIs(Code::kUnavailable));
  EXPECT_THAT(Ask(open), StatusIs(Code::kUnauthenticated, "BAD_CREDENTIALS"));
  EXPECT_THAT(Ask(Channel("of-the-other")), IsOk());
}

TEST_F(TlsReloadTest, EndsWhatAWithdrawnCertificateMayDo) {
  certificates().Make("stolen", {});
  const auto stolen = Channel("stolen");
  world().NewGrant(
      "accounts/the-system",
      "role: HOST_COORDINATOR organization: 'organizations/host-a'");
  const auto stub = SignUps::NewStub(stolen);
  grpc::ClientContext context;
  support::Prepare({.timeout = absl::Seconds(30)}, &context);
  visits::v1::WatchSignUpsRequest request;
  request.set_parent(world().own().at("StudyVisit"));
  const auto watch = stub->WatchSignUps(&context, request);
  visits::v1::WatchSignUpsResponse response;
  ASSERT_TRUE(watch->Read(&response));

  const absl::Time before = absl::Now();
  Deny(absl::StrCat(certificates().Serial("stolen"), "  # a laptop\n"));
  while (watch->Read(&response)) {
  }
  EXPECT_THAT(support::FromWire(watch->Finish()), IsDenied());
  EXPECT_LT(absl::Now() - before, absl::Seconds(5));
  EXPECT_THAT(Ask(stolen), IsDenied());
  EXPECT_THAT(Ask(Channel("stolen")), IsDenied());
  EXPECT_THAT(Ask(Channel("good")), IsOk()) << "another of the same system";
  Deny("");
  EXPECT_THAT(Ask(stolen), IsOk()) << "the laptop was under the sofa";
}

TEST_F(TlsReloadTest, KeepsWhatItHasIfTheFilesAreWrong) {
  certificates().Make("of-somebody", {.san = "DNS:localhost"});
  certificates().Make("ended", {.san = "DNS:localhost",
                                .end = "20210101000000Z",
                                .usage = "serverAuth"});
  Deny(certificates().Serial("of-somebody"));
  struct Wrong {
    const char* file;
    std::string text;
    const char* said;
  };
  const std::vector<Wrong> wrong = {
      {"live.key", certificates().Key("of-somebody"), "does not belong"},
      {"live.key", "", "is damaged, or locked"},
      {"live.pem", "", "there is no certificate"},
      {"live.pem", certificates().Cert("server").substr(0, 300), "live.pem"},
      {"live.pem", certificates().Cert("ended"), "does not belong"},
      {"live-ca.pem", "nonsense", "live-ca.pem: there is no certificate"},
      {"deny", "01\nof-somebody\n", "deny: line 2 is not a serial number"}};
  for (const Wrong& each : wrong) {
    (void)FreshConfig();  // All is well, and nobody is denied.
    certificates().Write(each.file, each.text);
    {
      const support::CapturedLog log;
      server().Reload();
      EXPECT_THAT(log.LineWith("certificates_not_reloaded"),
                  HasSubstr(each.said));
    }
    EXPECT_THAT(Ask(Channel("good")), IsOk()) << each.said;
    EXPECT_THAT(Ask(Channel("of-somebody")), IsDenied()) << each.said;
  }
}

TEST_F(TlsReloadTest, TakesNobodyWithoutACertificateIfToldSo) {
  Config config = FreshConfig();
  config.tls_require_client = true;
  const WholeServer strict(config, &server());
  EXPECT_THAT(Ask(ChannelTo(strict.address(), "good")), IsOk());
  EXPECT_THAT(Ask(ChannelTo(strict.address(), ""), server().operator_key()),
              StatusIs(Code::kUnavailable));
}

TEST_F(TlsReloadTest, AsksNobodyWithoutAnAuthority) {
  Config config = FreshConfig();
  config.tls_client_ca.clear();
  config.tls_deny.clear();
  WholeServer server(config, &TlsTest::server());
  const std::string& key = server.operator_key();
  EXPECT_THAT(Ask(ChannelTo(server.address(), ""), key), IsOk());
  server.Reload();
  EXPECT_THAT(Ask(ChannelTo(server.address(), ""), key), IsOk());
  // What nobody asked for proves nothing.
  EXPECT_THAT(Ask(ChannelTo(server.address(), "good")),
              StatusIs(Code::kUnauthenticated, "SIGN_IN_NEEDED"));
}

// What the server finds out about a certificate itself, on each call.
class TlsCheckTest : public TlsReloadTest {
 protected:
  TlsCheckTest() {
    const Config config = FreshConfig();
    auto tls = rpc::Tls::Load({.cert = config.tls_cert,
                               .key = config.tls_key,
                               .client_ca = config.tls_client_ca,
                               .deny = config.tls_deny},
                              absl::Now());
    EXPECT_THAT(tls, IsOk());
    tls_ = *std::move(tls);
  }

  absl::Status Check(const std::string& name, const Kind& kind,
                     absl::Time now = absl::Now()) {
    certificates().Make(name, kind);
    return tls_->Check({.certificate = certificates().Cert(name)}, now);
  }

  std::unique_ptr<rpc::Tls> tls_;
};

TEST_F(TlsCheckTest, TrustsNoHandshakeAlone) {
  const auto is_bad = StatusIs(Code::kUnauthenticated, "BAD_CREDENTIALS");
  EXPECT_THAT(Check("right", {}), IsOk());
  EXPECT_THAT(Check("late", {.end = "20210101000000Z"}), is_bad);
  EXPECT_THAT(Check("early", {.start = "20980101000000Z"}), is_bad);
  EXPECT_THAT(Check("stranger", {.ca = "other-ca"}), is_bad);
  EXPECT_THAT(Check("own", {.ca = ""}), is_bad);
  EXPECT_THAT(Check("a-server", {.usage = "serverAuth"}), is_bad);
  EXPECT_THAT(Check("sha1", {.digest = "sha1"}), is_bad);
  EXPECT_THAT(Check("rsa-1024", {.key = "rsa:1024"}), is_bad);
  EXPECT_THAT(Check("rsa-2048", {.key = "rsa:2048"}), IsOk());
  EXPECT_THAT(tls_->Check({.certificate = "nonsense"}, absl::Now()), is_bad);
  EXPECT_THAT(tls_->Check({}, absl::Now()), IsOk()) << "nothing was shown";
}

TEST_F(TlsCheckTest, EndsACertificateOnAnOpenConnection) {
  const absl::Time end =
      absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()) + 3600);
  ASSERT_THAT(Check("ends", {.end = absl::FormatTime("%Y%m%d%H%M%SZ", end,
                                                     absl::UTCTimeZone())}),
              IsOk());
  const rpc::Credentials shown = {.certificate = certificates().Cert("ends")};
  EXPECT_THAT(tls_->Check(shown, end - absl::Seconds(1)), IsOk());
  EXPECT_THAT(tls_->Check(shown, end),
              StatusIs(Code::kUnauthenticated, "BAD_CREDENTIALS"));
}

// Each address is a listener of its own, and all are told.
TEST_F(TlsCheckTest, ServesEveryAddressOfAName) {
  const auto server =
      rpc::Server::Start({.address = "localhost:0", .tls = tls_.get()}, {}, {});
  ASSERT_THAT(server, IsOk());
  const auto connects = [&](const std::string& host, const std::string& ca) {
    return ChannelTo(absl::StrCat(host, ":", (*server)->port()), "good", ca)
        ->WaitForConnected(std::chrono::system_clock::now() +
                           std::chrono::milliseconds(500));
  };
  const bool has_ipv6 = connects("[::1]", "ca");
  EXPECT_TRUE(connects("127.0.0.1", "ca"));
  certificates().Make(
      "moved",
      {.san = "DNS:localhost", .ca = "other-ca", .usage = "serverAuth"});
  certificates().Write("live.pem", certificates().Cert("moved"));
  certificates().Write("live.key", certificates().Key("moved"));
  ASSERT_THAT(tls_->Reload(absl::Now()), IsOk());
  EXPECT_TRUE(connects("127.0.0.1", "other-ca"));
  EXPECT_EQ(connects("[::1]", "other-ca"), has_ipv6);
}

TEST_F(TlsCheckTest, WarnsTwoWeeksBeforeTheEndOnceADay) {
  certificates().Make("short", {.san = "DNS:localhost",
                                .end = "20900101000000Z",
                                .usage = "serverAuth"});
  certificates().Write("live.pem", certificates().Cert("short"));
  certificates().Write("live.key", certificates().Key("short"));
  ASSERT_THAT(tls_->Reload(absl::Now()), IsOk());
  const absl::Time end = tls_->material()->end;
  EXPECT_EQ(absl::FormatTime(end, absl::UTCTimeZone()),
            "2090-01-01T00:00:00+00:00");
  EXPECT_FALSE(tls_->WarnBeforeTheEnd(end - absl::Hours(14 * 24 + 1)));
  EXPECT_TRUE(tls_->WarnBeforeTheEnd(end - absl::Hours(13 * 24)));
  EXPECT_FALSE(tls_->WarnBeforeTheEnd(end - absl::Hours(13 * 24 - 23)));
  EXPECT_TRUE(tls_->WarnBeforeTheEnd(end - absl::Hours(12 * 24)));
  EXPECT_THAT(tls_->Reload(end), StatusIs(Code::kFailedPrecondition));
}

}  // namespace
}  // namespace lagnet::access
