// Two entries become one: nothing is lost, both names answer.

#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "tests/merging/fixture.h"

namespace lagnet::merging {
namespace {

using support::EqualsProto;
using support::HasProto;
using support::IsOk;
using support::IsOkAndHolds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr absl::StatusCode kRefused = absl::StatusCode::kFailedPrecondition;

std::map<std::string, int> CountsOf(
    const directory::v1::MergeOrganizationsResponse& response) {
  std::map<std::string, int> counts;
  for (const auto& moved : response.moved()) {
    counts[moved.kind()] = moved.count();
  }
  return counts;
}

std::vector<std::string> TakenBy(
    const directory::v1::MergeOrganizationsResponse& response) {
  std::vector<std::string> fields;
  for (const auto& taken : response.taken()) fields.push_back(taken.field());
  return fields;
}

// Visits, sign-ups in every state, projects and roles of both.
class FullMergeTest : public MergeTest {
 protected:
  void SetUp() override {
    MergeTest::SetUp();
    Must(Do(&Organizations::Stub::UpdateOrganization,
            absl::StrCat("organization { name: '", old_, "' ", R"pb(
                         email: "office@old.example.org"
                         website: "https://old.example.org"
                         themes: "rural_tourism"
                         themes: "water" })pb")));
    Must(Do(&Organizations::Stub::UpdateOrganization,
            absl::StrCat("organization { name: '", new_, "' ", R"pb(
                         website: "https://new.example.org"
                         themes: "water"
                         display_name {
                           texts {
                             key: "ka"
                             value { text: "ლაგოდეხი" }
                           }
                         } })pb")));
    hosted_ = MakeVisit(
        "hosted", old_,
        absl::StrCat("seats: 5 days { date: '2099-05-01' stops { host: '", old_,
                     "' title { texts { key: 'en' value { text: 'A farm' } } } "
                     "} }"));
    both_ =
        MakeVisit("both", old_, absl::StrCat("seats: 5 hosts: '", new_, "'"));
    full_ = MakeVisit("full", third_, "seats: 3 seats_per_organization: 2");
    SignUp(full_, old_, "one");
    SignUp(full_, new_, "two");
    SignUp(full_, third_, "three");
    waits_old_ = SignUp(full_, old_, "four").name();
    waits_new_ = SignUp(full_, new_, "five").name();
    withdrawn_ = SignUp(hosted_, old_, "six").name();
    Must(Do(&SignUps::Stub::WithdrawSignUp,
            absl::StrCat("name: '", withdrawn_, "'")));
    lead_ = MakeProject("lead", absl::StrCat("partners { organization: '", old_,
                                             "' role: LEAD } partners { "
                                             "organization: '",
                                             new_, "' role: PARTNER }"));
    member_ = MakeProject(
        "member",
        absl::StrCat("partners { organization: '", third_,
                     "' role: LEAD } partners { organization: '", old_,
                     "' role: PARTNER } budget { title: 'Bus' year: 2098 "
                     "partner: '",
                     old_, "' amount { minor_units: 5 currency: 'GEL' } }"));
    manager_ =
        KeyFor("manager",
               absl::StrCat("role: LAG_MANAGER organization: '", old_, "'"));
  }

  std::string MakeProject(const std::string& id, const std::string& more) {
    return Must(Do(&Projects::Stub::CreateProject,
                   absl::StrCat("project_id: '", id, suffix_,
                                "' project { network: '", network_,
                                "' title { texts { key: 'en' value { text: "
                                "'Paths' } } } start_date: '2090-01-01' "
                                "end_date: '2099-12-31' ",
                                more, "}")))
        .name();
  }

  std::string OrganizationOf(const std::string& sign_up) {
    return Must(Do(&SignUps::Stub::GetSignUp,
                   absl::StrCat("name: '", sign_up, "'")))
        .organization();
  }

  std::string hosted_;
  std::string both_;
  std::string full_;
  std::string waits_old_;
  std::string waits_new_;
  std::string withdrawn_;
  std::string lead_;
  std::string member_;
  std::string manager_;
};

TEST_F(FullMergeTest, MovesAllThatRefersToTheOneThatGoes) {
  const int sign_ups = Count("visits.sign_up");
  const int people = Count("visits.person");
  const int grants = Count("access.grant");
  const int budget = Count("projects.budget_line");

  const auto preview = Merge(old_, new_, "validate_only: true");
  ASSERT_THAT(preview, IsOk());
  EXPECT_THAT(CountsOf(*preview),
              UnorderedElementsAre(
                  Pair("visits.hosts", 2), Pair("visits.stops", 1),
                  Pair("visits.sign_ups", 3), Pair("projects.partners", 2),
                  Pair("projects.budget_lines", 1), Pair("access.roles", 1)));
  EXPECT_THAT(TakenBy(*preview),
              UnorderedElementsAre("display_name.texts.en", "email", "themes"));
  ASSERT_THAT(preview->left(), SizeIs(1));
  EXPECT_THAT(preview->left(0),
              EqualsProto("field: 'website'"
                          " kept_value: '\"https://new.example.org\"'"
                          " left_value: '\"https://old.example.org\"'"));
  EXPECT_THAT(preview->conflicts(), IsEmpty());
  EXPECT_EQ(Must(Get(old_)).name(), old_) << "a preview changes nothing";
  EXPECT_EQ(Count(absl::StrCat("visits.sign_up WHERE organization = '",
                               IdOf(old_), "'")),
            3);

  const auto merged = Merge(old_, new_);
  ASSERT_THAT(merged, IsOk());
  EXPECT_EQ(CountsOf(*merged), CountsOf(*preview));
  EXPECT_EQ(TakenBy(*merged), TakenBy(*preview));
  EXPECT_EQ(merged->old_name(), old_);
  EXPECT_EQ(merged->organization().name(), new_);
  EXPECT_EQ(merged->organization().email(), "office@old.example.org");
  EXPECT_THAT(merged->organization().themes(),
              ElementsAre("water", "rural_tourism"));

  // Who follows the change log is told of both entries and of all that moved:
  // three visits, three sign-ups, two projects, an account.
  EXPECT_EQ(database().Ask(absl::StrCat(
                "SELECT count(DISTINCT resource) + count(DISTINCT part) FROM "
                "changes.change LEFT JOIN unnest(parts) AS part ON true WHERE "
                "network = '",
                IdOf(network_), "' AND method LIKE '%/MergeOrganizations'")),
            "11");

  EXPECT_EQ(Count("visits.sign_up"), sign_ups);
  EXPECT_EQ(Count("visits.person"), people);
  EXPECT_EQ(Count("access.grant"), grants);
  EXPECT_EQ(Count("projects.budget_line"), budget);
  EXPECT_EQ(SeatsWrong(), "");
  for (const std::string& name : {waits_old_, waits_new_, withdrawn_}) {
    EXPECT_EQ(OrganizationOf(name), new_);
  }
  // Nothing but the entry itself still says the old name.
  for (const char* column :
       {"visits.host WHERE organization", "visits.stop WHERE host",
        "visits.sign_up WHERE organization",
        "projects.partner WHERE organization",
        "projects.budget_line WHERE partner",
        "access.grant WHERE organization"}) {
    EXPECT_EQ(Count(absl::StrCat(column, " = '", IdOf(old_), "'")), 0)
        << column;
  }
  EXPECT_THAT(
      Do(&Visits::Stub::GetStudyVisit, absl::StrCat("name: '", both_, "'"))
          ->hosts(),
      ElementsAre(new_));
  const auto lead =
      Do(&Projects::Stub::GetProject, absl::StrCat("name: '", lead_, "'"));
  EXPECT_THAT(lead,
              IsOkAndHolds(HasProto(absl::StrCat("partners { organization: '",
                                                 new_, "' role: LEAD }"))));
  EXPECT_THAT(lead->partners(), SizeIs(1));
}

TEST_F(FullMergeTest, KeepsSeatsAndPlacesAndSaysAnewWhySomeWait) {
  const auto position = [&](const std::string& name) {
    return Must(
        Do(&SignUps::Stub::GetSignUp, absl::StrCat("name: '", name, "'")));
  };
  EXPECT_EQ(position(waits_old_).wait_reason(), visits::v1::SignUp::VISIT_FULL);
  EXPECT_EQ(position(waits_new_).wait_reason(), visits::v1::SignUp::VISIT_FULL);
  ASSERT_THAT(Merge(old_, new_), IsOk());
  for (const auto& [name, place] :
       {std::pair(waits_old_, 1), std::pair(waits_new_, 2)}) {
    const auto sign_up = position(name);
    EXPECT_EQ(sign_up.state(), visits::v1::SignUp::WAITLISTED);
    EXPECT_EQ(sign_up.wait_position(), place);
    EXPECT_EQ(sign_up.wait_reason(), visits::v1::SignUp::ORGANIZATION_SHARE);
  }
  EXPECT_EQ(database().Ask(absl::StrCat(
                "SELECT string_agg(d.command::text, ',' ORDER BY d.version)"
                "  FROM visits.decision AS d JOIN visits.visit USING (visit_id)"
                " WHERE name = '",
                IdOf(full_), "' AND command NOT IN (1, 3)")),
            "5");
  // A seat that is free now is the third one's, not above the share.
  EXPECT_EQ(SeatsWrong(), "");
}

TEST_F(FullMergeTest, MakesOneShareOfTwo) {
  const std::string visit = MakeVisit(
      "shared", third_,
      absl::StrCat("seats: 3 seat_rules { shares { group { organization: '",
                   old_, "' } max: 1 } shares { group { organization: '", new_,
                   "' } max: 1 } }"));
  SignUp(visit, old_, "eleven");
  SignUp(visit, new_, "twelve");
  const std::string waits = SignUp(visit, old_, "thirteen").name();
  SignUp(visit, third_, "fourteen");
  ASSERT_THAT(Merge(old_, new_), IsOk());
  // What was published named two; what is told of the past names the one.
  EXPECT_THAT(
      Do(&SignUps::Stub::ExplainSignUp, absl::StrCat("name: '", waits, "'")),
      IsOkAndHolds(HasProto("first_reason: SHARE_FULL first_share: 1 "
                            "overtaken { reason: SHARE_FULL share: 1 }")));
  const auto merged = Do(&Visits::Stub::UpdateStudyVisit,
                         absl::StrCat("study_visit { name: '", visit,
                                      "' seats: 4 } update_mask { paths: "
                                      "'seats' } rules_change_reason: "
                                      "'A larger bus'"));
  ASSERT_THAT(merged, IsOkAndHolds(HasProto(absl::StrCat(
                          "seat_rules { shares { group { organization: '", new_,
                          "' } max: 2 } }"))));
  EXPECT_THAT(merged->seat_rules().shares(), SizeIs(1));
}

TEST_F(FullMergeTest, AnswersToTheOldNameInEveryMethod) {
  const std::string before =
      Must(Do(&SignUps::Stub::CreateSignUp,
              SignUpText(hosted_, old_, "early") +
                  "request_id: '00000000-0000-4000-9000-000000000001'"))
          .name();
  ASSERT_THAT(Merge(old_, new_), IsOk());

  EXPECT_THAT(Get(old_), IsOkAndHolds(HasProto("name: '" + new_ + "'")));
  // Visits are listed from memory, which hears of the merge a moment later.
  const std::string by_host = absl::StrCat("host: '", old_, "'");
  int hosted = 0;
  for (int i = 0; i < 500 && hosted != 2; ++i) {
    absl::SleepFor(absl::Milliseconds(i == 0 ? 0 : 10));
    hosted =
        Must(Do(&Visits::Stub::ListStudyVisits, by_host)).study_visits_size();
  }
  EXPECT_EQ(hosted, 2);
  EXPECT_THAT(Do(&Projects::Stub::ListProjects,
                 absl::StrCat("organization: '", old_, "'"))
                  ->projects(),
              SizeIs(2));
  EXPECT_THAT(
      Do(&SignUps::Stub::ListSignUps,
         absl::StrCat("parent: '", full_, "' organization: '", old_, "'"))
          ->sign_ups(),
      SizeIs(4));
  EXPECT_EQ(SignUp(hosted_, old_, "late").organization(), new_);
  // A batch of a partner system whose books have the old name.
  const std::string partner =
      KeyFor("partner",
             absl::StrCat("role: PARTNER_SYSTEM organization: '", old_, "'"));
  const auto batch =
      Do(&SignUps::Stub::BatchCreateSignUps,
         absl::StrCat("organization: '", old_, "' requests {",
                      SignUpText(hosted_, old_, "batch"),
                      "request_id: '00000000-0000-4000-9000-000000000002' }"),
         partner);
  ASSERT_THAT(batch, IsOk());
  EXPECT_EQ(batch->results(0).sign_up().organization(), new_)
      << batch->DebugString();
  // A nested name, in the mask of an update.
  EXPECT_THAT(Do(&Organizations::Stub::UpdateOrganization,
                 absl::StrCat("organization { name: '", old_,
                              "' website: 'https://lag.example.org' } "
                              "update_mask { paths: 'website' }"),
                 manager_),
              IsOkAndHolds(HasProto("name: '" + new_ + "'")))
      << "a role over the old name is one over the new";
  // The history of both.
  const auto history = Do(
      &FieldChanges::Stub::ListFieldChanges,
      absl::StrCat("organization: '", old_, "' field: 'email' page_size: 2"));
  ASSERT_THAT(history, IsOk());
  ASSERT_THAT(history->field_changes(), SizeIs(2));
  EXPECT_EQ(history->field_changes(0).source(), old_);
  EXPECT_EQ(history->field_changes(0).old_name(), "");
  EXPECT_EQ(history->field_changes(1).old_name(), old_);

  // A repeat over the merge finds its first answer.
  EXPECT_THAT(Do(&SignUps::Stub::CreateSignUp,
                 SignUpText(hosted_, old_, "early") +
                     "request_id: '00000000-0000-4000-9000-000000000001'"),
              IsOkAndHolds(HasProto("name: '" + before + "'")));
  EXPECT_EQ(Do(&SignUps::Stub::CreateSignUp,
               SignUpText(hosted_, new_, "early") +
                   "request_id: '00000000-0000-4000-9000-000000000001'")
                .status()
                .code(),
            kRefused)
      << "the same id with the other name is other content";
  EXPECT_EQ(Count(absl::StrCat("visits.sign_up WHERE organization = '",
                               IdOf(old_), "'")),
            0);
  EXPECT_EQ(SeatsWrong(), "");
}

TEST_F(FullMergeTest, LeavesAWatchOpenForWhoseRoleMoves) {
  const std::string coordinator =
      KeyFor("coordinator",
             absl::StrCat("role: HOST_COORDINATOR organization: '", old_, "'"));
  grpc::ClientContext context;
  support::Prepare({coordinator}, &context);
  visits::v1::WatchSignUpsRequest request;
  request.set_parent(hosted_);
  SignUps::Stub stub(server_->channel());
  const auto reader = stub.WatchSignUps(&context, request);
  visits::v1::WatchSignUpsResponse response;
  ASSERT_TRUE(reader->Read(&response));
  ASSERT_THAT(Merge(old_, new_), IsOk());
  const std::string late = SignUp(hosted_, old_, "late").name();
  // The decision about the withdrawn sign-up, then the late one's.
  std::vector<std::string> told;
  while (told.empty() || told.back() != late) {
    ASSERT_TRUE(reader->Read(&response)) << reader->Finish().error_message();
    for (const auto& change : response.sign_ups()) {
      EXPECT_EQ(change.organization(), new_);
      told.push_back(change.name());
    }
  }
  EXPECT_THAT(told, ElementsAre(withdrawn_, late));
  context.TryCancel();
}

// Half-way, with visits and projects locked and nothing written for others.
TEST_F(FullMergeTest, LeavesNothingHalfDoneWhenItsConnectionIsLost) {
  database().Run("BEGIN");
  database().Run(absl::StrCat("SELECT FROM projects.project WHERE name = '",
                              IdOf(member_), "' FOR UPDATE"));
  absl::StatusOr<directory::v1::MergeOrganizationsResponse> merged;
  std::thread merging([&] { merged = Merge(old_, new_); });
  int lost = 0;
  while (lost < 2) {
    database().Run("SELECT pg_stat_clear_snapshot()");
    lost += std::stoi(database().Ask(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
        "WHERE datname = current_database() AND wait_event_type = 'Lock'"));
    absl::SleepFor(absl::Milliseconds(5));
  }
  EXPECT_EQ(Count(absl::StrCat("visits.sign_up WHERE organization = '",
                               IdOf(old_), "'")),
            3);
  database().Run("COMMIT");
  merging.join();
  ASSERT_THAT(merged, IsOk());
  EXPECT_EQ(CountsOf(*merged)["visits.sign_ups"], 3);
  EXPECT_EQ(SeatsWrong(), "");
}

}  // namespace
}  // namespace lagnet::merging
