#include "tests/search/judged.h"

#include <iomanip>
#include <iostream>
#include <memory>

#include "absl/time/clock.h"
#include "server/base/status_macros.h"
#include "server/db/transact.h"
#include "server/directory/searchable.h"
#include "server/directory/store.h"
#include "server/search/follower.h"
#include "tests/search/demo.h"
#include "tests/support/database.h"
#include "tests/support/matchers.h"

namespace lagnet::search {
namespace {

using support::IsOk;

// An organisation of Kakheti whose name is a letter or two off a word that
// people ask for, and that means something in the thesaurus.
absl::Status InsertLure(db::Tx& tx, const std::string& id,
                        const std::string& title) {
  directory::Organization lure{
      .id = id,
      .network = "grdn",
      .kind = directory::OrganizationKind::kCso,
      .display_name = {{"en", {.text = title}}},
      .country = "GE",
      .territories = {{.scheme = directory::TerritoryScheme::kIso3166,
                       .code = "GE-KA"}},
  };
  lure.life.state = directory::OrganizationState::kVerified;
  lure.life.look_time = tx.now();
  return directory::InsertOrganization(tx, {}, std::move(lure), {});
}

absl::Status InsertLures(db::Tx& tx) {
  RETURN_IF_ERROR(InsertLure(tx, "wind-park", "Wind Park"));
  return InsertLure(tx, "money-trust", "Money Trust");
}

// The demo network in the real index, and two that must not be taken for what
// is meant.
class JudgedTest : public support::DatabaseTest {
 protected:
  static void SetUpTestSuite() {
    support::DatabaseTest::SetUpTestSuite();
    LoadDemo(pool());
    ASSERT_THAT(
        db::Transact(pool(), absl::Now() + absl::Seconds(20),
                     absl::FunctionRef<absl::Status(db::Tx&)>(InsertLures)),
        IsOk());
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

// Wine is no misspelt "wind", nor honey "money": the thesaurus knows them.
TEST_F(JudgedTest, TakesNoWordThatMeansSomethingForAMisspeltOne) {
  for (const char* query : {"wine", "wine kakheti", "honey", "honey kakheti",
                            "kobiety", "wino kachetia"}) {
    const Found found =
        follower_->index().Find({.text = query, .language = "en"}, {}, 10,
                                [](const Document&) { return false; });
    ASSERT_FALSE(found.hits.empty()) << query;
    const std::string& first = found.hits.front().document->name;
    EXPECT_NE(first, "organizations/wind-park") << query;
    EXPECT_NE(first, "organizations/money-trust") << query;
    for (const AskedWord& word : found.question.words) {
      EXPECT_FALSE(word.is_corrected()) << query << ": " << word.text;
      for (const AskedWord::Form& form : word.forms) {
        EXPECT_NE(form.how, How::kMisspelt) << query << ": " << form.term;
      }
    }
  }
}

TEST_F(JudgedTest, FindsByNumbersAndCodes) {
  const std::pair<const char*, const char*> queries[] = {
      {"KRS 0000312844", "lgd-ziemi-krasnickiej"},
      {"0000312844", "lgd-ziemi-krasnickiej"},
      {"PL921", "lgd-puszcza-kozienicka"},
      {"pl517", "partnerstwo-sowiogorskie"},
      {"081202", "kraina-lasow-i-jezior"},
  };
  for (const auto& [query, id] : queries) {
    const std::vector<std::string> names = Find({.query = query});
    ASSERT_FALSE(names.empty()) << query;
    EXPECT_EQ(names[0], std::string("organizations/") + id) << query;
  }
  // Another number is another organisation's.
  EXPECT_THAT(Find({.query = "0000312845"}), testing::IsEmpty());
}

TEST_F(JudgedTest, FindsByMunicipality) {
  const auto within = [](const char* code) {
    const Found found =
        follower_->index().Find({.territories = {code}, .language = "en"}, {},
                                10, [](const Document&) { return false; });
    std::vector<std::string> names;
    for (const Hit& hit : found.hits) names.push_back(hit.document->name);
    return names;
  };
  EXPECT_THAT(
      within("GE-MM-KAZBEGI"),
      testing::UnorderedElementsAre("organizations/lag-kazbegi",
                                    "organizations/kazbegi-municipality"));
  EXPECT_THAT(within("140705"),
              testing::ElementsAre("organizations/lgd-puszcza-kozienicka"));
  EXPECT_THAT(within("020304"), testing::UnorderedElementsAre(
                                    "organizations/gmina-kotla",
                                    "organizations/kraina-lasow-i-jezior"));
  // As well as by what lies around it.
  EXPECT_THAT(within("PL815"),
              testing::ElementsAre("organizations/lgd-ziemi-krasnickiej"));
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
