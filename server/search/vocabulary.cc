#include "server/search/vocabulary.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace lagnet::search {
namespace {

// Most terms that a prefix is completed to are looked at.
constexpr size_t kMostLookedAt = 2000;

constexpr size_t kMostSpellings = 32;

// What a std::string of this length takes on the heap.
size_t HeapOf(const std::string& text) {
  return text.size() < 16 ? 0 : text.size() + 1;
}

// The rows of the edit distance (optimal string alignment) between a word and
// terms that come in order: what two neighbours share at their beginning is
// counted once.
class Distances {
 public:
  Distances(absl::string_view word, int most)
      : word_(word), most_(most), rows_(word.size() + most + 2) {
    for (auto& row : rows_) row.resize(word.size() + 1);
    for (size_t j = 0; j <= word.size(); ++j) {
      rows_[0][j] = static_cast<int>(j);
    }
  }

  // The distance, or `most` + 1 if it is larger; then `dead` is the length of
  // the beginning that no term near enough has.
  int Of(absl::string_view term, size_t& dead) {
    dead = 0;
    size_t same = 0;
    while (same < std::min(last_.size(), term.size()) &&
           last_[same] == term[same]) {
      ++same;
    }
    last_ = std::string(term);
    for (size_t i = std::min(same, known_) + 1; i <= term.size(); ++i) {
      if (i >= rows_.size()) {
        known_ = i - 1;
        dead = i;
        return most_ + 1;
      }
      if (Fill(i) > most_) {
        known_ = i;
        dead = i;
        return most_ + 1;
      }
    }
    known_ = term.size();
    return std::min(rows_[term.size()][word_.size()], most_ + 1);
  }

 private:
  // Row `i`; its smallest value.
  int Fill(size_t i) {
    std::vector<int>& row = rows_[i];
    row[0] = static_cast<int>(i);
    int smallest = row[0];
    for (size_t j = 1; j <= word_.size(); ++j) {
      const int other = last_[i - 1] == word_[j - 1] ? 0 : 1;
      row[j] = std::min(
          {rows_[i - 1][j] + 1, row[j - 1] + 1, rows_[i - 1][j - 1] + other});
      if (i > 1 && j > 1 && last_[i - 1] == word_[j - 2] &&
          last_[i - 2] == word_[j - 1]) {
        row[j] = std::min(row[j], rows_[i - 2][j - 2] + 1);
      }
      smallest = std::min(smallest, row[j]);
    }
    // A swap reaches over one row.
    return std::min(
        smallest,
        i > 1 ? *std::min_element(rows_[i - 1].begin(), rows_[i - 1].end()) + 1
              : smallest);
  }

  const absl::string_view word_;
  const int most_;
  std::vector<std::vector<int>> rows_;
  std::string last_;
  size_t known_ = 0;  // Rows that are right for `last_`.
};

}  // namespace

void Vocabulary::Add(const std::string& term, bool is_public, bool is_title,
                     int sign) {
  const auto [place, is_new] = entries_.try_emplace(term);
  if (is_new) bytes_ += sizeof(*place) + HeapOf(term);
  TermCount& count = place->second.count;
  count.documents += static_cast<uint32_t>(sign);
  if (is_public) count.visible += static_cast<uint32_t>(sign);
  if (is_public && is_title) count.titles += static_cast<uint32_t>(sign);
}

TermCount Vocabulary::Of(absl::string_view term) const {
  const auto found = entries_.find(term);
  return found == entries_.end() ? TermCount{} : found->second.count;
}

void Vocabulary::Note(absl::string_view word,
                      const std::vector<std::string>& terms) {
  const auto [place, is_new] = words_.emplace(word);
  if (!is_new) return;
  bytes_ += sizeof(*place) + 16 + HeapOf(*place);
  for (const std::string& term : terms) {
    std::vector<const std::string*>& written = entries_[term].written;
    if (written.size() == kMostSpellings) continue;
    written.push_back(&*place);
    bytes_ += sizeof(written[0]);
  }
}

const std::vector<const std::string*>& Vocabulary::WrittenAs(
    absl::string_view term) const {
  static const auto* const none = new std::vector<const std::string*>;
  const auto found = entries_.find(term);
  return found == entries_.end() ? *none : found->second.written;
}

std::vector<std::string> Vocabulary::StartingWith(absl::string_view prefix,
                                                  size_t limit) const {
  std::vector<std::pair<std::string, TermCount>> found;
  for (auto it = entries_.lower_bound(prefix);
       it != entries_.end() && absl::StartsWith(it->first, prefix) &&
       found.size() < kMostLookedAt;
       ++it) {
    if (it->second.count.visible > 0)
      found.emplace_back(it->first, it->second.count);
  }
  const size_t kept = std::min(limit, found.size());
  std::partial_sort(found.begin(), found.begin() + static_cast<ptrdiff_t>(kept),
                    found.end(), [](const auto& a, const auto& b) {
                      if (a.second.titles != b.second.titles) {
                        return a.second.titles > b.second.titles;
                      }
                      return a.first < b.first;
                    });
  std::vector<std::string> terms;
  for (size_t i = 0; i < kept; ++i) terms.push_back(std::move(found[i].first));
  return terms;
}

std::vector<Vocabulary::Near> Vocabulary::Nearest(absl::string_view term,
                                                  int most,
                                                  size_t limit) const {
  struct Candidate {
    Near near;
    uint32_t titles;
    uint32_t visible;
  };
  std::vector<Candidate> found;
  Distances distances(term, most);
  const absl::string_view level = term.substr(0, 1);
  auto it = entries_.lower_bound(level);
  while (it != entries_.end() && absl::StartsWith(it->first, level)) {
    size_t dead = 0;
    const int edits = distances.Of(it->first, dead);
    if (dead > 0) {
      // Over all that begin so.
      std::string beyond = it->first.substr(0, dead);
      beyond.push_back('\xff');
      it = entries_.lower_bound(beyond);
      continue;
    }
    if (edits <= most && it->second.count.visible > 0) {
      found.push_back({{it->first, edits},
                       it->second.count.titles,
                       it->second.count.visible});
    }
    ++it;
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    if (a.near.edits != b.near.edits) return a.near.edits < b.near.edits;
    if (a.titles != b.titles) return a.titles > b.titles;
    if (a.visible != b.visible) return a.visible > b.visible;
    return a.near.term < b.near.term;
  });
  if (found.size() > limit) found.resize(limit);
  std::vector<Near> nearest;
  for (Candidate& candidate : found) {
    nearest.push_back(std::move(candidate.near));
  }
  return nearest;
}

}  // namespace lagnet::search
