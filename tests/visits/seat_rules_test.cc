// Rules, delegations and answers through the API, on a real PostgreSQL.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/visits/seat_store.h"
#include "tests/visits/fixture.h"

namespace lagnet::visits {
namespace {

using support::FromText;
using support::HasProto;
using support::IsOk;
using support::IsOkAndHolds;
using support::MetadataOf;
using support::StatusIs;
using support::WrongFields;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using Code = absl::StatusCode;

class SeatRulesTest : public VisitServiceTest {
 protected:
  // A published visit whose sign-up has begun, with these rules.
  void OpenBy(const std::string& id, int seats, const std::string& rules) {
    v1::StudyVisit visit = WantedProto();
    visit.set_seats(seats);
    visit.clear_seats_per_organization();
    *visit.mutable_seat_rules() = FromText<v1::SeatRules>(rules);
    ASSERT_THAT(Create(id, visit), IsOk());
    ASSERT_THAT(Publish(id), IsOk());
  }

  template <typename Request>
  absl::StatusOr<v1::SignUp> Ask(
      grpc::Status (SignUps::*method)(grpc::ClientContext*, const Request&,
                                      v1::SignUp*),
      const std::string& name, const std::string& more = "",
      const std::string& token = kAdmin) {
    auto request = FromText<Request>(more);
    request.set_name(name);
    request.set_request_id(NewRequestId());
    return support::Call(node_.sign_ups(), method, request, {token});
  }
  std::string Why(const std::string& name, const std::string& language) {
    v1::ExplainSignUpRequest request;
    request.set_name(name);
    request.set_language(language);
    const auto why = support::Call(node_.sign_ups(), &SignUps::ExplainSignUp,
                                   request, {kAdmin});
    return why.ok() ? why->text() : why.status().ToString();
  }
  v1::ListSeatRulesVersionsResponse Versions(const std::string& id) {
    v1::ListSeatRulesVersionsRequest request;
    request.set_parent("studyVisits/" + id);
    const auto versions = support::Call(
        node_.visits(), &Visits::ListSeatRulesVersions, request, {""});
    EXPECT_THAT(versions, IsOk());
    return versions.value_or(v1::ListSeatRulesVersionsResponse());
  }
};

TEST_F(SeatRulesTest, KeepsRulesAndFreezesThem) {
  const std::string rules = R"pb(
    policy: ORDER_OF_ARRIVAL
    who_may_come { sectors: CIVIC sectors: PUBLIC languages: "pl" }
    shares {
      group { organization: "organizations/lag-kazbegi" staff: true }
      min: 1
      min_until: "2036-04-01T12:00"
    }
    shares {
      group { territory: "PL81" }
      max_percent: 50
    }
    confirm_hours: 72
    hold_hours: 24
    largest_held_group: 5
    free_withdrawal_end: "2036-04-25T12:00"
  )pb";
  OpenBy("frozen", 10, rules);
  ASSERT_OK_AND_ASSIGN(v1::StudyVisit visit, Get("frozen"));
  EXPECT_THAT(
      visit.seat_rules(),
      support::EqualsProto(FromText<v1::SeatRules>(rules).DebugString()));
  EXPECT_THAT(visit.rules_hash(), SizeIs(64));
  ASSERT_THAT(Versions("frozen").versions(), SizeIs(1));
  EXPECT_EQ(Versions("frozen").versions(0).hash(), visit.rules_hash());
  EXPECT_EQ(database().Ask(absl::StrCat("SELECT encode(sha256(convert_to($$",
                                        Versions("frozen").versions(0).text(),
                                        "$$, 'UTF8')), 'hex')")),
            visit.rules_hash());
  visit.set_seats(11);
  EXPECT_THAT(Update(visit, {"seats"}, kAdmin, ""),
              StatusIs(Code::kFailedPrecondition, "REASON_REQUIRED"));
  visit.set_contact_email("new@example.org");
  EXPECT_THAT(Update(visit, {"contact_email"}, kAdmin, ""), IsOk())
      << "binds nobody";
  visit.clear_etag();
  ASSERT_OK_AND_ASSIGN(const v1::StudyVisit changed,
                       Update(visit, {"seats"}, kAdmin, "A larger bus"));
  EXPECT_NE(changed.rules_hash(), visit.rules_hash());
  const auto versions = Versions("frozen");
  ASSERT_THAT(versions.versions(), SizeIs(2));
  EXPECT_EQ(versions.versions(0).reason(), "A larger bus");
  EXPECT_EQ(versions.versions(1).reason(), "");
}

TEST_F(SeatRulesTest, RefusesRulesThatContradictThemselvesOrNameNothing) {
  const auto refused = [&](const std::string& rules) {
    v1::StudyVisit visit = WantedProto();
    *visit.mutable_seat_rules() = FromText<v1::SeatRules>(rules);
    return Create("refused", visit).status();
  };
  const absl::Status sums = refused(
      "shares { group { sector: CIVIC } min: 2 } "
      "shares { group { sector: PUBLIC } min: 1 }");
  EXPECT_THAT(WrongFields(sums),
              ElementsAre("study_visit.seat_rules.shares[0]"));
  EXPECT_THAT(refused("shares { group { territory: 'XX99' } max: 1 }"),
              StatusIs(Code::kInvalidArgument, "UNKNOWN_TERRITORY"));
  EXPECT_THAT(
      std::string(
          refused("who_may_come { territories: 'XX99' territories: 'PL' "
                  "territories: 'YY1' } "
                  "shares { group { territory: 'XX99' } max: 1 }")
              .message()),
      HasSubstr("has XX99, YY1; "))
      << "all of them, each once";
  std::string many = "who_may_come {";
  for (int i = 10; i < 30; ++i) {
    absl::StrAppend(&many, " territories: 'XX", i, "'");
  }
  const std::string named(refused(many + " }").message());
  EXPECT_THAT(named, HasSubstr("XX19; ")) << "ten of them";
  EXPECT_THAT(
      refused("shares { group { organization: 'organizations/none' } max: 1 }"),
      StatusIs(Code::kInvalidArgument, "UNKNOWN_REFERENCE"));
}

TEST_F(SeatRulesTest, TakesDelegations) {
  OpenBy("groups", 4, "placeholders_end: '2036-04-10T12:00'");
  v1::CreateSignUpRequest request = SignUpRequest("groups", "head");
  v1::SignUp* party = request.mutable_sign_up();
  *party->add_members() = SignUpRequest("", "second").sign_up().members(0);
  party->add_members();
  party->set_min_members(2);
  ASSERT_OK_AND_ASSIGN(const v1::SignUp group, Send(request));
  EXPECT_THAT(group, HasProto("state: CONFIRMED seats: 3"));
  EXPECT_THAT(Get("groups"), IsOkAndHolds(HasProto("confirmed_count: 3")));
  ASSERT_OK_AND_ASSIGN(
      const v1::SignUp named,
      Ask(&SignUps::SubstituteMember, group.name(),
          "member: 3 person { full_name: 'third' email: 't@example.org' "
          "sector: PUBLIC age_band: FROM_25_TO_40 }",
          kAdmin));
  EXPECT_EQ(named.members(2).full_name(), "third");
  EXPECT_THAT(GetSignUp(group.name()),
              IsOkAndHolds(HasProto("members { full_name: 'head' } "
                                    "members { full_name: 'second' } "
                                    "members { full_name: 'third' "
                                    "  sector: PUBLIC }")));
  EXPECT_THAT(SignUp("groups", "third"), IsOk()) << "another mailbox";
  v1::CreateSignUpRequest twice = SignUpRequest("groups", "third");
  twice.mutable_sign_up()->mutable_members(0)->set_email("t@example.org");
  EXPECT_THAT(Send(twice), StatusIs(Code::kAlreadyExists, "ALREADY_SIGNED_UP"));
  EXPECT_THAT(Ask(&SignUps::SubstituteMember, group.name(),
                  "member: 4 person { full_name: 'x' email: 'x@example.org' }"),
              StatusIs(Code::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_EQ(Wrong(), "");
}

TEST_F(SeatRulesTest, LeavesPlaceholdersOutWhenSignUpEndsEarly) {
  OpenBy("early", 5, "");
  v1::CreateSignUpRequest request = SignUpRequest("early", "head");
  v1::SignUp* party = request.mutable_sign_up();
  party->add_members();
  *party->add_members() = SignUpRequest("", "third").sign_up().members(0);
  party->set_min_members(2);
  ASSERT_OK_AND_ASSIGN(const v1::SignUp group, Send(request));
  ASSERT_OK_AND_ASSIGN(v1::StudyVisit visit, Get("early"));
  visit.set_sign_up_start("2026-01-01T00:00");
  visit.set_sign_up_end("2026-02-01T00:00");
  ASSERT_THAT(
      Update(visit, {"sign_up_start", "sign_up_end"}, kAdmin, "All came"),
      IsOk());
  EXPECT_THAT(GetSignUp(group.name()),
              IsOkAndHolds(HasProto("state: CONFIRMED seats: 2 "
                                    "members { full_name: 'head' } "
                                    "members { full_name: 'third' }")));
  EXPECT_THAT(Why(group.name(), "en"), HasSubstr("You have 2 seats"));
  EXPECT_EQ(Wrong(), "");
  // Who reads it anew counts the members from the first again.
  EXPECT_EQ(
      database().Ask("SELECT string_agg(member::text, ' ' ORDER BY member) "
                     "FROM visits.person JOIN visits.visit "
                     "USING (visit_id) WHERE name = 'early'"),
      "0 1");
}

TEST_F(SeatRulesTest, NewRulesAskForWhatOldOnesDidNot) {
  database().Run(
      "INSERT INTO directory.organization_territory SELECT organization_id, 0, "
      "1, '2021', 'PL815' FROM directory.organization "
      "WHERE name = 'lag-kotla'");
  OpenBy("placed", 1, "");
  ASSERT_THAT(SignUp("placed", "a", "lag-kotla"), IsOk());
  ASSERT_OK_AND_ASSIGN(const v1::SignUp b, SignUp("placed", "b", "lag-kotla"));
  ASSERT_OK_AND_ASSIGN(v1::StudyVisit visit, Get("placed"));
  visit.set_seats(3);
  *visit.mutable_seat_rules() =
      FromText<v1::SeatRules>("shares { group { territory: 'PL81' } max: 1 }");
  ASSERT_THAT(Update(visit, {"seats", "seat_rules"}, kAdmin, "A larger bus"),
              IsOk());
  EXPECT_THAT(GetSignUp(b.name()),
              IsOkAndHolds(HasProto("state: WAITLISTED "
                                    "wait_reason: SHARE_FULL")));
  EXPECT_EQ(Wrong(), "");
}

TEST_F(SeatRulesTest, AsksTheOrganization) {
  OpenBy("asked", 1, "confirm_hours: 72");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp a, SignUp("asked", "a"));
  EXPECT_EQ(a.state(), v1::SignUp::HELD);
  EXPECT_TRUE(a.has_due_time());
  EXPECT_THAT(Get("asked"), IsOkAndHolds(HasProto("held_count: 1")));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp b, SignUp("asked", "b"));
  EXPECT_THAT(b, HasProto("state: PENDING_CONFIRMATION wait_position: 1 "
                          "wait_reason: VISIT_FULL"));
  const std::string mine = "organization: 'organizations/lag-kazbegi' ";
  const std::string other = "organization: 'organizations/lag-kotla' ";
  EXPECT_THAT(Ask(&SignUps::ConfirmSignUp, a.name(), other),
              StatusIs(Code::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(Ask(&SignUps::RefuseSignUp, a.name(),
                  mine + "reason: 'Left us in May'", kManager),
              IsOkAndHolds(HasProto("state: REFUSED "
                                    "refuse_reason: 'Left us in May'")));
  EXPECT_THAT(GetSignUp(b.name()), IsOkAndHolds(HasProto("state: HELD")));
  EXPECT_THAT(Why(a.name(), "en"), HasSubstr("Left us in May"));
  EXPECT_THAT(Ask(&SignUps::ConfirmSignUp, b.name(), mine, kManager),
              IsOkAndHolds(HasProto("state: CONFIRMED")));
  EXPECT_THAT(Send(SignUpRequest("asked", "c"), kManager),
              IsOkAndHolds(HasProto("state: WAITLISTED")))
      << "whom the organisation signs up is confirmed by that";
  EXPECT_EQ(Wrong(), "");
}

TEST_F(SeatRulesTest, SettlesWhatWasNotAnsweredInTime) {
  OpenBy("lapsed", 1, "confirm_hours: 72");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp a, SignUp("lapsed", "a"));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp b, SignUp("lapsed", "b"));
  database().Run(absl::StrCat(
      "UPDATE visits.sign_up SET due_time = now() - interval '1 hour' "
      "WHERE 'studyVisits/lapsed/signUps/' || name = '",
      a.name(),
      "'; UPDATE visits.visit SET due_time = now(), version = version "
      "WHERE name = 'lapsed'"));
  const auto settle = [](db::Tx& tx) -> absl::StatusOr<int> {
    return SettleVisits(tx, 10);
  };
  ASSERT_OK_AND_ASSIGN(const int settled, db::Transact(pool(), Soon(), settle));
  EXPECT_GE(settled, 1);
  EXPECT_THAT(GetSignUp(a.name()), IsOkAndHolds(HasProto("state: EXPIRED")));
  EXPECT_THAT(GetSignUp(b.name()), IsOkAndHolds(HasProto("state: HELD")));
  EXPECT_THAT(SignUp("lapsed", "a"), IsOk()) << "may sign up again";
  EXPECT_EQ(Wrong(), "");
}

TEST_F(SeatRulesTest, OffersPromotesAndExplains) {
  OpenBy("offered", 2,
         "offer_hours: 48 shares { group { sector: PUBLIC } min: 1 }");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp a, SignUp("offered", "a"));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp b, SignUp("offered", "b"));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp c, SignUp("offered", "c"));
  EXPECT_THAT(b, HasProto("state: WAITLISTED wait_reason: SEATS_KEPT "
                          "wait_share: 1 wait_position: 1"));
  EXPECT_THAT(Ask(&SignUps::PromoteSignUp, c.name(),
                  "reason: 'Interprets for us'", kHost),
              IsOkAndHolds(HasProto("state: OFFERED")));
  EXPECT_THAT(Ask(&SignUps::AcceptSignUp, c.name()),
              IsOkAndHolds(HasProto("state: CONFIRMED")));
  EXPECT_THAT(Why(b.name(), "en"), AllOf(HasSubstr("number 1 in the queue"),
                                         HasSubstr("Interprets for us")));
  EXPECT_THAT(Why(b.name(), "ka"), HasSubstr("რიგში"));
  EXPECT_THAT(Why(b.name(), "pl"), HasSubstr("kolejce"));
  EXPECT_THAT(Why(b.name(), "cs"), HasSubstr("pořadí"));
  ASSERT_THAT(Withdraw(a.name()), IsOk());
  EXPECT_THAT(GetSignUp(b.name()), IsOkAndHolds(HasProto("state: WAITLISTED")))
      << "the seat is kept for the public sector";
  ASSERT_THAT(Withdraw(c.name()), IsOk());
  EXPECT_THAT(Ask(&SignUps::DeclineSignUp, b.name()),
              IsOkAndHolds(HasProto("state: DECLINED")));
  EXPECT_THAT(Ask(&SignUps::AcceptSignUp, b.name()),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  EXPECT_EQ(Wrong(), "");
}

