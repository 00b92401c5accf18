// Members of a party who tell who they are, and who leave.

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/mail/store.h"
#include "server/visits/letter_store.h"
#include "server/visits/seat_history_store.h"
#include "server/visits/seat_store.h"
#include "tests/visits/fixture.h"

namespace lagnet::visits {
namespace {

using support::HasProto;
using support::IsOk;
using support::IsOkAndHolds;
using support::StatusIs;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using Code = absl::StatusCode;

constexpr char kGateway[] = "role:GATEWAY@network=ksow";

class PlaceTest : public VisitServiceTest {
 protected:
  using Places = v1::PlaceService::Stub;

  PlaceTest() : VisitServiceTest(/*mails_links=*/true) {
    database().Run("TRUNCATE mail.letter");
  }

  void Open(const std::string& id, v1::StudyVisit visit = WantedProto()) {
    visit.set_seats(4);
    visit.clear_seats_per_organization();
    ASSERT_THAT(Create(id, visit), IsOk());
    ASSERT_THAT(Publish(id), IsOk());
  }

  // Nino with somebody whom she invites, somebody whom she names, and a place
  // for somebody else.
  absl::StatusOr<v1::SignUp> SignFourUp(const std::string& visit,
                                        const std::string& token = kAdmin,
                                        int least = 0) {
    v1::CreateSignUpRequest request = SignUpRequest(visit, "Nino");
    v1::SignUp& sign_up = *request.mutable_sign_up();
    sign_up.set_min_members(least);
    sign_up.add_members()->set_email("invited@example.org");
    *sign_up.add_members() = Person("Levan", "levan@example.org");
    sign_up.add_members();
    return Send(request, token);
  }

  static v1::SignUp::Member Person(const std::string& name,
                                   const std::string& email) {
    v1::SignUp::Member person;
    person.set_full_name(name);
    person.set_email(email);
    return person;
  }

  // The name of the place of a member, from 0.
  std::string PlaceOf(const v1::SignUp& sign_up, int member) {
    const std::string id = sign_up.name().substr(sign_up.name().rfind('/') + 1);
    return absl::StrCat(
        sign_up.name(), "/places/",
        database().Ask(absl::StrCat("SELECT traits->", member,
                                    "->>'place' FROM visits.sign_up WHERE "
                                    "name = '",
                                    id, "'")));
  }
  static std::string LinkOf(const std::string& name) {
    return "role:HOLDER@sign_up=" + name;
  }

  absl::StatusOr<v1::Place> GetPlace(const std::string& name) {
    return GetPlace(name, LinkOf(name));
  }
  absl::StatusOr<v1::Place> GetPlace(const std::string& name,
                                     const std::string& token) {
    v1::GetPlaceRequest request;
    request.set_name(name);
    return support::Call(node_.places(), &Places::GetPlace, request, {token});
  }
  absl::StatusOr<v1::Place> Fill(const std::string& name,
                                 const v1::SignUp::Member& person,
                                 const std::string& etag = "") {
    v1::FillPlaceRequest request;
    request.set_name(name);
    *request.mutable_person() = person;
    request.set_etag(etag);
    request.set_request_id(NewRequestId());
    return support::Call(node_.places(), &Places::FillPlace, request,
                         {LinkOf(name)});
  }
  v1::LeavePlaceRequest Leaving(const std::string& name) {
    v1::LeavePlaceRequest request;
    request.set_name(name);
    request.set_request_id(NewRequestId());
    return request;
  }
  absl::StatusOr<v1::LeavePlaceResponse> Leave(
      const v1::LeavePlaceRequest& request) {
    return support::Call(node_.places(), &Places::LeavePlace, request,
                         {LinkOf(request.name())});
  }
  absl::StatusOr<v1::SignUp> Substitute(const std::string& name, int member,
                                        const v1::SignUp::Member& person) {
    v1::SubstituteMemberRequest request;
    request.set_name(name);
    request.set_member(member);
    *request.mutable_person() = person;
    request.set_request_id(NewRequestId());
    return support::Call(node_.sign_ups(), &SignUps::SubstituteMember, request,
                         {kAdmin});
  }

