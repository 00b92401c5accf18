#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cpp/cli/app.h"
#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "lagnet/directory/v1/territories.grpc.pb.h"
#include "lagnet/directory/v1/themes.grpc.pb.h"
#include "lagnet/search/v1/search.grpc.pb.h"
#include "nlohmann/json.hpp"
#include "tests/clients/peer.h"

namespace lagnet::cli {
namespace {

using search::v1::SearchRequest;
using search::v1::SearchResponse;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class OneTheme : public directory::v1::ThemeService::Service {
 public:
  grpc::Status ListThemes(
      grpc::ServerContext*, const directory::v1::ListThemesRequest*,
      directory::v1::ListThemesResponse* response) override {
    response->add_themes()->set_id("crafts");
    return grpc::Status::OK;
  }
};

class OneTerritory : public directory::v1::TerritoryService::Service {
 public:
  grpc::Status GetTerritory(grpc::ServerContext*,
                            const directory::v1::GetTerritoryRequest* request,
                            directory::v1::Territory*) override {
    return request->name() == "territories/GE-KA"
               ? grpc::Status::OK
               : client::Refusal(grpc::StatusCode::NOT_FOUND, "NOT_FOUND");
  }
};

// A gRPC server in this process that finds what each test says, and keeps what
// it was asked.
class SearchPeer : public search::v1::SearchService::Service {
 public:
  SearchPeer() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port_);
    builder.RegisterService(this);
    builder.RegisterService(&themes_);
    builder.RegisterService(&territories_);
    server_ = builder.BuildAndStart();
  }
  ~SearchPeer() override { server_->Shutdown(absl::ToChronoTime(absl::Now())); }

  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

  grpc::Status Search(grpc::ServerContext*, const SearchRequest* request,
                      SearchResponse* response) override {
    asked = *request;
    *response = answer;
    if (many > 0) FillPage(*request, *response);
    return grpc::Status::OK;
  }

  grpc::Status Suggest(grpc::ServerContext*,
                       const search::v1::SuggestRequest* request,
                       search::v1::SuggestResponse* response) override {
    suggest_asked = *request;
    auto* suggestion = response->add_suggestions();
    suggestion->set_kind("LAG");
    suggestion->set_name("organizations/lag-kazbegi");
    suggestion->mutable_title()->add_pieces()->set_text("Kazbegi LAG");
    return grpc::Status::OK;
  }

  SearchRequest asked;
  SearchResponse answer;
  int many = 0;  // If not 0, so many are found, page by page.
  search::v1::SuggestRequest suggest_asked;

 private:
  void FillPage(const SearchRequest& request, SearchResponse& page) const {
    int next = 0;
    (void)absl::SimpleAtoi(request.page_token(), &next);
    const int end = std::min(many, next + std::min(request.page_size(), 200));
    while (next < end) {
      page.add_results()->set_name(absl::StrCat("organizations/o-", ++next));
    }
    if (next < many) page.set_next_page_token(absl::StrCat(next));
    page.set_total_size(many);
    auto* kind = page.mutable_facets()->add_kinds();
    kind->set_value("LAG");
    kind->set_count(many);
  }

  OneTheme themes_;
  OneTerritory territories_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

class SearchCommandTest : public testing::Test {
 protected:
  // Runs `lagnet WORDS`; returns what was printed.
  std::string Run(std::vector<std::string> words, int exit_code = 0) {
    words.insert(words.end(), {"--server", peer_.address()});
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    EXPECT_EQ(RunApp(words), exit_code);
    errors_ = testing::internal::GetCapturedStderr();
    return testing::internal::GetCapturedStdout();
  }

