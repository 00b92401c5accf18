#include "server/projects/store.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/projects/fixture.h"

namespace lagnet::projects {
namespace {

using support::IsOk;
using support::MetadataOf;
using support::StatusIs;
using support::WrongFields;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using Code = absl::StatusCode;

// Through the service, on a database of its own.
class ProjectStoreTest : public ProjectServiceTest {};

TEST_F(ProjectStoreTest, ListsByNetworkPartnerAndStage) {
  v1::Project project = Wanted();
  project.set_network("networks/listed");
  ASSERT_THAT(Create("list-b", project), IsOk());
  ASSERT_THAT(Create("list-c", project), IsOk());
  project.mutable_partners(1)->set_organization("organizations/lag-achinos");
  ASSERT_THAT(Create("list-a", project), IsOk());
  ASSERT_THAT(Advance("list-c", v1::Project::APPLIED), IsOk());
  const std::string network = "network: 'networks/listed' ";
  EXPECT_THAT(List(network), ElementsAre("projects/list-a", "projects/list-b",
                                         "projects/list-c"));
  EXPECT_THAT(List(network + "organization: 'organizations/lag-kazbegi'"),
              ElementsAre("projects/list-b", "projects/list-c"));
  EXPECT_THAT(List("organization: 'organizations/lag-achinos'"),
              ElementsAre("projects/list-a"));
  EXPECT_THAT(List(network + "state: APPLIED"), ElementsAre("projects/list-c"));
  EXPECT_THAT(List("network: 'networks/elsewhere'"), IsEmpty());
}

TEST_F(ProjectStoreTest, ListsPageByPage) {
  for (const char* id : {"page-c", "page-a", "page-b"}) {
    ASSERT_THAT(Create(id, Wanted()), IsOk());
  }
  v1::ListProjectsRequest request;
  request.set_page_size(2);
  std::vector<std::string> paged;
  do {
    for (const std::string& name : List(request)) paged.push_back(name);
  } while (!request.page_token().empty());
  EXPECT_THAT(paged, IsSupersetOf({"projects/page-a", "projects/page-b",
                                   "projects/page-c"}));
  EXPECT_EQ(paged, List("page_size: 200"));
  List(request);
  request.set_state(v1::Project::CLOSED);
  EXPECT_THAT(support::Call(*stub_, &Stub::ListProjects, request),
              StatusIs(Code::kInvalidArgument, "PAGE_TOKEN_MISMATCH"));
}

TEST_F(ProjectStoreTest, LogsEveryChange) {
  ASSERT_THAT(Create("logged", Wanted()), IsOk());
  ASSERT_THAT(Create("logged", Wanted()), StatusIs(Code::kAlreadyExists));
  ASSERT_THAT(Advance("logged", v1::Project::APPLIED), IsOk());
  EXPECT_EQ(database().Ask(
                "SELECT string_agg(concat_ws(' ', network, version, actor, "
                "split_part(method, '/', 2)), '; ' ORDER BY version) "
                "FROM changes.change WHERE resource = 'projects/logged'"),
            "ksow 1 accounts/network-admin CreateProject; "
            "ksow 2 accounts/network-admin AdvanceProject");
}

// A project keeps the partners it has; only what is in the directory comes
// anew.
TEST_F(ProjectStoreTest, NamesPartnersThatAreInTheDirectory) {
  const auto set_state = [](const char* state) {
    database().Run(absl::StrCat("UPDATE directory.organization SET state = ",
                                state, " WHERE name = 'lag-achinos'"));
  };
  ASSERT_OK_AND_ASSIGN(v1::Project without, Create("partners", Wanted()));
  v1::Project with = Wanted();
  with.mutable_partners(1)->set_organization("organizations/lag-achinos");
  with.clear_budget();
  ASSERT_OK_AND_ASSIGN(with, Create("partners-stay", with));
  set_state("5");
  EXPECT_THAT(Update(with, {"partners", "goal"}), IsOk());
  *without.mutable_partners() = with.partners();
  without.clear_budget();
  EXPECT_THAT(Update(without, {"partners", "budget"}),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  set_state("2");
  EXPECT_THAT(Update(without, {"partners", "budget"}),
              StatusIs(Code::kInvalidArgument, "UNKNOWN_REFERENCE"));
  set_state("4");
  EXPECT_THAT(Update(without, {"partners", "budget"}), IsOk());
  set_state("3");
}

TEST_F(ProjectStoreTest, TellsOtherSlicesWhetherAProjectExists) {
  ASSERT_THAT(Create("existing", Wanted()), IsOk());
  const auto check = [&](const std::string& id) {
    return Transact([&](db::Tx& tx) {
      return CheckProjectExists(tx, "study_visit.project", id);
    });
  };
  EXPECT_THAT(check("existing"), IsOk());
  EXPECT_THAT(check(""), IsOk());
  const absl::Status missing = check("missing");
  EXPECT_THAT(missing, StatusIs(Code::kInvalidArgument, "UNKNOWN_REFERENCE"));
  EXPECT_EQ(MetadataOf(missing, "name"), "projects/missing");
  EXPECT_THAT(WrongFields(missing), ElementsAre("study_visit.project"));
}

}  // namespace
}  // namespace lagnet::projects
