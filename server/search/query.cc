#include "server/search/query.h"

#include <algorithm>

namespace lagnet::search {

Pattern Question::ToPattern() const {
  const auto add = [](const AskedWord& word, Pattern& pattern) {
    Pattern::Word& added = pattern.words.emplace_back();
    added.weight = word.weight;
    for (const AskedWord::Form& form : word.forms) {
      added.forms.push_back({form.id, form.weight});
    }
  };
  Pattern pattern;
  for (const AskedWord& word : words) {
    const bool names_kind = std::any_of(
        word.loose.begin(), word.loose.end(),
        [](const Tag* tag) { return tag->type == Tag::Type::kKind; });
    if (!word.is_common && !names_kind && !word.forms.empty()) {
      add(word, pattern);
    }
  }
  if (!pattern.words.empty()) return pattern;
  // Nothing but what is common: the rarest of it.
  const AskedWord* rarest = nullptr;
  for (const AskedWord& word : words) {
    if (!word.forms.empty() &&
        (rarest == nullptr || word.weight > rarest->weight)) {
      rarest = &word;
    }
  }
  if (rarest != nullptr) add(*rarest, pattern);
  return pattern;
}

}  // namespace lagnet::search
