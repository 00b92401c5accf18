#include "server/projects/service.h"

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/projects/fixture.h"

namespace lagnet::projects {
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
using testing::UnorderedElementsAre;
using Code = absl::StatusCode;

constexpr char kEditor[] = "role:NETWORK_EDITOR@network=ksow";
constexpr char kLead[] = "role:LAG_MANAGER@organization=lag-kozienice";
constexpr char kPartner[] = "role:LAG_MANAGER@organization=lag-kazbegi";
constexpr char kStranger[] = "role:LAG_MANAGER@organization=lag-achinos";

TEST_F(ProjectServiceTest, ReadsBackWhatWasCreated) {
  ASSERT_OK_AND_ASSIGN(const v1::Project created,
                       Create("green-paths", Wanted(), kEditor));
  v1::Project expected = Wanted();
  expected.set_name("projects/green-paths");
  expected.set_state(v1::Project::PLANNED);
  expected.set_etag("\"1\"");
  expected.mutable_budget_total()->set_minor_units(17607720);
  expected.mutable_budget_total()->set_currency("PLN");
  *expected.mutable_create_time() = created.create_time();
  *expected.mutable_update_time() = created.create_time();
  EXPECT_THAT(created, EqualsProto(expected.DebugString()));
  EXPECT_THAT(Get("green-paths"),
              IsOkAndHolds(EqualsProto(expected.DebugString())));
}

TEST_F(ProjectServiceTest, LeavesTheTotalOutIfThereIsNoBudget) {
  v1::Project project = Wanted();
  project.clear_budget();
  ASSERT_OK_AND_ASSIGN(project, Create("no-budget", project));
  EXPECT_FALSE(project.has_budget_total());
}

TEST_F(ProjectServiceTest, FindsNothingUnderAnUnknownName) {
  EXPECT_THAT(Get("nowhere"), StatusIs(Code::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(Advance("nowhere", v1::Project::APPLIED),
              StatusIs(Code::kNotFound, "NOT_FOUND"));
}

TEST_F(ProjectServiceTest, AnswersARepeatedCallAsTheFirst) {
  v1::CreateProjectRequest request;
  request.set_project_id("repeated");
  *request.mutable_project() = Wanted();
  request.set_request_id(NewRequestId());
  ASSERT_OK_AND_ASSIGN(const v1::Project first, Send(request));
  EXPECT_THAT(Send(request), IsOkAndHolds(EqualsProto(first.DebugString())));
  request.mutable_project()->set_goal("another");
  EXPECT_THAT(Send(request),
              StatusIs(Code::kFailedPrecondition, "REQUEST_ID_REUSED"));
}

TEST_F(ProjectServiceTest, RefusesANameThatIsTaken) {
  ASSERT_THAT(Create("taken", Wanted()), IsOk());
  const auto second = Create("taken", Wanted());
  EXPECT_THAT(second, StatusIs(Code::kAlreadyExists, "NAME_TAKEN"));
  EXPECT_EQ(MetadataOf(second.status(), "name"), "projects/taken");
}

TEST_F(ProjectServiceTest, OnlyTriesIfAskedTo) {
  v1::CreateProjectRequest request;
  request.set_project_id("only-tried");
  *request.mutable_project() = Wanted();
  request.set_request_id(NewRequestId());
  request.set_validate_only(true);
  EXPECT_THAT(Send(request),
              IsOkAndHolds(HasProto("name: 'projects/only-tried'")));
  EXPECT_THAT(Get("only-tried"), StatusIs(Code::kNotFound));
}

TEST_F(ProjectServiceTest, RefusesWhatRefersToNothing) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"network: 'networks/nowhere'", "project.network"},
      {"partners { organization: 'organizations/nobody' role: PARTNER }",
       "project.partners"},
      {"predecessor: 'projects/nothing'", "project.predecessor"},
  };
  for (const auto& [text, field] : cases) {
    v1::Project project = Wanted();
    project.MergeFrom(FromText<v1::Project>(text));
    const auto created = Create("unreferred", project);
    EXPECT_THAT(created, StatusIs(Code::kInvalidArgument, "UNKNOWN_REFERENCE"));
    EXPECT_THAT(WrongFields(created.status()), ElementsAre(field));
  }
  EXPECT_THAT(Get("unreferred"), StatusIs(Code::kNotFound));
}

