// Lists of study visits.

#include <string>
#include <vector>

#include "tests/visits/fixture.h"

namespace lagnet::visits {
namespace {

using support::FromText;
using support::IsOk;
using support::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;
using Code = absl::StatusCode;

// Names on one page; the token of the next one replaces the request's.
class ListTest : public VisitServiceTest {
 protected:
  std::vector<std::string> List(v1::ListStudyVisitsRequest& request,
                                const std::string& token = "") {
    const auto page = support::Call(node_.visits(), &Visits::ListStudyVisits,
                                    request, {token});
    EXPECT_THAT(page, IsOk());
    std::vector<std::string> ids;
    if (!page.ok()) return ids;
    for (const v1::StudyVisit& visit : page->study_visits()) {
      EXPECT_EQ(visit.days_size(), 0);
      EXPECT_FALSE(visit.has_description());
      ids.push_back(visit.name().substr(visit.name().find('/') + 1));
    }
    request.set_page_token(page->next_page_token());
    return ids;
  }
  std::vector<std::string> List(const std::string& text,
                                const std::string& token = "") {
    auto request = FromText<v1::ListStudyVisitsRequest>(text);
    return List(request, token);
  }
};

TEST_F(ListTest, FiltersAndSortsByStart) {
  const auto make = [&](const std::string& id, const std::string& text) {
    v1::StudyVisit visit = WantedProto();
    visit.clear_days();
    visit.set_network("networks/elsewhere");
    visit.MergeFrom(FromText<v1::StudyVisit>(text));
    ASSERT_THAT(Create(id, visit), IsOk());
  };
  make("list-c", "start: '2037-03-03T09:00' end: '2037-03-04T09:00'");
  make("list-a", "start: '2037-01-01T09:00' end: '2037-01-02T09:00'");
  make("list-b",
       "start: '2037-02-02T09:00' end: '2037-02-03T09:00' "
       "hosts: 'organizations/lag-kotla' languages: 'cs'");
  make("list-draft", "");
  for (const char* id : {"list-a", "list-b", "list-c"}) {
    ASSERT_THAT(Publish(id), IsOk());
  }
  ASSERT_THAT(Cancel("list-c"), IsOk());
  const std::string network = "network: 'networks/elsewhere' ";
  EXPECT_THAT(List(network), ElementsAre("list-a", "list-b", "list-c"));
  EXPECT_THAT(List(network + "state: PUBLISHED"),
              ElementsAre("list-a", "list-b"));
  EXPECT_THAT(List(network + "language: 'cs'"), ElementsAre("list-b"));
  EXPECT_THAT(List("host: 'organizations/lag-kotla'"), ElementsAre("list-b"));
  EXPECT_THAT(List(network + "start_after { seconds: 2116000000 }"),
              ElementsAre("list-b", "list-c"));
  EXPECT_THAT(List(network + "project: 'projects/green-paths'"),
              ElementsAre("list-a", "list-b", "list-c"));
  EXPECT_THAT(List(network + "state: DRAFT", kAdmin),
              ElementsAre("list-draft"));
  EXPECT_THAT(List(network + "state: DRAFT", kManager), IsEmpty());
  EXPECT_THAT(List(network + "state: DRAFT"), IsEmpty());
}

TEST_F(ListTest, ListsPageByPage) {
  for (const char* id : {"page-c", "page-a", "page-b"}) {
    v1::StudyVisit visit = WantedProto();
    visit.clear_project();
    ASSERT_THAT(Create(id, visit), IsOk());  // All start at the same moment.
    ASSERT_THAT(Publish(id), IsOk());
  }
  v1::ListStudyVisitsRequest request;
  request.set_page_size(2);
  std::vector<std::string> paged;
  do {
    for (const std::string& id : List(request)) paged.push_back(id);
  } while (!request.page_token().empty());
  EXPECT_THAT(paged, testing::IsSupersetOf({"page-a", "page-b", "page-c"}));
  EXPECT_EQ(paged, List("page_size: 200"));
  List(request);
  request.set_language("pl");
  EXPECT_THAT(support::Call(node_.visits(), &Visits::ListStudyVisits, request),
              StatusIs(Code::kInvalidArgument, "PAGE_TOKEN_MISMATCH"));
}

}  // namespace
}  // namespace lagnet::visits
