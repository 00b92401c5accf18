#ifndef LAGNET_SERVER_SEARCH_CONTENT_H_
#define LAGNET_SERVER_SEARCH_CONTENT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "server/search/analysis.h"
#include "server/search/document.h"
#include "server/search/engine.h"
#include "server/search/tags.h"
#include "server/search/vocabulary.h"

namespace lagnet::search {

// What a document says, word for word. Refers to its texts.
struct Content {
  struct Said {
    absl::string_view word;
    absl::string_view language;
    Field field = Field::kTitle;
  };
  std::vector<Said> words;
  std::vector<Tags::Ref> tags;
};
Content ContentOf(const Document& document, const Tags& tags);

// The words of documents that a vocabulary does not know yet: noted and taught
// under the index's lock, analysed without it.
class Lesson {
 public:
  void Note(const Content& content, const Vocabulary& vocabulary);
  // Some 20 us a word.
  void Prepare(const Analysis& analysis);
  void TeachTo(Vocabulary& vocabulary) const;

 private:
  // Word and language; then its terms. It refers to the contents.
  using Word = std::pair<absl::string_view, absl::string_view>;
  absl::flat_hash_map<Word, std::vector<std::string>> words_;
};

// The content as the engine takes it. Each of its words was learnt; a new tag
// gets its term.
std::vector<Posting> PostingsOf(const Content& content, Vocabulary& vocabulary);

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_CONTENT_H_
