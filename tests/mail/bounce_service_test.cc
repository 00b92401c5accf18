#include "server/mail/bounce_service.h"

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "server/db/transact.h"
#include "server/mail/store.h"
#include "tests/mail/reports.h"
#include "tests/support/captured_log.h"
#include "tests/support/database.h"
#include "tests/support/matchers.h"
#include "tests/support/server.h"

namespace lagnet::mail {
namespace {

using support::IsOkAndHolds;
using support::StatusIs;
using testing::HasSubstr;
using testing::Not;
using Answered = v1::ReportBounceResponse;

constexpr char kNino[] = "nino@example.net";

// A server with one letter that was sent to Nino, called "abc".
class BounceServiceTest : public support::DatabaseTest {
 protected:
  void SetUp() override {
    database().Run("TRUNCATE mail.letter, mail.refused_address");
    database().Run(
        "INSERT INTO mail.letter (name, kind, about, version, state, attempts, "
        "done_time) VALUES ('abc', 'tests.a', 'tests/a', 1, 2, 1, now())");
    server_ = std::make_unique<support::TestServer>(database().dsn());
    server_->Add<BounceService>(&vault_);
    server_->Start();
    stub_ = v1::BounceService::NewStub(server_->channel());
  }

  absl::StatusOr<Answered::Outcome> Tell(const std::string& mail,
                                         const std::string& request_id = "") {
    static int count = 0;
    v1::ReportBounceRequest request;
    request.set_message(mail);
    request.set_request_id(
        request_id.empty()
            ? absl::StrFormat("00000000-0000-4000-8000-%012d", ++count)
            : request_id);
    const auto answer = support::Call(
        *stub_, &v1::BounceService::Stub::ReportBounce, request, {"role:NONE"});
    if (!answer.ok()) return answer.status();
    return answer->outcome();
  }

  // The Message-ID of the letter to Nino.
  std::string Id(const std::string& name = "abc",
                 const std::string& address = kNino) const {
    return absl::StrCat(vault_.LetterId(name, address), "@example.org");
  }

  bool IsSuppressed(const std::string& address = kNino) {
    const auto ask = [&](db::Tx& tx) -> absl::StatusOr<bool> {
      return IsRefused(tx, vault_.AddressHash(address));
    };
    return *db::Transact(pool(), absl::Now() + absl::Seconds(10), ask);
  }

  static std::string State() {
    return database().Ask(
        "SELECT concat_ws(' ', state, failure) FROM mail.letter");
  }
  static std::string Refused() {
    return database().Ask("SELECT count(*) FROM mail.refused_address");
  }

  const privacy::Vault vault_{std::string(32, 'k')};
  std::unique_ptr<support::TestServer> server_;
  std::unique_ptr<v1::BounceService::Stub> stub_;
};

TEST_F(BounceServiceTest, WritesNoMoreWhereALetterCameBack) {
  EXPECT_THAT(Tell(PostfixReport(Id(), "Nino@Example.net")),
              IsOkAndHolds(Answered::ADDRESS_REFUSED));
  EXPECT_TRUE(IsSuppressed());
  EXPECT_EQ(State(), "3 came back: 5.1.1");
  EXPECT_THAT(Tell(PostfixReport(Id(), kNino)),
              IsOkAndHolds(Answered::ADDRESS_REFUSED))
      << "another report about the same";
}

TEST_F(BounceServiceTest, AnswersARepeatedCallAsTheFirst) {
  const std::string id = "00000000-0000-4000-9000-000000000001";
  const std::string report = PostfixReport(Id(), kNino);
  EXPECT_THAT(Tell(report, id), IsOkAndHolds(Answered::ADDRESS_REFUSED));
  database().Run("DELETE FROM mail.refused_address");
  EXPECT_THAT(Tell(report, id), IsOkAndHolds(Answered::ADDRESS_REFUSED));
  EXPECT_EQ(Refused(), "0") << "done once";
}

TEST_F(BounceServiceTest, BelievesOnlyTheIdOfALetterToThatAddress) {
  for (const std::string& mail : {
           // To somebody else.
           PostfixReport(Id(), "ana@example.net"),
           PostfixReport(Id("abc", "ana@example.net"), kNino),
           // Of another letter, or of another server.
           PostfixReport(absl::StrCat("abd", Id().substr(3)), kNino),
           PostfixReport(
               absl::StrCat(
                   privacy::Vault(std::string(32, 'l')).LetterId("abc", kNino),
                   "@example.org"),
               kNino),
           // Of nobody's.
           PostfixReport("abc@example.org", kNino),
           PostfixReport("abc.@example.org", kNino),
           PostfixReport("", kNino),
           PostfixReport(absl::StrCat(Id(), "x").substr(1), kNino),
           // A letter that was deleted meanwhile.
           PostfixReport(Id("old"), kNino),
       }) {
    EXPECT_THAT(Tell(mail), IsOkAndHolds(Answered::NOT_OURS)) << mail;
  }
  EXPECT_EQ(Refused(), "0");
  EXPECT_EQ(State(), "2 ");
}

TEST_F(BounceServiceTest, LeavesAnAddressThatIsNotAtFault) {
  EXPECT_THAT(Tell(PostfixReport(Id(), kNino, "delayed", "4.4.1")),
              IsOkAndHolds(Answered::NOT_FAILED));
  EXPECT_EQ(State(), "2 ");
  EXPECT_THAT(Tell(PostfixReport(Id(), kNino, "failed", "5.7.26")),
              IsOkAndHolds(Answered::OTHER_FAULT));
  EXPECT_EQ(State(), "3 came back: 5.7.26") << "for who runs the server";
  EXPECT_EQ(Refused(), "0");
}

// One of those who read a shared mailbox is gone: the others still read it.
TEST_F(BounceServiceTest, LeavesAnAddressThatForwards) {
  const std::string report = absl::StrReplaceAll(
      PostfixReport(Id(), kNino),
      {{"Final-Recipient: rfc822; nino@", "Final-Recipient: rfc822; levan@"}});
  EXPECT_THAT(Tell(report), IsOkAndHolds(Answered::OTHER_FAULT));
  EXPECT_EQ(State(), "3 came back: 5.1.1");
  EXPECT_EQ(Refused(), "0");
}

TEST_F(BounceServiceTest, IgnoresWhatElseComesIn) {
  for (const std::string& mail :
       {std::string(), std::string("Subject: Thank you\n\nSee you there!\n"),
        std::string(1'000'000, '\xff')}) {
    EXPECT_THAT(Tell(mail), IsOkAndHolds(Answered::NOT_A_REPORT));
  }
  EXPECT_THAT(Tell(std::string(1'000'001, 'a')),
              StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
}

TEST_F(BounceServiceTest, LogsNothingOfTheMail) {
  const support::CapturedLog log;
  ASSERT_THAT(Tell(PostfixReport(Id(), kNino)),
              IsOkAndHolds(Answered::ADDRESS_REFUSED));
  ASSERT_THAT(Tell("Subject: Thank you, nino\n\n"),
              IsOkAndHolds(Answered::NOT_A_REPORT));
  EXPECT_THAT(log.LineWith("letter_came_back"), HasSubstr("5.1.1"));
  const std::string text = log.Text();
  EXPECT_THAT(text, Not(HasSubstr("nino")));
  EXPECT_THAT(text, Not(HasSubstr("example.net")));
}

}  // namespace
}  // namespace lagnet::mail
