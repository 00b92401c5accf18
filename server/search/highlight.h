#ifndef LAGNET_SERVER_SEARCH_HIGHLIGHT_H_
#define LAGNET_SERVER_SEARCH_HIGHLIGHT_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
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

// Shows what a question met in documents. For one answer; not thread-safe.
class Highlighter {
 public:
  Highlighter(const Question& question, const Analysis* analysis);

  // The whole text.
  std::vector<Piece> Mark(absl::string_view text,
                          absl::string_view language) const;

  // At most `letters` code points of the text, from a little before the first
  // match on, with an ellipsis where it is cut.
  std::vector<Piece> Snippet(absl::string_view text, absl::string_view language,
                             size_t letters) const;

  // Whether the text has a word that was found.
  bool Meets(absl::string_view text, absl::string_view language) const;

 private:
  std::vector<Word> Matches(absl::string_view text,
                            absl::string_view language) const;

  const Analysis* const analysis_;
  absl::flat_hash_set<absl::string_view> terms_;  // Of the question.
};

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
// it.
std::string CorrectedText(absl::string_view text, const Question& question,
                          const std::vector<const Document*>& documents,
                          const Analysis& analysis);

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_HIGHLIGHT_H_
