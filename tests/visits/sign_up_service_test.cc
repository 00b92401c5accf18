#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "tests/visits/fixture.h"
#include "tests/visits/refusals.h"

namespace lagnet::visits {
namespace {

using support::EqualsProto;
using support::FromText;
using support::HasProto;
using support::IsOk;
using support::IsOkAndHolds;
using support::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;
using Code = absl::StatusCode;

const auto kTwice = StatusIs(Code::kAlreadyExists, "ALREADY_SIGNED_UP");

std::string HolderOf(const v1::SignUp& sign_up) {
  return "role:HOLDER@sign_up=" + sign_up.name();
}

class SignUpServiceTest : public VisitServiceTest {
 protected:
  // People in the order of a list of sign-ups.
  std::vector<std::string> List(v1::ListSignUpsRequest& request,
                                const std::string& token = kAdmin) {
    const auto page = support::Call(node_.sign_ups(), &SignUps::ListSignUps,
                                    request, {token});
    EXPECT_THAT(page, IsOk());
    std::vector<std::string> people;
    if (!page.ok()) return people;
    for (const v1::SignUp& s : page->sign_ups()) {
      EXPECT_EQ(s.holder_token(), "");
      people.push_back(s.members().empty() ? "?" : s.members(0).full_name());
    }
    request.set_page_token(page->next_page_token());
    return people;
  }
  std::vector<std::string> List(const std::string& visit,
                                const std::string& text,
                                const std::string& token = kAdmin) {
    auto request = FromText<v1::ListSignUpsRequest>(text);
    request.set_parent("studyVisits/" + visit);
    return List(request, token);
  }
};

TEST_F(SignUpServiceTest, GivesSeatsThenPlacesInTheQueue) {
  Open("queued", 2, 1);
  v1::CreateSignUpRequest request = SignUpRequest("queued", "a");
  request.mutable_sign_up()->set_external_id("their-7");
  request.mutable_sign_up()->mutable_members(0)->set_language("ka");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp a, Send(request, kManager));
  v1::SignUp expected = request.sign_up();
  expected.set_name(a.name());
  expected.set_state(v1::SignUp::CONFIRMED);
  expected.set_seats(1);
  expected.set_holder_token(a.holder_token());
  *expected.mutable_create_time() = a.create_time();
  *expected.mutable_update_time() = a.create_time();
  expected.set_etag(a.etag());
  expected.set_created_by(a.created_by());
  EXPECT_TRUE(absl::StartsWith(a.created_by(), "accounts/"));
  EXPECT_THAT(a, EqualsProto(expected.DebugString()));
  EXPECT_TRUE(absl::StartsWith(a.name(), "studyVisits/queued/signUps/"));
  EXPECT_TRUE(absl::StartsWith(a.holder_token(), "lagl_"));

  EXPECT_THAT(SignUp("queued", "b"),
              IsOkAndHolds(HasProto("state: WAITLISTED wait_position: 1 "
                                    "wait_reason: ORGANIZATION_SHARE")));
  EXPECT_THAT(SignUp("queued", "c", "lag-achinos"),
              IsOkAndHolds(HasProto("state: CONFIRMED")));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp d, SignUp("queued", "d", "lag-kotla"));
  EXPECT_THAT(d, HasProto("state: WAITLISTED wait_reason: VISIT_FULL "
                          "wait_position: 2"));
  expected = d;
  expected.clear_holder_token();  // Shown once only.
  EXPECT_THAT(GetSignUp(d.name()),
              IsOkAndHolds(EqualsProto(expected.DebugString())));
  EXPECT_THAT(Get("queued"),
              IsOkAndHolds(HasProto("confirmed_count: 2 waitlisted_count: 2")));
}

