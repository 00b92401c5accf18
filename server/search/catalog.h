#ifndef LAGNET_SERVER_SEARCH_CATALOG_H_
#define LAGNET_SERVER_SEARCH_CATALOG_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "server/search/collation.h"
#include "server/search/content.h"
#include "server/search/document.h"
#include "server/search/engine.h"
#include "server/search/labels.h"
#include "server/search/vocabulary.h"

namespace lagnet::search {

// All documents by row, with the words that find them and the labels that
// filter them. Used under the index's lock.
class Catalog {
 public:
  // What is read of each row that fits: eight bytes, so that those of all rows
  // stay at hand.
  struct Brief {
    float prominence = 1;
    bool is_there = false;
    bool is_public = false;
  };

  // The words of `content` have been learnt, and none of that name is there.
  void Insert(Document document, const Content& content);
  // Takes a document out, if it is there. `content` is what it says.
  void Remove(const std::string& name, const Content& content);
  void Optimize() { engine_.Optimize(); }

  // Nothing if it is not there.
  std::shared_ptr<const Document> Find(const std::string& name) const;

  // Rows, those without a document too.
  uint32_t rows() const { return static_cast<uint32_t>(briefs_.size()); }
  const Brief& BriefOf(uint32_t row) const { return briefs_[row]; }
  absl::string_view NameAt(uint32_t row) const { return names_of_[row]; }
  const std::shared_ptr<const Document>& DocumentAt(uint32_t row) const {
    return documents_[row];
  }
  const Labels::Ids& LabelsAt(uint32_t row) const { return labels_of_[row]; }

  const Engine& engine() const { return engine_; }
  const Vocabulary& vocabulary() const { return vocabulary_; }
  Vocabulary& vocabulary() { return vocabulary_; }
  const Labels& labels() const { return labels_; }
  NameOrder& names() const { return names_; }

  // How many documents there are.
  size_t size() const { return by_name_.size(); }
  size_t bytes() const;

 private:
  uint32_t NewRow();
  void Count(const std::vector<Posting>& postings, bool is_public, int sign);

  Engine engine_;
  Vocabulary vocabulary_;
  Labels labels_;
  mutable NameOrder names_;  // Thread-safe.
  std::vector<Brief> briefs_;
  std::vector<absl::string_view> names_of_;
  std::vector<std::shared_ptr<const Document>> documents_;
  std::vector<Labels::Ids> labels_of_;
  std::vector<uint32_t> free_;
  absl::flat_hash_map<std::string, uint32_t> by_name_;
};

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_CATALOG_H_
