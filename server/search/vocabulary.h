#ifndef LAGNET_SERVER_SEARCH_VOCABULARY_H_
#define LAGNET_SERVER_SEARCH_VOCABULARY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/strings/string_view.h"

namespace lagnet::search {

// Every term of the index, with the number of documents that have it. Used
// under the index's lock.
class Vocabulary {
 public:
  // How often a term is there.
  struct Count {
    uint32_t documents = 0;
    uint32_t visible = 0;  // Of these, what everybody may find.
    // In a title or another name: what is suggested and corrected to first.
    uint32_t titles = 0;
  };

  // Adds `sign` (1 or -1) document that has the term.
  void Add(const std::string& term, bool is_public, bool is_title, int sign);

  Count Of(absl::string_view term) const;

  // Terms that everybody may see and that begin with `prefix`, the most
  // frequent in titles first, at most `limit`.
  std::vector<std::string> StartingWith(absl::string_view prefix,
                                        size_t limit) const;

  // Terms of the same level within `most` edits (a letter more, less, another,
  // or two swapped) that everybody may see: the nearest first, then the most
  // frequent; at most `limit`.
  struct Near {
    std::string term;
    int edits = 0;
  };
  std::vector<Near> Nearest(absl::string_view term, int most,
                            size_t limit) const;

  size_t size() const { return counts_.size(); }
  size_t bytes() const { return bytes_; }

 private:
  absl::btree_map<std::string, Count> counts_;
  size_t bytes_ = 0;
};

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_VOCABULARY_H_