TEST_F(SignUpServiceTest, MovesUpWhenSomebodyWithdraws) {
  Open("moved", 1);
  ASSERT_OK_AND_ASSIGN(const v1::SignUp a, SignUp("moved", "a"));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp b, SignUp("moved", "b"));
  EXPECT_THAT(Withdraw(a.name(), kAdmin, b.etag()),
              StatusIs(Code::kAborted, "ETAG_MISMATCH"));
  EXPECT_THAT(Withdraw(a.name(), kManager, a.etag()),
              IsOkAndHolds(HasProto("state: WITHDRAWN")));
  EXPECT_THAT(GetSignUp(b.name()), IsOkAndHolds(HasProto("state: CONFIRMED")));
  EXPECT_THAT(Withdraw(a.name()),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  EXPECT_EQ(Wrong(), "");
}

TEST_F(SignUpServiceTest, MovesUpWhenSeatsOrShareAreRaised) {
  Open("raised", 1, 1);
  std::vector<v1::SignUp> made;
  for (const char* person : {"a", "b", "c"}) {
    ASSERT_OK_AND_ASSIGN(v1::SignUp sign_up, SignUp("raised", person));
    made.push_back(std::move(sign_up));
  }
  EXPECT_THAT(SetSeats("raised", 2, 1),
              IsOkAndHolds(HasProto("confirmed_count: 1")));
  EXPECT_THAT(SetSeats("raised", 2, 2),
              IsOkAndHolds(HasProto("confirmed_count: 2 waitlisted_count: 1")));
  EXPECT_THAT(GetSignUp(made[1].name()),
              IsOkAndHolds(HasProto("state: CONFIRMED")));
  EXPECT_THAT(GetSignUp(made[2].name()),
              IsOkAndHolds(HasProto("state: WAITLISTED wait_position: 1")));
  EXPECT_THAT(SetSeats("raised", 1, 1),
              StatusIs(Code::kFailedPrecondition, "SEATS_TAKEN"));
  EXPECT_THAT(SetSeats("raised", 2, 1), IsOk());
  EXPECT_EQ(Wrong(), "");
}

TEST_F(SignUpServiceTest, IsClosedOutsideItsWindow) {
  ASSERT_THAT(Create("window-draft", WantedProto()), IsOk());
  EXPECT_THAT(SignUp("window-draft", "a"), kClosed);
  StudyVisit late = Wanted("window-late", 5);
  late.sign_up_end = absl::CivilSecond(2024, 1, 1, 12, 0, 0);
  Open(late);
  EXPECT_THAT(SignUp("window-late", "a"), kClosed);
  StudyVisit early = Wanted("window-early", 5);
  early.sign_up_start = absl::CivilSecond(2036, 1, 1, 12, 0, 0);
  Open(early);
  EXPECT_THAT(SignUp("window-early", "a"), kClosed);
  EXPECT_THAT(SignUp("window-nowhere", "a"),
              StatusIs(Code::kNotFound, "NOT_FOUND"));
}

TEST_F(SignUpServiceTest, KnowsPeopleByNameAndMailbox) {
  Open("people", 10);
  ASSERT_OK_AND_ASSIGN(const v1::SignUp anna, SignUp("people", "anna"));
  v1::CreateSignUpRequest again = SignUpRequest("people", "ANNA");
  again.mutable_sign_up()->mutable_members(0)->set_full_name("Anna ");
  EXPECT_THAT(Send(again), kTwice);
  again.mutable_sign_up()->mutable_members(0)->set_full_name("jan");
  again.set_request_id(NewRequestId());
  EXPECT_THAT(Send(again), IsOk()) << "a mailbox that two people share";
  ASSERT_THAT(Withdraw(anna.name()), IsOk());
  EXPECT_THAT(SignUp("people", "anna"), IsOk());
  again = SignUpRequest("people", "c");
  *again.mutable_sign_up()->add_members() =
      SignUpRequest("people", "d").sign_up().members(0);
  EXPECT_THAT(Send(again), IsOkAndHolds(HasProto("state: CONFIRMED seats: 2")));
}

