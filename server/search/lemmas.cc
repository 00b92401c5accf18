#include "server/search/lemmas.h"

#include <unicode/ucnv.h>
#include <unicode/unistr.h>
#include <unistd.h>

#include <algorithm>
#include <hunspell/hunspell.hxx>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "server/base/fold.h"
#include "server/base/log.h"

namespace lagnet::search {
namespace {

// Some 100 bytes each.
constexpr size_t kMostRemembered = 200'000;

struct Packaged {
  const char* language;
  const char* file;
};
constexpr Packaged kPackaged[] = {
    {"pl", "pl_PL"}, {"cs", "cs_CZ"}, {"en", "en_US"}};

}  // namespace

// One language. A Hunspell object is not thread-safe, not even for reading.
class Lemmas::Dictionary {
 public:
  Dictionary(std::string language, const std::string& path)
      : language_(std::move(language)),
        hunspell_((path + ".aff").c_str(), (path + ".dic").c_str()) {
    UErrorCode error = U_ZERO_ERROR;
    converter_ = ucnv_open(hunspell_.get_dict_encoding().c_str(), &error);
  }
  ~Dictionary() { ucnv_close(converter_); }
  Dictionary(const Dictionary&) = delete;
  Dictionary& operator=(const Dictionary&) = delete;

  const std::string& language() const { return language_; }

  std::vector<std::string> Of(absl::string_view word) {
    absl::MutexLock lock(&mutex_);
    const auto known = remembered_.find(word);
    if (known != remembered_.end()) return known->second;
    std::vector<std::string> lemmas = LookUp(word);
    if (remembered_.size() >= kMostRemembered) remembered_.clear();
    remembered_.emplace(word, lemmas);
    return lemmas;
  }

 private:
  std::vector<std::string> LookUp(absl::string_view word)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (converter_ == nullptr) return {};
    const icu::UnicodeString text = icu::UnicodeString::fromUTF8(
        {word.data(), static_cast<int32_t>(word.size())});
    std::vector<std::string> lemmas;
    for (const std::string& stem : hunspell_.stem(Encode(text))) {
      std::string lemma = Fold(Decode(stem));
      // A term is one word.
      if (lemma.empty() || absl::StrContains(lemma, ' ')) continue;
      if (std::find(lemmas.begin(), lemmas.end(), lemma) == lemmas.end()) {
        lemmas.push_back(std::move(lemma));
      }
    }
    return lemmas;
  }

  std::string Encode(const icu::UnicodeString& text)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    UErrorCode error = U_ZERO_ERROR;
    std::string bytes(static_cast<size_t>(4 * text.length()) + 4, '\0');
    const int32_t size = text.extract(
        bytes.data(), static_cast<int32_t>(bytes.size()), converter_, error);
    bytes.resize(U_SUCCESS(error) ? static_cast<size_t>(size) : 0);
    return bytes;
  }

  std::string Decode(const std::string& bytes)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    UErrorCode error = U_ZERO_ERROR;
    std::string text;
    icu::UnicodeString(bytes.data(), static_cast<int32_t>(bytes.size()),
                       converter_, error)
        .toUTF8String(text);
    return text;
  }

  const std::string language_;
  absl::Mutex mutex_;
  Hunspell hunspell_ ABSL_GUARDED_BY(mutex_);
  UConverter* converter_ ABSL_GUARDED_BY(mutex_) = nullptr;
  absl::flat_hash_map<std::string, std::vector<std::string>> remembered_
      ABSL_GUARDED_BY(mutex_);
};

Lemmas::Lemmas(const std::string& folder) {
  for (const Packaged& packaged : kPackaged) {
    const std::string path = absl::StrCat(folder, "/", packaged.file);
    if (access((path + ".aff").c_str(), R_OK) != 0 ||
        access((path + ".dic").c_str(), R_OK) != 0) {
      Log(Severity::kWarning, "dictionary_missing")
          .With("language", packaged.language)
          .With("path", path);
      continue;
    }
    dictionaries_.push_back(
        std::make_unique<Dictionary>(packaged.language, path));
  }
}

Lemmas::~Lemmas() = default;

std::vector<std::string> Lemmas::Of(absl::string_view word,
                                    absl::string_view language) const {
  // No word of a language is longer; Hunspell's time grows with the length.
  constexpr size_t kLongest = 60;
  if (word.size() > kLongest) return {};
  std::vector<std::string> all;
  for (const auto& dictionary : dictionaries_) {
    if (!language.empty() &&
        !absl::StartsWith(language, dictionary->language())) {
      continue;
    }
    for (std::string& lemma : dictionary->Of(word)) {
      if (std::find(all.begin(), all.end(), lemma) == all.end()) {
        all.push_back(std::move(lemma));
      }
    }
  }
  return all;
}

}  // namespace lagnet::search
