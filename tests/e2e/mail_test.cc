// The post of a real lagnetd, to a real mail server: from a sign-up through a
// web gateway to the seat, and through many crashes.

#include <cstdio>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/lagnetd.h"
#include "tests/e2e/network.h"
#include "tests/support/mail_server.h"

namespace lagnet::e2e {
namespace {

using support::MailServer;
using testing::HasSubstr;

constexpr char kLink[] = "https://visits.example.org/my/";

class MailTest : public testing::Test {
 protected:
  MailTest()
      : server_({.data = folder_.path() + "/data",
                 .environment = {
                     {"LAGNET_MAIL_SERVER", mail_.Url()},
                     {"LAGNET_MAIL_FROM", "KSOW <network@example.org>"},
                     {"LAGNET_WEB_URL", "https://visits.example.org"}}}) {
    Start();
    const auto client = server_.Operator();
    EXPECT_TRUE(FillDirectory(*client).ok());
  }

  void Start() {
    const auto ready = server_.Start();
    if (!ready.ok()) ADD_FAILURE() << ready.status();
  }

  std::unique_ptr<client::Client> ClientWith(const std::string& secret) const {
    const std::string file = absl::StrCat(folder_.path(), "/key");
    std::ofstream(file) << secret << "\n";
    auto client = client::Client::Connect(
        {.server = server_.address(), .key_file = file});
    EXPECT_TRUE(client.ok()) << client.status();
    return *std::move(client);
  }

  // A web gateway of the network.
  std::unique_ptr<client::Client> Gateway() const {
    const auto client = server_.Operator();
    access::v1::CreateAccountRequest account;
    account.set_account_id("web-gateway");
    account.mutable_account()->set_network("networks/ksow");
    account.mutable_account()->set_kind(access::v1::Account::SYSTEM);
    account.mutable_account()->set_display_name("Web gateway");
    EXPECT_TRUE(client->Call(&client::Accounts::CreateAccount, account).ok());
    access::v1::CreateGrantRequest grant;
    grant.set_parent("accounts/web-gateway");
    grant.mutable_grant()->set_role(options::v1::GATEWAY);
    grant.mutable_grant()->set_network("networks/ksow");
    EXPECT_TRUE(client->Call(&client::Accounts::CreateGrant, grant).ok());
    access::v1::CreateApiKeyRequest key;
    key.set_parent("accounts/web-gateway");
    const auto made = client->Call(&client::ApiKeys::CreateApiKey, key);
    EXPECT_TRUE(made.ok()) << made.status();
    return ClientWith(made->secret());
  }

  // The token in the link of a message.
  static std::string TokenIn(const nlohmann::json& message) {
    const std::string text = message["parts"]["text/plain"];
    const size_t start = text.find(kLink);
    if (start == std::string::npos) return "";
    const size_t begin = start + sizeof kLink - 1;
    return text.substr(begin, text.find('?', begin) - begin);
  }

  // Letters that a server had when it was killed are another's after some
  // minutes. Nobody waits for that here.
  void EndLeasesTakenBefore(absl::Time time) {
    const auto dsn = db::CompleteDsn(server_.Dsn());
    ASSERT_TRUE(dsn.ok());
    const std::string text = absl::StrCat(
        "UPDATE mail.letter SET due_time = now() WHERE state = 1 AND "
        "due_time > now() AND due_time < to_timestamp(",
        absl::ToUnixMillis(time) / 1000.0, "::float8) + interval '4 minutes'");
    db::Connection(*dsn).Execute({"test.end_leases", text.c_str()}, {});
  }

