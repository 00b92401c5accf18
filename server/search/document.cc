#include "server/search/document.h"

namespace lagnet::search {

std::pair<std::string, std::string> TextIn(const LocalizedText& text,
                                           absl::string_view language) {
  const absl::string_view main = language.substr(0, language.find('-'));
  for (const absl::string_view wanted :
       {language, main, absl::string_view("en")}) {
    const auto found = text.find(std::string(wanted));
    if (found != text.end()) return {found->second.text, found->first};
  }
  if (text.empty()) return {};
  return {text.begin()->second.text, text.begin()->first};
}

}  // namespace lagnet::search
