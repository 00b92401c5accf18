#ifndef LAGNET_SERVER_SEARCH_VOCABULARY_H_
#define LAGNET_SERVER_SEARCH_VOCABULARY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/node_hash_set.h"
#include "absl/strings/string_view.h"

namespace lagnet::search {

// How often a term is there.
struct TermCount {
  uint32_t documents = 0;
  uint32_t visible = 0;  // Of these, what everybody may find.
  // In a title or another name: what is suggested and corrected to first.
  uint32_t titles = 0;
};

// A term, and how it is written.
struct TermEntry {
  TermCount count;
  std::vector<const std::string*> written;
};

// Every term of the index, with the number of documents that have it and how it
// is written in them. Terms and spellings that are gone stay until the next
// start, some bytes each. Used under the index's lock.
class Vocabulary {
 public:
  // Adds `sign` (1 or -1) document that has the term.
  void Add(const std::string& term, bool is_public, bool is_title, int sign);

  TermCount Of(absl::string_view term) const;

  // Notes how a word is written that has these terms.
  void Note(absl::string_view word, const std::vector<std::string>& terms);

  // How words with this term are written, in all documents so far; some, if
  // there are many.
  const std::vector<const std::string*>& WrittenAs(
      absl::string_view term) const;

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

  size_t size() const { return entries_.size(); }
  size_t bytes() const { return bytes_; }

 private:
  absl::btree_map<std::string, TermEntry> entries_;
  absl::node_hash_set<std::string> words_;  // Stay where they are.
  size_t bytes_ = 0;
};

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_VOCABULARY_H_
