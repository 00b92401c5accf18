#ifndef LAGNET_SERVER_SEARCH_SEARCH_H_
#define LAGNET_SERVER_SEARCH_SEARCH_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "server/search/document.h"
#include "server/search/query.h"

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

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_SEARCH_H_
