#ifndef LAGNET_SERVER_SEARCH_MEANING_H_
#define LAGNET_SERVER_SEARCH_MEANING_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "server/search/analysis.h"
#include "server/search/thesaurus.h"

namespace lagnet::search {

// What a word of a query may stand for, whatever the index holds.
struct Meaning {
  std::vector<std::string> terms;  // The exact one first. Empty: no word.
  // If it was typed on Georgian keys that were set to Latin.
  std::string georgian;
  std::vector<std::string> georgian_terms;
  Thesaurus::Related related;
};

// Meanings of words. Those asked for most recently are remembered, some
// thousands: people ask for the same words, in other queries. Thread-safe.
class Meanings {
 public:
  Meanings(const Analysis* analysis, const Thesaurus* thesaurus)
      : analysis_(analysis), thesaurus_(thesaurus) {}

  std::shared_ptr<const Meaning> Of(absl::string_view word) const;

 private:
  using Remembered =
      absl::flat_hash_map<std::string, std::shared_ptr<const Meaning>>;

  Meaning WorkOut(absl::string_view word) const;

  const Analysis* const analysis_;
  const Thesaurus* const thesaurus_;
  mutable absl::Mutex mutex_;
  mutable Remembered recent_ ABSL_GUARDED_BY(mutex_);
  // What was recent until `recent_` was full.
  mutable Remembered older_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_MEANING_H_
