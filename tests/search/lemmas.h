#ifndef LAGNET_TESTS_SEARCH_LEMMAS_H_
#define LAGNET_TESTS_SEARCH_LEMMAS_H_

#include "server/search/lemmas.h"

namespace lagnet::search {

// The dictionaries, read once for all tests: it takes seconds under ASan.
inline const Lemmas& TestLemmas() {
  static const auto* const lemmas = new Lemmas;
  return *lemmas;
}

}  // namespace lagnet::search

#endif  // LAGNET_TESTS_SEARCH_LEMMAS_H_
