#include "server/search/index.h"

#include <algorithm>
#include <utility>

#include "server/search/content.h"
#include "server/search/finder.h"

namespace lagnet::search {
namespace {

// Documents written under one lock: some milliseconds.
constexpr size_t kAtOnce = 16;

}  // namespace

Index::Index(const Analysis* analysis, const Tags* tags,
             const Thesaurus* thesaurus)
    : analysis_(analysis), tags_(tags), reader_(analysis, tags, thesaurus) {}

void Index::Replace(absl::Span<Document> documents) {
  struct Change {
    std::shared_ptr<const Document> old;
    Content old_content;
    Content content;
  };
  // Readers go on while words are split and new ones analysed.
  std::vector<Change> changes;
  for (const Document& document : documents) {
    changes.push_back({.content = ContentOf(document, *tags_)});
  }
  Lesson lesson;
  {
    absl::ReaderMutexLock lock(&mutex_);
    for (size_t i = 0; i < documents.size(); ++i) {
      changes[i].old = catalog_.Find(documents[i].name);
      lesson.Note(changes[i].content, catalog_.vocabulary());
    }
  }
  lesson.Prepare(*analysis_);
  for (Change& change : changes) {
    if (change.old) change.old_content = ContentOf(*change.old, *tags_);
  }
  absl::MutexLock lock(&mutex_);
  lesson.TeachTo(catalog_.vocabulary());
  for (size_t i = 0; i < documents.size(); ++i) {
    Change& change = changes[i];
    if (change.old) {
      if (change.old->version > documents[i].version) continue;
      catalog_.Remove(documents[i].name, change.old_content);
    }
    catalog_.Insert(std::move(documents[i]), change.content);
  }
}

void Index::Put(std::vector<Document> documents) {
  absl::MutexLock lock(&writing_);
  for (size_t begin = 0; begin < documents.size(); begin += kAtOnce) {
    Replace(absl::MakeSpan(documents).subspan(begin, kAtOnce));
  }
}

void Index::Remove(const std::vector<std::string>& names) {
  absl::MutexLock writing(&writing_);
  for (const std::string& name : names) {
    std::shared_ptr<const Document> known;
    {
      absl::ReaderMutexLock lock(&mutex_);
      known = catalog_.Find(name);
    }
    if (known == nullptr) continue;
    const Content content = ContentOf(*known, *tags_);
    absl::MutexLock lock(&mutex_);
    catalog_.Remove(name, content);
  }
}

void Index::Optimize() {
  absl::MutexLock lock(&mutex_);
  catalog_.Optimize();
}

Found Index::Find(const Search& search, const Place& after, size_t limit,
                  MaySee may_see) const {
  absl::ReaderMutexLock lock(&mutex_);
  return Finder(&catalog_, &reader_, &search, may_see).Find(after, limit);
}

Suggested Index::Suggest(const Search& search, size_t limit,
                         MaySee may_see) const {
  absl::ReaderMutexLock lock(&mutex_);
  return Finder(&catalog_, &reader_, &search, may_see).Suggest(limit);
}

size_t Index::size() const {
  absl::ReaderMutexLock lock(&mutex_);
  return catalog_.size();
}

size_t Index::bytes() const {
  absl::ReaderMutexLock lock(&mutex_);
  return catalog_.bytes() + tags_->bytes();
}

}  // namespace lagnet::search
