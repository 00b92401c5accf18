#include "server/search/service.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "server/base/status_macros.h"
#include "server/changes/tailer.h"
#include "server/db/transact.h"
#include "server/directory/network_store.h"
#include "server/directory/searchable.h"
#include "server/directory/service.h"
#include "server/visits/searchable.h"
#include "server/visits/store.h"
#include "tests/search/demo.h"
#include "tests/support/database.h"
#include "tests/support/matchers.h"
#include "tests/support/server.h"

namespace lagnet::search {
namespace {

using support::Call;
using support::FromText;
using support::IsOk;
using support::StatusIs;
using support::WrongFields;
using testing::Contains;
using testing::ElementsAre;
using testing::Gt;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using Searches = v1::SearchService::Stub;
using Organizations = directory::v1::OrganizationService::Stub;

constexpr char kAdmin[] = "role:NETWORK_ADMIN";

// A server that searches, beside one that writes, on the demo network.
class SearchServiceTest : public support::DatabaseTest {
 protected:
  static void SetUpTestSuite() {
    support::DatabaseTest::SetUpTestSuite();
    LoadDemo(pool());
    writer_ = new support::TestServer(database().dsn());
    writer_->Add<directory::NetworkService>();
    writer_->Add<directory::OrganizationService>();
    writer_->Start();
    tailer_ = new changes::Tailer(&pool(), absl::Milliseconds(25));
    ASSERT_THAT(tailer_->Prepare(), IsOk());
    follower_ = new Follower(&pool(), {directory::SearchableOrganizations(),
                                       visits::SearchableVisits()});
    ASSERT_THAT(follower_->Load(tailer_->position()), IsOk());
    tailer_->Listen([](const changes::Stretch& stretch) {
      return follower_->Hear(stretch);
    });
    tailer_->Start();
    server_ = new support::TestServer(database().dsn());
    server_->Own(std::make_unique<SearchService>(&server_->gate(), follower_));
    server_->Start();
  }
  static void TearDownTestSuite() {
    delete server_;
    delete tailer_;
    delete follower_;
    delete writer_;
    support::DatabaseTest::TearDownTestSuite();
  }

  static absl::StatusOr<v1::SearchResponse> Search(
      const v1::SearchRequest& request, const support::With& with = {}) {
    return Call(*v1::SearchService::NewStub(server_->channel()),
                &Searches::Search, request, with);
  }
  static std::vector<std::string> Find(const std::string& query,
                                       const support::With& with = {}) {
    v1::SearchRequest request;
    request.set_query(query);
    const auto found = Search(request, with);
    EXPECT_THAT(found, IsOk()) << query;
    std::vector<std::string> names;
    if (!found.ok()) return names;
    for (const auto& result : found->results()) names.push_back(result.name());
    return names;
  }

  static std::string FreshRequestId() {
    static int count = 0;
    return absl::StrFormat("00000000-0000-4000-8000-%012d", ++count);
  }
  static void Create(const std::string& id, const std::string& title,
                     std::multimap<std::string, std::string>* trailing = {}) {
    directory::v1::CreateOrganizationRequest request;
    request.set_organization_id(id);
    request.set_allow_likely_doubles(true);
    request.set_request_id(FreshRequestId());
    auto& organization = *request.mutable_organization();
    organization = FromText<directory::v1::Organization>(
        "network: 'networks/grdn' kind: CSO country: 'GE'");
    (*organization.mutable_display_name()->mutable_texts())["en"].set_text(
        title);
    ASSERT_THAT(
        Call(*directory::v1::OrganizationService::NewStub(writer_->channel()),
             &Organizations::CreateOrganization, request,
             {.token = kAdmin, .trailing = trailing}),
        IsOk());
  }
  // Takes a step of an entry's life.
  template <typename Request>
  static void Step(const std::string& id,
                   grpc::Status (Organizations::*method)(
                       grpc::ClientContext*, const Request&,
                       directory::v1::Organization*)) {
    Request request;
    request.set_name("organizations/" + id);
    request.set_request_id(FreshRequestId());
    ASSERT_THAT(
        Call(*directory::v1::OrganizationService::NewStub(writer_->channel()),
             method, request, {.token = kAdmin}),
        IsOk());
  }

