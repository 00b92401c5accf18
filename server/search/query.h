#ifndef LAGNET_SERVER_SEARCH_QUERY_H_
#define LAGNET_SERVER_SEARCH_QUERY_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/search/engine.h"
#include "server/search/tags.h"

namespace lagnet::search {

// How a word of the query met a document. The numbers are those of
// search.proto; the better comes first.
enum class How {
  kUnspecified = 0,
  kExact = 1,
  kTransliterated = 2,
  kInflected = 3,
  kSoundsAlike = 4,
  kTerritory = 5,
  kKind = 6,
  kTheme = 7,
  kTranslated = 8,
  kBeginning = 9,
  kMisspelt = 10,
};

// A word of a query, and all that it may mean.
struct AskedWord {
  struct Form {
    std::string term;  // Of a word or of a tag.
    TermId id = 0;
    double weight = 0;
    How how = How::kUnspecified;
    size_t documents = 0;      // That have it.
    bool is_visible = false;   // Whether everybody may see one of these.
    const Tag* tag = nullptr;  // If it is a tag.
  };
  std::string text;  // As it was typed.
  size_t begin = 0;  // Where it stands in the query, in bytes.
  size_t end = 0;
  std::vector<Form> forms;  // That there are; the best first.
  // Kinds that it names, and tags that so many documents have that they are not
  // looked for: what has one of them comes first.
  std::vector<const Tag*> loose;
  double weight = 0;  // How much it tells: rare words tell more.
  // If it was corrected: how what it was taken for is written.
  std::vector<std::string> written;
  bool is_common = false;  // So many have it that it finds nothing.

  // Whether it is nowhere as it was typed, and was taken for another word.
  bool is_corrected() const {
    return !forms.empty() && forms.front().how == How::kMisspelt;
  }
};

// Puts the best forms first, leaves out what is common beside better ones, and
// says how much the word tells among `all` documents.
void Weigh(size_t all, AskedWord& asked);

// A query as it is understood.
struct Question {
  std::vector<AskedWord> words;  // Without stop words, unless all are.

  // What the engine is asked for; without words if there is nothing to ask.
  // Common words and loose tags count only where nothing else is asked.
  Pattern ToPattern() const;
};

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_QUERY_H_
