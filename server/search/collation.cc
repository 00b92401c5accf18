#include "server/search/collation.h"

#include <unicode/coll.h>
#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <utility>

namespace lagnet::search {
namespace {

// Whoever asks in many languages must not fill the memory.
constexpr size_t kMostLanguages = 8;

icu::Locale LocaleOf(absl::string_view language) {
  UErrorCode error = U_ZERO_ERROR;
  return icu::Locale::forLanguageTag(
      {language.data(), static_cast<int32_t>(language.size())}, error);
}

}  // namespace

bool IsKnownLanguage(absl::string_view language) {
  // Mostly the one that was asked for last; ICU takes its time.
  thread_local std::string last;
  if (!language.empty() && language == last) return true;
  const char* const code = LocaleOf(language).getISO3Language();
  if (code == nullptr || code[0] == '\0') return false;
  last = std::string(language);
  return true;
}

// ICU's collators are not thread-safe, as far as they promise.
struct NameOrder::Keys::Language {
  absl::Mutex mutex;
  std::unique_ptr<icu::Collator> collator ABSL_GUARDED_BY(mutex);
  std::vector<std::string> keys ABSL_GUARDED_BY(mutex);  // By row; "" unknown.
  size_t bytes ABSL_GUARDED_BY(mutex) = 0;
};

NameOrder::NameOrder() = default;
NameOrder::~NameOrder() = default;

std::string NameOrder::Keys::Of(int64_t row,
                                absl::FunctionRef<std::string()> name) {
  absl::MutexLock lock(&language_->mutex);
  const auto at = static_cast<size_t>(row);
  if (language_->keys.size() <= at) language_->keys.resize(at + 1);
  std::string& key = language_->keys[at];
  if (!key.empty() || language_->collator == nullptr) return key;
  const icu::UnicodeString text = icu::UnicodeString::fromUTF8(name());
  key.resize(64);
  for (;;) {
    const int32_t needed = language_->collator->getSortKey(
        text, reinterpret_cast<uint8_t*>(key.data()),
        static_cast<int32_t>(key.size()));
    const bool is_whole = static_cast<size_t>(needed) <= key.size();
    key.resize(static_cast<size_t>(needed));
    if (is_whole) break;
  }
  key.shrink_to_fit();
  language_->bytes += key.capacity() + sizeof(std::string);
  return key;
}

NameOrder::Keys NameOrder::In(absl::string_view language) {
  absl::MutexLock lock(&mutex_);
  const auto known = languages_.find(language);
  if (known != languages_.end()) return Keys(known->second);
  if (languages_.size() >= kMostLanguages) languages_.clear();
  auto made = std::make_shared<Keys::Language>();
  UErrorCode error = U_ZERO_ERROR;
  std::unique_ptr<icu::Collator> collator(
      icu::Collator::createInstance(LocaleOf(language), error));
  {
    absl::MutexLock inner(&made->mutex);
    if (U_SUCCESS(error)) made->collator = std::move(collator);
  }
  languages_.emplace(language, made);
  return Keys(std::move(made));
}

void NameOrder::Forget(int64_t row) {
  absl::MutexLock lock(&mutex_);
  for (const auto& [language, keys] : languages_) {
    absl::MutexLock inner(&keys->mutex);
    const auto at = static_cast<size_t>(row);
    if (at < keys->keys.size()) keys->keys[at].clear();
  }
}

size_t NameOrder::bytes() const {
  size_t bytes = 0;
  absl::MutexLock lock(&mutex_);
  for (const auto& [language, keys] : languages_) {
    absl::MutexLock inner(&keys->mutex);
    bytes += keys->bytes;
  }
  return bytes;
}

}  // namespace lagnet::search