TEST_F(SignUpServiceTest, OnlyTriesIfAskedTo) {
  Open("tried", 1);
  v1::CreateSignUpRequest request = SignUpRequest("tried", "a");
  request.set_validate_only(true);
  EXPECT_THAT(Send(request), IsOkAndHolds(HasProto("state: CONFIRMED")));
  EXPECT_THAT(Send(request), IsOkAndHolds(HasProto("state: CONFIRMED")));
  EXPECT_EQ(Count("tried", "true"), 0);
  request.set_validate_only(false);
  EXPECT_THAT(Send(request), IsOk()) << "trying does not use the request id up";
}

TEST_F(SignUpServiceTest, SignsUpOnceHoweverOftenItIsAsked) {
  Open("once", 60);
  const v1::CreateSignUpRequest request = SignUpRequest("once", "a");
  constexpr int kTimes = 50;
  std::vector<absl::StatusOr<v1::SignUp>> answers(
      kTimes, absl::UnknownError("not sent"));
  std::vector<std::thread> callers;
  for (auto& answer : answers) {
    callers.emplace_back([&] { answer = Send(request); });
  }
  for (std::thread& caller : callers) caller.join();
  ASSERT_THAT(answers[0], IsOk());
  for (const auto& answer : answers) {
    EXPECT_THAT(answer, IsOkAndHolds(EqualsProto(answers[0]->DebugString())));
  }
  EXPECT_EQ(Count("once", "true"), 1);
  v1::CreateSignUpRequest other = request;
  other.mutable_sign_up()->mutable_members(0)->set_full_name("b");
  EXPECT_THAT(Send(other),
              StatusIs(Code::kFailedPrecondition, "REQUEST_ID_REUSED"));
  EXPECT_THAT(Send(request, kHost), kTwice) << "another caller's id is another";
}

TEST_F(SignUpServiceTest, LetsTheHolderSeeAndWithdrawOneSignUp) {
  Open("held", 5);
  ASSERT_OK_AND_ASSIGN(const v1::SignUp mine, SignUp("held", "a"));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp other, SignUp("held", "b"));
  EXPECT_EQ(vault().ReadToken(privacy::TokenKind::kHolder, mine.holder_token()),
            mine.name());
  EXPECT_THAT(GetSignUp(mine.name(), HolderOf(mine)), IsOk());
  EXPECT_THAT(GetSignUp(other.name(), HolderOf(mine)), kRefused);
  EXPECT_THAT(Withdraw(other.name(), HolderOf(mine)), kRefused);
  EXPECT_THAT(Withdraw(mine.name(), HolderOf(mine)), IsOk());
  EXPECT_THAT(GetSignUp("studyVisits/elsewhere/signUps/" +
                        mine.name().substr(mine.name().rfind('/') + 1)),
              StatusIs(Code::kNotFound, "NOT_FOUND"));
}

TEST_F(SignUpServiceTest, KeepsOrganizationsApart) {
  Open("apart", 5);
  ASSERT_OK_AND_ASSIGN(const v1::SignUp a, SignUp("apart", "a"));
  const char* const stranger = "role:LAG_MANAGER@organization=lag-kotla";
  EXPECT_THAT(GetSignUp(a.name(), stranger), kRefused);
  EXPECT_THAT(Withdraw(a.name(), stranger), kRefused);
  EXPECT_THAT(Send(SignUpRequest("apart", "b"), stranger), kRefused);
  EXPECT_THAT(GetSignUp(a.name(), kManager), IsOk());
  EXPECT_THAT(GetSignUp(a.name(), kHost), IsOk());
}

