#include "server/mail/smtp.h"

#include <unistd.h>

#include <string>

#include "tests/support/certificates.h"
#include "tests/support/mail_server.h"
#include "tests/support/matchers.h"

namespace lagnet::mail {
namespace {

using support::MailServer;
using testing::ElementsAre;
using testing::HasSubstr;
using Outcome = Delivery::Outcome;

Message Letter(const std::string& to = "nino@example.org") {
  return {.to = to,
          .language = "ka",
          .subject = "თქვენ გაქვთ ადგილი: Puszcza",
          .text = "გამარჯობა, ნინო,\n\n.\nა\n",
          .html = "<p>გამარჯობა, ნინო,</p>\n"};
}

Smtp::Options Plain(const MailServer& server) {
  return {.server = server.Url(),
          .plaintext = true,
          .from = "Sieć Żubr <network@example.org>"};
}

TEST(SmtpTest, SendsBothFormsAndTheCalendar) {
  const MailServer server;
  Smtp smtp(Plain(server));
  Message letter = Letter();
  letter.calendar = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n";
  EXPECT_EQ(smtp.Send(letter, "abc", absl::FromUnixSeconds(0)).outcome,
            Outcome::kTaken);
  EXPECT_EQ(smtp.Send(Letter(), "def", absl::FromUnixSeconds(0)).outcome,
            Outcome::kTaken);
  const auto messages = server.WaitFor(2);
  ASSERT_EQ(messages.size(), 2U);
  const auto& first = messages[0];
  EXPECT_EQ(first["from"], "network@example.org");
  EXPECT_THAT(first["to"].get<std::vector<std::string>>(),
              ElementsAre("nino@example.org"));
  EXPECT_EQ(first["headers"]["subject"], letter.subject);
  EXPECT_EQ(first["headers"]["from"], "Sieć Żubr <network@example.org>");
  EXPECT_EQ(first["headers"]["message-id"], "<abc@example.org>");
  EXPECT_EQ(first["headers"]["date"], "Thu, 01 Jan 1970 00:00:00 +0000");
  EXPECT_EQ(first["headers"]["auto-submitted"], "auto-generated");
  EXPECT_EQ(first["headers"]["content-language"], "ka");
  EXPECT_EQ(first["parts"]["text/plain"], letter.text);
  EXPECT_EQ(first["parts"]["text/html"], letter.html);
  EXPECT_THAT(first["parts"]["text/calendar"].get<std::string>(),
              HasSubstr("END:VCALENDAR"));
  EXPECT_FALSE(messages[1]["parts"].contains("text/calendar"));
}

TEST(SmtpTest, TellsWhatTheServerSays) {
  const MailServer server({"--answer", "gone@example.org=550", "--answer",
                           "full@example.org=452", "--answer",
                           "policy@example.org=554"});
  Smtp smtp(Plain(server));
  const auto outcome = [&](const std::string& to) {
    const Delivery delivery = smtp.Send(Letter(to), "x", absl::Now());
    EXPECT_THAT(delivery.failure, testing::Not(HasSubstr("example.org")));
    return delivery.outcome;
  };
  EXPECT_EQ(outcome("gone@example.org"), Outcome::kNoSuchAddress);
  EXPECT_EQ(outcome("full@example.org"), Outcome::kLater);
  EXPECT_EQ(outcome("policy@example.org"), Outcome::kRefused);
  EXPECT_EQ(outcome("nino@example.org"), Outcome::kTaken)
      << "a refusal spoils nothing for the next";
  EXPECT_EQ(server.Messages().size(), 1U);
}

TEST(SmtpTest, TakesARefusedSenderForNoFaultOfTheLetter) {
  const MailServer server({"--answer", "network@example.org=550"});
  Smtp smtp(Plain(server));
  EXPECT_EQ(smtp.Send(Letter(), "a", absl::Now()).outcome, Outcome::kNoServer);
  EXPECT_TRUE(server.Messages().empty());
}

TEST(SmtpTest, GoesOnWhenTheServerWasAway) {
  MailServer server;
  Smtp smtp(Plain(server));
  EXPECT_EQ(smtp.Send(Letter(), "a", absl::Now()).outcome, Outcome::kTaken);
  server.Stop();
  EXPECT_EQ(smtp.Send(Letter(), "b", absl::Now()).outcome, Outcome::kNoServer);
  server.Start();
  EXPECT_EQ(smtp.Send(Letter(), "b", absl::Now()).outcome, Outcome::kTaken);
}

// Beyond this machine: TLS by STARTTLS, by a certificate that is trusted, and
// the password only then.
class SecureSmtpTest : public testing::Test {
 protected:
  SecureSmtpTest()
      : certificates_(testing::TempDir() + "/lagnet_smtp_" +
                      std::to_string(getpid())) {
    certificates_.Make("mail", {.san = "IP:127.0.0.1", .usage = "serverAuth"});
  }

  MailServer Server() {
    return MailServer({"--cert", certificates_.CertPath("mail"), "--key",
                       certificates_.KeyPath("mail"), "--user", "lagnet",
                       "--password", "secret"});
  }
  Smtp::Options Options(const MailServer& server) {
    return {.server = server.Url(),
            .user = "lagnet",
            .password = "secret",
            .ca = certificates_.CertPath("ca"),
            .from = "network@example.org"};
  }

  support::Certificates certificates_;
};

TEST_F(SecureSmtpTest, SendsOverTlsWithAPassword) {
  const MailServer server = Server();
  Smtp smtp(Options(server));
  EXPECT_EQ(smtp.Send(Letter(), "a", absl::Now()).outcome, Outcome::kTaken);
  const auto messages = server.WaitFor(1);
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_TRUE(messages[0]["tls"]);
  EXPECT_EQ(messages[0]["user"], "lagnet");
}

TEST_F(SecureSmtpTest, SendsNothingToAServerThatItDoesNotTrust) {
  const MailServer server = Server();
  Smtp::Options options = Options(server);
  options.ca = certificates_.CertPath("other-ca");
  EXPECT_EQ(Smtp(options).Send(Letter(), "a", absl::Now()).outcome,
            Outcome::kNoServer);
  options = Options(server);
  options.password = "wrong";
  EXPECT_EQ(Smtp(options).Send(Letter(), "a", absl::Now()).outcome,
            Outcome::kNoServer)
      << "a wrong password is no fault of the letter";
  const MailServer without_tls;
  options = Options(without_tls);
  options.user.clear();
  EXPECT_EQ(Smtp(options).Send(Letter(), "a", absl::Now()).outcome,
            Outcome::kNoServer)
      << "STARTTLS is required";
  EXPECT_TRUE(server.Messages().empty());
  EXPECT_TRUE(without_tls.Messages().empty());
}

}  // namespace
}  // namespace lagnet::mail
