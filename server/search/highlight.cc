#include "server/search/highlight.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/fold.h"

namespace lagnet::search {
namespace {

constexpr size_t kPartBefore = 4;  // Of a snippet, before the first match.

bool IsBeginOfLetter(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
}

// The end of `letters` code points from `begin` on.
size_t EndOf(absl::string_view text, size_t begin, size_t letters) {
  size_t at = begin;
  while (at < text.size()) {
    if (IsBeginOfLetter(text[at])) {
      if (letters == 0) break;
      --letters;
    }
    ++at;
  }
  return at;
}

// The begin of `letters` code points that end at `end`.
size_t BeginOf(absl::string_view text, size_t end, size_t letters) {
  size_t at = end;
  while (at > 0 && letters > 0) {
    --at;
    if (IsBeginOfLetter(text[at])) --letters;
  }
  return at;
}

std::vector<Piece> Cut(absl::string_view text, const std::vector<Word>& matches,
                       size_t begin, size_t end) {
  std::vector<Piece> pieces;
  const auto add = [&](size_t from, size_t to, bool is_match) {
    if (from < to) {
      pieces.push_back({std::string(text.substr(from, to - from)), is_match});
    }
  };
  if (begin > 0) pieces.push_back({"…", false});
  size_t at = begin;
  for (const Word& match : matches) {
    if (match.begin < at || match.end > end) continue;
    add(at, match.begin, false);
    add(match.begin, match.end, true);
    at = match.end;
  }
  add(at, end, false);
  if (end < text.size()) pieces.push_back({"…", false});
  return pieces;
}

// Whether no letter or digit stands at either side.
bool IsWholeWord(absl::string_view text, size_t begin, size_t end) {
  const auto* const bytes = reinterpret_cast<const uint8_t*>(text.data());
  const auto size = static_cast<int32_t>(text.size());
  UChar32 before = ' ';
  UChar32 behind = ' ';
  auto at = static_cast<int32_t>(begin);
  if (at > 0) U8_PREV(bytes, 0, at, before);
  at = static_cast<int32_t>(end);
  if (at < size) U8_NEXT(bytes, at, size, behind);
  return !u_isalnum(before) && !u_isalnum(behind);
}

// Calls `see` for each word of a document: what it says, its terms, where.
void ForEachWord(
    const Document& document, const Analysis& analysis,
    const std::function<void(absl::string_view word,
                             const std::vector<std::string>& terms, Field field,
                             absl::string_view language)>& see) {
  const auto go = [&](const LocalizedText& localized, Field field) {
    for (const auto& [language, translation] : localized) {
      const absl::string_view text = translation.text;
      for (const Word& at : SplitWords(text)) {
        const absl::string_view word = text.substr(at.begin, at.end - at.begin);
        see(word, analysis.TermsOf(word, language), field, language);
      }
    }
  };
  go(document.title, Field::kTitle);
  for (const auto& name : document.other_names) go(name, Field::kName);
  for (const auto& text : document.texts) go(text, Field::kText);
}

// The first of these words that the documents say, if there is one in Georgian
// or in other letters, as `georgian` says; "" if none says any.
std::string FirstOf(const std::vector<std::string>& words, bool georgian,
                    const std::vector<const Document*>& documents) {
  const Highlighter highlighter(words);
  std::string first;
  std::string other;
  const auto look = [&](const LocalizedText& localized) {
    for (const auto& [language, translation] : localized) {
      for (const Word& match : highlighter.Matches(translation.text)) {
        const std::string word =
            translation.text.substr(match.begin, match.end - match.begin);
        std::string& kept = IsGeorgian(word) == georgian ? first : other;
        if (kept.empty()) kept = word;
      }
    }
  };
  for (const Document* document : documents) {
    look(document->title);
    for (const auto& name : document->other_names) look(name);
    for (const auto& text : document->texts) look(text);
    if (!first.empty()) return first;
  }
  return other;
}

bool Has(const std::vector<std::string>& terms, const std::string& term) {
  return std::find(terms.begin(), terms.end(), term) != terms.end();
}

How HowAcross(How how, absl::string_view asked, absl::string_view found) {
  const bool is_other = IsGeorgian(asked) != IsGeorgian(found);
  return is_other && (how == How::kExact || how == How::kInflected)
             ? How::kTransliterated
             : how;
}

}  // namespace

std::vector<Word> Highlighter::Matches(absl::string_view text) const {
  std::vector<Word> matches;
  for (const std::string& word : written_) {
    for (size_t at = text.find(word); at != absl::string_view::npos;
         at = text.find(word, at + word.size())) {
      if (IsWholeWord(text, at, at + word.size())) {
        matches.push_back({at, at + word.size()});
      }
    }
  }
  std::sort(matches.begin(), matches.end(), [](const Word& a, const Word& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
  });
  size_t kept = 0;
  for (const Word& match : matches) {
    if (kept > 0 && match.begin < matches[kept - 1].end) continue;
    matches[kept++] = match;
  }
  matches.resize(kept);
  return matches;
}

std::vector<Piece> Mark(absl::string_view text,
                        const std::vector<Word>& matches) {
  return Cut(text, matches, 0, text.size());
}

std::vector<Piece> Snippet(absl::string_view text,
                           const std::vector<Word>& matches, size_t letters) {
  size_t begin = 0;
  size_t end = EndOf(text, 0, letters);
  if (end < text.size() && !matches.empty() && matches[0].end > end) {
    begin = BeginOf(text, matches[0].begin, letters / kPartBefore);
    // From a whole word on.
    const size_t space = text.find(' ', begin);
    if (space < matches[0].begin) begin = space + 1;
    end = EndOf(text, begin, letters);
  }
  if (end < text.size()) {
    const size_t space = text.rfind(' ', end);
    if (space != absl::string_view::npos && space > begin) end = space;
  }
  return Cut(text, matches, begin, end);
}

std::vector<Reason> ReasonsOf(const Question& question,
                              const Document& document,
                              absl::string_view language,
                              const Analysis& analysis, const Tags& tags) {
  struct Best {
    double weight = 0;
    Reason reason;
  };
  std::vector<Best> best(question.words.size());
  const auto offer = [&](size_t i, double weight, const Reason& reason) {
    if (weight > best[i].weight) best[i] = {weight, reason};
  };
  ForEachWord(document, analysis,
              [&](absl::string_view word, const std::vector<std::string>& terms,
                  Field field, absl::string_view of) {
                // Of two equals, what the reader can read.
                const double read = of == language ? 1.001 : 1;
                for (size_t i = 0; i < question.words.size(); ++i) {
                  const AskedWord& asked = question.words[i];
                  for (const AskedWord::Form& form : asked.forms) {
                    if (!Has(terms, form.term)) continue;
                    offer(i, read * form.weight * WeightOf(field),
                          {asked.text, std::string(word),
                           HowAcross(form.how, asked.text, word), field});
                  }
                }
              });
  for (const Tags::Ref& ref : tags.Of(document)) {
    const std::string term = Tags::TermOf(ref.type, ref.id);
    for (size_t i = 0; i < question.words.size(); ++i) {
      for (const AskedWord::Form& form : question.words[i].forms) {
        if (form.term != term) continue;
        offer(i, form.weight * WeightOf(Field::kTag),
              {question.words[i].text, tags.NameOf(ref.type, ref.id, language),
               form.how, Field::kTag});
      }
    }
  }
  std::vector<Reason> reasons;
  for (Best& one : best) {
    if (one.weight > 0) reasons.push_back(std::move(one.reason));
  }
  return reasons;
}

std::string CorrectedText(absl::string_view text, const Question& question,
                          const std::vector<const Document*>& documents) {
  std::string corrected;
  size_t at = 0;
  for (const AskedWord& word : question.words) {
    if (!word.is_corrected()) continue;
    const std::string right =
        FirstOf(word.written, IsGeorgian(word.text), documents);
    if (right.empty()) continue;
    absl::StrAppend(&corrected, text.substr(at, word.begin - at), right);
    at = word.end;
  }
  if (corrected.empty()) return "";
  return absl::StrCat(corrected, text.substr(at));
}

}  // namespace lagnet::search
