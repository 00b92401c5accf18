#include "tests/search/judged.h"

#include <iomanip>
#include <iostream>
#include <memory>

#include "server/directory/searchable.h"
#include "server/search/follower.h"
#include "tests/search/demo.h"
#include "tests/support/database.h"
#include "tests/support/matchers.h"

namespace lagnet::search {
namespace {

using support::IsOk;

// The demo network in the real index.
class JudgedTest : public support::DatabaseTest {
 protected:
  static void SetUpTestSuite() {
    support::DatabaseTest::SetUpTestSuite();
    LoadDemo(pool());
    follower_ = new Follower(&pool(), {directory::SearchableOrganizations()});
    ASSERT_THAT(follower_->Load({}), IsOk());
  }
  static void TearDownTestSuite() {
    delete follower_;
    support::DatabaseTest::TearDownTestSuite();
  }

  static std::vector<std::string> Find(const Judged& judged) {
    const Found found = follower_->index().Find(
        {.text = judged.query,
         .language = judged.language.empty() ? "en" : judged.language},
        {}, 10, [](const Document&) { return false; });
    std::vector<std::string> names;
    for (const Hit& hit : found.hits) names.push_back(hit.document->name);
    return names;
  }

  static Follower* follower_;
};

Follower* JudgedTest::follower_ = nullptr;

// What the search was made for.
TEST_F(JudgedTest, PutsFirstWhatIsMeant) {
  const std::pair<const char*, const char*> queries[] = {
      {"Lagodechi", "lag-lagodekhi"},
      {"ლაგოდეხის ჯგუფი", "lag-lagodekhi"},
      {"lagodexi", "lag-lagodekhi"},
      {"puszczy kozienickiej", "lgd-puszcza-kozienicka"},
      {"telcsko", "mas-telcsko"},
      {"Bordżomi", "lag-borjomi"},
      {"Chulo", "lag-khulo"},
  };
  for (const auto& [query, id] : queries) {
    const std::vector<std::string> names = Find({.query = query});
    ASSERT_FALSE(names.empty()) << query;
    EXPECT_EQ(names[0], std::string("organizations/") + id) << query;
  }
  // Several LAGs of Kakheti work on farming.
  for (const char* query :
       {"wine kakheti", "wino kachetia", "víno kachetie", "ღვინო კახეთი"}) {
    EXPECT_THAT(Find({.query = query})[0],
                testing::AnyOf("organizations/lag-lagodekhi",
                               "organizations/lag-dedoplistskaro"))
        << query;
  }
}

TEST_F(JudgedTest, FindsWhatPeopleMean) {
  const std::vector<Judged> judged = ReadJudged(LAGNET_JUDGED);
  EXPECT_GE(judged.size(), 200u);
  const auto by_skill = JudgeAll(judged, Find);
  std::cout << std::fixed << std::setprecision(3);
  for (const auto& [skill, figures] : by_skill) {
    std::cout << std::left << std::setw(16) << skill << "NDCG@10 "
              << figures.ndcg10 << "  hit@1 " << figures.hit1 << "  recall@10 "
              << figures.recall10 << "  of " << figures.queries << '\n';
  }
  for (const Judged& one : judged) {
    const std::vector<std::string> names = Find(one);
    if (Judge(one, names).hit1 == 1) continue;
    std::cout << one.skill << ' ' << one.query << ':';
    for (size_t i = 0; i < names.size() && i < 4; ++i) {
      std::cout << ' ' << names[i];
    }
    std::cout << '\n';
  }
  EXPECT_GE(by_skill.at("all").ndcg10, 0.9);
}

}  // namespace
}  // namespace lagnet::search
