#ifndef LAGNET_SERVER_SEARCH_READER_H_
#define LAGNET_SERVER_SEARCH_READER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/search/analysis.h"
#include "server/search/meaning.h"
#include "server/search/query.h"
#include "server/search/tags.h"
#include "server/search/vocabulary.h"

namespace lagnet::search {

// Understands queries. Thread-safe; `vocabulary` is read under the lock of its
// index.
class Reader {
 public:
  Reader(const Analysis* analysis, const Tags* tags, const Thesaurus* thesaurus)
      : tags_(tags), meanings_(analysis, thesaurus) {}

  // `documents`: how many the index has. Never fails: what cannot be understood
  // is a question without words.
  Question Read(absl::string_view text, const Vocabulary& vocabulary,
                size_t documents) const;

  // While it is typed: the last word may go on.
  Question ReadBeginning(absl::string_view text, const Vocabulary& vocabulary,
                         size_t documents) const;

 private:
  struct Typed {
    std::string text;
    Word place;
    std::shared_ptr<const Meaning> meaning;
  };

  std::vector<Typed> Split(absl::string_view text) const;
  AskedWord Understand(const Typed& word, const Vocabulary& vocabulary) const;
  void AddMisspelt(const Typed& word, const Vocabulary& vocabulary,
                   AskedWord& asked) const;
  void AddCorrections(const Typed& word, const Vocabulary& vocabulary,
                      AskedWord& asked) const;
  void AddBeginnings(const Typed& word, const Vocabulary& vocabulary,
                     AskedWord& asked) const;
  void AddTags(const std::vector<Typed>& words, const Vocabulary& vocabulary,
               std::vector<AskedWord>& asked) const;

  const Tags* const tags_;
  const Meanings meanings_;
};

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_READER_H_
