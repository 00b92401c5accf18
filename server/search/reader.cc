#include "server/search/reader.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "server/base/fold.h"

namespace lagnet::search {
namespace {

// What nobody types who looks for something.
constexpr size_t kMostWords = 16;
// Each looks through the vocabulary, which takes some 0.1 ms.
constexpr size_t kMostCorrected = 4;

constexpr double kTagTheme = 0.6;
constexpr double kTagTerritory = 0.9;
constexpr double kTranslated = 0.5;
constexpr double kThemeOfWord = 0.25;
constexpr double kBeginning = 0.5;
constexpr double kMisspelt = 0.45;

double WeightOf(Level level) {
  switch (level) {
    case Level::kExact:
      return 1;
    case Level::kLemma:
      return 0.9;
    case Level::kStem:
      return 0.85;
    case Level::kSound:
      return 0.65;
  }
  return 0;
}

How HowOf(Level level) {
  switch (level) {
    case Level::kExact:
      return How::kExact;
    case Level::kLemma:
    case Level::kStem:
      return How::kInflected;
    case Level::kSound:
      return How::kSoundsAlike;
  }
  return How::kUnspecified;
}

// Adds a form that there is, if it is better than what is there.
void Add(AskedWord::Form form, const Vocabulary& vocabulary,
         std::vector<AskedWord::Form>& forms) {
  const std::optional<TermId> id = vocabulary.Find(form.term);
  if (!id || vocabulary.Of(*id).documents == 0) return;
  form.id = *id;
  const TermCount& count = vocabulary.Of(*id);
  form.documents = count.documents;
  form.is_visible = count.visible > 0;
  for (AskedWord::Form& known : forms) {
    if (known.id != form.id) continue;
    if (known.weight < form.weight) known = std::move(form);
    return;
  }
  forms.push_back(std::move(form));
}

// What only hidden documents have does not count: that a word is corrected, or
// not, must not tell that it is there.
bool HasGood(const AskedWord& asked) {
  return std::any_of(asked.forms.begin(), asked.forms.end(), [](const auto& f) {
    return f.is_visible && f.how != How::kTranslated && f.how != How::kTheme;
  });
}

// Whether the word means something that there is, if not by its own letters. It
// was typed right then: "wine" is no misspelt "wind".
bool HasMeaning(const AskedWord& asked) {
  return std::any_of(asked.forms.begin(), asked.forms.end(), [](const auto& f) {
    return f.is_visible && f.how != How::kBeginning;
  });
}

}  // namespace

std::vector<Reader::Typed> Reader::Split(absl::string_view text) const {
  std::vector<Typed> words;
  for (const Word& word : SplitWords(text)) {
    Typed typed{
        .text = std::string(text.substr(word.begin, word.end - word.begin)),
        .place = word};
    typed.meaning = meanings_.Of(typed.text);
    if (!typed.meaning->terms.empty()) words.push_back(std::move(typed));
    if (words.size() == kMostWords) break;
  }
  std::vector<Typed> telling;
  std::copy_if(
      words.begin(), words.end(), std::back_inserter(telling),
      [](const Typed& word) {
        return !IsStopWord(absl::string_view(word.meaning->terms[0]).substr(1));
      });
  return telling.empty() ? words : telling;
}

AskedWord Reader::Understand(const Typed& word,
                             const Vocabulary& vocabulary) const {
  AskedWord asked{
      .text = word.text, .begin = word.place.begin, .end = word.place.end};
  for (const std::string& term : word.meaning->terms) {
    const Level level = LevelOf(term);
    Add({.term = term, .weight = WeightOf(level), .how = HowOf(level)},
        vocabulary, asked.forms);
  }
  for (const std::string& term : word.meaning->georgian_terms) {
    const Level level = LevelOf(term);
    if (level == Level::kSound) continue;
    Add({.term = term,
         .weight = 0.95 * WeightOf(level),
         .how = How::kTransliterated},
        vocabulary, asked.forms);
  }
  const Thesaurus::Related& related = word.meaning->related;
  for (const std::string& term : related.terms) {
    Add({.term = term, .weight = kTranslated, .how = How::kTranslated},
        vocabulary, asked.forms);
  }
  for (const std::string& theme : related.themes) {
    Add({.term = Tags::TermOf(Tag::Type::kTheme, theme),
         .weight = kThemeOfWord,
         .how = How::kTheme},
        vocabulary, asked.forms);
  }
  return asked;
}

void Reader::AddMisspelt(const Typed& word, const Vocabulary& vocabulary,
                         AskedWord& asked) const {
  constexpr size_t kMostCorrections = 4;
  const std::string& exact = word.meaning->terms[0];
  const int most = exact.size() - 1 < 6 ? 1 : 2;
  for (const Vocabulary::Near& near :
       vocabulary.Nearest(exact, most, kMostCorrections)) {
    Add({.term = vocabulary.TextOf(near.term),
         .weight = kMisspelt - 0.1 * (near.edits - 1),
         .how = How::kMisspelt},
        vocabulary, asked.forms);
  }
  if (HasGood(asked)) return;
  for (const std::string& term : word.meaning->terms) {
    if (LevelOf(term) != Level::kSound || term.size() < 6) continue;
    for (const Vocabulary::Near& near :
         vocabulary.Nearest(term, 1, kMostCorrections)) {
      Add({.term = vocabulary.TextOf(near.term),
           .weight = kMisspelt - 0.15,
           .how = How::kMisspelt},
          vocabulary, asked.forms);
    }
  }
}

void Reader::AddCorrections(const Typed& word, const Vocabulary& vocabulary,
                            AskedWord& asked) const {
  constexpr size_t kMostBeginnings = 12;
  const std::string& exact = word.meaning->terms[0];
  const size_t letters = exact.size() - 1;
  if (letters >= 3) {
    for (const TermId term : vocabulary.StartingWith(exact, kMostBeginnings)) {
      Add({.term = vocabulary.TextOf(term),
           .weight = kBeginning,
           .how = How::kBeginning},
          vocabulary, asked.forms);
    }
  }
  if (HasGood(asked) || letters < 4) return;
  // A number with another digit is the number of something else.
  const bool is_number =
      absl::c_any_of(absl::string_view(exact).substr(1),
                     [](unsigned char c) { return absl::ascii_isdigit(c); });
  if (!is_number && !HasMeaning(asked)) AddMisspelt(word, vocabulary, asked);
  if (HasGood(asked)) return;
  // What is made of the same stem: betlémy, betlémářů.
  constexpr size_t kLeastStem = 5;
  const std::string stem = LightStem(absl::string_view(exact).substr(1));
  if (stem.size() < kLeastStem) return;
  for (const TermId term :
       vocabulary.StartingWith(TermOf(Level::kExact, stem), kMostBeginnings)) {
    Add({.term = vocabulary.TextOf(term),
         .weight = kBeginning - 0.2,
         .how = How::kBeginning},
        vocabulary, asked.forms);
  }
}

void Reader::AddBeginnings(const Typed& word, const Vocabulary& vocabulary,
                           AskedWord& asked) const {
  constexpr size_t kMost = 24;
  const auto add = [&](absl::string_view prefix, double weight) {
    for (const TermId term : vocabulary.StartingWith(prefix, kMost)) {
      Add({.term = vocabulary.TextOf(term),
           .weight = weight,
           .how = How::kBeginning},
          vocabulary, asked.forms);
    }
  };
  for (const std::string& term : word.meaning->terms) {
    if (LevelOf(term) == Level::kExact) add(term, 0.9);
    if (LevelOf(term) == Level::kSound && term.size() > 3) add(term, 0.6);
  }
  const std::string& georgian = word.meaning->georgian;
  if (!georgian.empty()) add(TermOf(Level::kExact, Fold(georgian)), 0.8);
}

void Reader::AddTags(const std::vector<Typed>& words,
                     const Vocabulary& vocabulary,
                     std::vector<AskedWord>& asked) const {
  std::vector<std::vector<std::string>> terms;
  for (const Typed& word : words) terms.push_back(word.meaning->terms);
  for (const Tags::Match& match : tags_->Find(terms)) {
    const double sure = WeightOf(match.level) * match.share;
    for (const size_t word : match.words) {
      switch (match.tag->type) {
        case Tag::Type::kKind:
          if (match.share < 1 || match.level == Level::kSound) break;
          asked[word].loose.push_back(match.tag);
          Add({.term = match.term,
               .weight = sure,
               .how = How::kKind,
               .tag = match.tag},
              vocabulary, asked[word].forms);
          break;
        case Tag::Type::kTerritory:
          Add({.term = match.term,
               .weight = kTagTerritory * sure,
               .how = How::kTerritory,
               .tag = match.tag},
              vocabulary, asked[word].forms);
          break;
        case Tag::Type::kTheme:
          Add({.term = match.term,
               .weight = kTagTheme * sure,
               .how = How::kTheme,
               .tag = match.tag},
              vocabulary, asked[word].forms);
          break;
      }
    }
  }
}

Question Reader::Read(absl::string_view text, const Vocabulary& vocabulary,
                      size_t documents) const {
  const std::vector<Typed> words = Split(text);
  Question question;
  for (const Typed& word : words) {
    question.words.push_back(Understand(word, vocabulary));
  }
  AddTags(words, vocabulary, question.words);
  size_t unknown = 0;
  for (size_t i = 0; i < words.size(); ++i) {
    if (!HasGood(question.words[i]) && ++unknown <= kMostCorrected) {
      AddCorrections(words[i], vocabulary, question.words[i]);
    }
    Weigh(documents, question.words[i]);
  }
  return question;
}

Question Reader::ReadBeginning(absl::string_view text,
                               const Vocabulary& vocabulary,
                               size_t documents) const {
  const std::vector<Typed> words = Split(text);
  Question question;
  for (size_t i = 0; i < words.size(); ++i) {
    AskedWord asked = Understand(words[i], vocabulary);
    if (i + 1 == words.size()) AddBeginnings(words[i], vocabulary, asked);
    if (!HasGood(asked)) AddCorrections(words[i], vocabulary, asked);
    Weigh(documents, asked);
    question.words.push_back(std::move(asked));
  }
  return question;
}

}  // namespace lagnet::search
