#include "server/search/georgian.h"

#include <cstddef>

#include "absl/strings/match.h"

namespace lagnet::search {
namespace {

constexpr size_t kLetter = 3;  // Bytes of a Georgian letter in UTF-8.

size_t Letters(absl::string_view word) { return word.size() / kLetter; }

bool IsVowel(absl::string_view letter) {
  return letter == "ა" || letter == "ე" || letter == "ი" || letter == "ო" ||
         letter == "უ";
}

absl::string_view Last(absl::string_view word) {
  return word.substr(word.size() - kLetter);
}

bool EndsInVowel(absl::string_view word) {
  return word.size() >= kLetter && IsVowel(Last(word));
}

// Takes `ending` off if so many letters are left.
bool Strip(absl::string_view ending, size_t least, absl::string_view& word) {
  if (!absl::EndsWith(word, ending) ||
      Letters(word) < Letters(ending) + least) {
    return false;
  }
  word.remove_suffix(ending.size());
  return true;
}

// What is left in front of a postposition.
enum class Before { kNothing, kBareStem, kGenitive, kInstrumental, kAdverbial };

Before StripPostposition(absl::string_view& word) {
  if (Strip("თვის", 3, word) || Strip("სგან", 3, word) ||
      Strip("სკენ", 3, word)) {
    return Before::kGenitive;
  }
  if (Strip("დან", 3, word)) return Before::kInstrumental;
  if (Strip("მდე", 3, word)) return Before::kAdverbial;
  if (Strip("ში", 3, word) || Strip("ზე", 3, word) || Strip("თან", 3, word) ||
      Strip("ვით", 3, word)) {
    return Before::kBareStem;
  }
  return Before::kNothing;
}

void StripCase(absl::string_view& word) {
  if (Strip("ისა", 3, word) || Strip("ითა", 3, word) || Strip("ის", 2, word) ||
      Strip("ით", 3, word) || Strip("ად", 3, word)) {
    return;
  }
  absl::string_view without = word;
  if (Strip("მა", 3, without) && !EndsInVowel(without)) {
    word = without;
    return;
  }
  without = word;
  if (Strip("მ", 4, without) && EndsInVowel(without)) {
    word = without;
    return;
  }
  if (Strip("ს", 3, word)) return;
  Strip("ი", 2, word);
}

}  // namespace

std::string GeorgianStem(absl::string_view word) {
  for (size_t i = 0; i < word.size(); i += kLetter) {
    // Mkhedruli is E1 83 90 to E1 83 BF.
    if (word.substr(i, 2) != "\xE1\x83") return std::string(word);
  }
  absl::string_view stem = word;
  if (Letters(stem) > 4 && absl::EndsWith(stem, "ც") &&
      (EndsInVowel(stem.substr(0, stem.size() - kLetter)) ||
       absl::EndsWith(stem, "სც"))) {
    stem.remove_suffix(kLetter);  // -ც: also.
  }
  switch (StripPostposition(stem)) {
    case Before::kNothing:
      StripCase(stem);
      break;
    case Before::kGenitive:
      if (!Strip("ის", 2, stem) && !Strip("ი", 2, stem)) Strip("ს", 3, stem);
      break;
    case Before::kInstrumental:
      Strip("ი", 2, stem);
      break;
    case Before::kAdverbial:
      Strip("ა", 2, stem);
      break;
    case Before::kBareStem:
      break;
  }
  Strip("ებ", 2, stem);
  if (!Strip("ა", 2, stem)) Strip("ე", 2, stem);
  return std::string(stem);
}

std::string WithoutSyncope(absl::string_view stem) {
  const size_t letters = Letters(stem);
  if (letters < 4 || stem.size() % kLetter != 0) return std::string(stem);
  const absl::string_view last = Last(stem);
  const absl::string_view vowel = stem.substr(stem.size() - 2 * kLetter, 3);
  const absl::string_view before = stem.substr(stem.size() - 3 * kLetter, 3);
  const bool may_fall = vowel == "ა" || vowel == "ე" || vowel == "ო";
  const bool is_sonorant =
      last == "ლ" || last == "რ" || last == "ნ" || last == "მ";
  if (!may_fall || !is_sonorant || IsVowel(before)) return std::string(stem);
  return std::string(stem.substr(0, stem.size() - 2 * kLetter)) +
         std::string(last);
}

}  // namespace lagnet::search
