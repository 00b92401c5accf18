#ifndef LAGNET_SERVER_DIRECTORY_DOUBLE_NAME_H_
#define LAGNET_SERVER_DIRECTORY_DOUBLE_NAME_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace lagnet::directory {

// How alike the names of two organisations are, across alphabets, spellings
// and the endings that words take in Polish, Czech and Georgian. See double.h.

// A word of a name that tells organisations apart.
struct NameWord {
  std::string folded;               // See Fold().
  std::vector<std::string> sounds;  // See Skeletons().

  bool operator<(const NameWord& other) const { return folded < other.folded; }
  bool operator==(const NameWord&) const = default;
};
using NameWords = std::vector<NameWord>;

// The words of a name, without those that many have: what kind of organisation
// it is (LAG, LGD, MAS, gmina), its legal form (z.s., o.p.s., stowarzyszenie),
// and small words. All of them if nothing else is left.
NameWords TellingWords(absl::string_view name);

// From 0 to 1, the same either way round; 1 for equal words in any order. A
// name that says more than the other (the town of the seat) counts as 0.88, if
// what they share is two words or a long one.
double Likeness(const NameWords& one, const NameWords& other);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_DOUBLE_NAME_H_
