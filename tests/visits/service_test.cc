// StudyVisitService; the sign-ups are sign_up_service_test.cc's.

#include "server/visits/service.h"

#include <string>
#include <utility>
#include <vector>

#include "tests/visits/fixture.h"
#include "tests/visits/refusals.h"

namespace lagnet::visits {
namespace {

using support::EqualsProto;
using support::FromText;
using support::HasProto;
using support::IsOk;
using support::IsOkAndHolds;
using support::MetadataOf;
using support::StatusIs;
using support::WrongFields;
using testing::ElementsAre;
using Code = absl::StatusCode;

constexpr char kEditor[] = "role:NETWORK_EDITOR@network=ksow";

const auto kNotFound = StatusIs(Code::kNotFound, "NOT_FOUND");

TEST_F(VisitServiceTest, ReadsBackWhatWasCreated) {
  ASSERT_OK_AND_ASSIGN(const v1::StudyVisit created,
                       Create("full", WantedProto(), kEditor));
  v1::StudyVisit expected = WantedProto();
  expected.MergeFrom(FromText<v1::StudyVisit>(R"pb(
    name: "studyVisits/full"
    state: DRAFT
    start_time { seconds: 2093238000 }
    end_time { seconds: 2093351400 }
    sign_up_start_time { seconds: 1767222000 }
    sign_up_end_time { seconds: 2092341600 }
    etag: "\"1\""
  )pb"));
  *expected.mutable_create_time() = created.create_time();
  *expected.mutable_update_time() = created.create_time();
  EXPECT_THAT(created, EqualsProto(expected.DebugString()));
  EXPECT_THAT(Get("full", kEditor),
              IsOkAndHolds(EqualsProto(expected.DebugString())));
  ASSERT_OK_AND_ASSIGN(const v1::StudyVisit published,
                       Publish("full", kHost, created.etag()));
  EXPECT_THAT(published, HasProto("state: PUBLISHED sign_up_open: true"));
  EXPECT_NE(published.etag(), created.etag());
  EXPECT_THAT(Get("full"), IsOkAndHolds(EqualsProto(published.DebugString())));
}

TEST_F(VisitServiceTest, ShowsDraftsToThoseOfTheVisitOnly) {
  ASSERT_THAT(Create("draft", WantedProto()), IsOk());
  for (const char* token :
       {kAdmin, kEditor, kHost, "role:LAG_MANAGER@organization=lag-achinos"}) {
    EXPECT_THAT(Get("draft", token), IsOk()) << token;
  }
  for (const char* token :
       {"", "role:NONE", kManager, "role:NETWORK_EDITOR@network=elsewhere"}) {
    EXPECT_THAT(Get("draft", token), kNotFound) << token;
  }
}

TEST_F(VisitServiceTest, CreatesOnceHoweverOftenItIsAsked) {
  v1::CreateStudyVisitRequest request;
  request.set_study_visit_id("repeated");
  *request.mutable_study_visit() = WantedProto();
  request.set_request_id(NewRequestId());
  const auto send = [&] {
    return support::Call(node_.visits(), &Visits::CreateStudyVisit, request,
                         {kAdmin});
  };
  ASSERT_OK_AND_ASSIGN(const v1::StudyVisit first, send());
  EXPECT_THAT(send(), IsOkAndHolds(EqualsProto(first.DebugString())));
  request.mutable_study_visit()->set_seats(9);
  EXPECT_THAT(send(), StatusIs(Code::kFailedPrecondition, "REQUEST_ID_REUSED"));
  request.set_request_id(NewRequestId());
  const auto taken = send();
  EXPECT_THAT(taken, StatusIs(Code::kAlreadyExists, "NAME_TAKEN"));
  EXPECT_EQ(MetadataOf(taken.status(), "name"), "studyVisits/repeated");
}

TEST_F(VisitServiceTest, OnlyTriesIfAskedTo) {
  v1::CreateStudyVisitRequest create;
  create.set_study_visit_id("tried");
  *create.mutable_study_visit() = WantedProto();
  create.set_request_id(NewRequestId());
  create.set_validate_only(true);
  EXPECT_THAT(support::Call(node_.visits(), &Visits::CreateStudyVisit, create,
                            {kAdmin}),
              IsOkAndHolds(HasProto("name: 'studyVisits/tried'")));
  EXPECT_THAT(Get("tried", kAdmin), kNotFound);
  ASSERT_OK_AND_ASSIGN(const v1::StudyVisit visit,
                       Create("tried", WantedProto()));
  v1::UpdateStudyVisitRequest update;
  update.mutable_study_visit()->set_name(visit.name());
  update.mutable_study_visit()->set_seats(77);
  update.set_request_id(NewRequestId());
  update.set_validate_only(true);
  EXPECT_THAT(support::Call(node_.visits(), &Visits::UpdateStudyVisit, update,
                            {kAdmin}),
              IsOkAndHolds(HasProto("seats: 77")));
  EXPECT_THAT(Get("tried", kAdmin),
              IsOkAndHolds(EqualsProto(visit.DebugString())));
}

TEST_F(VisitServiceTest, RefusesWhatRefersToNothing) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"network: 'networks/nowhere'", "study_visit.network"},
      {"project: 'projects/nothing'", "study_visit.project"},
      {"hosts: 'organizations/nobody'", "study_visit.hosts"},
      {"days { date: '2036-05-03' stops { title { texts { key: 'en' value { "
       "text: 'x' } } } host: 'organizations/nobody' } } "
       "end: '2036-05-03T12:00'",
       "study_visit.days.stops.host"},
  };
  for (const auto& [text, field] : cases) {
    v1::StudyVisit visit = WantedProto();
    visit.MergeFrom(FromText<v1::StudyVisit>(text));
    const auto created = Create("unreferred", visit);
    EXPECT_THAT(created, StatusIs(Code::kInvalidArgument, "UNKNOWN_REFERENCE"));
    EXPECT_THAT(WrongFields(created.status()), ElementsAre(field));
  }
}

