#include "server/base/messages.h"

#include <unicode/datefmt.h>
#include <unicode/locid.h>
#include <unicode/msgfmt.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <memory>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace lagnet {
namespace {

icu::UnicodeString Wide(absl::string_view text) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

icu::Formattable Formatted(const Messages::Argument& argument) {
  if (const auto* number = std::get_if<int64_t>(&argument)) {
    return icu::Formattable(*number);
  }
  return icu::Formattable(Wide(std::get<std::string>(argument)));
}

icu::Locale LocaleOf(const std::string& spoken) {
  return icu::Locale(spoken == "en" ? "en_GB" : spoken.c_str());
}

}  // namespace

Messages::Messages(
    const std::vector<std::pair<std::string, absl::string_view>>& catalogues) {
  for (const auto& [language, text] : catalogues) {
    Catalogue& catalogue = catalogues_[language];
    for (const auto& [key, pattern] :
         nlohmann::json::parse(text)
             .get<std::map<std::string, std::string>>()) {
      catalogue.emplace(key, pattern);
    }
  }
}

std::string Messages::Spoken(absl::string_view language) const {
  const absl::string_view spoken = language.substr(0, language.find('-'));
  return catalogues_.find(spoken) == catalogues_.end() ? "en"
                                                       : std::string(spoken);
}

std::string Messages::SayTime(absl::string_view language, absl::Time time,
                              const std::string& zone) const {
  const std::unique_ptr<icu::DateFormat> format(
      icu::DateFormat::createDateTimeInstance(icu::DateFormat::kLong,
                                              icu::DateFormat::kShort,
                                              LocaleOf(Spoken(language))));
  if (format == nullptr) return absl::FormatTime(time, absl::UTCTimeZone());
  format->adoptTimeZone(icu::TimeZone::createTimeZone(Wide(zone)));
  icu::UnicodeString said;
  format->format(static_cast<UDate>(absl::ToUnixMillis(time)), said);
  std::string text;
  said.toUTF8String(text);
  return text;
}

std::string Messages::SayTimeThere(absl::string_view language, absl::Time time,
                                   const std::string& zone) const {
  const std::unique_ptr<icu::TimeZone> there(
      icu::TimeZone::createTimeZone(Wide(zone)));
  int32_t offset = 0, saving = 0;
  UErrorCode error = U_ZERO_ERROR;
  there->getOffset(static_cast<UDate>(absl::ToUnixMillis(time)),
                   /*local=*/false, offset, saving, error);
  icu::UnicodeString name;
  there->getDisplayName(saving != 0, icu::TimeZone::LONG,
                        LocaleOf(Spoken(language)), name);
  std::string said = absl::StrCat(SayTime(language, time, zone), ", ");
  name.toUTF8String(said);
  return said;
}

std::string Messages::Say(absl::string_view language, absl::string_view key,
                          const Arguments& arguments) const {
  const std::string spoken = Spoken(language);
  const Catalogue& catalogue = catalogues_.find(spoken)->second;
  const auto pattern = catalogue.find(key);
  if (pattern == catalogue.end()) return std::string(key);
  UErrorCode error = U_ZERO_ERROR;
  const icu::MessageFormat format(Wide(pattern->second),
                                  icu::Locale(spoken.c_str()), error);
  std::vector<icu::UnicodeString> names;
  std::vector<icu::Formattable> values;
  for (const auto& [name, value] : arguments) {
    names.push_back(Wide(name));
    values.push_back(Formatted(value));
  }
  icu::UnicodeString said;
  format.format(names.data(), values.data(), static_cast<int32_t>(names.size()),
                said, error);
  if (U_FAILURE(error)) return std::string(key);
  std::string text;
  said.toUTF8String(text);
  return text;
}

std::vector<std::string> Messages::Keys(absl::string_view language) const {
  std::vector<std::string> keys;
  for (const auto& [key, pattern] : catalogues_.find(language)->second) {
    keys.push_back(key);
  }
  return keys;
}

std::vector<std::string> Messages::languages() const {
  std::vector<std::string> languages;
  for (const auto& [language, catalogue] : catalogues_) {
    languages.push_back(language);
  }
  return languages;
}

}  // namespace lagnet