  // Whether `query` finds `name`, or stops to, within a second.
  static bool Turns(const std::string& query, const std::string& name,
                    bool is_there) {
    const absl::Time deadline = absl::Now() + absl::Seconds(1);
    do {
      if (testing::Value(Find(query), Contains(name)) == is_there) return true;
      absl::SleepFor(absl::Milliseconds(10));
    } while (absl::Now() < deadline);
    return false;
  }

  static support::TestServer* writer_;
  static support::TestServer* server_;
  static changes::Tailer* tailer_;
  static Follower* follower_;
};

support::TestServer* SearchServiceTest::writer_ = nullptr;
support::TestServer* SearchServiceTest::server_ = nullptr;
changes::Tailer* SearchServiceTest::tailer_ = nullptr;
Follower* SearchServiceTest::follower_ = nullptr;

TEST_F(SearchServiceTest, AnswersWithAllThatAPageShows) {
  const auto found = Search(FromText<v1::SearchRequest>(R"pb(
    query: "Lagodechi Kachetia"
    language: "ka"
    near { latitude: 41.72 longitude: 44.79 }
    with_facets: true
    explain: true
    filter { collections: "organizations" networks: "networks/grdn" }
  )pb"));
  ASSERT_THAT(found, IsOk());
  ASSERT_THAT(found->results(), Not(IsEmpty()));
  const v1::Result& first = found->results(0);
  EXPECT_EQ(first.name(), "organizations/lag-lagodekhi");
  EXPECT_EQ(first.kind(), "LAG");
  EXPECT_EQ(first.network(), "networks/grdn");
  EXPECT_EQ(first.country(), "GE");
  EXPECT_EQ(first.title().language(), "ka");
  EXPECT_EQ(first.title().pieces(0).text(), "ლაგოდეხის");
  EXPECT_TRUE(first.title().pieces(0).match());
  EXPECT_THAT(first.snippet().pieces(), Not(IsEmpty()));
  EXPECT_NEAR(first.distance_metres(), 124'000, 3'000);
  EXPECT_GE(first.score(), 1);
  ASSERT_THAT(first.reasons(), SizeIs(2));
  EXPECT_EQ(first.reasons(0).how(), v1::Reason::TERRITORY);
  EXPECT_EQ(first.reasons(0).found(), "ლაგოდეხი");
  EXPECT_EQ(first.reasons(1).how(), v1::Reason::TERRITORY);
  EXPECT_EQ(first.reasons(1).found(), "კახეთი");
  EXPECT_EQ(found->facets().networks(0).value(), "networks/grdn");
  EXPECT_EQ(found->facets().networks(0).display_name(),
            "საქართველოს სოფლის განვითარების ქსელი (GRDN)");
  EXPECT_EQ(found->facets().networks(0).count(), found->total_size());
  EXPECT_THAT(found->facets().themes(), Not(IsEmpty()));
  EXPECT_NE(found->facets().themes(0).display_name(),
            found->facets().themes(0).value());
}

TEST_F(SearchServiceTest, CallsNetworksAsTheyAreCalledNow) {
  const auto name = [] {
    const auto found = Search(FromText<v1::SearchRequest>(
        "with_facets: true filter { networks: 'networks/ksow' }"));
    EXPECT_THAT(found, IsOk());
    return found->facets().networks(0).display_name();
  };
  EXPECT_NE(name(), "ksow");
  const auto rename = [](db::Tx& tx) -> absl::Status {
    ASSIGN_OR_RETURN(directory::Network network,
                     directory::LockNetwork(tx, "ksow"));
    network.display_name["en"] = {.text = "Renamed Network"};
    directory::SaveNetwork(tx, {}, network);
    return absl::OkStatus();
  };
  ASSERT_THAT(db::Transact(pool(), absl::Now() + absl::Seconds(20),
                           absl::FunctionRef<absl::Status(db::Tx&)>(rename)),
              IsOk());
  const absl::Time deadline = absl::Now() + absl::Seconds(2);
  while (name() != "Renamed Network" && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_EQ(name(), "Renamed Network");
}

TEST_F(SearchServiceTest, PutsAVisitWhereItsFirstHostIs) {
  const visits::StudyVisit visit{
      .id = "far-visit",
      .network = "grdn",
      .hosts = {"lag-kazbegi"},
      .title = {{"en", {.text = "Farawayplace"}}},
      .time_zone = "Asia/Tbilisi",
      .start = absl::CivilSecond(2036, 5, 1, 9),
      .end = absl::CivilSecond(2036, 5, 2, 18),
      .seats = 10,
  };
  const auto insert = [&](db::Tx& tx) {
    return visits::InsertVisit(tx, {}, visit);
  };
  ASSERT_THAT(db::Transact(pool(), absl::Now() + absl::Seconds(9),
                           absl::FunctionRef<absl::Status(db::Tx&)>(insert)),
              IsOk());
  const absl::Time deadline = absl::Now() + absl::Seconds(1);
  while (Find("farawayplace", {kAdmin}).empty() && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  const auto found = Search(
      FromText<v1::SearchRequest>("query: 'farawayplace' order: DISTANCE "
                                  "near { latitude: 41.72 longitude: 44.79 }"),
      {kAdmin});
  ASSERT_THAT(found, IsOk());
  ASSERT_THAT(found->results(), SizeIs(1));
  EXPECT_NEAR(found->results(0).distance_metres(), 105'000, 10'000);
}

TEST_F(SearchServiceTest, CorrectsAndSaysSo) {
  v1::SearchRequest request;
  request.set_query("Lagodeki");
  const auto found = Search(request);
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->did_you_mean(), "Lagodekhi");
  EXPECT_EQ(found->results(0).name(), "organizations/lag-lagodekhi");
}

TEST_F(SearchServiceTest, CompletesWhatIsTyped) {
  v1::SuggestRequest request;
  request.set_query("puszcza koz");
  request.set_language("pl");
  const auto suggested = Call(*v1::SearchService::NewStub(server_->channel()),
                              &Searches::Suggest, request, {});
  ASSERT_THAT(suggested, IsOk());
  ASSERT_THAT(suggested->suggestions(), Not(IsEmpty()));
  EXPECT_EQ(suggested->suggestions(0).name(),
            "organizations/lgd-puszcza-kozienicka");
}

TEST_F(SearchServiceTest, PagesThroughEverything) {
  v1::SearchRequest request;
  request.set_page_size(25);
  request.set_order(v1::SearchRequest::TITLE);
  request.set_language("cs");
  size_t seen = 0;
  int total = 0;
  do {
    const auto page = Search(request);
    ASSERT_THAT(page, IsOk());
    seen += static_cast<size_t>(page->results_size());
    total = page->total_size();
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(total, Gt(60));
  EXPECT_EQ(seen, static_cast<size_t>(total));
}

TEST_F(SearchServiceTest, RefusesWhatMakesNoSense) {
  const auto wrong_in = [](const char* request) {
    return WrongFields(Search(FromText<v1::SearchRequest>(request)).status());
  };
  EXPECT_THAT(wrong_in("query: 'a' order: DISTANCE"), ElementsAre("near"));
  EXPECT_THAT(wrong_in("query: 'a' language: 'qqx'"), ElementsAre("language"));
  EXPECT_THAT(wrong_in("query: 'a' filter { networks: 'x/y' }"),
              ElementsAre("filter.networks[0]"));
  EXPECT_THAT(wrong_in("query: 'a' near { latitude: 91 }"),
              ElementsAre("near.latitude"));
  v1::SearchRequest request;
  request.set_page_size(5);
  const auto page = Search(request);
  ASSERT_THAT(page, IsOk());
  request.set_page_token(page->next_page_token());
  request.set_query("another");
  EXPECT_THAT(Search(request), StatusIs(absl::StatusCode::kInvalidArgument,
                                        "PAGE_TOKEN_MISMATCH"));
}

TEST_F(SearchServiceTest, TakesWhateverPeopleType) {
  for (const std::string& query :
       {std::string("\"a AND (b"), std::string("{title} : x*"),
        std::string("%' OR 1=1 --"), std::string("\u200B🏔️ ﷽"),
        std::string(500, '*'), std::string(500, 'a')}) {
    v1::SearchRequest request;
    request.set_query(query);
    EXPECT_THAT(Search(request), IsOk()) << query;
  }
  v1::SearchRequest request;
  request.set_query(std::string(10'000, 'a'));
  EXPECT_THAT(WrongFields(Search(request).status()), ElementsAre("query"));
  // What could fool the eye is no text, here as in every field.
  request.set_query("\u202Eeman");
  EXPECT_THAT(WrongFields(Search(request).status()), ElementsAre("query"));
  request.set_query(std::string("a\0b", 3));
  EXPECT_THAT(WrongFields(Search(request).status()), ElementsAre("query"));
}

TEST_F(SearchServiceTest, ShowsWhatAnotherServerChangedWithinASecond) {
  Create("quick-cso", "Zanzibarica");
  Step("quick-cso", &Organizations::SubmitOrganization);
  Step("quick-cso", &Organizations::VerifyOrganization);
  EXPECT_TRUE(Turns("zanzibarica", "organizations/quick-cso", true));
  Step("quick-cso", &Organizations::ArchiveOrganization);
  EXPECT_TRUE(Turns("zanzibarica", "organizations/quick-cso", false));
}

TEST_F(SearchServiceTest, ShowsCallersWhatTheyHaveWritten) {
  for (int i = 0; i < 10; ++i) {
    const std::string id = absl::StrCat("own-", i);
    std::multimap<std::string, std::string> trailing;
    Create(id, absl::StrCat("Ownword", i, "x"), &trailing);
    const auto revision = trailing.find("lagnet-revision");
    ASSERT_NE(revision, trailing.end());
    EXPECT_THAT(Find(absl::StrCat("ownword", i, "x"),
                     {.token = kAdmin,
                      .metadata = {{"lagnet-revision", revision->second}}}),
                ElementsAre("organizations/" + id));
  }
}

TEST_F(SearchServiceTest, ShowsDraftsToTheirOwn) {
  const visits::StudyVisit draft{
      .id = "a-draft",
      .network = "grdn",
      .hosts = {"lag-kazbegi"},
      .title = {{"en", {.text = "Quietplace"}}},
      .time_zone = "Asia/Tbilisi",
      .start = absl::CivilSecond(2036, 5, 1, 9),
      .end = absl::CivilSecond(2036, 5, 2, 18),
      .seats = 10,
  };
  const auto insert = [&](db::Tx& tx) {
    return visits::InsertVisit(tx, {}, draft);
  };
  ASSERT_THAT(db::Transact(pool(), absl::Now() + absl::Seconds(9),
                           absl::FunctionRef<absl::Status(db::Tx&)>(insert)),
              IsOk());
  const auto is_found_by = [](const char* token) {
    return testing::Value(Find("quietplace", {token}),
                          Contains("studyVisits/a-draft"));
  };
  const absl::Time deadline = absl::Now() + absl::Seconds(1);
  while (!is_found_by(kAdmin) && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_TRUE(is_found_by(kAdmin));
  v1::SearchRequest request;
  request.set_query("quietplace");
  const auto found = Search(request, {kAdmin});
  ASSERT_THAT(found, IsOk());
  EXPECT_TRUE(found->results(0).unpublished());
  EXPECT_TRUE(is_found_by("role:NETWORK_EDITOR@network=grdn"));
  EXPECT_TRUE(is_found_by("role:HOST_COORDINATOR@organization=lag-kazbegi"));
  EXPECT_FALSE(is_found_by("role:NETWORK_EDITOR@network=ksow"));
  EXPECT_FALSE(is_found_by("role:LAG_MANAGER@organization=lag-keda"));
  EXPECT_FALSE(is_found_by("role:BROKER@network=grdn"));
  EXPECT_FALSE(is_found_by(""));
}

}  // namespace
}  // namespace lagnet::search
