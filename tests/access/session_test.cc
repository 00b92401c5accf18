// How people sign in: from the form through the mail to the session, against a
// whole server and a real SMTP server.

#include "server/access/session.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "lagnet/access/v1/claims.grpc.pb.h"
#include "lagnet/access/v1/colleagues.grpc.pb.h"
#include "lagnet/access/v1/sessions.grpc.pb.h"
#include "lagnet/directory/v1/organizations.grpc.pb.h"
#include "server/access/letter_store.h"
#include "server/db/pool.h"
#include "server/db/transact.h"
#include "server/directory/life_store.h"
#include "tests/access/fixture.h"
#include "tests/access/requests.h"
#include "tests/support/captured_log.h"
#include "tests/support/mail_server.h"

namespace lagnet::access {
namespace {

using support::Call;
using support::HasProto;
using support::IsOk;
using support::IsOkAndHolds;
using support::StatusIs;
using testing::HasSubstr;
using testing::SizeIs;
using Code = absl::StatusCode;
using Claims = v1::ClaimService::Stub;
using Colleagues = v1::ColleagueService::Stub;
using Sessions = v1::SessionService::Stub;

TEST(SessionTokenTest, SaysWhoseItIsAndUntilWhen) {
  const Session session{.name = "abc",
                        .account = "anna",
                        .expire_time = absl::FromUnixSeconds(1'900'000'000)};
  const auto read = UnpackSession(Pack(session));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->name, "abc");
  EXPECT_EQ(read->account, "anna");
  EXPECT_EQ(read->expire_time, session.expire_time);
  for (const char* text : {"", "anna", "anna abc", "anna abc x", "a b 1 2"}) {
    EXPECT_FALSE(UnpackSession(text)) << text;
  }
}

TEST(SessionTokenTest, ReadsACodeAsPeopleTypeIt) {
  EXPECT_EQ(DigitsOf(" 012 345\n"), "012345");
  EXPECT_EQ(DigitsOf("01-23-45"), "012345");
  EXPECT_EQ(DigitsOf("code"), "");
}

TEST(AccessMessagesTest, SayTheSameInEveryLanguage) {
  const auto keys = AccessMessages().Keys("en");
  for (const char* language : {"ka", "pl", "cs"}) {
    EXPECT_EQ(AccessMessages().Keys(language), keys) << language;
    for (const std::string& key : keys) {
      EXPECT_NE(AccessMessages().Say(language, key), key) << language;
    }
  }
}

// Beside the fixture's server one that sends mail.
class SessionTest : public AccessTest {
 protected:
  static void SetUpTestSuite() {
    AccessTest::SetUpTestSuite();
    mail_ = new support::MailServer();
    Config config;
    config.database = database().dsn();
    config.mail_server = mail_->Url();
    config.mail_from = "network@example.org";
    config.web_url = "https://visits.example.org";
    mailing_ = new WholeServer(config, &server());
  }
  static void TearDownTestSuite() {
    delete mailing_;
    delete mail_;
    AccessTest::TearDownTestSuite();
  }

  void SetUp() override {
    before_ = mail_->Messages().size();
    database().Run("DELETE FROM mail.asked");
  }

  static std::string Gateway() { return world().token("gateway"); }

  // A person of network A with a mailbox.
  static std::string Person(const std::string& id, const std::string& email,
                            const std::string& name = "Anna Nowak") {
    v1::CreateAccountRequest request;
    request.set_account_id(id);
    request.mutable_account()->set_network(world().own().at("Network"));
    request.mutable_account()->set_kind(v1::Account::PERSON);
    request.mutable_account()->set_display_name(name);
    request.mutable_account()->set_email(email);
    request.mutable_account()->set_language("pl");
    request.set_request_id(FreshRequestId());
    const auto made = Call(world().accounts(), &Accounts::CreateAccount,
                           request, world().as_operator());
    EXPECT_THAT(made,
                IsOkAndHolds(HasProto(absl::StrCat("email: '", email, "'"))));
    return made.ok() ? made->name() : "";
  }

  // A verified entry of network A.
  static void NewEntry(const std::string& id, const std::string& email) {
    const auto stub =
        directory::v1::OrganizationService::NewStub(server().channel());
    directory::v1::CreateOrganizationRequest create;
    create.set_organization_id(id);
    support::ParseText(SampleOf("Organization", world().own()),
                       create.mutable_organization());
    create.mutable_organization()->set_email(email);
    create.set_initial_state(directory::v1::Organization::VERIFIED);
    create.set_allow_likely_doubles(true);
    create.set_request_id(FreshRequestId());
    EXPECT_THAT(
        Call(*stub,
             &directory::v1::OrganizationService::Stub::CreateOrganization,
             create, world().as_operator()),
        IsOk());
  }

  static std::unique_ptr<Sessions> NewSessions(const WholeServer& server) {
    return v1::SessionService::NewStub(server.channel());
  }
  static absl::StatusOr<v1::StartSignInResponse> Start(
      const std::string& email, const std::string& network = "",
      const std::string& language = "") {
    v1::StartSignInRequest request;
    request.set_email(email);
    request.set_browser_network(network);
    request.set_language(language);
    request.set_request_id(FreshRequestId());
    return Call(*NewSessions(*mailing_), &Sessions::StartSignIn, request,
                {Gateway()});
  }
  static absl::StatusOr<v1::CreateSessionResponse> Create(
      const std::string& attempt, const std::string& secret,
      const std::string& account = "") {
    v1::CreateSessionRequest request;
    request.set_attempt(attempt);
    request.set_secret(secret);
    request.set_account(account);
    request.set_request_id(FreshRequestId());
    return Call(*NewSessions(*mailing_), &Sessions::CreateSession, request,
                {Gateway()});
  }
  static absl::StatusOr<v1::EndSessionResponse> End(const std::string& token,
                                                    bool everywhere = false) {
    v1::EndSessionRequest request;
    request.set_everywhere(everywhere);
    request.set_request_id(FreshRequestId());
    return Call(*NewSessions(server()), &Sessions::EndSession, request,
                {token});
  }

  // The text of the next mail to an address since the test began.
  nlohmann::json NextMail(const std::string& to) {
    for (size_t count = before_ + 1;; ++count) {
      const auto messages = mail_->WaitFor(count);
      if (messages.size() < count) {
        ADD_FAILURE() << "no mail to " << to;
        return {};
      }
      if (messages[count - 1]["to"][0] == to) {
        before_ = count;
        return messages[count - 1];
      }
    }
  }
  static std::string TextOf(const nlohmann::json& mail) {
    return mail["parts"]["text/plain"].get<std::string>();
  }
  // What follows `start` up to a space or the end of the line.
  static std::string After(const std::string& text, const std::string& start) {
    const size_t found = text.find(start);
    if (found == std::string::npos) return "";
    const size_t begin = found + start.size();
    return text.substr(begin, text.find_first_of(" \n\r", begin) - begin);
  }
  static std::string CodeIn(const nlohmann::json& mail) {
    const auto subject = mail["headers"]["subject"].get<std::string>();
    return subject.substr(subject.size() - 7);
  }

  std::string SignIn(const std::string& email) {
    const auto started = Start(email);
    EXPECT_THAT(started, IsOk());
    const std::string text = TextOf(NextMail(email));
    const auto made = Create(started->attempt(), After(text, "/sign-in/"));
    EXPECT_THAT(made, IsOk());
    return made.ok() ? made->token() : "";
  }

  static support::MailServer* mail_;
  static WholeServer* mailing_;
  size_t before_ = 0;
};

support::MailServer* SessionTest::mail_ = nullptr;
WholeServer* SessionTest::mailing_ = nullptr;

TEST_F(SessionTest, LeadsFromTheFormThroughTheMailToASession) {
  const std::string anna = Person("anna", "Anna@example.org");
  const auto started = Start("anna@EXAMPLE.org");
  ASSERT_THAT(started, IsOk());
  const auto mail = NextMail("Anna@example.org");
  const std::string text = TextOf(mail);
  EXPECT_THAT(text, HasSubstr("Dzień dobry, Anna Nowak,"));
  const std::string link =
      After(text, "https://visits.example.org/pl/sign-in/");
  const std::string code = CodeIn(mail);
  EXPECT_THAT(text, HasSubstr(code));
  ASSERT_NE(link, "");
  const auto made = Create(started->attempt(), link);
  ASSERT_THAT(made, IsOk());
  EXPECT_EQ(made->account().name(), anna);
  EXPECT_NEAR(made->expire_time().seconds(),
              absl::ToUnixSeconds(absl::Now() + kSessionLasts), 60);
  // Known to another server at once: the token says it all.
  EXPECT_THAT(
      CallerOf(made->token()),
      IsOkAndHolds(HasProto(absl::StrCat("account { name: '", anna,
                                         "' email: 'Anna@example.org' }"))));
  EXPECT_THAT(Create(started->attempt(), link),
              StatusIs(Code::kFailedPrecondition, "SIGN_IN_REFUSED"))
      << "once";
  EXPECT_THAT(Create(started->attempt(), code),
              StatusIs(Code::kFailedPrecondition, "SIGN_IN_REFUSED"));
}

TEST_F(SessionTest, TakesTheCodeInsteadOfTheLink) {
  Person("jan-k", "jan@example.org", "Jan");
  const auto started = Start("jan@example.org", "", "ka");
  ASSERT_THAT(started, IsOk());
  const auto mail = NextMail("jan@example.org");
  EXPECT_THAT(TextOf(mail),
              HasSubstr("https://visits.example.org/ka/sign-in/"));
  EXPECT_THAT(Create(started->attempt(), CodeIn(mail)), IsOk());
}

TEST_F(SessionTest, RefusesWhatDoesNotBelongTogether) {
  Person("piotr", "piotr@example.org", "Piotr");
  const auto first = Start("piotr@example.org");
  const std::string text = TextOf(NextMail("piotr@example.org"));
  const std::string link = After(text, "/sign-in/");
  const auto second = Start("piotr@example.org");
  ASSERT_THAT(second, IsOk());
  const auto refused = StatusIs(Code::kFailedPrecondition, "SIGN_IN_REFUSED");
  EXPECT_THAT(Create(second->attempt(), link), refused) << "another browser";
  EXPECT_THAT(Create(link, link), refused) << "without the browser";
  EXPECT_THAT(Create(first->attempt(), first->attempt()), refused);
  EXPECT_THAT(Create(first->attempt(), link, "accounts/anna"), refused)
      << "somebody else's account";
  database().Run("UPDATE access.sign_in SET expire_time = now()");
  EXPECT_THAT(Create(first->attempt(), link), refused) << "too late";
}

TEST_F(SessionTest, CountsWrongCodesAndForgetsNone) {
  Person("guessed", "guessed@example.org", "Ewa");
  const auto started = Start("guessed@example.org");
  ASSERT_THAT(started, IsOk());
  const std::string code = CodeIn(NextMail("guessed@example.org"));
  const std::string wrong = code == "000 000" ? "000 001" : "000 000";
  for (int i = 0; i < kMostWrongCodes; ++i) {
    EXPECT_THAT(Create(started->attempt(), wrong),
                StatusIs(Code::kFailedPrecondition, "SIGN_IN_REFUSED"));
  }
  EXPECT_THAT(Create(started->attempt(), code),
              StatusIs(Code::kFailedPrecondition, "SIGN_IN_REFUSED"))
      << "also the right one";
}

// Of many at once one gets in.
TEST_F(SessionTest, MakesOneSessionOfFiftyAnswersAtOnce) {
  Person("hasty", "hasty@example.org", "Zofia");
  const auto started = Start("hasty@example.org");
  ASSERT_THAT(started, IsOk());
  const std::string link =
      After(TextOf(NextMail("hasty@example.org")), "/sign-in/");
  std::vector<absl::Status> answers(50);
  std::vector<std::thread> browsers;
  for (absl::Status& answer : answers) {
    browsers.emplace_back(
        [&] { answer = Create(started->attempt(), link).status(); });
  }
  for (std::thread& browser : browsers) browser.join();
  EXPECT_EQ(std::count(answers.begin(), answers.end(), absl::OkStatus()), 1);
  EXPECT_EQ(database().Ask("SELECT count(*) FROM access.session AS s"
                           "  JOIN access.account AS a USING (account_id)"
                           " WHERE a.name = 'hasty'"),
            "1");
}

TEST_F(SessionTest, AnswersARepeatWithTheSameSession) {
  Person("again", "again@example.org", "Again");
  const auto started = Start("again@example.org");
  ASSERT_THAT(started, IsOk());
  v1::CreateSessionRequest request;
  request.set_attempt(started->attempt());
  request.set_secret(After(TextOf(NextMail("again@example.org")), "/sign-in/"));
  request.set_request_id(FreshRequestId());
  const auto create = [&] {
    return Call(*NewSessions(*mailing_), &Sessions::CreateSession, request,
                {Gateway()});
  };
  const auto first = create();
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(
      create(),
      IsOkAndHolds(HasProto(absl::StrCat("token: '", first->token(), "'"))));
}

// Who asks learns nothing from the answer, and nobody else gets mail.
TEST_F(SessionTest, AnswersTheSameForAnAddressThatNobodyHas) {
  Person("known", "known@example.org", "Known");
  const auto known = Start("known@example.org");
  const auto unknown = Start("unknown@example.org");
  ASSERT_THAT(known, IsOk());
  ASSERT_THAT(unknown, IsOk());
  EXPECT_EQ(known->attempt().size(), unknown->attempt().size());
  EXPECT_NEAR(known->expire_time().seconds(), unknown->expire_time().seconds(),
              2);
  NextMail("known@example.org");
  for (const auto& mail : mail_->Messages()) {
    EXPECT_NE(mail["to"][0], "unknown@example.org");
  }
}

TEST_F(SessionTest, AsksWhichOfThoseWhoShareAMailbox) {
  const std::string one = Person("office-1", "office@example.org", "One");
  const std::string two = Person("office-2", "office@example.org", "Two");
  const auto started = Start("office@example.org");
  ASSERT_THAT(started, IsOk());
  const std::string text = TextOf(NextMail("office@example.org"));
  EXPECT_THAT(text, HasSubstr("Dzień dobry,\n"));
  const std::string link = After(text, "/sign-in/");
  const auto choices = Create(started->attempt(), link);
  ASSERT_THAT(choices, IsOk());
  EXPECT_EQ(choices->token(), "");
  ASSERT_THAT(choices->choices(), SizeIs(2));
  EXPECT_EQ(choices->choices(0).name(), one);
  EXPECT_EQ(choices->choices(0).email(), "") << "whoever asks knows it";
  EXPECT_THAT(
      Create(started->attempt(), link, two),
      IsOkAndHolds(HasProto(absl::StrCat("account { name: '", two, "' }"))));
}

TEST_F(SessionTest, EndsWhenItsPersonWantsOrItsAccountIsDisabled) {
  const std::string account = Person("leaver", "leaver@example.org", "Leaver");
  const std::string one = SignIn("leaver@example.org");
  const std::string two = SignIn("leaver@example.org");
  const std::string three = SignIn("leaver@example.org");
  EXPECT_THAT(End(one), IsOkAndHolds(HasProto("ended: 1")));
  const auto refused = StatusIs(Code::kUnauthenticated, "BAD_CREDENTIALS");
  EXPECT_THAT(CallerOf(one), refused);
  EXPECT_THAT(CallerOf(two), IsOk());
  const absl::Time soon = absl::Now() + absl::Seconds(5);
  while (CallerOn(*mailing_, one).ok() && absl::Now() < soon) {
    absl::SleepFor(absl::Milliseconds(20));
  }
  EXPECT_THAT(CallerOn(*mailing_, one), refused) << "on the other server";
  EXPECT_THAT(End(two, /*everywhere=*/true),
              IsOkAndHolds(HasProto("ended: 2")));
  EXPECT_THAT(CallerOf(three), refused);
  database().Run("DELETE FROM mail.asked");
  const std::string four = SignIn("leaver@example.org");
  ASSERT_THAT(Disable(account), IsOk());
  EXPECT_THAT(CallerOf(four), refused);
  EXPECT_THAT(End(world().token("editor")),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"))
      << "a key is no session";
}

TEST_F(SessionTest, SendsThreeMailsAnHourToAnAddress) {
  Person("flooded", "flooded@example.org", "Flooded");
  for (const char* email : {"flooded@example.org", "nobody@example.org"}) {
    for (int i = 0; i < 3; ++i) EXPECT_THAT(Start(email), IsOk());
    EXPECT_THAT(Start(email),
                StatusIs(Code::kResourceExhausted, "TOO_MANY_LETTERS"));
  }
  database().Run(
      "UPDATE mail.asked SET ask_time = ask_time - interval '1 hour'");
  EXPECT_THAT(Start("flooded@example.org"), IsOk());
}

TEST_F(SessionTest, SendsThirtyMailsAnHourFromANetwork) {
  for (int i = 0; i < 30; ++i) {
    EXPECT_THAT(
        Start(absl::StrCat("victim-", i, "@example.org"), "198.51.100.0/24"),
        IsOk());
  }
  EXPECT_THAT(Start("victim-30@example.org", "198.51.100.0/24"),
              StatusIs(Code::kResourceExhausted, "TOO_MANY_LETTERS"));
  EXPECT_THAT(Start("victim-30@example.org", "203.0.113.0/24"), IsOk());
}

TEST_F(SessionTest, IsForGatewaysAndNeedsMail) {
  v1::StartSignInRequest start;
  start.set_email("anna@example.org");
  start.set_request_id(FreshRequestId());
  EXPECT_THAT(Call(*NewSessions(*mailing_), &Sessions::StartSignIn, start,
                   {world().token("editor")}),
              StatusIs(Code::kPermissionDenied, "PERMISSION_DENIED"));
  EXPECT_THAT(
      Call(*NewSessions(server()), &Sessions::StartSignIn, start, {Gateway()}),
      StatusIs(Code::kFailedPrecondition, "MAIL_OFF"));
}

TEST_F(SessionTest, KeepsAddressesAndSecretsOutOfTheDatabaseAndTheLog) {
  const support::CapturedLog log;
  Person("sealed", "sealed@example.org", "Sealed");
  const auto started = Start("sealed@example.org");
  ASSERT_THAT(started, IsOk());
  const std::string link =
      After(TextOf(NextMail("sealed@example.org")), "/sign-in/");
  const auto made = Create(started->attempt(), link);
  ASSERT_THAT(made, IsOk());
  log.LineWith("CreateSession");
  for (const std::string& secret : {std::string("sealed@example.org"), link,
                                    started->attempt(), made->token()}) {
    EXPECT_FALSE(absl::StrContains(log.Text(), secret));
    for (const char* table :
         {"access.account", "access.sign_in", "access.session", "db.request",
          "changes.change", "mail.letter", "mail.asked"}) {
      EXPECT_EQ(database().Ask(absl::StrCat("SELECT count(*) FROM ", table,
                                            " AS row WHERE row::text LIKE '%",
                                            secret, "%'")),
                "0")
          << table;
    }
  }
}

TEST_F(SessionTest, ChangesWhereAPersonIsWrittenTo) {
  const std::string account = Person("mover", "old@example.org", "Mover");
  v1::UpdateAccountRequest update;
  update.mutable_account()->set_name(account);
  update.mutable_account()->set_email("new@example.org");
  update.mutable_update_mask()->add_paths("email");
  const std::string before = SignIn("old@example.org");
  EXPECT_THAT(CallerOf(before), IsOk());
  const auto send = [&](const std::string& token) {
    update.set_request_id(FreshRequestId());
    return Call(world().accounts(), &Accounts::UpdateAccount, update, {token});
  };
  EXPECT_THAT(send(world().token("admin")),
              IsOkAndHolds(HasProto("email: 'new@example.org' language: 'pl' "
                                    "display_name: 'Mover'")));
  EXPECT_THAT(CallerOf(before), StatusIs(Code::kUnauthenticated));
  ASSERT_THAT(Start("old@example.org"), IsOk());
  EXPECT_NE(SignIn("new@example.org"), "");
  // Whoever could read the mail would be who holds more than they.
  world().NewGrant(account, absl::StrCat("role: NETWORK_EDITOR network: '",
                                         world().other().at("Network"), "'"));
  EXPECT_THAT(send(world().token("admin")), StatusIs(Code::kPermissionDenied));
  EXPECT_THAT(send(world().token("editor")), StatusIs(Code::kPermissionDenied));
}

TEST_F(SessionTest, LetsAManagerInviteColleaguesAndRemoveThem) {
  const auto stub = v1::ColleagueService::NewStub(mailing_->channel());
  const std::string lag = world().own().at("Organization");
  v1::InviteColleagueRequest invite;
  invite.set_organization(lag);
  invite.set_display_name("Ola Nowak");
  invite.set_email("ola@example.org");
  invite.set_language("cs");
  invite.set_request_id(FreshRequestId());
  const auto ola = Call(*stub, &Colleagues::InviteColleague, invite,
                        {world().token("manager")});
  ASSERT_THAT(ola, IsOk());
  const std::string text = TextOf(NextMail("ola@example.org"));
  EXPECT_THAT(text, HasSubstr("„manažer“"));
  EXPECT_THAT(text, HasSubstr("https://visits.example.org/cs/sign-in\n"));
  const std::string session = SignIn("ola@example.org");
  EXPECT_THAT(CallerOf(session),
              IsOkAndHolds(HasProto(absl::StrCat(
                  "grants { role: LAG_MANAGER organization: '", lag, "' }"))));
  // The same person again is the same account, and is not told again.
  invite.set_request_id(FreshRequestId());
  invite.set_display_name("ola nowak");
  EXPECT_THAT(
      Call(*stub, &Colleagues::InviteColleague, invite, {session}),
      IsOkAndHolds(HasProto(absl::StrCat("name: '", ola->name(), "'"))));
  v1::ListColleaguesRequest list;
  list.set_organization(lag);
  const auto listed = Call(*stub, &Colleagues::ListColleagues, list, {session});
  ASSERT_THAT(listed, IsOk());
  EXPECT_TRUE(std::any_of(listed->accounts().begin(), listed->accounts().end(),
                          [&](const v1::Account& account) {
                            return account.name() == ola->name() &&
                                   account.email() == "ola@example.org";
                          }));
  v1::RemoveColleagueRequest remove;
  remove.set_organization(lag);
  remove.set_account(ola->name());
  const auto send = [&](const std::string& token) {
    remove.set_request_id(FreshRequestId());
    return Call(*stub, &Colleagues::RemoveColleague, remove, {token});
  };
  EXPECT_THAT(send(world().token("manager")), IsOk());
  EXPECT_THAT(send(world().token("manager")),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  EXPECT_THAT(Call(*stub, &Colleagues::ListColleagues, list, {session}),
              StatusIs(Code::kPermissionDenied));
}

TEST_F(SessionTest, LetsWhoReadsTheMailboxClaimOnTheWeb) {
  const auto claims = v1::ClaimService::NewStub(mailing_->channel());
  NewEntry("claimed-on-the-web", "lag@example.org");
  v1::RequestClaimRequest ask;
  ask.set_organization("organizations/claimed-on-the-web");
  ask.set_language("ka");
  ask.set_request_id(FreshRequestId());
  EXPECT_THAT(Call(*claims, &Claims::RequestClaim, ask, {Gateway()}), IsOk());
  const std::string text = TextOf(NextMail("lag@example.org"));
  v1::AcceptClaimRequest accept;
  accept.set_token(After(text, "https://visits.example.org/ka/claim/"));
  accept.set_request_id(FreshRequestId());
  EXPECT_THAT(Call(*claims, &Claims::AcceptClaim, accept, {Gateway()}),
              StatusIs(Code::kPermissionDenied))
      << "a gateway speaks for nobody";
  accept.mutable_new_account()->set_display_name("Nino");
  accept.mutable_new_account()->set_email("nino@example.org");
  EXPECT_THAT(
      Call(*claims, &Claims::AcceptClaim, accept, {world().token("editor")}),
      StatusIs(Code::kPermissionDenied))
      << "who has an account has one";
  const auto accepted =
      Call(*claims, &Claims::AcceptClaim, accept, {Gateway()});
  EXPECT_THAT(accepted,
              IsOkAndHolds(HasProto("grant { role: LAG_MANAGER organization: "
                                    "'organizations/claimed-on-the-web' }")));
  EXPECT_THAT(TextOf(NextMail("nino@example.org")), HasSubstr("sign-in"));
  EXPECT_THAT(CallerOf(SignIn("nino@example.org")),
              IsOkAndHolds(HasProto("account { display_name: 'Nino' }")));
}

TEST_F(SessionTest, NudgesWhoKeepsAnEntryThatNobodyLookedAt) {
  NewEntry("stale-entry", "stale@example.org");
  database().Run(
      "UPDATE directory.organization SET look_time = now() - interval '2 "
      "years' WHERE name = 'stale-entry'");
  db::Pool pool(database().dsn(), 1);
  const auto mark = [](db::Tx& tx) -> absl::StatusOr<int> {
    return directory::MarkStale(tx, 10);
  };
  ASSERT_THAT(db::Transact(pool, absl::Now() + absl::Seconds(10), mark),
              IsOk());
  const auto mail = NextMail("stale@example.org");
  EXPECT_THAT(TextOf(mail), HasSubstr("/organizations/stale-entry"));
}

}  // namespace
}  // namespace lagnet::access
