#ifndef LAGNET_SERVER_SEARCH_ANALYSIS_H_
#define LAGNET_SERVER_SEARCH_ANALYSIS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/search/lemmas.h"

namespace lagnet::search {

// What a word is indexed and looked up by. A term is a letter for its level,
// then letters and digits, so that a prefix of it stays on its level.
enum class Level : char {
  kExact = 'e',  // The word, folded: "elagodekhis".
  kLemma = 'l',  // Its base forms by a dictionary: "lpuszcza".
  kStem = 't',   // Its stem by rules: "tlagodekh".
  kSound = 's',  // How the stem sounds (Skeletons()): "sLAGODEH".
};

std::string TermOf(Level level, absl::string_view word);
Level LevelOf(absl::string_view term);

// A word in a text: where it stands, in bytes.
struct Word {
  size_t begin = 0;
  size_t end = 0;
};

// Words by Unicode's rules (UAX 29): numbers too, no punctuation.
std::vector<Word> SplitWords(absl::string_view text);

// Turns words into terms, in the same way for documents and for queries.
// Thread-safe.
class Analysis {
 public:
  explicit Analysis(const Lemmas* lemmas) : lemmas_(lemmas) {}

  // The terms of a word, the exact one first. `language` is that of the text, a
  // BCP 47 tag, or "" if nobody knows. Empty if it has no letter or digit.
  std::vector<std::string> TermsOf(absl::string_view word,
                                   absl::string_view language) const;

 private:
  const Lemmas* const lemmas_;
};

// A folded word without what Polish, Czech and other languages put behind a
// stem: kozienickiej, kozienicka → kozienick; kachetie → kachet. Coarse, and
// the same for names that no dictionary has. At least three letters are left.
std::string LightStem(absl::string_view folded);

// Whether a folded word says nothing by itself: "and", "nad", "da".
bool IsStopWord(absl::string_view folded);

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_ANALYSIS_H_
