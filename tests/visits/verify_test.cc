// Sign-ups through a web gateway: the link goes by mail, and has to be
// followed.

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/visits/letter_store.h"
#include "server/visits/seat_store.h"
#include "tests/visits/fixture.h"

namespace lagnet::visits {
namespace {

using support::HasProto;
using support::IsOk;
using support::IsOkAndHolds;
using support::StatusIs;
using Code = absl::StatusCode;

constexpr char kGateway[] = "role:GATEWAY@network=ksow";

class VerifyTest : public VisitServiceTest {
 protected:
  VerifyTest() : VisitServiceTest(/*mails_links=*/true) {}

  // Who has the link of a sign-up.
  static std::string LinkOf(const v1::SignUp& sign_up) {
    return "role:HOLDER@sign_up=" + sign_up.name();
  }

  void Open(const std::string& id, int seats, int confirm_hours = 0) {
    v1::StudyVisit visit = WantedProto();
    visit.set_seats(seats);
    visit.clear_seats_per_organization();
    visit.mutable_seat_rules()->set_confirm_hours(confirm_hours);
    ASSERT_THAT(Create(id, visit), IsOk());
    ASSERT_THAT(Publish(id), IsOk());
  }

  absl::StatusOr<v1::SignUp> Verify(const std::string& name,
                                    const std::string& token) {
    v1::VerifySignUpRequest request;
    request.set_name(name);
    request.set_request_id(NewRequestId());
    return support::Call(node_.sign_ups(), &SignUps::VerifySignUp, request,
                         {token});
  }
};

TEST_F(VerifyTest, HoldsThePlaceUntilTheLinkWasFollowed) {
  Open("linked", 1);
  const v1::CreateSignUpRequest request = SignUpRequest("linked", "nino");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp nino, Send(request, kGateway));
  EXPECT_THAT(nino, HasProto("state: HELD address_unverified: true"));
  EXPECT_EQ(nino.holder_token(), "") << "it goes to the person by mail";
  EXPECT_GT(nino.due_time().seconds(), nino.create_time().seconds() + 86'000);
  ASSERT_OK_AND_ASSIGN(const v1::SignUp ana,
                       Send(SignUpRequest("linked", "ana"), kGateway));
  EXPECT_THAT(ana, HasProto("state: PENDING_CONFIRMATION wait_position: 1 "
                            "address_unverified: true"));
  const std::string link = LinkOf(nino);
  EXPECT_THAT(Verify(nino.name(), kGateway),
              StatusIs(Code::kPermissionDenied, "PERMISSION_DENIED"));
  EXPECT_THAT(Verify(ana.name(), link),
              StatusIs(Code::kPermissionDenied, "PERMISSION_DENIED"));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp verified, Verify(nino.name(), link));
  EXPECT_THAT(verified, HasProto("state: CONFIRMED seats: 1"));
  EXPECT_FALSE(verified.address_unverified());
  EXPECT_FALSE(verified.has_due_time());
  EXPECT_THAT(Verify(nino.name(), link),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  // The same request again tells the gateway no more than the first time.
  ASSERT_OK_AND_ASSIGN(const v1::SignUp again, Send(request, kGateway));
  EXPECT_EQ(again.holder_token(), "");
  EXPECT_THAT(Verify(ana.name(), kHost),
              IsOkAndHolds(HasProto("state: WAITLISTED wait_position: 1")))
      << "told by telephone";
  // Those whom others sign up are known to them.
  ASSERT_OK_AND_ASSIGN(const v1::SignUp levan,
                       Send(SignUpRequest("linked", "levan"), kManager));
  EXPECT_THAT(levan, HasProto("state: WAITLISTED"));
  EXPECT_NE(levan.holder_token(), "");
  EXPECT_EQ(Wrong(), "");
}

TEST_F(VerifyTest, AsksTheOrganisationOnlyThen) {
  Open("asked", 1, /*confirm_hours=*/72);
  ASSERT_OK_AND_ASSIGN(const v1::SignUp nino,
                       Send(SignUpRequest("asked", "nino"), kGateway));
  v1::ConfirmSignUpRequest confirm;
  confirm.set_name(nino.name());
  confirm.set_organization("organizations/lag-kazbegi");
  confirm.set_request_id(NewRequestId());
  const auto ask = [&] {
    confirm.set_request_id(NewRequestId());
    return support::Call(node_.sign_ups(), &SignUps::ConfirmSignUp, confirm,
                         {kManager});
  };
  EXPECT_THAT(ask(), StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp verified,
                       Verify(nino.name(), LinkOf(nino)));
  EXPECT_THAT(verified, HasProto("state: HELD"));
  EXPECT_FALSE(verified.address_unverified());
  EXPECT_GT(verified.due_time().seconds(),
            verified.update_time().seconds() + 71 * 3600);
  EXPECT_THAT(ask(), IsOkAndHolds(HasProto("state: CONFIRMED")));
}

TEST_F(VerifyTest, GivesThePlaceAwayIfNobodyFollowsTheLink) {
  Open("lost", 1);
  ASSERT_OK_AND_ASSIGN(const v1::SignUp nobody,
                       Send(SignUpRequest("lost", "nobody"), kGateway));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp ana,
                       Send(SignUpRequest("lost", "ana"), kGateway));
  ASSERT_THAT(Verify(ana.name(), kAdmin), IsOk());
  database().Run(absl::StrCat(
      "UPDATE visits.sign_up SET due_time = now() - interval '1 hour' "
      "WHERE 'studyVisits/lost/signUps/' || name = '",
      nobody.name(),
      "'; UPDATE visits.visit SET due_time = now() WHERE name = 'lost'"));
  const auto settle = [](db::Tx& tx) -> absl::StatusOr<int> {
    return SettleVisits(tx, 10);
  };
  ASSERT_THAT(db::Transact(pool(), Soon(), settle), IsOk());
  EXPECT_THAT(GetSignUp(nobody.name()),
              IsOkAndHolds(HasProto("state: EXPIRED")));
  EXPECT_THAT(GetSignUp(ana.name()),
              IsOkAndHolds(HasProto("state: CONFIRMED")));
  EXPECT_THAT(Verify(nobody.name(), LinkOf(nobody)),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  EXPECT_EQ(Wrong(), "");
}

// Made-up addresses hold a part of the seats, whichever server is asked, and a
// restart forgets none of them.
TEST_F(VerifyTest, HoldsAPartOfTheSeatsForOneNetwork) {
  Open("crowded", 40);
  const auto restarted = [] {
    return std::make_unique<Node>(database().dsn(), vault(),
                                  support::TestServer::Options(),
                                  Reads::kFromDatabase, /*mails_links=*/true);
  };
  const auto other = restarted();
  const auto from = [](const std::string& network, const std::string& person) {
    v1::CreateSignUpRequest request = SignUpRequest("crowded", person);
    request.set_browser_network(network);
    return request;
  };
  const auto send = [](Node& node, const v1::CreateSignUpRequest& request) {
    return support::Call(node.sign_ups(), &SignUps::CreateSignUp, request,
                         {kGateway});
  };
  const std::string here = "198.51.100.0/24";
  std::string first;
  for (int i = 0; i < 10; ++i) {
    ASSERT_OK_AND_ASSIGN(
        const v1::SignUp held,
        send(i % 2 == 0 ? node_ : *other, from(here, absl::StrCat("p", i))));
    EXPECT_THAT(held, HasProto("state: HELD seats: 1")) << i;
    if (i == 0) first = held.name();
  }
  const v1::CreateSignUpRequest request = from(here, "eleventh");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp eleventh, send(*other, request));
  EXPECT_THAT(eleventh, HasProto("state: PENDING_CONFIRMATION wait_position: 1 "
                                 "wait_reason: ADDRESS_UNVERIFIED"));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp twelfth,
                       send(*restarted(), from(here, "twelfth")));
  EXPECT_THAT(twelfth, HasProto("wait_reason: ADDRESS_UNVERIFIED"));
  EXPECT_THAT(send(node_, from("2001:db8:1::/48", "elsewhere")),
              IsOkAndHolds(HasProto("state: HELD")));
  EXPECT_THAT(Send(SignUpRequest("crowded", "known"), kManager),
              IsOkAndHolds(HasProto("state: CONFIRMED")));

