#ifndef LAGNET_SERVER_SEARCH_TAGS_H_
#define LAGNET_SERVER_SEARCH_TAGS_H_

#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "server/search/analysis.h"
#include "server/search/document.h"

namespace lagnet::search {

// The tags that documents may have, found by their names in any language. A
// document is indexed with its tags and all that are broader, so that a tag
// finds what is narrower as well. Made once, then read by many threads.
class Tags {
 public:
  Tags(std::vector<Tag> tags, const Analysis* analysis);

  // What a document is tagged with: its themes, territories, country and kind,
  // and all that is broader. No doubles.
  struct Ref {
    Tag::Type type;
    std::string id;

    bool operator==(const Ref&) const = default;
  };
  std::vector<Ref> Of(const Document& document) const;

  // The term that stands for a tag in the index.
  static std::string TermOf(Tag::Type type, absl::string_view id);

  // The name in `language`, else in English, else any; the id if there is none.
  std::string NameOf(Tag::Type type, const std::string& id,
                     absl::string_view language) const;

  // A tag that words of a query name, and how well: how much of the tag's name
  // they are, from 0 to 1, and at which level they met it.
  struct Match {
    const Tag* tag = nullptr;
    std::string term;
    std::vector<size_t> words;  // Indices of the words that are of the name.
    Level level = Level::kExact;
    double share = 0;
  };
  // `words` are the terms of each word of the query. Not below half a name.
  std::vector<Match> Find(
      const std::vector<std::vector<std::string>>& words) const;

  size_t bytes() const { return bytes_; }

 private:
  struct Label {
    size_t tag;
    size_t words;  // How many it has, without stop words.
  };
  struct Place {
    size_t label;
    size_t word;
    Level level;
  };

  // Null if there is no such tag.
  const Tag* Known(Tag::Type type, absl::string_view id) const;
  // The next broader one: as the list says, or as the code does.
  std::string BroaderOf(Tag::Type type, const std::string& id) const;

  std::vector<Tag> tags_;
  // By type, then by id.
  std::array<absl::flat_hash_map<std::string, size_t>, 3> by_id_;
  std::vector<Label> labels_;
  absl::flat_hash_map<std::string, std::vector<Place>> by_term_;
  size_t bytes_ = 0;
};

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_TAGS_H_
