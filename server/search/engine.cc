#include "server/search/engine.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace lagnet::search {
namespace {

constexpr uint32_t Packed(uint32_t row, Fields fields) {
  return row << kFields | fields;
}
constexpr uint32_t RowOf(uint32_t packed) { return packed >> kFields; }

// The weight of the best of some fields, for all sets of fields.
using FieldWeights = std::array<double, 1U << kFields>;

FieldWeights WeightsOf(bool titles_only) {
  FieldWeights weights{};
  for (size_t set = 0; set < weights.size(); ++set) {
    for (size_t i = 0; i < kFields; ++i) {
      const auto field = static_cast<Field>(i);
      if ((set & BitOf(field)) == 0) continue;
      if (titles_only && (kTitles & BitOf(field)) == 0) continue;
      weights[set] = std::max(weights[set], WeightOf(field));
    }
  }
  return weights;
}

// The work on one pattern. What is noted of each row stays for the next pattern
// of the same thread: each word of each pattern has a number of its own, so
// that nothing needs to be wiped in between.
class Work {
 public:
  struct Word {
    const Pattern::Word* asked = nullptr;
    size_t documents = 0;  // Of all its forms.
  };

  // Words in the order in which they are worked on.
  Work(std::vector<Word> words, const Pattern& pattern, size_t rows)
      : words_(std::move(words)),
        any_(pattern.any),
        weights_(WeightsOf(pattern.titles_only)),
        pad_(OfThread()),
        first_(TakeSteps(words_.size(), rows)) {}

  // For each word: Begin(), Meet() each document of each of its forms, End().
  void Begin(size_t word) {
    step_ = first_ + static_cast<uint32_t>(word);
    pad_.met.clear();
  }

  void Meet(uint32_t packed, double form) {
    const double value = form * weights_[packed & (weights_.size() - 1)];
    if (value <= 0) return;
    const uint32_t row = RowOf(packed);
    Note& note = pad_.notes[row];
    if (note.step == step_) {
      note.best = std::max(note.best, value);
      return;
    }
    const bool is_new = note.step < first_;
    const bool has_all = is_new ? step_ == first_ : note.step == step_ - 1;
    if (!any_ && !has_all) return;
    note.sum = is_new ? 0 : ScoreOf(note);
    note.best = value;
    note.step = step_;
    if (is_new || !any_) pad_.met.push_back(row);
  }

  void End() {
    if (any_) {
      pad_.rows.insert(pad_.rows.end(), pad_.met.begin(), pad_.met.end());
    } else {
      std::swap(pad_.rows, pad_.met);
    }
  }

  // Whether it is quicker to look for each row that is left among so many
  // documents than to pass over all of them.
  bool IsFew(size_t documents) const {
    constexpr size_t kPassed = 24;  // Takes as long as a binary search.
    return !any_ && step_ != first_ && pad_.rows.size() * kPassed < documents;
  }

  // The rows that fit so far.
  const std::vector<uint32_t>& rows() const { return pad_.rows; }
  double ScoreOf(uint32_t row) const { return ScoreOf(pad_.notes[row]); }

 private:
  struct Note {
    uint32_t step = 0;  // The last word that the row has.
    double best = 0;    // Of the forms of that word.
    double sum = 0;     // Of the words before.
  };
  struct Pad {
    std::vector<Note> notes;     // By row.
    uint32_t step = 0;           // The last number taken.
    std::vector<uint32_t> rows;  // That fit so far.
    std::vector<uint32_t> met;   // That the word at work adds or leaves.
  };

  static Pad& OfThread() {
    static thread_local Pad pad;
    return pad;
  }

  uint32_t TakeSteps(size_t words, size_t rows) {
    pad_.rows.clear();
    if (pad_.notes.size() < rows) pad_.notes.resize(rows);
    if (pad_.step > std::numeric_limits<uint32_t>::max() - words) {
      std::fill(pad_.notes.begin(), pad_.notes.end(), Note{});
      pad_.step = 0;
    }
    const uint32_t first = pad_.step + 1;
    pad_.step += static_cast<uint32_t>(words);
    return first;
  }

  double ScoreOf(const Note& note) const {
    return note.sum + note.best * words_[note.step - first_].asked->weight;
  }

  const std::vector<Word> words_;
  const bool any_;
  const FieldWeights weights_;
  Pad& pad_;
  const uint32_t first_;
  uint32_t step_ = 0;
};

}  // namespace

const Engine::Documents& Engine::DocumentsOf(TermId term) const {
  static const auto* const none = new Documents;
  return term < documents_.size() ? documents_[term] : *none;
}

void Engine::Insert(uint32_t row, absl::Span<const Posting> postings) {
  rows_ = std::max(rows_, row + 1);
  for (const Posting& posting : postings) {
    if (posting.term >= documents_.size()) documents_.resize(posting.term + 1);
    Documents& documents = documents_[posting.term];
    const uint32_t packed = Packed(row, posting.fields);
    if (documents.empty() || documents.back() < packed) {
      documents.push_back(packed);
    } else {
      documents.insert(
          std::lower_bound(documents.begin(), documents.end(), packed), packed);
    }
  }
}

void Engine::Remove(uint32_t row, absl::Span<const Posting> postings) {
  for (const Posting& posting : postings) {
    if (posting.term >= documents_.size()) continue;
    Documents& documents = documents_[posting.term];
    const uint32_t packed = Packed(row, posting.fields);
    const auto at =
        std::lower_bound(documents.begin(), documents.end(), packed);
    if (at != documents.end() && *at == packed) documents.erase(at);
  }
}

void Engine::Optimize() {
  for (Documents& documents : documents_) documents.shrink_to_fit();
  documents_.shrink_to_fit();
}

void Engine::Match(
    const Pattern& pattern,
    absl::FunctionRef<void(uint32_t row, double score)> found) const {
  std::vector<Work::Word> words;
  double sum = 0;
  for (const Pattern::Word& word : pattern.words) {
    Work::Word& added = words.emplace_back(Work::Word{.asked = &word});
    for (const Pattern::Form& form : word.forms) {
      added.documents += DocumentsOf(form.term).size();
    }
    sum += word.weight;
  }
  // The rarest first, so that few rows are left for the others.
  std::stable_sort(words.begin(), words.end(),
                   [](const Work::Word& a, const Work::Word& b) {
                     return a.documents < b.documents;
                   });
  Work work(words, pattern, rows_);
  for (size_t i = 0; i < words.size(); ++i) {
    work.Begin(i);
    for (const Pattern::Form& form : words[i].asked->forms) {
      const Documents& documents = DocumentsOf(form.term);
      if (!work.IsFew(documents.size())) {
        for (const uint32_t packed : documents) work.Meet(packed, form.weight);
        continue;
      }
      for (const uint32_t row : work.rows()) {
        const auto at = std::lower_bound(documents.begin(), documents.end(),
                                         Packed(row, 0));
        if (at == documents.end() || RowOf(*at) != row) continue;
        work.Meet(*at, form.weight);
      }
    }
    work.End();
  }
  for (const uint32_t row : work.rows()) found(row, work.ScoreOf(row) / sum);
}

size_t Engine::bytes() const {
  constexpr size_t kInside = 4;
  size_t bytes = documents_.capacity() * sizeof(Documents);
  for (const Documents& documents : documents_) {
    if (documents.capacity() <= kInside) continue;
    bytes += 16 + documents.capacity() * sizeof(uint32_t);
  }
  return bytes;
}

}  // namespace lagnet::search