  // A form that is sent again from another network is the same form.
  v1::CreateSignUpRequest again = request;
  again.set_browser_network("203.0.113.0/24");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp repeated, send(node_, again));
  EXPECT_EQ(repeated.name(), eleventh.name());

  const auto networks = [](const std::string& what) {
    return database().Ask(absl::StrCat(
        "SELECT ", what,
        " FROM visits.sign_up JOIN visits.visit AS v "
        "USING (visit_id) WHERE v.name = 'crowded' AND network_hash <> ''"));
  };
  EXPECT_EQ(networks("count(*)"), "13");
  EXPECT_EQ(networks("count(DISTINCT network_hash)"), "2");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp confirmed,
                       Verify(eleventh.name(), LinkOf(eleventh)));
  EXPECT_THAT(confirmed, HasProto("state: CONFIRMED seats: 1"));
  EXPECT_EQ(networks("count(*)"), "12");
  ASSERT_THAT(Withdraw(first), IsOk());
  EXPECT_EQ(networks("count(*)"), "11");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp next, GetSignUp(twelfth.name()));
  EXPECT_THAT(next, HasProto("state: HELD seats: 1")) << "there is room again";
  EXPECT_EQ(Wrong(), "");
}

TEST_F(VerifyTest, HoldsAPartOfTheSeatsForOneOrganisation) {
  Open("one-lag", 22);
  for (int i = 0; i < 11; ++i) {
    EXPECT_THAT(Send(SignUpRequest("one-lag", absl::StrCat("p", i)), kGateway),
                IsOkAndHolds(HasProto("state: HELD")));
  }
  ASSERT_OK_AND_ASSIGN(const v1::SignUp waits,
                       Send(SignUpRequest("one-lag", "nino"), kGateway));
  EXPECT_THAT(waits, HasProto("wait_reason: ADDRESS_UNVERIFIED"));
  EXPECT_THAT(Send(SignUpRequest("one-lag", "levan", "lag-kotla"), kGateway),
              IsOkAndHolds(HasProto("state: HELD")));
  v1::ExplainSignUpRequest request;
  request.set_name(waits.name());
  ASSERT_OK_AND_ASSIGN(const v1::SignUpExplanation why,
                       support::Call(node_.sign_ups(), &SignUps::ExplainSignUp,
                                     request, {LinkOf(waits)}));
  EXPECT_THAT(why.text(), testing::HasSubstr("There are free seats"));
  EXPECT_EQ(Wrong(), "");
}

