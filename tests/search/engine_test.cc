#include "server/search/engine.h"

#include <algorithm>
#include <map>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lagnet::search {
namespace {

using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

using Scores = std::map<uint32_t, double>;

Scores ScoresOf(const Engine& engine, const Pattern& pattern) {
  Scores scores;
  engine.Match(pattern, [&](uint32_t row, double score) {
    EXPECT_TRUE(scores.emplace(row, score).second) << row << " came twice";
  });
  return scores;
}

Pattern::Word AskedFor(std::vector<Pattern::Form> forms, double weight = 1) {
  return {.forms = std::move(forms), .weight = weight};
}

TEST(EngineTest, ScoresByTheBestFormInTheBestField) {
  Engine engine;
  engine.Insert(0, {{{1, BitOf(Field::kText)}}});
  engine.Insert(1, {{{1, BitOf(Field::kText)}, {2, BitOf(Field::kTitle)}}});
  engine.Insert(7, {{{1, BitOf(Field::kText) | BitOf(Field::kName)}}});
  const Pattern pattern{.words = {AskedFor({{1, 1.0}, {2, 0.5}})}};
  EXPECT_EQ(ScoresOf(engine, pattern),
            (Scores{{0, 0.35}, {1, 0.5}, {7, 0.95}}));
  EXPECT_THAT(ScoresOf(engine, {.words = {AskedFor({{9, 1}})}}), IsEmpty());
}

TEST(EngineTest, TellsAllWordsFromAny) {
  Engine engine;
  engine.Insert(0, {{{1, BitOf(Field::kTitle)}}});
  engine.Insert(1, {{{1, BitOf(Field::kTitle)}, {2, BitOf(Field::kTitle)}}});
  engine.Insert(2, {{{2, BitOf(Field::kText)}}});
  Pattern pattern{.words = {AskedFor({{1, 1}}, 3), AskedFor({{2, 1}}, 1)}};
  EXPECT_THAT(ScoresOf(engine, pattern), UnorderedElementsAre(Pair(1, 1)));
  pattern.any = true;
  EXPECT_THAT(
      ScoresOf(engine, pattern),
      UnorderedElementsAre(Pair(0, 0.75), Pair(1, 1), Pair(2, 0.35 / 4)));
  pattern.titles_only = true;
  EXPECT_THAT(ScoresOf(engine, pattern),
              UnorderedElementsAre(Pair(0, 0.75), Pair(1, 1)));
}

// What the engine does, word for word and row for row.
class PlainEngine {
 public:
  void Insert(uint32_t row, const std::vector<Posting>& postings) {
    rows_[row] = postings;
  }
  void Remove(uint32_t row) { rows_.erase(row); }
  const std::map<uint32_t, std::vector<Posting>>& rows() const { return rows_; }

  Scores Match(const Pattern& pattern) const {
    Scores scores;
    double all = 0;
    for (const Pattern::Word& word : pattern.words) all += word.weight;
    for (const auto& [row, postings] : rows_) {
      double score = 0;
      size_t met = 0;
      for (const Pattern::Word& word : pattern.words) {
        const double best = Best(postings, word, pattern.titles_only);
        score += best * word.weight;
        met += best > 0 ? 1 : 0;
      }
      if (met == pattern.words.size() || (pattern.any && met > 0)) {
        scores[row] = score / all;
      }
    }
    return scores;
  }

 private:
  static double Best(const std::vector<Posting>& postings,
                     const Pattern::Word& word, bool titles_only) {
    double best = 0;
    for (const Posting& posting : postings) {
      for (const Pattern::Form& form : word.forms) {
        if (form.term != posting.term) continue;
        for (size_t i = 0; i < kFields; ++i) {
          const auto field = static_cast<Field>(i);
          if ((posting.fields & BitOf(field)) == 0) continue;
          if (titles_only && (kTitles & BitOf(field)) == 0) continue;
          best = std::max(best, form.weight * WeightOf(field));
        }
      }
    }
    return best;
  }

  std::map<uint32_t, std::vector<Posting>> rows_;
};

TEST(EngineTest, FindsWhatALookAtEachRowFinds) {
  std::mt19937 random(5);
  constexpr TermId kTerms = 40;
  // Low numbers are frequent, so that all ways to join lists are gone.
  const auto term = [&] {
    return static_cast<TermId>(random() % (1 + random() % kTerms));
  };
  Engine engine;
  PlainEngine plain;
  for (int round = 0; round < 3000; ++round) {
    const auto row = static_cast<uint32_t>(random() % 600);
    const auto known = plain.rows().find(row);
    if (known != plain.rows().end()) {
      engine.Remove(row, known->second);
      plain.Remove(row);
    } else {
      std::map<TermId, Fields> terms;
      for (size_t n = random() % 12; n > 0; --n) {
        terms[term()] |= static_cast<Fields>(1 + random() % 15);
      }
      std::vector<Posting> postings;
      for (const auto& [id, fields] : terms) postings.push_back({id, fields});
      engine.Insert(row, postings);
      plain.Insert(row, postings);
    }
    if (round == 1500) engine.Optimize();
    Pattern pattern{.any = random() % 2 == 0, .titles_only = random() % 4 == 0};
    for (size_t words = 1 + random() % 4; words > 0; --words) {
      std::vector<Pattern::Form> forms;
      for (size_t n = 1 + random() % 4; n > 0; --n) {
        forms.push_back({term(), static_cast<double>(1 + random() % 8) / 8});
      }
      pattern.words.push_back(
          AskedFor(forms, static_cast<double>(1 + random() % 16)));
    }
    const Scores wanted = plain.Match(pattern);
    const Scores found = ScoresOf(engine, pattern);
    ASSERT_EQ(found.size(), wanted.size()) << "round " << round;
    for (const auto& [row_found, score] : found) {
      ASSERT_TRUE(wanted.contains(row_found)) << "round " << round;
      ASSERT_NEAR(score, wanted.at(row_found), 1e-9) << "round " << round;
    }
  }
}

}  // namespace
}  // namespace lagnet::search