  SearchPeer peer_;
  std::string errors_;
};

TEST_F(SearchCommandTest, TakesTheQueryBehindItsOptions) {
  for (const char* flag : {"--kind", "--theme", "--territory", "--network"}) {
    Run({"org", "search", flag, "LAG", "wine", "kazbegi"});
    EXPECT_EQ(peer_.asked.query(), "wine kazbegi") << flag;
  }
  Run({"org", "search", "--theme", "crafts", "wine", "--theme", "water"});
  EXPECT_EQ(peer_.asked.query(), "wine");
  EXPECT_THAT(peer_.asked.filter().themes(), ElementsAre("crafts", "water"));
}

TEST_F(SearchCommandTest, TakesAKindAsOtherCommandsDo) {
  Run({"org", "search", "--kind", "lag", "--kind", "social-enterprise"});
  EXPECT_THAT(peer_.asked.filter().kinds(),
              ElementsAre("LAG", "SOCIAL_ENTERPRISE"));
  Run({"search", "--kind", "study-visit"});
  EXPECT_THAT(peer_.asked.filter().kinds(), ElementsAre("STUDY_VISIT"));
  Run({"org", "search", "--kind", "leg"}, 2);
  EXPECT_THAT(errors_, HasSubstr("\"leg\" is not one of STUDY_VISIT, LAG, "));
}

TEST_F(SearchCommandTest, MarksWhatIsNotPublished) {
  auto* result = peer_.answer.add_results();
  result->set_name("organizations/lag-a");
  result->mutable_title()->add_pieces()->set_text("Wine");
  result->set_unpublished(true);
  EXPECT_THAT(Run({"search", "wine"}), HasSubstr("Wine (draft)"));
}

TEST_F(SearchCommandTest, CompletesWhatIsTyped) {
  EXPECT_EQ(Run({"org", "search", "--suggest", "kazb", "--kind", "lag"}),
            "KIND  ID           TITLE\nLAG   lag-kazbegi  Kazbegi LAG\n");
  EXPECT_EQ(peer_.suggest_asked.query(), "kazb");
  EXPECT_THAT(peer_.suggest_asked.filter().kinds(), ElementsAre("LAG"));
  EXPECT_THAT(peer_.suggest_asked.filter().collections(),
              ElementsAre("organizations"));
  Run({"search", "--suggest", "kazb", "--explain"}, 2);
}

TEST_F(SearchCommandTest, SaysWhichFilterNothingCanPass) {
  Run({"search", "--theme", "crafts", "--territory", "GE-KA"});
  EXPECT_EQ(errors_, "Nothing found.\n");
  Run({"search", "--theme", "kraft", "--territory", "XX9"});
  EXPECT_THAT(errors_, StartsWith("Nothing found.\nThere is no theme kraft; "
                                  "`lagnet theme list` shows those there "
                                  "are.\nThere is no territory with the code "
                                  "XX9;"));
}

TEST_F(SearchCommandTest, FindsMoreThanAPageHolds) {
  peer_.many = 450;
  const auto found = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words = {"org", "search", "wine", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return nlohmann::json::parse(Run(words));
  };
  EXPECT_EQ(found({})["results"].size(), 20u);
  EXPECT_EQ(found({"--limit", "200"})["results"].size(), 200u);
  EXPECT_EQ(peer_.asked.page_token(), "");
  const auto some = found({"--limit", "321"});
  EXPECT_EQ(some["results"].size(), 321u);
  EXPECT_EQ(some["results"][320]["name"], "organizations/o-321");
  EXPECT_EQ(some["nextPageToken"], "");
  const auto all = found({"--all"});
  EXPECT_EQ(all["results"].size(), 450u);
  EXPECT_EQ(all["totalSize"], 450);
  EXPECT_EQ(all["facets"]["kinds"].size(), 1u) << "counted once";
  EXPECT_EQ(all["results"][449]["name"], "organizations/o-450");
  EXPECT_THAT(Run({"org", "search", "wine"}),
              HasSubstr("The first 20 of 450; --limit or --all shows more."));
  Run({"org", "search", "wine", "--limit", "0"}, 2);
  Run({"org", "search", "wine", "--limit", "5", "--all"}, 2);
}

}  // namespace
}  // namespace lagnet::cli
