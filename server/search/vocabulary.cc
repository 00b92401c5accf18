#include "server/search/vocabulary.h"

#include <algorithm>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/match.h"
#include "server/search/edits.h"

namespace lagnet::search {
namespace {

// Most terms that a prefix is completed to are looked at.
constexpr size_t kMostLookedAt = 2000;

constexpr size_t kMostSpellings = 32;

// What a std::string of this length takes on the heap.
size_t HeapOf(absl::string_view text) {
  return text.size() < 16 ? 0 : text.size() + 17;
}

}  // namespace

size_t Vocabulary::HashTerm::operator()(absl::string_view text) const {
  return absl::HashOf(text);
}
size_t Vocabulary::HashTerm::operator()(TermId term) const {
  return absl::HashOf(absl::string_view((*terms)[term].text));
}
bool Vocabulary::SameTerm::operator()(TermId a, absl::string_view b) const {
  return (*terms)[a].text == b;
}
size_t Vocabulary::HashWord::operator()(const WordKey& key) const {
  return absl::HashOf(key);
}
size_t Vocabulary::HashWord::operator()(WordId word) const {
  const LearntWord& learnt = (*words)[word];
  return absl::HashOf(WordKey{learnt.text, learnt.language});
}
bool Vocabulary::SameWord::operator()(WordId a, const WordKey& b) const {
  const LearntWord& learnt = (*words)[a];
  return WordKey{learnt.text, learnt.language} == b;
}
bool Vocabulary::BeforeTerm::operator()(TermId a, TermId b) const {
  return (*terms)[a].text < (*terms)[b].text;
}
bool Vocabulary::BeforeTerm::operator()(TermId a, absl::string_view b) const {
  return (*terms)[a].text < b;
}
bool Vocabulary::BeforeTerm::operator()(absl::string_view a, TermId b) const {
  return a < (*terms)[b].text;
}

Vocabulary::Vocabulary()
    : by_text_(0, HashTerm{&terms_}, SameTerm{&terms_}),
      by_word_(0, HashWord{&words_}, SameWord{&words_}),
      in_order_(BeforeTerm{&terms_}) {}

TermId Vocabulary::Intern(absl::string_view term) {
  const auto known = by_text_.find(term);
  if (known != by_text_.end()) return *known;
  const auto id = static_cast<TermId>(terms_.size());
  terms_.push_back({.text = std::string(term)});
  by_text_.insert(id);
  in_order_.insert(id);
  if (!term.empty()) {
    by_shape_[{term[0], term.size()}].push_back({id, LettersOf(term)});
  }
  // The sets hold a number each, with what is free in them.
  bytes_ += sizeof(Term) + HeapOf(term) + sizeof(Alike) + 4 * sizeof(TermId);
  return id;
}

std::optional<TermId> Vocabulary::Find(absl::string_view term) const {
  const auto known = by_text_.find(term);
  if (known == by_text_.end()) return std::nullopt;
  return *known;
}

void Vocabulary::Add(TermId term, bool is_public, bool is_title, int sign) {
  TermCount& count = terms_[term].count;
  count.documents += static_cast<uint32_t>(sign);
  if (is_public) count.visible += static_cast<uint32_t>(sign);
  if (is_public && is_title) count.titles += static_cast<uint32_t>(sign);
}

TermCount Vocabulary::Of(absl::string_view term) const {
  const std::optional<TermId> known = Find(term);
  return known ? Of(*known) : TermCount{};
}

std::optional<Vocabulary::WordId> Vocabulary::FindWord(
    absl::string_view word, absl::string_view language) const {
  const auto known = languages_.find(language);
  if (known == languages_.end()) return std::nullopt;
  const auto found = by_word_.find(WordKey{word, known->second});
  if (found == by_word_.end()) return std::nullopt;
  return *found;
}

Vocabulary::WordId Vocabulary::Learn(absl::string_view word,
                                     absl::string_view language,
                                     const std::vector<std::string>& terms) {
  const std::optional<WordId> known = FindWord(word, language);
  if (known) return *known;
  const auto of = languages_
                      .try_emplace(std::string(language),
                                   static_cast<uint32_t>(languages_.size()))
                      .first->second;
  const auto id = static_cast<WordId>(words_.size());
  words_.push_back({.text = std::string(word),
                    .language = of,
                    .first_term = static_cast<uint32_t>(terms_of_words_.size()),
                    .terms = static_cast<uint32_t>(terms.size())});
  by_word_.insert(id);
  bytes_ += sizeof(LearntWord) + HeapOf(word) + 2 * sizeof(WordId) +
            terms.size() * sizeof(TermId);
  for (const std::string& text : terms) {
    const TermId term = Intern(text);
    terms_of_words_.push_back(term);
    auto& written = terms_[term].written;
    const bool is_there =
        std::any_of(written.begin(), written.end(),
                    [&](WordId other) { return words_[other].text == word; });
    if (written.size() < kMostSpellings && !is_there) written.push_back(id);
  }
  return id;
}

absl::Span<const TermId> Vocabulary::TermsOf(WordId word) const {
  const LearntWord& learnt = words_[word];
  return absl::MakeConstSpan(terms_of_words_)
      .subspan(learnt.first_term, learnt.terms);
}

std::vector<absl::string_view> Vocabulary::WrittenAs(TermId term) const {
  std::vector<absl::string_view> written;
  for (const WordId word : terms_[term].written) {
    written.push_back(words_[word].text);
  }
  return written;
}

std::vector<TermId> Vocabulary::StartingWith(absl::string_view prefix,
                                             size_t limit) const {
  std::vector<TermId> found;
  for (auto it = in_order_.lower_bound(prefix);
       it != in_order_.end() && absl::StartsWith(terms_[*it].text, prefix) &&
       found.size() < kMostLookedAt;
       ++it) {
    if (terms_[*it].count.visible > 0) found.push_back(*it);
  }
  const size_t kept = std::min(limit, found.size());
  std::partial_sort(found.begin(), found.begin() + static_cast<ptrdiff_t>(kept),
                    found.end(), [&](TermId a, TermId b) {
                      if (Of(a).titles != Of(b).titles) {
                        return Of(a).titles > Of(b).titles;
                      }
                      return TextOf(a) < TextOf(b);
                    });
  found.resize(kept);
  return found;
}

std::vector<Vocabulary::Near> Vocabulary::Nearest(absl::string_view term,
                                                  int most,
                                                  size_t limit) const {
  std::vector<Near> found;
  if (term.empty()) return found;
  const uint32_t letters = LettersOf(term);
  for (int longer = -most; longer <= most; ++longer) {
    const auto shape =
        by_shape_.find({term[0], term.size() + static_cast<size_t>(longer)});
    if (shape == by_shape_.end()) continue;
    for (const Alike& alike : shape->second) {
      if (!MayBeNear(letters, alike.letters, longer, most)) continue;
      const Term& other = terms_[alike.term];
      if (other.count.visible == 0) continue;
      const int edits = EditsBetween(term, other.text, most);
      if (edits <= most) found.push_back({alike.term, edits});
    }
  }
  std::sort(found.begin(), found.end(), [&](const Near& a, const Near& b) {
    if (a.edits != b.edits) return a.edits < b.edits;
    const TermCount& of_a = Of(a.term);
    const TermCount& of_b = Of(b.term);
    if (of_a.titles != of_b.titles) return of_a.titles > of_b.titles;
    if (of_a.visible != of_b.visible) return of_a.visible > of_b.visible;
    return TextOf(a.term) < TextOf(b.term);
  });
  if (found.size() > limit) found.resize(limit);
  return found;
}

}  // namespace lagnet::search
