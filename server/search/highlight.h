#ifndef LAGNET_SERVER_SEARCH_HIGHLIGHT_H_
#define LAGNET_SERVER_SEARCH_HIGHLIGHT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/search/analysis.h"
#include "server/search/document.h"
#include "server/search/query.h"
#include "server/search/tags.h"

namespace lagnet::search {

// A piece of a text, and whether it is a word that was found.
struct Piece {
  std::string text;
  bool is_match = false;
};

// Marks in texts the words that were met. For one answer; not thread-safe.
class Highlighter {
 public:
  // How the words are written; see Found.
  explicit Highlighter(const std::vector<std::string>& written)
      : written_(written) {}

  // Where they stand, in order; none within another.
  std::vector<Word> Matches(absl::string_view text) const;

 private:
  const std::vector<std::string>& written_;
};

// The whole text.
std::vector<Piece> Mark(absl::string_view text,
                        const std::vector<Word>& matches);

// At most `letters` code points of the text, from a little before the first
// match on, with an ellipsis where it is cut.
std::vector<Piece> Snippet(absl::string_view text,
                           const std::vector<Word>& matches, size_t letters);

// Why a word of the question found a document.
struct Reason {
  std::string word;
  std::string found;
  How how = How::kUnspecified;
  Field field = Field::kTitle;
};

// The best reason for each word that the document has.
std::vector<Reason> ReasonsOf(const Question& question,
                              const Document& document,
                              absl::string_view language,
                              const Analysis& analysis, const Tags& tags);

// The text of the question with what was corrected; "" if nothing was.
// `documents` are those found, the best first: a word is shown as they write
// it, in the alphabet that it was typed in if they have it so.
std::string CorrectedText(absl::string_view text, const Question& question,
                          const std::vector<const Document*>& documents);

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_HIGHLIGHT_H_
