#ifndef LAGNET_SERVER_BASE_LOCALIZED_TEXT_H_
#define LAGNET_SERVER_BASE_LOCALIZED_TEXT_H_

#include <map>
#include <string>

#include "nlohmann/json.hpp"

namespace lagnet {

// A text in one language. The numbers are those of types.proto.
struct Translation {
  std::string text;
  int origin = 0;
  int status = 0;

  bool operator==(const Translation&) const = default;
};

// A text that people read, by BCP 47 language tag.
using LocalizedText = std::map<std::string, Translation>;

// The text in a language, or else in English, or else the first there is.
std::string TextFor(const LocalizedText& text, const std::string& language);

// How a LocalizedText is stored: {"ka": {"text": "…", "origin": 1}}.
nlohmann::json ToJson(const LocalizedText& text);
LocalizedText LocalizedTextFromJson(const nlohmann::json& json);

}  // namespace lagnet

#endif  // LAGNET_SERVER_BASE_LOCALIZED_TEXT_H_