TEST_F(ProjectServiceTest, RefusesWhatBreaksTheRules) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"end_date: '2026-04-30'", "project.end_date"},
      {"end_date: '2026-02-30'", "project.end_date"},
      {"predecessor: 'organizations/lag-kazbegi'", "project.predecessor"},
      {"partners { organization: 'organizations/lag-achinos' role: LEAD }",
       "project.partners"},
      {"budget { title: 't' partner: 'organizations/lag-achinos'"
       " amount { currency: 'PLN' } }",
       "project.budget[2].partner"},
  };
  for (const auto& [text, field] : cases) {
    v1::Project project = Wanted();
    project.MergeFrom(FromText<v1::Project>(text));
    const auto created = Create("rule-broken", project);
    EXPECT_THAT(created, StatusIs(Code::kInvalidArgument, "INVALID_FIELDS"));
    EXPECT_THAT(WrongFields(created.status()), ElementsAre(field));
  }
}

TEST_F(ProjectServiceTest, UpdatesOnlyTheFieldsOfTheMask) {
  ASSERT_THAT(Create("masked", Wanted()), IsOk());
  ASSERT_OK_AND_ASSIGN(v1::Project expected,
                       Advance("masked", v1::Project::APPLIED));
  const auto wanted = FromText<v1::Project>(
      "name: 'projects/masked' goal: 'new' action: 'not taken over'");
  ASSERT_OK_AND_ASSIGN(const v1::Project updated, Update(wanted, {"goal"}));
  expected.set_goal("new");
  expected.set_etag("\"3\"");
  *expected.mutable_update_time() = updated.update_time();
  EXPECT_THAT(updated, EqualsProto(expected.DebugString()));
  EXPECT_THAT(Get("masked"), IsOkAndHolds(EqualsProto(updated.DebugString())));
}

TEST_F(ProjectServiceTest, ReplacesPartnersBudgetAndIndicators) {
  ASSERT_OK_AND_ASSIGN(v1::Project project, Create("replaced", Wanted()));
  // The lead changes hands and stands in another place.
  project.mutable_partners(0)->set_role(v1::Project::Partner::PARTNER);
  project.mutable_partners(1)->set_role(v1::Project::Partner::LEAD);
  project.mutable_partners()->SwapElements(0, 1);
  project.mutable_budget()->DeleteSubrange(0, 1);
  project.clear_indicators();
  ASSERT_OK_AND_ASSIGN(const v1::Project updated,
                       Update(project, {"partners", "budget", "indicators"}));
  project.set_etag("\"2\"");
  project.mutable_budget_total()->set_minor_units(500);
  *project.mutable_update_time() = updated.update_time();
  EXPECT_THAT(updated, EqualsProto(project.DebugString()));
}

TEST_F(ProjectServiceTest, RefusesUpdatesThatBreakTheRules) {
  ASSERT_OK_AND_ASSIGN(const v1::Project project, Create("kept", Wanted()));
  v1::Project wanted = project;
  wanted.mutable_partners()->DeleteSubrange(0, 1);
  EXPECT_THAT(Update(wanted, {"partners"}),
              StatusIs(Code::kInvalidArgument, "INVALID_FIELDS"));
  wanted = project;
  wanted.set_predecessor("projects/kept");
  EXPECT_THAT(Update(wanted, {"predecessor"}),
              StatusIs(Code::kInvalidArgument, "INVALID_FIELDS"));
  wanted = project;
  wanted.set_network("networks/elsewhere");
  EXPECT_THAT(Update(wanted, {"network"}),
              StatusIs(Code::kInvalidArgument, "IMMUTABLE_FIELD"));
  EXPECT_THAT(Get("kept"), IsOkAndHolds(EqualsProto(project.DebugString())));
}

TEST_F(ProjectServiceTest, LetsOneOfTwoEditorsWin) {
  ASSERT_OK_AND_ASSIGN(const v1::Project project, Create("raced", Wanted()));
  constexpr int kEditors = 4;
  std::vector<absl::Status> results(kEditors);
  std::vector<std::thread> editors;
  std::vector<v1::UpdateProjectRequest> requests(kEditors);
  for (int i = 0; i < kEditors; ++i) {
    *requests[i].mutable_project() = project;
    requests[i].mutable_project()->set_goal(absl::StrCat("goal ", i));
    requests[i].set_request_id(NewRequestId());
    editors.emplace_back([&, i] {
      results[i] =
          support::Call(*stub_, &Stub::UpdateProject, requests[i], {kAdmin})
              .status();
    });
  }
  for (std::thread& editor : editors) editor.join();
  const auto lost = StatusIs(Code::kAborted, "ETAG_MISMATCH");
  EXPECT_THAT(results, UnorderedElementsAre(IsOk(), lost, lost, lost));
  EXPECT_THAT(Get("raced"), IsOkAndHolds(HasProto("etag: '\"2\"'")));
}

