#include "server/search/vocabulary.h"

#include <algorithm>
#include <map>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lagnet::search {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

void Add(Vocabulary& vocabulary, const std::string& term, bool is_public,
         bool is_title, int sign) {
  vocabulary.Add(vocabulary.Intern(term), is_public, is_title, sign);
}

std::vector<std::string> StartingWith(const Vocabulary& vocabulary,
                                      const std::string& prefix, size_t limit) {
  std::vector<std::string> terms;
  for (const TermId term : vocabulary.StartingWith(prefix, limit)) {
    terms.push_back(vocabulary.TextOf(term));
  }
  return terms;
}

std::vector<std::string> Nearest(const Vocabulary& vocabulary,
                                 const std::string& term, int most,
                                 size_t limit) {
  std::vector<std::string> terms;
  for (const auto& near : vocabulary.Nearest(term, most, limit)) {
    terms.push_back(vocabulary.TextOf(near.term));
  }
  return terms;
}

TEST(VocabularyTest, CountsDocuments) {
  Vocabulary vocabulary;
  Add(vocabulary, "ekazbegi", true, true, 1);
  Add(vocabulary, "ekazbegi", false, false, 1);
  EXPECT_EQ(vocabulary.Of("ekazbegi").documents, 2u);
  EXPECT_EQ(vocabulary.Of("ekazbegi").visible, 1u);
  EXPECT_EQ(vocabulary.Of("ekazbegi").titles, 1u);
  EXPECT_EQ(vocabulary.Of("enothing").documents, 0u);
  Add(vocabulary, "ekazbegi", false, false, -1);
  Add(vocabulary, "ekazbegi", true, true, -1);
  EXPECT_EQ(vocabulary.Of("ekazbegi").documents, 0u);
  EXPECT_EQ(vocabulary.Of("ekazbegi").visible, 0u);
  EXPECT_THAT(StartingWith(vocabulary, "eka", 9), IsEmpty());
}

TEST(VocabularyTest, LearnsEachWordOnceForEachLanguage) {
  Vocabulary vocabulary;
  EXPECT_FALSE(vocabulary.FindWord("Puszczy", "pl"));
  const auto word = vocabulary.Learn("Puszczy", "pl", {"epuszczy", "lpuszcza"});
  EXPECT_EQ(vocabulary.Learn("Puszczy", "pl", {"eother"}), word);
  EXPECT_EQ(vocabulary.FindWord("Puszczy", "pl"), word);
  EXPECT_FALSE(vocabulary.FindWord("Puszczy", "cs"));
  EXPECT_FALSE(vocabulary.FindWord("puszczy", "pl"));
  EXPECT_THAT(
      vocabulary.TermsOf(word),
      ElementsAre(vocabulary.Find("epuszczy"), vocabulary.Find("lpuszcza")));
  EXPECT_NE(vocabulary.Learn("Puszczy", "cs", {"epuszczy"}), word);
  vocabulary.Learn("puszczy", "pl", {"epuszczy"});
  vocabulary.Learn("", "", {});
  EXPECT_THAT(vocabulary.WrittenAs(*vocabulary.Find("epuszczy")),
              ElementsAre("Puszczy", "puszczy"));
  EXPECT_FALSE(vocabulary.Find("eother"));
}

TEST(VocabularyTest, CompletesToWhatEverybodyMaySee) {
  Vocabulary vocabulary;
  Add(vocabulary, "ekotla", true, true, 1);
  Add(vocabulary, "ekozienice", true, false, 1);
  Add(vocabulary, "ekozienicki", true, true, 1);
  Add(vocabulary, "ekosecret", false, true, 1);
  Add(vocabulary, "lkotla", true, true, 1);
  EXPECT_THAT(StartingWith(vocabulary, "eko", 9),
              ElementsAre("ekotla", "ekozienicki", "ekozienice"));
  EXPECT_THAT(StartingWith(vocabulary, "eko", 1), SizeIs(1));
  EXPECT_THAT(StartingWith(vocabulary, "ex", 9), IsEmpty());
}

TEST(VocabularyTest, FindsTheNearest) {
  Vocabulary vocabulary;
  for (const char* term : {"elagodekhi", "elagos", "elagodekhis", "etelavi",
                           "elagodehi", "slagodekhi"}) {
    Add(vocabulary, term, true, true, 1);
  }
  Add(vocabulary, "elagodeki", false, true, 1);  // Not for everybody.
  EXPECT_THAT(Nearest(vocabulary, "elagodeki", 1, 9),
              ElementsAre("elagodehi", "elagodekhi"));
  EXPECT_THAT(Nearest(vocabulary, "elagodekih", 1, 9),
              ElementsAre("elagodekhi"));
  EXPECT_THAT(Nearest(vocabulary, "eagodekhi", 2, 1),
              ElementsAre("elagodekhi"));
  EXPECT_THAT(Nearest(vocabulary, "exyz", 2, 9), IsEmpty());
}

// The whole table, as it stands in textbooks.
int Distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<int>> d(a.size() + 1, std::vector<int>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) d[i][0] = static_cast<int>(i);
  for (size_t j = 0; j <= b.size(); ++j) d[0][j] = static_cast<int>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1,
                          d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

TEST(VocabularyTest, MissesNothingThatIsNear) {
  std::mt19937 random(7);
  const auto word = [&] {
    std::string text = "e";
    for (size_t n = random() % 7; n > 0; --n) text += "abc"[random() % 3];
    return text;
  };
  for (int round = 0; round < 50; ++round) {
    Vocabulary vocabulary;
    std::map<std::string, int> all;
    for (int i = 0; i < 200; ++i) {
      const std::string term = word();
      if (all.emplace(term, 0).second) Add(vocabulary, term, true, true, 1);
    }
    const std::string asked = word();
    for (const int most : {1, 2}) {
      std::map<std::string, int> near;
      for (const auto& found : vocabulary.Nearest(asked, most, 1000)) {
        near[vocabulary.TextOf(found.term)] = found.edits;
      }
      for (const auto& [term, unused] : all) {
        const int distance = Distance(asked, term);
        ASSERT_EQ(near.contains(term), distance <= most)
            << asked << " " << term << " " << distance;
        if (distance <= most) {
          ASSERT_EQ(near[term], distance);
        }
      }
    }
  }
}

}  // namespace
}  // namespace lagnet::search
