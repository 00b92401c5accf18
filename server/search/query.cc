#include "server/search/query.h"

#include <algorithm>
#include <cmath>

namespace lagnet::search {
namespace {

// What so many documents have tells little, and takes longest to look through;
// less of it does if it is a weak form.
constexpr size_t kCommon = 2000;
constexpr size_t kCommonIfWeak = 500;
constexpr double kWeak = 0.5;
constexpr size_t kFewDocuments = 200;

bool IsCommon(const AskedWord::Form& form, size_t all) {
  return form.documents > (form.weight < kWeak ? kCommonIfWeak : kCommon) ||
         (all >= kFewDocuments && form.documents > all / 2);
}

}  // namespace

void Weigh(size_t all, AskedWord& asked) {
  std::stable_sort(
      asked.forms.begin(), asked.forms.end(),
      [](const auto& a, const auto& b) { return a.weight > b.weight; });
  const auto is_common = [&](const AskedWord::Form& form) {
    return IsCommon(form, all);
  };
  if (asked.forms.empty()) return;
  for (const AskedWord::Form& form : asked.forms) {
    if (form.tag == nullptr || !is_common(form)) continue;
    if (std::find(asked.loose.begin(), asked.loose.end(), form.tag) ==
        asked.loose.end()) {
      asked.loose.push_back(form.tag);
    }
  }
  asked.is_common =
      std::all_of(asked.forms.begin(), asked.forms.end(), is_common) ||
      (is_common(asked.forms.front()) && asked.forms.front().weight > 0.8);
  if (!asked.is_common) {
    asked.forms.erase(
        std::remove_if(asked.forms.begin(), asked.forms.end(), is_common),
        asked.forms.end());
  }
  const auto n = static_cast<double>(asked.forms.front().documents);
  asked.weight =
      std::max(0.2, std::log((static_cast<double>(all) + 1) / (n + 0.5)));
}

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
