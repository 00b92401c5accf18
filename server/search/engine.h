#ifndef LAGNET_SERVER_SEARCH_ENGINE_H_
#define LAGNET_SERVER_SEARCH_ENGINE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/functional/function_ref.h"
#include "absl/types/span.h"

namespace lagnet::search {

// A term's number; see Vocabulary.
using TermId = uint32_t;

// Where in a document a term stands.
enum class Field { kTitle = 0, kName = 1, kTag = 2, kText = 3 };
constexpr size_t kFields = 4;

// Several fields, a bit for each.
using Fields = uint8_t;
constexpr Fields BitOf(Field field) {
  return static_cast<Fields>(1U << static_cast<unsigned>(field));
}
constexpr Fields kTitles = BitOf(Field::kTitle) | BitOf(Field::kName);

// How much a word counts where it stands. A tag counts as a title: the weight
// of its form says how sure it is.
constexpr double WeightOf(Field field) {
  constexpr std::array<double, kFields> kWeights{1.0, 0.95, 1.0, 0.35};
  return kWeights[static_cast<size_t>(field)];
}

// A term of a document, and all fields in which it stands.
struct Posting {
  TermId term = 0;
  Fields fields = 0;
};

// What the engine is asked: words that a document should have, each in one of
// several forms.
struct Pattern {
  struct Form {
    TermId term = 0;
    double weight = 0;  // From 0 to 1: how well it is what was asked for.
  };
  struct Word {
    std::vector<Form> forms;  // Not empty.
    double weight = 0;        // How much the word tells.
  };
  std::vector<Word> words;  // Not empty.
  bool any = false;         // One of the words is enough, otherwise all.
  bool titles_only = false;
};

// The inverted index: for each term the documents that have it, by row and in
// order, four bytes each. Any number of threads may read at once, none while
// one writes; each keeps 24 bytes a row for its notes.
class Engine {
 public:
  // Rows are given out from 0 on, and below this.
  static constexpr uint32_t kMostRows = 1U << 28;

  // The terms of a document, without doubles. A row is inserted once, and
  // removed with the same terms.
  void Insert(uint32_t row, absl::Span<const Posting> postings);
  void Remove(uint32_t row, absl::Span<const Posting> postings);
  // Gives back what was set aside for growth. For the end of a load.
  void Optimize();

  // Calls `found` for each row that fits the pattern, with how well: the
  // weights of the words, each by its best form in its best field, of the sum
  // of all weights. `found` must not match another pattern.
  void Match(const Pattern& pattern,
             absl::FunctionRef<void(uint32_t row, double score)> found) const;

  size_t bytes() const;

 private:
  // Row and fields of a document. Most terms are in few documents.
  using Documents = absl::InlinedVector<uint32_t, 4>;

  const Documents& DocumentsOf(TermId term) const;

  std::vector<Documents> documents_;  // By term.
  uint32_t rows_ = 0;                 // All are below.
};

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_ENGINE_H_