  // The members of a sign-up as they are sealed.
  std::string Sealed(const v1::SignUp& sign_up) {
    const auto bytes = [&](const std::string& sql) {
      return absl::HexStringToBytes(database().Ask(sql));
    };
    const std::string id = sign_up.name().substr(sign_up.name().rfind('/') + 1);
    const auto opened = vault().Open(
        {.wrapped_key = bytes("SELECT encode(seal_key, 'hex') FROM "
                              "visits.sign_up WHERE name = '" +
                              id + "'"),
         .data = bytes("SELECT encode(members, 'hex') FROM visits.sign_up "
                       "WHERE name = '" +
                       id + "'")});
    EXPECT_THAT(opened, IsOk());
    return opened.value_or("");
  }

  // Which letters there are about a sign-up's places: "invited 1, named 1".
  std::string Letters(const v1::SignUp& sign_up) {
    return database().Ask(absl::StrCat(
        "SELECT coalesce(string_agg(line, ', ' ORDER BY line), '') FROM ("
        "SELECT substr(kind, 8) || ' ' || count(*) AS line FROM mail.letter "
        "WHERE about LIKE '",
        sign_up.name(), "%' GROUP BY kind) AS lines"));
  }
};

TEST_F(PlaceTest, InvitesAndIsFilled) {
  Open("filled");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp party, SignFourUp("filled"));
  EXPECT_THAT(party.members(), SizeIs(4));
  const std::string invited = PlaceOf(party, 1);
  EXPECT_THAT(GetPlace(invited),
              IsOkAndHolds(HasProto(absl::StrCat("name: '", invited, R"('
        person { email: "invited@example.org" }
        head_name: "Nino"
        organization: "organizations/lag-kazbegi"
        standing: REPRESENTATIVE
        state: CONFIRMED
        has_seat: true
        naming_end_time { seconds: 2092341600 })"))));
  EXPECT_THAT(Fill(invited, Person("Levan", "levan@example.org")),
              StatusIs(Code::kAlreadyExists, "ALREADY_SIGNED_UP"));
  v1::SignUp::Member ana = Person("Ana", "ana@example.org");
  ana.set_language("ka");
  ana.set_staff(true);
  ana.set_notice_version("7");
  ASSERT_OK_AND_ASSIGN(const v1::Place filled, Fill(invited, ana));
  EXPECT_THAT(filled.person(), HasProto(R"(full_name: "Ana"
                                           email: "ana@example.org"
                                           language: "ka"
                                           notice_version: "7")"))
      << "who works for it says the head";
  ASSERT_OK_AND_ASSIGN(const v1::SignUp now, GetSignUp(party.name()));
  EXPECT_EQ(now.members(1).full_name(), "Ana");
  EXPECT_EQ(now.seats(), 4);
  // A correction.
  ana.set_phone("+995 555 010203");
  EXPECT_THAT(Fill(invited, ana, filled.etag()), IsOk());
  EXPECT_THAT(Fill(invited, ana, filled.etag()),
              StatusIs(Code::kAborted, "ETAG_MISMATCH"));
  EXPECT_THAT(Fill(invited, Person("", "ana@example.org")),
              StatusIs(Code::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_EQ(Wrong(), "");
}

TEST_F(PlaceTest, IsForWhoHasItsLinkOnly) {
  Open("linked-place");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp party, SignFourUp("linked-place"));
  const std::string invited = PlaceOf(party, 1);
  const std::string named = PlaceOf(party, 2);
  for (const std::string& token :
       {LinkOf(party.name()), LinkOf(named), std::string(kAdmin)}) {
    EXPECT_THAT(GetPlace(invited, token),
                StatusIs(Code::kPermissionDenied, "PERMISSION_DENIED"));
  }
  EXPECT_THAT(GetSignUp(party.name(), LinkOf(invited)),
              StatusIs(Code::kPermissionDenied, "PERMISSION_DENIED"));
  EXPECT_THAT(Withdraw(party.name(), LinkOf(invited)),
              StatusIs(Code::kPermissionDenied, "PERMISSION_DENIED"));
  EXPECT_THAT(PlaceOf(party, 0), testing::EndsWith("/places/"))
      << "the head has the sign-up's own";
  EXPECT_THAT(PlaceOf(party, 3), testing::EndsWith("/places/"));
}

TEST_F(PlaceTest, TellsMembersOnceTheHeadsAddressIsConfirmed) {
  Open("told");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp party, SignFourUp("told", kGateway));
  EXPECT_EQ(Letters(party), "");
  v1::VerifySignUpRequest verify;
  verify.set_name(party.name());
  verify.set_request_id(NewRequestId());
  ASSERT_THAT(support::Call(node_.sign_ups(), &SignUps::VerifySignUp, verify,
                            {LinkOf(party.name())}),
              IsOk());
  EXPECT_EQ(Letters(party), "invited 1, named 1");
  // The same person corrected is told nothing, another one is.
  v1::SignUp::Member levan = Person("Levan", "levan@example.org");
  levan.set_phone("+995 555 010203");
  const std::string before = PlaceOf(party, 2);
  ASSERT_THAT(Substitute(party.name(), 3, levan), IsOk());
  EXPECT_EQ(PlaceOf(party, 2), before);
  ASSERT_THAT(Substitute(party.name(), 3, Person("Ana", "ana@example.org")),
              IsOk());
  EXPECT_NE(PlaceOf(party, 2), before);
  EXPECT_THAT(GetPlace(before),
              StatusIs(Code::kPermissionDenied, "PERMISSION_DENIED"))
      << "the link of who was there before leads nowhere";
  v1::SignUp::Member invitation;
  invitation.set_email("fourth@example.org");
  ASSERT_THAT(Substitute(party.name(), 4, invitation), IsOk());
  EXPECT_EQ(Letters(party), "invited 2, named 2");
  EXPECT_THAT(Substitute(party.name(), 1, invitation),
              StatusIs(Code::kInvalidArgument, "INVALID_FIELDS"))
      << "the head has a name";
}

TEST_F(PlaceTest, TellsNobodyWhoReadsTheHeadsMail) {
  Open("office");
  v1::CreateSignUpRequest request = SignUpRequest("office", "Nino");
  *request.mutable_sign_up()->add_members() =
      Person("Ana", request.sign_up().members(0).email());
  ASSERT_OK_AND_ASSIGN(const v1::SignUp party, Send(request));
  EXPECT_EQ(Letters(party), "");
}

TEST_F(PlaceTest, IsLeftToBeNamedAgain) {
  Open("left");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp party, SignFourUp("left"));
  const std::string place = PlaceOf(party, 2);
  const v1::LeavePlaceRequest leaving = Leaving(place);
  ASSERT_THAT(Leave(leaving), IsOk());
  EXPECT_THAT(GetPlace(place),
              StatusIs(Code::kPermissionDenied, "PERMISSION_DENIED"));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp now, GetSignUp(party.name()));
  EXPECT_THAT(now, HasProto("state: CONFIRMED seats: 4"));
  EXPECT_THAT(now.members(2), HasProto(""));
  EXPECT_THAT(Letters(party), HasSubstr("left 1"));
  EXPECT_EQ(Wrong(), "");
  // Whoever left may come again, with another party too.
  EXPECT_THAT(Substitute(party.name(), 3, Person("Levan", "levan@example.org")),
              IsOk());
  EXPECT_EQ(Wrong(), "");
}

TEST_F(PlaceTest, IsGoneWithWhoLeavesTooLateToBeReplaced) {
  v1::StudyVisit together = WantedProto();
  together.mutable_seat_rules()->set_first_seats_first(true);
  Open("late");
  Open("late-together", together);
  for (const std::string visit : {"late", "late-together"}) {
    SCOPED_TRACE(visit);
    ASSERT_OK_AND_ASSIGN(const v1::SignUp fewer, SignFourUp(visit, kAdmin, 2));
    const std::string invited = PlaceOf(fewer, 1);
    ASSERT_THAT(Fill(invited, Person("Ana", "ana@example.org")), IsOk());
    v1::StudyVisit rules;
    rules.set_name("studyVisits/" + visit);
    rules.mutable_seat_rules()->set_placeholders_end("2026-01-02T09:00");
    rules.mutable_seat_rules()->set_first_seats_first(visit != "late");
    ASSERT_THAT(Update(rules, {"seat_rules"}), IsOk());
    ASSERT_OK_AND_ASSIGN(v1::SignUp now, GetSignUp(fewer.name()));
    EXPECT_THAT(now, HasProto("state: CONFIRMED seats: 3"));
    ASSERT_THAT(Leave(Leaving(invited)), IsOk());
    ASSERT_OK_AND_ASSIGN(now, GetSignUp(fewer.name()));
    EXPECT_THAT(now, HasProto("state: CONFIRMED seats: 2"));
    ASSERT_THAT(now.members(), SizeIs(2));
    EXPECT_EQ(now.members(1).full_name(), "Levan");
    EXPECT_EQ(Wrong(), "");
    // Then there are too few.
    ASSERT_THAT(Leave(Leaving(PlaceOf(fewer, 1))), IsOk());
    EXPECT_THAT(GetSignUp(fewer.name()),
                IsOkAndHolds(HasProto("state: EXPIRED")));
    EXPECT_EQ(Wrong(), "");
  }
}

TEST_F(PlaceTest, IsLostWithTheAddressThatNobodyToldANameFor) {
  Open("lost-place");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp party,
                       SignFourUp("lost-place", kAdmin, 2));
  const std::string named = PlaceOf(party, 2);
  const auto forget = [&] {
    return db::Transact(pool(), Soon(), [](db::Tx& tx) -> absl::StatusOr<int> {
      return ForgetLeftOut(tx, vault(), 100);
    });
  };
  ASSERT_THAT(forget(), IsOk());  // What other tests have left.
  EXPECT_THAT(Sealed(party), HasSubstr("invited@example.org"))
      << "there is time to tell a name";
  v1::StudyVisit rules;
  rules.set_name("studyVisits/lost-place");
  rules.mutable_seat_rules()->set_placeholders_end("2026-01-02T09:00");
  ASSERT_THAT(Update(rules, {"seat_rules"}), IsOk());
  ASSERT_THAT(forget(), IsOkAndHolds(1));
  EXPECT_THAT(Sealed(party), Not(HasSubstr("invited@example.org")));
  EXPECT_THAT(forget(), IsOkAndHolds(0)) << "once is enough";
  // The others are who they were, at their places.
  ASSERT_OK_AND_ASSIGN(const v1::SignUp now, GetSignUp(party.name()));
  EXPECT_THAT(now, HasProto("state: CONFIRMED seats: 2"));
  ASSERT_THAT(now.members(), SizeIs(2));
  EXPECT_EQ(now.members(0).full_name(), "Nino");
  EXPECT_EQ(now.members(1).email(), "levan@example.org");
  EXPECT_THAT(GetPlace(named), IsOk());
  EXPECT_EQ(Wrong(), "");
}

TEST_F(PlaceTest, KeepsPeopleApartBehindAPlaceWithoutAName) {
  Open("apart");
  ASSERT_THAT(SignUp("apart", "first"), IsOk());
  ASSERT_OK_AND_ASSIGN(const v1::SignUp party, SignFourUp("apart"));
  EXPECT_THAT(party, HasProto("state: WAITLISTED"));
  // Seats for all of them; a place before Levan's has no name yet.
  ASSERT_THAT(SetSeats("apart", 5), IsOk());
  ASSERT_THAT(Fill(PlaceOf(party, 1), Person("Ana", "ana@example.org")),
              IsOk());
  ASSERT_THAT(Leave(Leaving(PlaceOf(party, 2))), IsOk());
  EXPECT_THAT(SignUp("apart", "Levan"), IsOk()) << "who left may come again";
  EXPECT_THAT(Substitute(party.name(), 3, Person("Ana", "ana@example.org")),
              StatusIs(Code::kAlreadyExists, "ALREADY_SIGNED_UP"));
  EXPECT_EQ(Wrong(), "");
}

TEST_F(PlaceTest, IsNamedToWhoWasInvitedAMomentBefore) {
  Open("faster");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp party, SignFourUp("faster"));
  const std::string place = PlaceOf(party, 1);
  ASSERT_THAT(Substitute(party.name(), 2, Person("Ana", "invited@example.org")),
              IsOk());
  EXPECT_EQ(PlaceOf(party, 1), place);
  const mail::Writer writer = VisitLetters(&vault(), "https://pages.example");
  ASSERT_OK_AND_ASSIGN(
      const auto letter, db::Transact(pool(), Soon(), [&](db::Tx& tx) {
        return writer.write(tx, {.kind = "visits.invited", .about = place});
      }));
  ASSERT_TRUE(letter.has_value());
  EXPECT_THAT(letter->text, HasSubstr("Nino"));
  v1::SignUp::Member other = Person("Beata", "beata@example.org");
  EXPECT_THAT(Fill(place, other),
              StatusIs(Code::kInvalidArgument, "INVALID_FIELDS"))
      << "another person is named by the head";
}

TEST_F(PlaceTest, LeavesTheCountOnceTheVisitHasBegun) {
  Open("over");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp party, SignFourUp("over"));
  const std::string place = PlaceOf(party, 2);
  database().Run(
      "UPDATE visits.visit SET start_time = now() - interval '1 hour', "
      "start_local = '2026-01-02T09:00', "
      "sign_up_end_time = now() - interval '2 hours', "
      "sign_up_end_local = '2026-01-02T08:00' WHERE name = 'over'");
  EXPECT_THAT(Fill(place, Person("Ana", "ana@example.org")),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  ASSERT_OK_AND_ASSIGN(const v1::Place shown, GetPlace(place));
  EXPECT_FALSE(shown.has_naming_end_time());
  ASSERT_THAT(Leave(Leaving(place)), IsOk());
  ASSERT_OK_AND_ASSIGN(const v1::SignUp now, GetSignUp(party.name()));
  EXPECT_EQ(now.seats(), 4);
  EXPECT_EQ(now.members(2).full_name(), "");
  EXPECT_EQ(now.members(0).full_name(), "Nino");
  // Whatever is decided afterwards.
  v1::StudyVisit visit;
  visit.set_name("studyVisits/over");
  visit.set_contact_email("others@example.org");
  ASSERT_THAT(Update(visit, {"contact_email"}), IsOk());
  EXPECT_THAT(GetSignUp(party.name()),
              IsOkAndHolds(HasProto("state: CONFIRMED seats: 4")));
}

TEST_F(PlaceTest, ShowsThatItHadASeatAndForgetsItWithWhoLeaves) {
  Open("had-seats");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp party, SignFourUp("had-seats"));
  const std::string place = PlaceOf(party, 2);
  database().Run(
      "UPDATE visits.visit SET start_time = now() - interval '2 days', "
      "start_local = date_trunc('minute', localtimestamp) - interval '2 days', "
      "end_time = now() - interval '1 day', "
      "end_local = date_trunc('minute', localtimestamp) - interval '1 day' "
      "WHERE name = 'had-seats'");
  EXPECT_EQ(GetPlace(place)->seat_history_end(), "");
  const auto note = [&] {
    ASSERT_THAT(Transact(pool(),
                         [](db::Tx& tx) {
                           NoteSeats(tx, vault(), 100);
                           return absl::OkStatus();
                         }),
                IsOk());
  };
  note();
  const auto rows = [&] {
    return database().Ask(absl::StrCat(
        "SELECT count(*) FROM visits.seat_history WHERE sign_up_hash = '\\x",
        absl::BytesToHexString(vault().SeatSignUpHash(party.name())), "'"));
  };
  EXPECT_EQ(rows(), "2") << "of those whose names are known";
  ASSERT_OK_AND_ASSIGN(const v1::Place shown, GetPlace(place));
  EXPECT_THAT(shown.seat_history_end(), SizeIs(10));
  EXPECT_EQ(GetSignUp(party.name())->seat_history_end(),
            shown.seat_history_end());
  // With another place, before that visit begins.
  Open("seats-again");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp again, SignFourUp("seats-again"));
  ASSERT_THAT(Leave(Leaving(PlaceOf(again, 2))), IsOk());
  EXPECT_EQ(rows(), "1") << "that of the head";
  EXPECT_EQ(GetPlace(place)->seat_history_end(), "");
  // With this one, after the visit.
  database().Run(
      "UPDATE visits.visit SET is_in_history = false WHERE name = 'had-seats'");
  note();
  EXPECT_EQ(rows(), "2");
  ASSERT_THAT(Leave(Leaving(place)), IsOk());
  EXPECT_EQ(rows(), "1");
}

