#ifndef LAGNET_SERVER_SEARCH_LABELS_H_
#define LAGNET_SERVER_SEARCH_LABELS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "server/search/document.h"
#include "server/search/search.h"
#include "server/search/tags.h"

namespace lagnet::search {

// What documents are filtered and counted by, each value under a number: their
// collection, kind, networks, themes and territories. Used under the index's
// lock.
class Labels {
 public:
  using Id = uint32_t;
  // Those of one document: few have more than these.
  using Ids = absl::InlinedVector<Id, 14>;

  // The labels of a document that has these tags. What is new gets a number.
  Ids Of(const Document& document, const std::vector<Tags::Ref>& tags);

  // Nothing if no document ever had it.
  std::optional<Id> Find(const Tag& tag) const;

  // What a search lets through: of each list, one is enough.
  struct Wanted {
    std::vector<std::vector<Id>> all_of_any;
    bool nothing = false;  // A value is asked for that no document has.

    bool LetsPass(const Ids& labels) const;
  };
  Wanted WantedBy(const Search& search) const;

  // How many have a label.
  struct Count {
    Id label = 0;
    uint32_t documents = 0;
  };
  Facets ToFacets(std::vector<Count> counts) const;

  size_t size() const { return values_.size(); }

 private:
  // A type and an id.
  using Value = std::pair<char, std::string>;

  Id IdOf(Value value);

  std::vector<Value> values_;
  absl::flat_hash_map<Value, Id> by_value_;
};

// Whether there is one that both have.
bool HasAny(const Labels::Ids& labels, const std::vector<Labels::Id>& any);

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_LABELS_H_
