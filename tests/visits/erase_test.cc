// Sign-ups that staff enter for others, and people who want to be forgotten.

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/visits/fixture.h"

namespace lagnet::visits {
namespace {

using support::HasProto;
using support::IsOk;
using support::IsOkAndHolds;
using support::StatusIs;
using testing::IsEmpty;
using testing::SizeIs;
using Code = absl::StatusCode;

class EraseTest : public VisitServiceTest {
 protected:
  void OpenForOne(const std::string& id) {
    v1::StudyVisit visit = WantedProto();
    visit.set_seats(1);
    visit.clear_seats_per_organization();
    ASSERT_THAT(Create(id, visit), IsOk());
    ASSERT_THAT(Publish(id), IsOk());
  }

  absl::StatusOr<v1::SignUp> Erase(const std::string& name,
                                   const std::string& token) {
    v1::EraseSignUpRequest request;
    request.set_name(name);
    request.set_request_id(NewRequestId());
    return support::Call(node_.sign_ups(), &SignUps::EraseSignUp, request,
                         {token});
  }

  // How many rows of a table mention a text.
  int Mentions(const std::string& table, const std::string& text) {
    return std::stoi(database().Ask(
        absl::StrCat("SELECT count(*) FROM ", table,
                     " AS row WHERE row::text LIKE '%", text, "%'")));
  }
};

TEST_F(EraseTest, ForgetsWhoItWasAndGivesTheSeatToTheNext) {
  OpenForOne("forgotten");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp nino,
                       Send(SignUpRequest("forgotten", "nino")));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp ana,
                       Send(SignUpRequest("forgotten", "ana")));
  const std::string id = nino.name().substr(nino.name().rfind('/') + 1);
  // Where the release before kept it.
  database().Run(absl::StrCat(
      "INSERT INTO privacy.seal_key (seal_key_id, wrapped) SELECT '",
      nino.name(), "', seal_key FROM visits.sign_up WHERE name = '", id,
      "'; UPDATE visits.sign_up SET seal_key = '' WHERE name = '", id, "'"));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp kept, GetSignUp(nino.name()));
  EXPECT_THAT(kept.members(), SizeIs(1));
  const std::string link = "role:HOLDER@sign_up=" + nino.name();
  EXPECT_THAT(Erase(ana.name(), link),
              StatusIs(Code::kPermissionDenied, "PERMISSION_DENIED"));
  EXPECT_THAT(Erase(nino.name(), kManager),
              StatusIs(Code::kPermissionDenied, "PERMISSION_DENIED"))
      << "an organisation does not decide that for its people";
  ASSERT_OK_AND_ASSIGN(const v1::SignUp erased, Erase(nino.name(), link));
  EXPECT_THAT(erased, HasProto("state: WITHDRAWN erased: true"));
  EXPECT_THAT(erased.members(), IsEmpty());
  EXPECT_THAT(GetSignUp(ana.name()),
              IsOkAndHolds(HasProto("state: CONFIRMED")));
  EXPECT_EQ(Mentions("privacy.seal_key", id), 0);
  EXPECT_EQ(database().Ask("SELECT members || seal_key = '' FROM "
                           "visits.sign_up WHERE name = '" +
                           id + "'"),
            "true");
  EXPECT_EQ(Mentions("visits.person", id), 0);
  EXPECT_THAT(Erase(nino.name(), link), IsOkAndHolds(HasProto("erased: true")))
      << "once more changes nothing";
  // Who is forgotten may come again.
  EXPECT_THAT(Send(SignUpRequest("forgotten", "nino")), IsOk());
  EXPECT_EQ(Wrong(), "");
}

TEST_F(EraseTest, LeavesTheCountOnceTheVisitHasBegun) {
  OpenForOne("begun");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp nino,
                       Send(SignUpRequest("begun", "nino")));
  database().Run(
      "UPDATE visits.visit SET start_time = now() - interval '1 hour', "
      "start_local = '2026-01-02T09:00' WHERE name = 'begun'");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp erased, Erase(nino.name(), kAdmin));
  EXPECT_THAT(erased, HasProto("state: CONFIRMED seats: 1 erased: true"));
  EXPECT_THAT(erased.members(), IsEmpty());
}

TEST_F(EraseTest, SaysWhoEnteredASignUpAndHowTheNoticeWasGiven) {
  OpenForOne("entered");
  v1::CreateSignUpRequest request = SignUpRequest("entered", "nino");
  v1::SignUp& paper = *request.mutable_sign_up();
  paper.set_channel(v1::SignUp::PAPER);
  paper.set_notice_version("2026-11-26");
  paper.mutable_members(0)->clear_email();
  paper.mutable_members(0)->set_phone("+995 555 12 34 56");
  EXPECT_THAT(Send(request, kHost),
              StatusIs(Code::kInvalidArgument, "INVALID_FIELDS"))
      << "how the notice was given";
  paper.set_notice_given("on the back of the form");
  ASSERT_OK_AND_ASSIGN(const v1::SignUp entered, Send(request, kHost));
  EXPECT_THAT(GetSignUp(entered.name()),
              IsOkAndHolds(HasProto(
                  "channel: PAPER notice_version: '2026-11-26' "
                  "notice_given: 'on the back of the form' erased: false")));
  // A telephone tells people apart as an address does.
  request.set_request_id(NewRequestId());
  EXPECT_THAT(Send(request, kHost),
              StatusIs(Code::kAlreadyExists, "ALREADY_SIGNED_UP"));
  v1::CreateSignUpRequest typed = SignUpRequest("entered", "ana");
  typed.mutable_sign_up()->mutable_members(0)->clear_email();
  typed.mutable_sign_up()->mutable_members(0)->set_phone("+995 555 1");
  EXPECT_THAT(Send(typed), StatusIs(Code::kInvalidArgument, "INVALID_FIELDS"))
      << "who fills in the form has a mailbox";
}

}  // namespace
}  // namespace lagnet::visits