TEST_F(VisitServiceTest, UpdatesOnlyTheFieldsOfTheMask) {
  ASSERT_OK_AND_ASSIGN(v1::StudyVisit expected,
                       Create("masked", WantedProto()));
  const auto wanted = FromText<v1::StudyVisit>(
      "name: 'studyVisits/masked' contact_email: 'new@example.org' "
      "languages: 'cs' seats: 99 days { date: '2036-05-02' }");
  ASSERT_OK_AND_ASSIGN(
      const v1::StudyVisit updated,
      Update(wanted, {"contact_email", "languages", "days"}, kHost));
  expected.set_contact_email("new@example.org");
  expected.clear_languages();
  expected.add_languages("cs");
  *expected.mutable_days() = wanted.days();
  expected.set_etag("\"2\"");
  *expected.mutable_update_time() = updated.update_time();
  EXPECT_THAT(updated, EqualsProto(expected.DebugString()));
  EXPECT_THAT(Get("masked", kAdmin),
              IsOkAndHolds(EqualsProto(expected.DebugString())));
}

TEST_F(VisitServiceTest, LetsTheNetworkSayWhoRunsItAndWhoPays) {
  ASSERT_THAT(Create("handed", WantedProto()), IsOk());
  v1::StudyVisit wanted = WantedProto();
  wanted.set_name("studyVisits/handed");
  wanted.add_hosts("organizations/lag-kotla");
  EXPECT_THAT(Update(wanted, {"hosts"}, kHost), kRefused);
  EXPECT_THAT(Update(wanted, {"hosts"}, kEditor), IsOk());
  EXPECT_THAT(Update(wanted, {"hosts", "seats"}, kHost), IsOk())
      << "as they are";
  wanted.clear_project();
  EXPECT_THAT(Update(wanted, {"project"}, kHost), kRefused);
  EXPECT_THAT(Update(wanted, {"project"}, kEditor), IsOk());
}

TEST_F(VisitServiceTest, RefusesUpdatesThatBreakTheRules) {
  ASSERT_OK_AND_ASSIGN(const v1::StudyVisit visit,
                       Create("kept", WantedProto()));
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"seats", "seats: 0"},
      {"end", "end: '2036-04-30T09:00'"},
      {"days", "days { date: '2036-05-09' }"},
      {"network", "network: 'networks/elsewhere'"},
      {"time_zone", "time_zone: 'Europe/Nowhere'"}};
  for (const auto& [path, text] : cases) {
    v1::StudyVisit wanted = FromText<v1::StudyVisit>(text);
    wanted.set_name(visit.name());
    EXPECT_THAT(Update(wanted, {path}), StatusIs(Code::kInvalidArgument))
        << path;
  }
  v1::StudyVisit stale = visit;
  stale.set_etag("\"9\"");
  EXPECT_THAT(Update(stale, {"seats"}),
              StatusIs(Code::kAborted, "ETAG_MISMATCH"));
  EXPECT_THAT(Update(visit, {"seats"}, kManager), kRefused);
  EXPECT_THAT(Get("kept", kAdmin),
              IsOkAndHolds(EqualsProto(visit.DebugString())));
}

