#ifndef LAGNET_SERVER_SEARCH_COLLATION_H_
#define LAGNET_SERVER_SEARCH_COLLATION_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace lagnet::search {

// Whether ICU knows a language: "ka", "pl-PL", "sr-Latn".
bool IsKnownLanguage(absl::string_view language);

// The order of names by the rules of a language (ICU's collation): ch comes
// behind h in Czech, ł behind l in Polish. Remembers the keys of the last few
// languages. Thread-safe.
class NameOrder {
 public:
  NameOrder();
  ~NameOrder();

  // The key of a row's name in a language; `name` is asked for it if it is not
  // known yet. Keys compare as bytes.
  class Keys {
   public:
    std::string Of(int64_t row, absl::FunctionRef<std::string()> name);

   private:
    friend class NameOrder;
    struct Language;
    explicit Keys(std::shared_ptr<Language> language)
        : language_(std::move(language)) {}
    std::shared_ptr<Language> language_;
  };
  Keys In(absl::string_view language);

  // A row's name has changed.
  void Forget(int64_t row);

  size_t bytes() const;

 private:
  mutable absl::Mutex mutex_;
  std::map<std::string, std::shared_ptr<Keys::Language>, std::less<>> languages_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_COLLATION_H_
