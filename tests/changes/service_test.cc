#include "server/changes/service.h"

#include <string>
#include <vector>

#include "server/directory/network_store.h"
#include "server/directory/service.h"
#include "server/directory/store.h"
#include "tests/changes/fixture.h"
#include "tests/support/server.h"

namespace lagnet::changes {
namespace {

using support::HasProto;
using support::IsOk;
using support::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;
using Code = absl::StatusCode;

constexpr char kEditor[] = "role:NETWORK_EDITOR@network=listed";

class ChangeServiceTest : public ChangesTest {
 protected:
  using Stub = v1::ChangeService::Stub;

  static void SetUpTestSuite() {
    ChangesTest::SetUpTestSuite();
    const auto fill = [](db::Tx& tx) -> absl::StatusOr<bool> {
      for (const char* id : {"listed", "elsewhere", "coalesced", "rush"}) {
        const absl::Status inserted = directory::InsertNetwork(
            tx, {},
            {.id = id, .currency = "PLN", .time_zone = "Europe/Warsaw"});
        if (!inserted.ok()) return inserted;
      }
      return true;
    };
    ASSERT_THAT(InTransaction(pool(), fill), IsOk());
  }

  ChangeServiceTest()
      : server_(database().dsn()), tailer_(&pool(), absl::Seconds(1)) {
    EXPECT_THAT(tailer_.Prepare(), IsOk());
    server_.Add<directory::NetworkService>();
    server_.Add<ChangeService>(&tailer_);
    server_.Start();
    stub_ = v1::ChangeService::NewStub(server_.channel());
  }

  absl::StatusOr<v1::ListChangesResponse> List(
      const std::string& network, int size = 0, const std::string& token = "",
      const std::string& caller = "role:NETWORK_ADMIN") {
    v1::ListChangesRequest request;
    request.set_network("networks/" + network);
    request.set_page_size(size);
    request.set_page_token(token);
    return support::Call(*stub_, &Stub::ListChanges, request, {caller});
  }
  static std::vector<std::string> Texts(const v1::ListChangesResponse& page) {
    std::vector<std::string> texts;
    for (const v1::Change& change : page.changes()) {
      texts.push_back(absl::StrCat(change.resource(), " ", change.version(),
                                   change.removed() ? " removed" : ""));
    }
    return texts;
  }

  support::TestServer server_;
  Tailer tailer_;
  std::unique_ptr<Stub> stub_;
};

TEST_F(ChangeServiceTest, ListsPageByPageAndGoesOnTheNextNight) {
  for (int i = 1; i <= 4; ++i) {
    Log({{.network = "listed",
          .resource = absl::StrCat("a/", i),
          .version = 1}});
  }
  Log({{.network = "elsewhere", .resource = "b/1", .version = 1}});
  WaitForHorizon();
  ASSERT_OK_AND_ASSIGN(v1::ListChangesResponse page, List("listed", 3));
  EXPECT_THAT(Texts(page), ElementsAre("networks/listed 1", "a/1 1", "a/2 1"));
  EXPECT_EQ(page.next_page_token(), page.resume_token());
  ASSERT_OK_AND_ASSIGN(page, List("listed", 3, page.next_page_token()));
  EXPECT_THAT(Texts(page), ElementsAre("a/3 1", "a/4 1"));
  EXPECT_EQ(page.next_page_token(), "");
  ASSERT_NE(page.resume_token(), "");

  Log({{.network = "listed",
        .resource = "a/2",
        .version = 2,
        .removed = true}});
  WaitForHorizon();
  ASSERT_OK_AND_ASSIGN(page, List("listed", 3, page.resume_token()));
  EXPECT_THAT(Texts(page), ElementsAre("a/2 2 removed"));
  EXPECT_THAT(page.changes(0), HasProto("method: 'test/Change'"));
  EXPECT_GT(page.changes(0).change_time().seconds(), 0);
  ASSERT_OK_AND_ASSIGN(page, List("listed", 3, page.resume_token()));
  EXPECT_THAT(Texts(page), IsEmpty());
}

TEST_F(ChangeServiceTest, ListsTheLastChangeOfEachResourceOnAPage) {
  Log({{.network = "coalesced", .resource = "a/1", .version = 1},
       {.network = "coalesced", .resource = "a/2", .version = 1}});
  Log({{.network = "coalesced", .resource = "a/1", .version = 2}});
  Log({{.network = "coalesced",
        .resource = "a/1",
        .version = 3,
        .removed = true}});
  WaitForHorizon();
  ASSERT_OK_AND_ASSIGN(const v1::ListChangesResponse page, List("coalesced"));
  EXPECT_THAT(Texts(page),
              ElementsAre("networks/coalesced 1", "a/2 1", "a/1 3 removed"));
}

TEST_F(ChangeServiceTest, EndsAPageBetweenTheSignUpsOfARush) {
  Log({{.network = "rush",
        .resource = "studyVisits/v",
        .version = 3,
        .parts = {{"signUps/a", 1}, {"signUps/b", 2}, {"signUps/c", 3}}}});
  WaitForHorizon();
  ASSERT_OK_AND_ASSIGN(v1::ListChangesResponse page, List("rush", 3));
  EXPECT_THAT(Texts(page),
              ElementsAre("networks/rush 1", "studyVisits/v/signUps/a 1",
                          "studyVisits/v/signUps/b 2"));
  ASSERT_OK_AND_ASSIGN(page, List("rush", 3, page.next_page_token()));
  EXPECT_THAT(Texts(page),
              ElementsAre("studyVisits/v/signUps/c 3", "studyVisits/v 3"));
}

TEST_F(ChangeServiceTest, TakesTokensOfItsOwnOnly) {
  ASSERT_OK_AND_ASSIGN(const v1::ListChangesResponse page, List("elsewhere"));
  const auto mismatch =
      StatusIs(Code::kInvalidArgument, "RESUME_TOKEN_MISMATCH");
  EXPECT_THAT(List("listed", 0, page.resume_token()), mismatch);
  EXPECT_THAT(List("listed", 0, "no token"), mismatch);
  EXPECT_THAT(List("elsewhere", 7, page.resume_token()), IsOk());
}

TEST_F(ChangeServiceTest, EndsTheTokensOfARestoredDatabase) {
  ASSERT_OK_AND_ASSIGN(const v1::ListChangesResponse page, List("elsewhere"));
  database().Run("UPDATE changes.change SET xid = '9000000000000'");
  ASSERT_THAT(tailer_.Prepare(), IsOk());
  EXPECT_THAT(List("elsewhere", 0, page.resume_token()),
              StatusIs(Code::kOutOfRange, "RESUME_TOKEN_EXPIRED"));
  WaitForHorizon();
  ASSERT_OK_AND_ASSIGN(const v1::ListChangesResponse anew, List("elsewhere"));
  EXPECT_EQ(anew.changes(0).resource(), "networks/elsewhere");
}

TEST_F(ChangeServiceTest, TellsNobodyElse) {
  const auto refused = StatusIs(Code::kPermissionDenied, "PERMISSION_DENIED");
  EXPECT_THAT(List("listed", 0, "", kEditor), IsOk());
  EXPECT_THAT(List("elsewhere", 0, "", kEditor), refused);
  EXPECT_THAT(List("listed", 0, "", "role:LAG_MANAGER@organization=x"),
              refused);
  EXPECT_THAT(List("listed", -1), StatusIs(Code::kInvalidArgument));
}

}  // namespace
}  // namespace lagnet::changes