TEST_F(SeatRulesTest, ExplainsAVisitThatIsOver) {
  OpenBy("over", 2, "shares { group { sector: CIVIC } max: 2 }");
  ASSERT_THAT(SignUp("over", "a"), IsOk());
  v1::CreateSignUpRequest request = SignUpRequest("over", "b");
  *request.mutable_sign_up()->add_members() =
      SignUpRequest("", "b2").sign_up().members(0);
  ASSERT_OK_AND_ASSIGN(const v1::SignUp group, Send(request));
  ASSERT_THAT(SignUp("over", "c"), IsOkAndHolds(HasProto("state: CONFIRMED")));
  // The share that was in the way is none of the rules any more.
  ASSERT_OK_AND_ASSIGN(v1::StudyVisit visit, Get("over"));
  visit.mutable_seat_rules()->clear_shares();
  ASSERT_THAT(Update(visit, {"seat_rules"}, kAdmin, "It was in the way"),
              IsOk());
  database().Run(
      "UPDATE visits.visit SET state = 3, version = version "
      "WHERE name = 'over'");
  EXPECT_THAT(GetSignUp(group.name()),
              IsOkAndHolds(HasProto("state: WAITLISTED "
                                    "wait_reason: VISIT_OVER")));
  EXPECT_EQ(Why(group.name(), "en"),
            "The visit is over; no more seats are given out.\n"
            "When you signed up you were number 1 in the queue.\n"
            "Some people behind you went ahead because of this: All seats "
            "that may go to civil society are taken.");
}

TEST_F(SeatRulesTest, LetsOnlyThoseComeWhoMay) {
  OpenBy("eligible", 5, "who_may_come { territories: 'PL81' sectors: CIVIC }");
  const auto refuses = [&](const std::string& criterion,
                           const v1::CreateSignUpRequest& request) {
    const auto refused = Send(request);
    EXPECT_THAT(refused, StatusIs(Code::kFailedPrecondition, "NOT_ELIGIBLE"));
    EXPECT_EQ(MetadataOf(refused.status(), "criterion"), criterion);
  };
  v1::CreateSignUpRequest request = SignUpRequest("eligible", "b");
  refuses("territory", request);
  auto* member = request.mutable_sign_up()->mutable_members(0);
  member->set_territory("PL815");  // Puławski, in Lubelskie.
  member->set_sector(v1::SignUp::PUBLIC);
  refuses("sector", request);
  member->clear_sector();
  EXPECT_THAT(Send(request), IsOkAndHolds(HasProto("state: CONFIRMED")));
}

}  // namespace
}  // namespace lagnet::visits
