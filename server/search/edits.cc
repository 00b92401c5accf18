#include "server/search/edits.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/container/inlined_vector.h"

namespace lagnet::search {

int EditsBetween(absl::string_view a, absl::string_view b, int most) {
  // Optimal string alignment: three rows of the table, and of each only what is
  // at most `most` from the diagonal.
  const auto length = static_cast<int>(a.size());
  const auto width = static_cast<int>(b.size());
  if (std::abs(length - width) > most) return most + 1;
  const int far = most + 1;
  using Row = absl::InlinedVector<int, 32>;
  Row before(b.size() + 1, far);
  Row last(b.size() + 1, far);
  Row row(b.size() + 1, far);
  for (int j = 0; j <= std::min(width, most); ++j) {
    last[static_cast<size_t>(j)] = j;
  }
  for (int i = 1; i <= length; ++i) {
    std::fill(row.begin(), row.end(), far);
    int smallest = far;
    for (int j = std::max(0, i - most); j <= std::min(width, i + most); ++j) {
      const auto at = static_cast<size_t>(j);
      int edits = last[at] + 1;
      if (j > 0) {
        const bool is_same = a[static_cast<size_t>(i) - 1] == b[at - 1];
        edits = std::min(
            {edits, row[at - 1] + 1, last[at - 1] + (is_same ? 0 : 1)});
        if (i > 1 && j > 1 && a[static_cast<size_t>(i) - 1] == b[at - 2] &&
            a[static_cast<size_t>(i) - 2] == b[at - 1]) {
          edits = std::min(edits, before[at - 2] + 1);
        }
      }
      row[at] = std::min(edits, far);
      smallest = std::min(smallest, row[at]);
    }
    // A swap reaches over one row.
    if (smallest > most && *std::min_element(last.begin(), last.end()) > most) {
      return far;
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

uint32_t LettersOf(absl::string_view word) {
  uint32_t letters = 0;
  for (const char c : word) letters |= 1U << (static_cast<unsigned>(c) & 31U);
  return letters;
}

}  // namespace lagnet::search
