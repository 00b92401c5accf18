#include "server/base/localized_text.h"

namespace lagnet {

std::string TextFor(const LocalizedText& text, const std::string& language) {
  for (const std::string& tag : {language, std::string("en")}) {
    const auto found = text.find(tag);
    if (found != text.end()) return found->second.text;
  }
  return text.empty() ? "" : text.begin()->second.text;
}

nlohmann::json ToJson(const LocalizedText& text) {
  nlohmann::json json = nlohmann::json::object();
  for (const auto& [language, translation] : text) {
    nlohmann::json& entry = json[language];
    entry["text"] = translation.text;
    if (translation.origin != 0) entry["origin"] = translation.origin;
    if (translation.status != 0) entry["status"] = translation.status;
  }
  return json;
}

LocalizedText LocalizedTextFromJson(const nlohmann::json& json) {
  LocalizedText text;
  for (const auto& [language, entry] : json.items()) {
    text[language] = Translation{
        .text = entry.value("text", ""),
        .origin = entry.value("origin", 0),
        .status = entry.value("status", 0),
    };
  }
  return text;
}

}  // namespace lagnet
