#ifndef LAGNET_SERVER_SEARCH_INDEX_H_
#define LAGNET_SERVER_SEARCH_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/synchronization/mutex.h"
#include "server/search/analysis.h"
#include "server/search/collation.h"
#include "server/search/document.h"
#include "server/search/engine.h"
#include "server/search/query.h"
#include "server/search/tags.h"
#include "server/search/thesaurus.h"
#include "server/search/vocabulary.h"

namespace lagnet::search {

// The order of what was found.
enum class Order { kRelevance = 0, kName = 1, kDistance = 2 };

// What is searched for. Empty filters let everything through; of several values
// of one filter one is enough.
struct Search {
  std::string text;  // Empty: everything that passes the filters.
  std::vector<std::string> collections;
  std::vector<std::string> kinds;
  std::vector<std::string> networks;
  std::vector<std::string> themes;       // And what is narrower.
  std::vector<std::string> territories;  // And what lies within.
  Order order = Order::kRelevance;
  std::string language;  // The reader's, for the order of names.
  std::optional<Point> near;
  bool with_facets = false;
};

// Where a page begins: behind this place in the order.
struct Place {
  double number =
      0;             // Score (negative, so that the best is first) or distance.
  std::string key;   // Of the name's order.
  std::string name;  // Empty: the very beginning.
};

struct Hit {
  std::shared_ptr<const Document> document;
  double score = 0;     // From 0 to 2; 1 and above: has all that was asked for.
  double distance = 0;  // In metres, if a point was given and it has one.
  Place place;
};

// How many hits have a value, by what can be filtered by.
struct Facets {
  using Counts = std::vector<std::pair<std::string, uint32_t>>;  // Most first.
  Counts themes;
  Counts territories;
  Counts kinds;
  Counts networks;
};

struct Found {
  std::vector<Hit> hits;  // One page.
  bool has_more = false;
  size_t total = 0;
  // Some hits lack a word: there were too few that have all.
  bool is_relaxed = false;
  Facets facets;
  Question question;  // How the text was understood.
  // How the words that were met are written, to be marked.
  std::vector<std::string> written;
};

struct Suggested {
  std::vector<std::shared_ptr<const Document>> documents;
  std::vector<std::string> written;
};

// Whether the caller may see a document that is not public.
using MaySee = absl::FunctionRef<bool(const Document& document)>;

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
  struct Entry {
    std::shared_ptr<const Document> document;
    // What it can be filtered and counted by, as numbers of `labels_`.
    std::vector<uint32_t> labels;
  };
  // A document's terms, as the engine and the vocabulary take them.
  struct Analysed {
    Engine::Terms fields;
    std::vector<std::pair<std::string, bool>> terms;  // And if in a title.
    // Each word of what is shown, with its terms.
    std::vector<std::pair<std::string, std::vector<std::string>>> words;
  };
  // What may be filtered by: a type and an id.
  using LabelKey = std::pair<char, std::string>;
  struct Wanted {
    std::vector<std::vector<uint32_t>> all_of_any;
    bool nothing = false;  // A value is asked for that no document has.
  };
  struct Candidate {
    int64_t row = 0;
    double score = 0;
    double distance = 0;
    double number = 0;
    std::string key;
  };

  Analysed Analyse(const Document& document) const;
  // One batch of Put(): in the place of what has the same name.
  void Replace(std::vector<Document> documents)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(writing_) ABSL_LOCKS_EXCLUDED(mutex_);
  std::shared_ptr<const Document> Known(const std::string& name) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  void Insert(Document document, const Analysed& analysed)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Drop(const std::string& name, const Analysed& analysed)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Count(const Analysed& analysed, bool is_public, int sign)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::vector<uint32_t> LabelsOf(const Document& document)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  uint32_t LabelOf(LabelKey key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Wanted WantedBy(const Search& search) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  bool Passes(const Entry& entry, const Wanted& wanted, MaySee may_see) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  std::vector<Candidate> Candidates(const Search& search, MaySee may_see,
                                    Found& found) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  // `bonus` is added to each score.
  void Ask(const Pattern& pattern, const Question& question, double bonus,
           const Wanted& wanted, MaySee may_see,
           std::vector<Candidate>& candidates) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  // The labels of the loose tags of each word that has some.
  std::vector<std::vector<uint32_t>> LooseOf(const Question& question) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void Arrange(const Search& search, std::vector<Candidate>& candidates) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  std::vector<std::string> WrittenAs(const Question& question) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  Facets CountFacets(const std::vector<Candidate>& candidates) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  const Analysis* const analysis_;
  const Tags* const tags_;
  const Reader reader_;

  absl::Mutex writing_ ABSL_ACQUIRED_BEFORE(mutex_);  // One writer at a time.
  mutable absl::Mutex mutex_;
  Engine engine_;  // Written under the lock, read under a shared one.
  Vocabulary vocabulary_ ABSL_GUARDED_BY(mutex_);
  std::vector<Entry> entries_ ABSL_GUARDED_BY(mutex_);  // By row.
  std::vector<int64_t> free_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, int64_t> by_name_ ABSL_GUARDED_BY(mutex_);
  std::vector<LabelKey> labels_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<LabelKey, uint32_t> by_label_ ABSL_GUARDED_BY(mutex_);
  mutable NameOrder names_;
};

// The title in `language`, else in its main language, else in English, else in
// whichever comes first; and in which language that is.
std::pair<std::string, std::string> TextIn(const LocalizedText& text,
                                           absl::string_view language);

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_INDEX_H_