TEST_F(VisitServiceTest, PublishesDraftsOnce) {
  ASSERT_THAT(Create("published", WantedProto()), IsOk());
  EXPECT_THAT(Publish("published", kAdmin, "\"7\""),
              StatusIs(Code::kAborted, "ETAG_MISMATCH"));
  EXPECT_THAT(Publish("published", kManager), kRefused);
  EXPECT_THAT(Publish("published"), IsOk());
  const auto again = Publish("published");
  EXPECT_THAT(again, kWrongState);
  EXPECT_EQ(MetadataOf(again.status(), "state"), "PUBLISHED");
  EXPECT_THAT(Publish("nowhere"), kNotFound);
}

TEST_F(VisitServiceTest, CancelsWithTheSignUpsAndAReason) {
  ASSERT_THAT(Create("cancelled", WantedProto()), IsOk());
  ASSERT_THAT(Publish("cancelled"), IsOk());
  ASSERT_OK_AND_ASSIGN(const v1::SignUp a, SignUp("cancelled", "a"));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp b, SignUp("cancelled", "b"));
  EXPECT_THAT(Cancel("cancelled", kManager), kRefused);
  EXPECT_THAT(Cancel("cancelled", kHost),
              IsOkAndHolds(HasProto("state: CANCELLED cancel_reason: 'flood' "
                                    "confirmed_count: 0 "
                                    "waitlisted_count: 0")));
  for (const v1::SignUp& sign_up : {a, b}) {
    EXPECT_THAT(GetSignUp(sign_up.name()),
                IsOkAndHolds(HasProto("state: CANCELLED")));
    EXPECT_THAT(Withdraw(sign_up.name()), kWrongState);
  }
  EXPECT_THAT(Cancel("cancelled"), kWrongState);
  EXPECT_THAT(SetSeats("cancelled", 9), kWrongState);
  EXPECT_THAT(SignUp("cancelled", "c"),
              StatusIs(Code::kFailedPrecondition, "SIGN_UP_CLOSED"));
}

TEST_F(VisitServiceTest, CompletesWhatHasBegun) {
  v1::StudyVisit past = WantedProto();
  past.clear_days();
  past.clear_sign_up_start();
  past.clear_sign_up_end();
  past.set_start("2020-05-01T09:00");
  past.set_end("2020-05-02T16:00");
  ASSERT_THAT(Create("past", past), IsOk());
  const auto complete = [&](const std::string& id) {
    return Do(&Visits::CompleteStudyVisit, id);
  };
  EXPECT_THAT(complete("past"), kWrongState) << "it was never published";
  ASSERT_THAT(Publish("past"), IsOk());
  EXPECT_THAT(complete("past"), IsOkAndHolds(HasProto("state: COMPLETED")));
  EXPECT_THAT(complete("past"), kWrongState);
  EXPECT_THAT(Cancel("past"), kWrongState);
  ASSERT_THAT(Create("future", WantedProto()), IsOk());
  ASSERT_THAT(Publish("future"), IsOk());
  EXPECT_THAT(complete("future"),
              StatusIs(Code::kFailedPrecondition, "TOO_EARLY"));
}

TEST_F(VisitServiceTest, DeletesDraftsAndNothingElse) {
  ASSERT_OK_AND_ASSIGN(const v1::StudyVisit draft,
                       Create("deleted", WantedProto()));
  const auto remove = [&](const std::string& etag) {
    return Do(&Visits::DeleteStudyVisit, "deleted", kHost, etag);
  };
  EXPECT_THAT(remove("\"9\""), StatusIs(Code::kAborted, "ETAG_MISMATCH"));
  EXPECT_THAT(remove(draft.etag()),
              IsOkAndHolds(EqualsProto("name: 'studyVisits/deleted'")));
  EXPECT_THAT(Get("deleted", kAdmin), kNotFound);
  // The name can be used again; its versions go on, so that nobody who
  // follows them takes the new visit for the old.
  EXPECT_THAT(Create("deleted", WantedProto()),
              IsOkAndHolds(HasProto("etag: '\"3\"'")));
  EXPECT_THAT(Cancel("deleted"), kWrongState) << "a draft was never announced";
  ASSERT_THAT(Publish("deleted"), IsOk());
  EXPECT_THAT(Do(&Visits::DeleteStudyVisit, "deleted"), kWrongState);
}

}  // namespace
}  // namespace lagnet::visits