// Who handed the party over can do no more for it.
TEST_F(VerifyTest, GivesTheNewHeadALinkAndEndsTheOneBefore) {
  Open("handed", 1);
  ASSERT_OK_AND_ASSIGN(const v1::SignUp nino,
                       Send(SignUpRequest("handed", "nino")));
  v1::SubstituteMemberRequest substitute;
  substitute.set_name(nino.name());
  substitute.set_member(1);
  *substitute.mutable_person() =
      SignUpRequest("handed", "ana").sign_up().members(0);
  substitute.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(
      const v1::SignUp ana,
      support::Call(node_.sign_ups(), &SignUps::SubstituteMember, substitute,
                    {LinkOf(nino)}));
  EXPECT_EQ(ana.holder_token(), "") << "it goes to the new head by mail";
  v1::GetSignUpRequest get;
  get.set_name(nino.name());
  const auto with = [&](const std::string& token) {
    return support::Call(node_.sign_ups(), &SignUps::GetSignUp, get, {token});
  };
  EXPECT_THAT(with(LinkOf(nino)), StatusIs(Code::kPermissionDenied));
  const std::string version = ana.etag().substr(1, ana.etag().size() - 2);
  EXPECT_THAT(with(LinkOf(nino) + "#" + version), IsOk());
  // Staff who do it get the link, as they do when they sign somebody up.
  substitute.set_request_id(NewRequestId());
  *substitute.mutable_person() =
      SignUpRequest("handed", "levan").sign_up().members(0);
  ASSERT_OK_AND_ASSIGN(
      const v1::SignUp levan,
      support::Call(node_.sign_ups(), &SignUps::SubstituteMember, substitute,
                    {kAdmin}));
  EXPECT_EQ(
      vault().ReadToken(privacy::TokenKind::kHolder, levan.holder_token()),
      levan.name() + "#" + levan.etag().substr(1, levan.etag().size() - 2));
  EXPECT_THAT(with(LinkOf(nino) + "#" + version),
              StatusIs(Code::kPermissionDenied));
}

