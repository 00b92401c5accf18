#ifndef LAGNET_SERVER_SEARCH_VOCABULARY_H_
#define LAGNET_SERVER_SEARCH_VOCABULARY_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_set.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/search/engine.h"

namespace lagnet::search {

// How often a term is there.
struct TermCount {
  uint32_t documents = 0;
  uint32_t visible = 0;  // Of these, what everybody may find.
  // In a title or another name: what is suggested and corrected to first.
  uint32_t titles = 0;
};

// Every term of the index under a number, with how many documents have it and
// how it is written in them; and every word with its terms, so that each is
// analysed once. What is gone stays until the next start, some bytes each. Used
// under the index's lock.
class Vocabulary {
 public:
  // A word's number.
  using WordId = uint32_t;

  Vocabulary();
  Vocabulary(const Vocabulary&) = delete;
  Vocabulary& operator=(const Vocabulary&) = delete;

  // The number of a term; a new one if it has none.
  TermId Intern(absl::string_view term);
  std::optional<TermId> Find(absl::string_view term) const;

  // Adds `sign` (1 or -1) document that has the term.
  void Add(TermId term, bool is_public, bool is_title, int sign);

  const TermCount& Of(TermId term) const { return terms_[term].count; }
  TermCount Of(absl::string_view term) const;
  const std::string& TextOf(TermId term) const { return terms_[term].text; }

  // A word of a text in `language`, if it was learnt.
  std::optional<WordId> FindWord(absl::string_view word,
                                 absl::string_view language) const;
  // Learns a word with its terms.
  WordId Learn(absl::string_view word, absl::string_view language,
               const std::vector<std::string>& terms);
  absl::Span<const TermId> TermsOf(WordId word) const;

  // How words with this term are written, in all documents so far; some, if
  // there are many.
  std::vector<absl::string_view> WrittenAs(TermId term) const;

  // Terms that everybody may see and that begin with `prefix`, the most
  // frequent in titles first, at most `limit`.
  std::vector<TermId> StartingWith(absl::string_view prefix,
                                   size_t limit) const;

  // Terms of the same level within `most` edits (a letter more, less, another,
  // or two swapped) that everybody may see: the nearest first, then the most
  // frequent; at most `limit`.
  struct Near {
    TermId term = 0;
    int edits = 0;
  };
  std::vector<Near> Nearest(absl::string_view term, int most,
                            size_t limit) const;

  size_t size() const { return terms_.size(); }
  size_t bytes() const { return bytes_; }

 private:
  struct Term {
    std::string text;
    TermCount count;
    absl::InlinedVector<WordId, 4> written;
  };
  struct LearntWord {
    std::string text;
    uint32_t language = 0;
    uint32_t first_term = 0;  // In `terms_of_words_`.
    uint32_t terms = 0;
  };
  struct WordKey {
    absl::string_view text;
    uint32_t language = 0;

    bool operator==(const WordKey&) const = default;
    template <typename H>
    friend H AbslHashValue(H h, const WordKey& key) {
      return H::combine(std::move(h), key.text, key.language);
    }
  };
  // Sets of numbers that are looked up by what they stand for.
  struct HashTerm {
    using is_transparent = void;
    const std::deque<Term>* terms;
    size_t operator()(absl::string_view text) const;
    size_t operator()(TermId term) const;
  };
  struct SameTerm {
    using is_transparent = void;
    const std::deque<Term>* terms;
    bool operator()(TermId a, TermId b) const { return a == b; }
    bool operator()(TermId a, absl::string_view b) const;
  };
  struct HashWord {
    using is_transparent = void;
    const std::deque<LearntWord>* words;
    size_t operator()(const WordKey& key) const;
    size_t operator()(WordId word) const;
  };
  struct SameWord {
    using is_transparent = void;
    const std::deque<LearntWord>* words;
    bool operator()(WordId a, WordId b) const { return a == b; }
    bool operator()(WordId a, const WordKey& b) const;
  };
  struct BeforeTerm {
    using is_transparent = void;
    const std::deque<Term>* terms;
    bool operator()(TermId a, TermId b) const;
    bool operator()(TermId a, absl::string_view b) const;
    bool operator()(absl::string_view a, TermId b) const;
  };
  // Terms of one level and length, each with the letters that it has.
  struct Alike {
    TermId term = 0;
    uint32_t letters = 0;
  };
  // Level and length.
  using Shape = std::pair<char, size_t>;

  // They do not move when there are more.
  std::deque<Term> terms_;
  std::deque<LearntWord> words_;
  std::vector<TermId> terms_of_words_;
  std::map<std::string, uint32_t, std::less<>> languages_;
  absl::flat_hash_set<TermId, HashTerm, SameTerm> by_text_;
  absl::flat_hash_set<WordId, HashWord, SameWord> by_word_;
  absl::btree_set<TermId, BeforeTerm> in_order_;
  std::map<Shape, std::vector<Alike>> by_shape_;
  size_t bytes_ = 0;
};

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_VOCABULARY_H_