  MailServer mail_;
  Folder folder_;
  Lagnetd server_;
};

TEST_F(MailTest, LeadsFromTheFormToTheSeatAndOnToTheNext) {
  ASSERT_TRUE(OpenVisit(*server_.Operator(), "mailed", 1).ok());
  const auto gateway = Gateway();
  const auto nino = gateway->Call(&client::SignUps::CreateSignUp,
                                  SignUpRequest("mailed", "nino"));
  ASSERT_TRUE(nino.ok()) << nino.status();
  EXPECT_EQ(nino->holder_token(), "");
  auto messages = mail_.WaitFor(1);
  ASSERT_EQ(messages.size(), 1U) << server_.LogTail();
  EXPECT_EQ(messages[0]["to"][0], "nino@example.org");
  EXPECT_EQ(messages[0]["headers"]["subject"], "Please confirm: Visit");
  const auto link = ClientWith(TokenIn(messages[0]));
  visits::v1::VerifySignUpRequest verify;
  verify.set_name(nino->name());
  const auto verified = link->Call(&client::SignUps::VerifySignUp, verify);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->state(), visits::v1::SignUp::CONFIRMED);
  messages = mail_.WaitFor(2);
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[1]["headers"]["subject"], "You have a seat: Visit");
  EXPECT_THAT(messages[1]["parts"]["text/calendar"].get<std::string>(),
              HasSubstr("DTSTART:20360501T070000Z"));
  // Somebody whom the operator signs up waits, and moves up.
  const auto ana = server_.Operator()->Call(&client::SignUps::CreateSignUp,
                                            SignUpRequest("mailed", "ana"));
  ASSERT_TRUE(ana.ok()) << ana.status();
  messages = mail_.WaitFor(3);
  ASSERT_EQ(messages.size(), 3U);
  EXPECT_EQ(messages[2]["headers"]["subject"],
            "You are on the waiting list: Visit");
  EXPECT_THAT(messages[2]["parts"]["text/plain"].get<std::string>(),
              HasSubstr("You are number 1 in the queue."));
  ASSERT_TRUE(link->Call(&client::SignUps::WithdrawSignUp,
                         WithdrawRequest(nino->name()))
                  .ok());
  messages = mail_.WaitFor(5);
  ASSERT_EQ(messages.size(), 5U);
  std::map<std::string, std::string> last;
  for (size_t i = 3; i < 5; ++i) {
    last[messages[i]["to"][0]] = messages[i]["headers"]["subject"];
  }
  EXPECT_EQ(last["nino@example.org"], "You gave your place up: Visit");
  EXPECT_EQ(last["ana@example.org"], "You have a seat: Visit");
  EXPECT_THAT(server_.LogTail(), testing::Not(HasSubstr("example.org")))
      << "no addresses in the log";
}

// kill -9 again and again while letters go out: none is lost, and what comes
// twice has the same Message-ID, no more often than there were kills.
TEST_F(MailTest, LosesNoLetterInACrash) {
  const int letters = Scaled(1000, 60);
  const int kills = Scaled(20, 3);
  ASSERT_TRUE(OpenVisit(*server_.Operator(), "crashed", 500).ok());
  {
    const auto client = server_.Operator();
    for (int i = 0; i < letters; ++i) {
      ASSERT_TRUE(
          Insist(*client, SignUpRequest("crashed", absl::StrCat("p", i))).ok());
    }
  }
  int killed = 0;
  const absl::Time give_up = absl::Now() + absl::Minutes(30);
  std::set<std::string> told;
  std::map<std::string, int> copies;
  while (absl::Now() < give_up) {
    copies.clear();
    told.clear();
    for (const auto& message : mail_.Messages()) {
      told.insert(message["to"][0].get<std::string>());
      ++copies[message["headers"]["message-id"].get<std::string>()];
    }
    if (static_cast<int>(told.size()) >= letters) break;
    const bool is_time =
        killed < kills &&
        static_cast<int>(told.size()) >= letters * (killed + 1) / (kills + 2);
    if (is_time) {
      const absl::Time now = absl::Now();
      server_.Kill();
      ++killed;
      Start();
      EndLeasesTakenBefore(now);
    }
    absl::SleepFor(absl::Milliseconds(10));
  }
  int twice = 0;
  for (const auto& [id, count] : copies) twice += count - 1;
  std::printf("%d letters, %d kills: %zu told, %d a second time\n", letters,
              killed, told.size(), twice);
  EXPECT_EQ(killed, kills);
  EXPECT_EQ(static_cast<int>(told.size()), letters);
  EXPECT_EQ(static_cast<int>(copies.size()), letters)
      << "a copy has the same Message-ID";
  EXPECT_LE(twice, kills);
}

}  // namespace
}  // namespace lagnet::e2e