TEST_F(ProjectServiceTest, GoesFromStageToStageUntilItIsClosed) {
  ASSERT_OK_AND_ASSIGN(v1::Project project, Create("staged", Wanted()));
  for (const v1::Project::State state :
       {v1::Project::APPLIED, v1::Project::APPROVED, v1::Project::RUNNING,
        v1::Project::SETTLED, v1::Project::CLOSED}) {
    const std::string before = project.etag();
    ASSERT_OK_AND_ASSIGN(project, Advance("staged", state, before));
    EXPECT_EQ(project.state(), state);
    EXPECT_NE(project.etag(), before);
  }
  const auto changed = Update(project, {"goal"});
  EXPECT_THAT(changed, StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  EXPECT_EQ(MetadataOf(changed.status(), "state"), "CLOSED");
  EXPECT_THAT(Get("staged"), IsOkAndHolds(EqualsProto(project.DebugString())));
}

TEST_F(ProjectServiceTest, SkipsNoStage) {
  ASSERT_OK_AND_ASSIGN(const v1::Project project, Create("slow", Wanted()));
  const auto skipped = Advance("slow", v1::Project::APPROVED);
  EXPECT_THAT(skipped, StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  EXPECT_EQ(MetadataOf(skipped.status(), "state"), "PLANNED");
  EXPECT_THAT(Advance("slow", v1::Project::APPLIED, "\"9\""),
              StatusIs(Code::kAborted, "ETAG_MISMATCH"));
  EXPECT_THAT(Get("slow"), IsOkAndHolds(EqualsProto(project.DebugString())));
}

TEST_F(ProjectServiceTest, LetsTheLeadUpdateAndTheNetworkAdvance) {
  ASSERT_OK_AND_ASSIGN(const v1::Project project, Create("guarded", Wanted()));
  const auto refused = StatusIs(Code::kPermissionDenied, "PERMISSION_DENIED");
  v1::Project wanted = project;
  wanted.clear_etag();
  EXPECT_THAT(Update(wanted, {"goal"}, kLead), IsOk());
  EXPECT_THAT(Advance("guarded", v1::Project::APPLIED, "", kLead), refused);
  for (const char* token :
       {kPartner, kStranger, "role:NETWORK_EDITOR@network=elsewhere",
        "role:AUDITOR@project=guarded", "role:NONE"}) {
    EXPECT_THAT(Update(wanted, {"goal"}, token), refused) << token;
    EXPECT_THAT(Create("unguarded", Wanted(), token), refused) << token;
    EXPECT_THAT(Advance("guarded", v1::Project::APPLIED, "", token), refused);
  }
  EXPECT_THAT(Update(wanted, {"goal"}, ""),
              StatusIs(Code::kUnauthenticated, "SIGN_IN_NEEDED"));
  EXPECT_THAT(Advance("guarded", v1::Project::APPLIED, "", kEditor), IsOk());
}

TEST_F(ProjectServiceTest, IsPublicOnceAFunderHasApprovedIt) {
  ASSERT_THAT(Create("shown", Wanted()), IsOk());
  const auto sees = [&](const std::string& token) {
    const bool listed =
        testing::Value(List("network: 'networks/ksow' page_size: 200", token),
                       testing::Contains("projects/shown"));
    const auto got = Get("shown", token);
    EXPECT_EQ(got.ok(), listed) << token;
    EXPECT_TRUE(got.ok() || absl::IsNotFound(got.status())) << got.status();
    return listed;
  };
  for (const v1::Project::State state :
       {v1::Project::APPLIED, v1::Project::APPROVED}) {
    for (const char* token :
         {kAdmin, kEditor, kLead, kPartner, "role:AUDITOR@project=shown"}) {
      EXPECT_TRUE(sees(token)) << token;
    }
    for (const char* token :
         {"", "role:NONE", kStranger, "role:NETWORK_EDITOR@network=elsewhere",
          "role:AUDITOR@project=guarded"}) {
      EXPECT_FALSE(sees(token)) << token;
    }
    ASSERT_THAT(Advance("shown", state), IsOk());
  }
  EXPECT_TRUE(sees(""));
}

}  // namespace
}  // namespace lagnet::projects