TEST_F(SignUpServiceTest, AnswersEachItemOfABatch) {
  Open("batch", 2);
  ASSERT_THAT(SignUp("batch", "there"), IsOk());
  v1::BatchCreateSignUpsRequest request;
  request.set_organization("organizations/lag-kazbegi");
  request.set_request_id(NewRequestId());
  for (const char* person : {"a", "there", "b", "c", "a"}) {
    *request.add_requests() = SignUpRequest("batch", person);
    request.mutable_requests()->rbegin()->mutable_sign_up()->set_external_id(
        person);
  }
  *request.mutable_requests(3) = SignUpRequest("batch", "c", "lag-kotla");
  const auto send = [&] {
    return support::Call(node_.sign_ups(), &SignUps::BatchCreateSignUps,
                         request,
                         {"role:PARTNER_SYSTEM@organization="
                          "lag-kazbegi"});
  };
  ASSERT_OK_AND_ASSIGN(const v1::BatchCreateSignUpsResponse first, send());
  ASSERT_EQ(first.results_size(), 5);
  EXPECT_THAT(first.results(0), HasProto("external_id: 'a' sign_up { state: "
                                         "CONFIRMED external_id: 'a' }"));
  EXPECT_EQ(first.results(1).error().code(), 6) << "ALREADY_EXISTS";
  EXPECT_THAT(first.results(2),
              HasProto("external_id: 'b' sign_up { state: WAITLISTED }"));
  EXPECT_EQ(first.results(3).error().code(), 3) << "another organisation";
  EXPECT_EQ(first.results(4).error().code(), 6);
  EXPECT_NE(first.results(0).sign_up().holder_token(), "");
  ASSERT_OK_AND_ASSIGN(const v1::BatchCreateSignUpsResponse again, send());
  EXPECT_THAT(again.results(0), EqualsProto(first.results(0).DebugString()));
  EXPECT_EQ(Count("batch", "true"), 3);
}

TEST_F(SignUpServiceTest, ListsSeatsThenTheQueueThenTheEnded) {
  Open("listed", 2);
  std::map<std::string, std::string> names;
  for (const char* person : {"a", "b", "c", "d", "e"}) {
    v1::CreateSignUpRequest request = SignUpRequest(
        "listed", person, *person < 'd' ? "lag-kazbegi" : "lag-kotla");
    request.mutable_sign_up()->set_external_id(std::string("x-") + person);
    ASSERT_OK_AND_ASSIGN(const v1::SignUp sign_up,
                         Send(request, *person == 'b' ? kHost : kAdmin));
    names[person] = sign_up.name();
  }
  ASSERT_THAT(Withdraw(names["a"]), IsOk());
  EXPECT_THAT(List("listed", ""), ElementsAre("b", "c", "d", "e", "a"));
  EXPECT_THAT(List("listed", "state: WAITLISTED"), ElementsAre("d", "e"));
  EXPECT_THAT(List("listed", "organization: 'organizations/lag-kazbegi'"),
              ElementsAre("b", "c", "a"));
  EXPECT_THAT(List("listed", "external_id: 'x-d'"), ElementsAre("d"));
  EXPECT_THAT(List("listed", "created_by_me: true", kHost), ElementsAre("b"));
  EXPECT_THAT(
      List("listed", "organization: 'organizations/lag-kazbegi'", kManager),
      ElementsAre("b", "c", "a"));
  v1::ListSignUpsRequest request;
  request.set_parent("studyVisits/listed");
  EXPECT_THAT(support::Call(node_.sign_ups(), &SignUps::ListSignUps, request,
                            {kManager}),
              kRefused);
  request.set_page_size(2);
  std::vector<std::string> paged;
  do {
    for (const std::string& person : List(request)) paged.push_back(person);
  } while (!request.page_token().empty());
  EXPECT_THAT(paged, ElementsAre("b", "c", "d", "e", "a"));
}

