#include "server/search/analysis.h"

#include <unicode/brkiter.h>
#include <unicode/utext.h>

#include <algorithm>
#include <memory>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/fold.h"
#include "server/search/georgian.h"

namespace lagnet::search {
namespace {

void AddOnce(std::string term, std::vector<std::string>& terms) {
  if (std::find(terms.begin(), terms.end(), term) == terms.end()) {
    terms.push_back(std::move(term));
  }
}

// One word, whatever stands within: a term must not have a space.
std::string FoldWord(absl::string_view word) {
  std::string folded = Fold(word);
  folded.erase(std::remove(folded.begin(), folded.end(), ' '), folded.end());
  return folded;
}

// As LightStem() does with names that end in a vowel: ხულო- meets Khulo.
std::string WithoutVowel(std::string stem) {
  constexpr size_t kLeast = 3;
  if (stem.size() > kLeast && absl::StrContains("aeiou", stem.back())) {
    stem.pop_back();
  }
  return stem;
}

// Each thread its own: they are not thread-safe, and making one is slow.
icu::BreakIterator* WordBreaks() {
  static thread_local const std::unique_ptr<icu::BreakIterator> breaks = [] {
    UErrorCode error = U_ZERO_ERROR;
    std::unique_ptr<icu::BreakIterator> made(
        icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), error));
    return U_SUCCESS(error) ? std::move(made) : nullptr;
  }();
  return breaks.get();
}

}  // namespace

std::string TermOf(Level level, absl::string_view word) {
  const char letter = static_cast<char>(level);
  return absl::StrCat(absl::string_view(&letter, 1), word);
}

Level LevelOf(absl::string_view term) { return static_cast<Level>(term[0]); }

std::vector<Word> SplitWords(absl::string_view text) {
  std::vector<Word> words;
  icu::BreakIterator* const breaks = WordBreaks();
  if (breaks == nullptr) return words;
  UErrorCode error = U_ZERO_ERROR;
  UText* const utf8 = utext_openUTF8(nullptr, text.data(),
                                     static_cast<int64_t>(text.size()), &error);
  breaks->setText(utf8, error);
  if (U_SUCCESS(error)) {
    int32_t begin = breaks->first();
    for (int32_t end = breaks->next(); end != icu::BreakIterator::DONE;
         begin = end, end = breaks->next()) {
      if (breaks->getRuleStatus() < UBRK_WORD_NUMBER) continue;
      words.push_back({static_cast<size_t>(begin), static_cast<size_t>(end)});
    }
  }
  utext_close(utf8);
  return words;
}

std::string LightStem(absl::string_view folded) {
  struct Ending {
    absl::string_view letters;
    size_t least;
  };
  // The longest first.
  static constexpr Ending kEndings[] = {
      {"owego", 4}, {"owych", 4}, {"iego", 4}, {"iemu", 4}, {"iach", 4},
      {"iami", 4},  {"ich", 4},   {"ych", 4},  {"ego", 4},  {"emu", 4},
      {"eho", 4},   {"iej", 4},   {"ach", 4},  {"ami", 4},  {"imi", 4},
      {"ymi", 4},   {"iem", 4},   {"iom", 4},  {"ej", 4},   {"ow", 3},
      {"om", 4},    {"em", 4},    {"im", 4},   {"ym", 4},   {"ou", 4},
      {"ie", 3},    {"ia", 3},    {"ii", 3},   {"iu", 4},   {"is", 4},
      {"ja", 4},    {"a", 3},     {"e", 3},    {"i", 3},    {"o", 3},
      {"u", 3},     {"y", 3}};
  for (const Ending& ending : kEndings) {
    if (absl::EndsWith(folded, ending.letters) &&
        folded.size() >= ending.letters.size() + ending.least) {
      return std::string(
          folded.substr(0, folded.size() - ending.letters.size()));
    }
  }
  return std::string(folded);
}

bool IsStopWord(absl::string_view folded) {
  static const auto* const words = new absl::flat_hash_set<std::string>{
      // English
      "a", "an", "and", "at", "by", "for", "from", "in", "is", "its", "of",
      "on", "or", "that", "the", "to", "with",
      // Polish
      "dla", "do", "i", "na", "nad", "o", "od", "oraz", "pod", "po", "w", "we",
      "z", "za", "ze",
      // Czech
      "k", "ke", "pri", "pro", "s", "se", "u", "v", "ve",
      // Georgian, romanised
      "da", "an", "rom", "romelic", "romelits", "ris", "is"};
  return words->contains(folded);
}

std::vector<std::string> Analysis::TermsOf(absl::string_view word,
                                           absl::string_view language) const {
  // Whoever writes longer words wants to find out what happens then.
  constexpr size_t kLongest = 120;
  if (word.size() > kLongest) return {};
  const std::string folded = FoldWord(word);
  if (folded.empty()) return {};
  std::vector<std::string> terms{TermOf(Level::kExact, folded)};
  std::string stem;
  if (IsGeorgian(word)) {
    const std::string georgian = GeorgianStem(word);
    stem = WithoutVowel(FoldWord(georgian));
    terms.push_back(
        TermOf(Level::kStem, WithoutVowel(FoldWord(WithoutSyncope(georgian)))));
  } else {
    for (const std::string& lemma : lemmas_->Of(word, language)) {
      AddOnce(TermOf(Level::kLemma, lemma), terms);
    }
    stem = LightStem(folded);
    terms.push_back(TermOf(Level::kStem, stem));
  }
  for (const std::string& sound : Skeletons(stem)) {
    AddOnce(TermOf(Level::kSound, sound), terms);
  }
  return terms;
}

}  // namespace lagnet::search
