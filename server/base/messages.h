#ifndef LAGNET_SERVER_BASE_MESSAGES_H_
#define LAGNET_SERVER_BASE_MESSAGES_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace lagnet {

// What the server says to people, in the languages that it speaks: patterns of
// ICU's MessageFormat, with its plurals, from one catalogue for each language.
// Thread-safe.
class Messages {
 public:
  using Argument = std::variant<int64_t, std::string>;
  using Arguments = std::vector<std::pair<std::string, Argument>>;

  // `catalogues`: by BCP 47 language, a JSON object of keys and patterns. "en"
  // is there, and has every key.
  explicit Messages(
      const std::vector<std::pair<std::string, absl::string_view>>& catalogues);

  // The message in `language`, or else in English. A pattern that does not fit
  // its arguments is a mistake of ours; its key is returned then.
  std::string Say(absl::string_view language, absl::string_view key,
                  const Arguments& arguments = {}) const;

  // A moment as people of the language write it, in an IANA zone: "19 September
  // 2026 at 18:00".
  std::string SayTime(absl::string_view language, absl::Time time,
                      const std::string& zone) const;

  // The same with the zone, for whoever may be elsewhere: "19 September 2026 at
  // 18:00, Georgia Standard Time".
  std::string SayTimeThere(absl::string_view language, absl::Time time,
                           const std::string& zone) const;

  // The language that is spoken to readers of `language`: "pl" to those of
  // "pl-PL", "en" to those of what there is no catalogue of.
  std::string Spoken(absl::string_view language) const;

  // For tests: every key of a language.
  std::vector<std::string> Keys(absl::string_view language) const;
  std::vector<std::string> languages() const;

 private:
  using Catalogue = std::map<std::string, std::string, std::less<>>;
  std::map<std::string, Catalogue, std::less<>> catalogues_;
};

}  // namespace lagnet

#endif  // LAGNET_SERVER_BASE_MESSAGES_H_
