#ifndef LAGNET_SERVER_SEARCH_GEORGIAN_H_
#define LAGNET_SERVER_SEARCH_GEORGIAN_H_

#include <string>

#include "absl/strings/string_view.h"

namespace lagnet::search {

// The stem of a Georgian noun or adjective, so that its forms meet:
// ლაგოდეხი, ლაგოდეხის, ლაგოდეხში → ლაგოდეხ. There is no packaged dictionary of
// Georgian, so these are rules: postpositions (-ში, -ზე, -თან, -თვის, -დან,
// -მდე, …), then one case ending, then the plural -ებ, then the final vowel
// that the genitive loses (ქედა, ქედის → ქედ). They err now and then, always in
// the same way for each form. `word` is in Mkhedruli; anything else is returned
// as it is.
std::string GeorgianStem(absl::string_view word);

// The stem without the vowel that falls out in some forms: სოფელ- and სოფლ-
// both give სოფლ-.
std::string WithoutSyncope(absl::string_view stem);

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_GEORGIAN_H_
