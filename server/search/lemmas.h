#ifndef LAGNET_SERVER_SEARCH_LEMMAS_H_
#define LAGNET_SERVER_SEARCH_LEMMAS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace lagnet::search {

// The base forms of Polish, Czech and English words, from the dictionaries that
// Debian packages for Hunspell: puszczy → puszcza, stezce → stezka. What was
// looked up once is remembered, up to a limit. Thread-safe.
class Lemmas {
 public:
  // Reads pl_PL, cs_CZ and en_US in `folder`. One that is missing is said once
  // in the log, and the search does without.
  explicit Lemmas(const std::string& folder = "/usr/share/hunspell");
  ~Lemmas();
  Lemmas(const Lemmas&) = delete;
  Lemmas& operator=(const Lemmas&) = delete;

  // The base forms of `word`, folded (see base/fold.h). `language` is a BCP 47
  // tag; where it is empty, each dictionary is asked. Empty if the word is not
  // known.
  std::vector<std::string> Of(absl::string_view word,
                              absl::string_view language) const;

 private:
  class Dictionary;
  std::vector<std::unique_ptr<Dictionary>> dictionaries_;
};

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_LEMMAS_H_
