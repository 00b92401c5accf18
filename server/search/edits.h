#ifndef LAGNET_SERVER_SEARCH_EDITS_H_
#define LAGNET_SERVER_SEARCH_EDITS_H_

#include <cstdint>
#include <cstdlib>

#include "absl/strings/string_view.h"

namespace lagnet::search {

// The edits (a letter more, less, another, or two neighbours swapped, none of
// them edited twice) that make one word of the other, in bytes; `most` + 1 if
// it takes more.
int EditsBetween(absl::string_view a, absl::string_view b, int most);

// Which letters a word has, as bits; several letters may share one.
uint32_t LettersOf(absl::string_view word);

// Whether words with these letters, so different in length, may be within
// `most` edits. Lets all pass that are.
inline bool MayBeNear(uint32_t letters, uint32_t other, int longer_by,
                      int most) {
  // A letter more or less changes one bit, another letter two. Takes so many
  // bits away: std::popcount() is a call on what we build for.
  uint32_t different = letters ^ other;
  for (int bits = 2 * most - std::abs(longer_by); bits > 0; --bits) {
    different &= different - 1;
  }
  return different == 0;
}

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_EDITS_H_