TEST_F(VerifyTest, RemindsOnceWhoHasASeat) {
  Open("near", 1);
  Open("distant", 1);
  ASSERT_OK_AND_ASSIGN(const v1::SignUp nino,
                       Send(SignUpRequest("near", "nino")));
  ASSERT_THAT(Send(SignUpRequest("near", "ana")), IsOk());
  ASSERT_THAT(Send(SignUpRequest("distant", "nino")), IsOk());
  database().Run(
      "UPDATE visits.visit SET start_time = now() + interval '2 days' "
      "WHERE name = 'near'");
  const auto remind = [](db::Tx& tx) -> absl::StatusOr<int> {
    return NoteReminders(tx, 10);
  };
  EXPECT_THAT(db::Transact(pool(), Soon(), remind), IsOkAndHolds(1));
  EXPECT_THAT(db::Transact(pool(), Soon(), remind), IsOkAndHolds(0));
  EXPECT_EQ(database().Ask("SELECT string_agg(about, ',') FROM mail.letter "
                           "WHERE kind = 'visits.reminder'"),
            nino.name())
      << "not who waits";

  // It begins at another time.
  v1::UpdateStudyVisitRequest put_off;
  put_off.mutable_study_visit()->set_name("studyVisits/near");
  put_off.mutable_study_visit()->set_start("2036-05-01T10:00");
  put_off.mutable_update_mask()->add_paths("start");
  put_off.set_rules_change_reason("Snow.");
  put_off.set_request_id(NewRequestId());
  ASSERT_THAT(support::Call(node_.visits(), &Visits::UpdateStudyVisit, put_off,
                            {kHost}),
              IsOk());
  EXPECT_THAT(db::Transact(pool(), Soon(), remind), IsOkAndHolds(0));
  database().Run(
      "UPDATE visits.visit SET start_time = now() + interval '2 days' "
      "WHERE name = 'near'");
  EXPECT_THAT(db::Transact(pool(), Soon(), remind), IsOkAndHolds(1));
  EXPECT_EQ(database().Ask("SELECT count(*) FROM mail.letter "
                           "WHERE kind = 'visits.reminder'"),
            "2");
}

TEST_F(VerifyTest, ShowsTheLettersToStaff) {
  Open("shown", 1);
  v1::PreviewLettersRequest request;
  request.set_name("studyVisits/shown");
  request.set_language("pl");
  ASSERT_OK_AND_ASSIGN(
      const v1::PreviewLettersResponse shown,
      support::Call(node_.visits(), &Visits::PreviewLetters, request, {kHost}));
  ASSERT_EQ(shown.letters_size(), 15);
  EXPECT_EQ(shown.letters(0).kind(), "verify");
  EXPECT_EQ(shown.letters(13).kind(), "left");
  for (const auto& letter : shown.letters()) {
    EXPECT_THAT(letter.text(), testing::HasSubstr("N. N."));
    EXPECT_THAT(letter.html(), testing::HasSubstr("lang=\"pl\""));
  }
}

