#include "server/search/catalog.h"

#include <utility>

namespace lagnet::search {
namespace {

// Strings on the heap, as an estimate.
size_t BytesOf(const LocalizedText& text) {
  size_t bytes = 0;
  for (const auto& [language, translation] : text) {
    bytes += 80 + language.size() + translation.text.capacity();
  }
  return bytes;
}

size_t BytesOf(const Document& document) {
  size_t bytes =
      sizeof(document) + 2 * document.name.size() + BytesOf(document.title);
  for (const auto& text : document.other_names) bytes += BytesOf(text);
  for (const auto& text : document.texts) bytes += BytesOf(text);
  for (const auto& theme : document.themes) bytes += 32 + theme.size();
  for (const auto& code : document.territories) bytes += 32 + code.size();
  return bytes;
}

}  // namespace

uint32_t Catalog::NewRow() {
  if (free_.empty()) {
    briefs_.emplace_back();
    names_of_.emplace_back();
    documents_.emplace_back();
    labels_of_.emplace_back();
    return rows() - 1;
  }
  const uint32_t row = free_.back();
  free_.pop_back();
  return row;
}

void Catalog::Count(const std::vector<Posting>& postings, bool is_public,
                    int sign) {
  for (const Posting& posting : postings) {
    vocabulary_.Add(posting.term, is_public, (posting.fields & kTitles) != 0,
                    sign);
  }
}

void Catalog::Insert(Document document, const Content& content) {
  const std::vector<Posting> postings = PostingsOf(content, vocabulary_);
  const uint32_t row = NewRow();
  labels_of_[row] = labels_.Of(document, content.tags);
  documents_[row] = std::make_shared<const Document>(std::move(document));
  const Document& there = *documents_[row];
  by_name_[there.name] = row;
  names_of_[row] = there.name;
  briefs_[row] = {.prominence = static_cast<float>(there.prominence),
                  .is_there = true,
                  .is_public = there.audience.is_public};
  engine_.Insert(row, postings);
  Count(postings, there.audience.is_public, 1);
  names_.Forget(row);
}

void Catalog::Remove(const std::string& name, const Content& content) {
  const auto known = by_name_.find(name);
  if (known == by_name_.end()) return;
  const uint32_t row = known->second;
  const std::vector<Posting> postings = PostingsOf(content, vocabulary_);
  engine_.Remove(row, postings);
  Count(postings, briefs_[row].is_public, -1);
  by_name_.erase(known);
  briefs_[row] = {};
  names_of_[row] = {};
  documents_[row] = nullptr;
  labels_of_[row] = {};
  free_.push_back(row);
}

std::shared_ptr<const Document> Catalog::Find(const std::string& name) const {
  const auto known = by_name_.find(name);
  return known == by_name_.end() ? nullptr : documents_[known->second];
}

size_t Catalog::bytes() const {
  constexpr size_t kRow = sizeof(Brief) + sizeof(names_of_[0]) +
                          sizeof(documents_[0]) + sizeof(labels_of_[0]) +
                          sizeof(*by_name_.begin());
  size_t bytes = engine_.bytes() + vocabulary_.bytes() + names_.bytes() +
                 briefs_.capacity() * kRow;
  for (uint32_t row = 0; row < rows(); ++row) {
    if (documents_[row] == nullptr) continue;
    bytes += BytesOf(*documents_[row]);
  }
  return bytes;
}

}  // namespace lagnet::search
