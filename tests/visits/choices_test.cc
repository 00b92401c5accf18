// Visits of a project that give seats out together, over gRPC and in the
// database.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/visits/fixture.h"
#include "tests/visits/refusals.h"

namespace lagnet::visits {
namespace {

using support::HasProto;
using support::IsOk;
using support::IsOkAndHolds;
using support::StatusIs;
using support::WrongFields;
using testing::ElementsAre;
using testing::HasSubstr;
using Code = absl::StatusCode;

class ChoicesTest : public VisitServiceTest {
 protected:
  // Two visits of one project, made anew for each test.
  ChoicesTest() {
    static int count = 0;
    ++count;
    near_ = absl::StrCat("near-", count);
    far_ = absl::StrCat("far-", count);
    for (const std::string& id : {near_, far_}) Open(Together(id, 1));
  }
  // Nobody of the next test has a seat on a visit of this one.
  ~ChoicesTest() override {
    for (const std::string& id : {near_, far_}) EXPECT_THAT(Cancel(id), IsOk());
    EXPECT_EQ(Wrong(), "");
  }

  static StudyVisit Together(const std::string& id, int seats) {
    StudyVisit visit = Wanted(id, seats);
    visit.project = "green-paths";
    visit.rules.first_seats_first = true;
    return visit;
  }

  absl::StatusOr<v1::SignUp> Choose(const std::string& visit,
                                    const std::string& person, int choice = 0) {
    v1::CreateSignUpRequest request = SignUpRequest(visit, person);
    request.mutable_sign_up()->set_choice(choice);
    return Send(request, kManager);
  }

  std::string near_, far_;
};

TEST_F(ChoicesTest, KeepsSeatsForThoseWhoHaveNone) {
  ASSERT_OK_AND_ASSIGN(const v1::SignUp first, Choose(near_, "nino"));
  EXPECT_THAT(first, HasProto("state: CONFIRMED"));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp second, Choose(far_, "nino"));
  EXPECT_THAT(second, HasProto("state: WAITLISTED second_seat: true "
                               "wait_reason: SEAT_ELSEWHERE"));
  EXPECT_THAT(Choose(far_, "gia"), IsOkAndHolds(HasProto("state: CONFIRMED")));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp eka, Choose(far_, "eka"));
  EXPECT_THAT(eka, HasProto("state: WAITLISTED wait_position: 1"));
  EXPECT_THAT(GetSignUp(second.name()),
              IsOkAndHolds(HasProto("wait_position: 2 second_seat: true")));
  // With the seat goes what it cost.
  EXPECT_THAT(Withdraw(first.name()), IsOk());
  EXPECT_THAT(GetSignUp(second.name()),
              IsOkAndHolds(HasProto("state: WAITLISTED wait_position: 1 "
                                    "wait_reason: VISIT_FULL")));
}

TEST_F(ChoicesTest, MovesToABetterChoiceAndFreesTheOther) {
  ASSERT_OK_AND_ASSIGN(const v1::SignUp gia, Choose(near_, "gia"));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp better, Choose(near_, "nino", 1));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp worse, Choose(far_, "nino", 2));
  EXPECT_THAT(better, HasProto("state: WAITLISTED choice: 1"));
  EXPECT_THAT(worse, HasProto("state: CONFIRMED choice: 2"));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp eka, Choose(far_, "eka"));
  EXPECT_THAT(Withdraw(gia.name()), IsOk());
  EXPECT_THAT(GetSignUp(better.name()),
              IsOkAndHolds(HasProto("state: CONFIRMED")));
  EXPECT_THAT(GetSignUp(worse.name()),
              IsOkAndHolds(HasProto("state: WITHDRAWN")));
  EXPECT_THAT(GetSignUp(eka.name()),
              IsOkAndHolds(HasProto("state: CONFIRMED")));
}

TEST_F(ChoicesTest, KnowsPeopleAtEveryServer) {
  Node other(database().dsn(), vault());
  ASSERT_THAT(Choose(near_, "nino"), IsOk());
  v1::CreateSignUpRequest request = SignUpRequest(far_, "nino");
  const auto second = support::Call(other.sign_ups(), &SignUps::CreateSignUp,
                                    request, {kManager});
  EXPECT_THAT(second, IsOkAndHolds(HasProto("wait_reason: SEAT_ELSEWHERE")));
}

TEST_F(ChoicesTest, RefusesChoicesThatMakeNoSense) {
  ASSERT_THAT(Choose(near_, "nino", 1), IsOk());
  EXPECT_THAT(WrongFields(Choose(far_, "nino", 1).status()),
              ElementsAre("sign_up.choice"));
  EXPECT_THAT(Choose(far_, "nino", 2),
              StatusIs(Code::kFailedPrecondition, "BETTER_CHOICE"));
  EXPECT_THAT(WrongFields(Choose(far_, "nino", 10).status()),
              ElementsAre("sign_up.choice"));
  const std::string alone = absl::StrCat(near_, "-alone");
  Open(alone, 1);
  EXPECT_THAT(WrongFields(Choose(alone, "nino", 1).status()),
              ElementsAre("sign_up.choice"));
  EXPECT_THAT(Choose(alone, "nino"), IsOkAndHolds(HasProto("state: CONFIRMED")))
      << "a visit on its own asks nothing of others";
}

TEST_F(ChoicesTest, TellsWhyInWords) {
  ASSERT_THAT(Choose(near_, "nino"), IsOk());
  ASSERT_OK_AND_ASSIGN(const v1::SignUp second, Choose(far_, "nino"));
  v1::ExplainSignUpRequest request;
  request.set_name(second.name());
  request.set_language("en");
  ASSERT_OK_AND_ASSIGN(const auto why,
                       support::Call(node_.sign_ups(), &SignUps::ExplainSignUp,
                                     request, {kAdmin}));
  EXPECT_THAT(why.text(), HasSubstr("another visit of this project"));
}

TEST_F(ChoicesTest, IsSettledBeforePublication) {
  ASSERT_OK_AND_ASSIGN(v1::StudyVisit visit, Get(near_));
  visit.mutable_seat_rules()->set_first_seats_first(false);
  EXPECT_THAT(WrongFields(Update(visit, {"seat_rules"}).status()),
              ElementsAre("study_visit.seat_rules.first_seats_first"));
}

}  // namespace
}  // namespace lagnet::visits