TEST_F(SignUpServiceTest, RanksWhoWaitsForAnOrganization) {
  Open("ranked", 1);
  std::map<std::string, std::string> names;
  for (const char* person : {"a", "b", "c", "d", "e"}) {
    ASSERT_OK_AND_ASSIGN(
        const v1::SignUp sign_up,
        SignUp("ranked", person, *person == 'c' ? "lag-kotla" : "lag-kazbegi"));
    names[person] = sign_up.name();
  }
  v1::RankSignUpsRequest request;
  request.set_parent("studyVisits/ranked");
  request.set_organization("organizations/lag-kazbegi");
  const auto rank = [&](const std::vector<std::string>& people,
                        const std::string& token = kManager) {
    request.clear_sign_ups();
    for (const std::string& person : people) {
      request.add_sign_ups(names[person]);
    }
    request.set_request_id(NewRequestId());
    return support::Call(node_.sign_ups(), &SignUps::RankSignUps, request,
                         {token});
  };
  const auto is_wrong_state =
      StatusIs(Code::kFailedPrecondition, "WRONG_STATE");
  EXPECT_THAT(rank({"a"}), is_wrong_state) << "has a seat";
  EXPECT_THAT(rank({"c"}), is_wrong_state) << "another's";
  EXPECT_THAT(rank({"d"}, "role:LAG_MANAGER@organization=lag-kotla"), kRefused);
  names["there"] = "studyVisits/elsewhere/signUps/x";
  EXPECT_THAT(rank({"there"}), is_wrong_state) << "on another visit";
  names["there"] = "b";
  EXPECT_THAT(rank({"there"}),
              StatusIs(Code::kInvalidArgument, "INVALID_FIELDS"));

  ASSERT_OK_AND_ASSIGN(const v1::RankSignUpsResponse ranked, rank({"e", "d"}));
  ASSERT_EQ(ranked.sign_ups_size(), 3);
  EXPECT_EQ(ranked.sign_ups(0).name(), names["e"]);
  EXPECT_EQ(ranked.sign_ups(1).name(), names["d"]);
  EXPECT_THAT(ranked.sign_ups(2),
              HasProto("wait_position: 4 members { full_name: 'b' }"));
  EXPECT_THAT(List("ranked", ""), ElementsAre("a", "e", "c", "d", "b"));
  ASSERT_OK_AND_ASSIGN(const v1::RankSignUpsResponse again,
                       support::Call(node_.sign_ups(), &SignUps::RankSignUps,
                                     request, {kManager}));
  EXPECT_THAT(again, EqualsProto(ranked.DebugString())) << "a repeat";

  v1::ExplainSignUpRequest why;
  why.set_name(names["b"]);
  EXPECT_THAT(
      support::Call(node_.sign_ups(), &SignUps::ExplainSignUp, why, {kManager}),
      IsOkAndHolds(HasProto("ranked_by_organization: true")));
  // Whoever decides next knows it, and so does a server that starts.
  ASSERT_THAT(Withdraw(names["a"]), IsOk());
  EXPECT_THAT(GetSignUp(names["e"]),
              IsOkAndHolds(HasProto("state: CONFIRMED")));
  Node other(database().dsn(), vault());
  v1::WithdrawSignUpRequest withdraw;
  withdraw.set_name(names["c"]);
  withdraw.set_request_id(NewRequestId());
  ASSERT_THAT(support::Call(other.sign_ups(), &SignUps::WithdrawSignUp,
                            withdraw, {kAdmin}),
              IsOk());
  EXPECT_THAT(GetSignUp(names["b"]),
              IsOkAndHolds(HasProto("state: WAITLISTED wait_position: 2")));
  EXPECT_EQ(Wrong(), "");
}

TEST_F(SignUpServiceTest, ForgetsThePeopleWhoseKeyIsErased) {
  Open("erased", 5);
  ASSERT_OK_AND_ASSIGN(const v1::SignUp a, SignUp("erased", "a"));
  ASSERT_THAT(SignUp("erased", "b"), IsOk());
  database().Run(
      absl::StrCat("UPDATE visits.sign_up SET seal_key = '' WHERE name = '",
                   a.name().substr(a.name().rfind('/') + 1), "'"));
  EXPECT_THAT(List("erased", ""), ElementsAre("?", "b"));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp left, GetSignUp(a.name()));
  EXPECT_THAT(left, HasProto("state: CONFIRMED")) << "the seat is kept";
  EXPECT_THAT(left.members(), IsEmpty());
  EXPECT_THAT(Withdraw(a.name()), IsOk());
}

}  // namespace
}  // namespace lagnet::visits