TEST_F(PlaceTest, WritesToMembersWhatTheHeadIsToldOfAll) {
  Open("copies");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp party, SignFourUp("copies"));
  ASSERT_THAT(Cancel("copies"), IsOk());
  const mail::Writer writer = VisitLetters(&vault(), "https://pages.example");
  const auto write = [&](const std::string& kind, const std::string& about) {
    return db::Transact(pool(), Soon(), [&](db::Tx& tx) {
      return writer.write(tx, {.kind = kind, .about = about});
    });
  };
  ASSERT_OK_AND_ASSIGN(const auto letter,
                       write("visits.cancelled", PlaceOf(party, 2)));
  ASSERT_TRUE(letter.has_value());
  EXPECT_EQ(letter->to, "levan@example.org");
  EXPECT_THAT(letter->text, HasSubstr("Dzień dobry, Levan,"));
  EXPECT_THAT(letter->text, HasSubstr("https://pages.example/place/"));
  ASSERT_OK_AND_ASSIGN(const auto unnamed,
                       write("visits.cancelled", PlaceOf(party, 1)));
  EXPECT_FALSE(unnamed.has_value()) << "who did not say that they come";
}

TEST_F(PlaceTest, TellsMembersThatTheirPartyIsErased) {
  Open("erased");
  const auto erase = [&](const v1::SignUp& party) {
    v1::EraseSignUpRequest request;
    request.set_name(party.name());
    request.set_request_id(NewRequestId());
    return support::Call(node_.sign_ups(), &SignUps::EraseSignUp, request,
                         {LinkOf(party.name())});
  };
  ASSERT_OK_AND_ASSIGN(const v1::SignUp party, SignFourUp("erased"));
  ASSERT_THAT(erase(party),
              IsOkAndHolds(HasProto("state: WITHDRAWN erased: true")));
  EXPECT_EQ(Letters(party), "invited 1, named 1, withdrawn 1");
  const mail::Writer writer = VisitLetters(&vault(), "https://pages.example");
  std::vector<mail::Message> written;
  const auto send = [&](db::Tx& tx) -> absl::StatusOr<int> {
    for (const mail::Letter& letter :
         mail::TakeLetters(tx, 10, absl::Minutes(4))) {
      ASSIGN_OR_RETURN(const auto message, writer.write(tx, letter));
      if (message) written.push_back(*message);
      mail::FinishLetter(tx, letter, mail::LetterState::kSent);
    }
    return 0;
  };
  ASSERT_THAT(db::Transact(pool(), Soon(), send), IsOk());
  ASSERT_THAT(written, SizeIs(1)) << "nobody is told of a place any more";
  EXPECT_EQ(written[0].to, "levan@example.org");
  EXPECT_EQ(written[0].language, "pl") << "the visit's";
  EXPECT_THAT(written[0].text, HasSubstr("Levan"));
  EXPECT_THAT(written[0].text, Not(HasSubstr("Nino")));
  EXPECT_THAT(written[0].text, Not(HasSubstr("https://")))
      << "the place is gone";
  EXPECT_EQ(database().Ask("SELECT count(*) FROM mail.letter "
                           "WHERE reader <> '' OR reader_key <> ''"),
            "0")
      << "who was told is forgotten";
  // Whom nobody told of a place is not told of its end.
  ASSERT_OK_AND_ASSIGN(const v1::SignUp unread, SignFourUp("erased", kGateway));
  ASSERT_THAT(erase(unread), IsOk());
  EXPECT_EQ(Letters(unread), "");
  EXPECT_EQ(Wrong(), "");
}

}  // namespace
}  // namespace lagnet::visits
