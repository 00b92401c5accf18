#ifndef LAGNET_SERVER_SEARCH_THESAURUS_H_
#define LAGNET_SERVER_SEARCH_THESAURUS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "server/search/analysis.h"

namespace lagnet::search {

// Everyday words of rural development that mean the same in English, Georgian,
// Polish and Czech, and the themes they are part of: who looks for "wine" finds
// ღვინო, wino and víno, and, further down, who works on farming. Made once,
// then read by many threads.
class Thesaurus {
 public:
  explicit Thesaurus(const Analysis* analysis);

  // What else a word with these terms may be looked up by.
  struct Related {
    std::vector<std::string> terms;   // Of the words in the other languages.
    std::vector<std::string> themes;  // Ids of the vocabulary of themes.
  };
  Related Of(const std::vector<std::string>& terms) const;

 private:
  std::vector<Related> groups_;
  absl::flat_hash_map<std::string, std::vector<size_t>> by_term_;
};

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_THESAURUS_H_
