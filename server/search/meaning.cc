#include "server/search/meaning.h"

#include <utility>

#include "server/base/fold.h"

namespace lagnet::search {
namespace {

// Twice so many are remembered, about 1 KB each.
constexpr size_t kMostRecent = 4000;
// Longer ones come once.
constexpr size_t kLongest = 40;

}  // namespace

Meaning Meanings::WorkOut(absl::string_view word) const {
  Meaning meaning{.terms = analysis_->TermsOf(word, ""),
                  .georgian = FromGeorgianKeys(word)};
  if (!meaning.georgian.empty()) {
    meaning.georgian_terms = analysis_->TermsOf(meaning.georgian, "ka");
  }
  meaning.related = thesaurus_->Of(meaning.terms);
  return meaning;
}

std::shared_ptr<const Meaning> Meanings::Of(absl::string_view word) const {
  if (word.size() > kLongest) {
    return std::make_shared<const Meaning>(WorkOut(word));
  }
  {
    absl::MutexLock lock(&mutex_);
    const auto recent = recent_.find(word);
    if (recent != recent_.end()) return recent->second;
    const auto older = older_.find(word);
    if (older != older_.end()) {
      return recent_.emplace(word, older->second).first->second;
    }
  }
  auto meaning = std::make_shared<const Meaning>(WorkOut(word));
  absl::MutexLock lock(&mutex_);
  if (recent_.size() >= kMostRecent) {
    older_ = std::move(recent_);
    recent_ = {};
  }
  recent_.emplace(word, meaning);
  return meaning;
}

}  // namespace lagnet::search
