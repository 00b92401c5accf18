#ifndef LAGNET_SERVER_SEARCH_INDEX_H_
#define LAGNET_SERVER_SEARCH_INDEX_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "server/search/analysis.h"
#include "server/search/catalog.h"
#include "server/search/document.h"
#include "server/search/reader.h"
#include "server/search/search.h"
#include "server/search/tags.h"
#include "server/search/thesaurus.h"

namespace lagnet::search {

// Everything that can be found, in memory. Thread-safe: many threads read while
// one writes, which holds them up for some milliseconds at most.
class Index {
 public:
  Index(const Analysis* analysis, const Tags* tags, const Thesaurus* thesaurus);

  // Adds documents, or puts them in the place of older versions.
  void Put(std::vector<Document> documents);
  void Remove(const std::vector<std::string>& names);
  // For the end of a load.
  void Optimize();

  Found Find(const Search& search, const Place& after, size_t limit,
             MaySee may_see) const;

  // Documents whose title goes on as `text` begins, the best first.
  Suggested Suggest(const Search& search, size_t limit, MaySee may_see) const;

  size_t size() const;
  size_t bytes() const;

 private:
  // One batch of Put(): in the place of what has the same name.
  void Replace(absl::Span<Document> documents)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(writing_) ABSL_LOCKS_EXCLUDED(mutex_);

  const Analysis* const analysis_;
  const Tags* const tags_;
  const Reader reader_;

  absl::Mutex writing_ ABSL_ACQUIRED_BEFORE(mutex_);  // One writer at a time.
  mutable absl::Mutex mutex_;
  Catalog catalog_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_INDEX_H_