TEST_F(VerifyTest, WritesTheLettersOfWhatIsStored) {
  Open("written", 1);
  v1::CreateSignUpRequest request = SignUpRequest("written", "nino");
  request.mutable_sign_up()->mutable_members(0)->set_language("pl");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp nino, Send(request, kGateway));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp ana,
                       Send(SignUpRequest("written", "ana")));
  const mail::Writer writer = VisitLetters(&vault(), "https://example.org");
  const auto letters = [&](const v1::SignUp& sign_up, int64_t version) {
    const auto note =
        [&](db::Tx& tx) -> absl::StatusOr<std::vector<mail::Letter>> {
      return writer.note(
          tx, {{.resource = sign_up.name(), .version = version},
               {.resource = "studyVisits/written", .version = version}});
    };
    return *db::Transact(pool(), Soon(), note);
  };
  const auto write = [&](const mail::Letter& letter) {
    const auto body =
        [&](db::Tx& tx) -> absl::StatusOr<std::optional<mail::Message>> {
      return writer.write(tx, letter);
    };
    return *db::Transact(pool(), Soon(), body);
  };
  const auto version_of = [](const v1::SignUp& sign_up) {
    return std::stoll(sign_up.etag().substr(1));
  };
  const auto asked = letters(nino, version_of(nino));
  ASSERT_THAT(asked, testing::SizeIs(1));
  EXPECT_EQ(asked[0].kind, "visits.verify");
  const auto message = write(asked[0]);
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(message->to, "nino@example.org");
  EXPECT_EQ(message->language, "pl");
  EXPECT_THAT(message->text,
              testing::HasSubstr(
                  "https://example.org/my/" +
                  vault().Token(privacy::TokenKind::kHolder, nino.name())));
  const auto waits = letters(ana, version_of(ana));
  ASSERT_THAT(waits, testing::SizeIs(1));
  EXPECT_EQ(waits[0].kind, "visits.waiting");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp gone, Withdraw(nino.name()));
  EXPECT_FALSE(write(asked[0]).has_value()) << "needless by now";
  EXPECT_FALSE(write(waits[0]).has_value()) << "she has a seat by now";
  const auto seated = letters(ana, version_of(gone));
  ASSERT_THAT(seated, testing::SizeIs(1));
  const auto good_news = write(seated[0]);
  ASSERT_TRUE(good_news.has_value());
  EXPECT_EQ(good_news->subject, "Mają Państwo miejsce: Forest and food")
      << "in the visit's language";
  EXPECT_THAT(good_news->calendar, testing::HasSubstr("BEGIN:VEVENT"));
}

TEST_F(VerifyTest, AnnouncesAChangeOfTheRulesToAllWhomItTouches) {
  Open("announced", 2);
  ASSERT_OK_AND_ASSIGN(const v1::SignUp nino, SignUp("announced", "nino"));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp gone, SignUp("announced", "gone"));
  ASSERT_THAT(Withdraw(gone.name()), IsOk());
  ASSERT_THAT(Send(SignUpRequest("announced", "unknown"), kGateway), IsOk());
  v1::StudyVisit visit;
  visit.set_name("studyVisits/announced");
  visit.set_seats(3);
  ASSERT_OK_AND_ASSIGN(const v1::StudyVisit changed,
                       Update(visit, {"seats"}, kAdmin, "A larger bus"));
  const mail::Writer writer = VisitLetters(&vault(), "https://example.org");
  const int64_t version = std::stoll(changed.etag().substr(1));
  const auto note =
      [&](db::Tx& tx) -> absl::StatusOr<std::vector<mail::Letter>> {
    return writer.note(
        tx, {{.resource = "studyVisits/announced", .version = version}});
  };
  ASSERT_OK_AND_ASSIGN(const auto letters, db::Transact(pool(), Soon(), note));
  ASSERT_THAT(letters, testing::SizeIs(1))
      << "not to who is gone, nor to an address that nobody confirmed";
  EXPECT_EQ(letters[0].about, nino.name());
  EXPECT_EQ(letters[0].kind, "visits.changed");
  const auto write =
      [&](db::Tx& tx) -> absl::StatusOr<std::optional<mail::Message>> {
    return writer.write(tx, letters[0]);
  };
  ASSERT_OK_AND_ASSIGN(const auto message, db::Transact(pool(), Soon(), write));
  ASSERT_TRUE(message.has_value());
  EXPECT_THAT(message->text, testing::HasSubstr("A larger bus"));
}

}  // namespace
}  // namespace lagnet::visits
