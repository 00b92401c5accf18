#include "server/base/fold.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace lagnet {
namespace {

// Mkhedruli from U+10D0 on, letter by letter. The national romanisation; the
// last ones are letters of old texts.
constexpr char32_t kMkhedruli = 0x10D0;
constexpr std::array<const char*, 43> kRomanised{
    "a",  "b", "g",  "d",  "e",  "v",  "z",  "t",  "i",  "k", "l",
    "m",  "n", "o",  "p",  "zh", "r",  "s",  "t",  "u",  "p", "k",
    "gh", "q", "sh", "ch", "ts", "dz", "ts", "ch", "kh", "j", "h",
    "ey", "y", "w",  "q",  "o",  "f",  "y",  "e",  "g",  "a"};

// Case folding makes Nuskhuri of Asomtavruli; the letters have the same order.
constexpr char32_t kNuskhuri = 0x2D00;
constexpr char32_t kNuskhuriEnd = 0x2D26;

// Latin letters that do not come apart into a letter and its mark.
constexpr std::array<std::pair<char32_t, const char*>, 12> kWhole{{
    {U'ł', "l"},
    {U'đ', "d"},
    {U'ð', "d"},
    {U'ø', "o"},
    {U'ħ', "h"},
    {U'ŧ', "t"},
    {U'ŋ', "n"},
    {U'ı', "i"},
    {U'ə', "e"},
    {U'æ', "ae"},
    {U'œ', "oe"},
    {U'þ', "th"},
}};

bool IsApostrophe(UChar32 c) {
  return c == '\'' || c == '.' || c == 0x2018 || c == 0x2019 || c == 0x02BC ||
         c == 0x02BB;
}

// Case folded, compatible forms as one, marks apart from their letters.
icu::UnicodeString Decompose(absl::string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  const auto* fold = icu::Normalizer2::getNFKCCasefoldInstance(error);
  const auto* part = icu::Normalizer2::getNFKDInstance(error);
  if (U_FAILURE(error)) return {};
  const icu::UnicodeString whole = icu::UnicodeString::fromUTF8(
      {text.data(), static_cast<int32_t>(text.size())});
  return part->normalize(fold->normalize(whole, error), error);
}

void AppendFolded(UChar32 c, std::string& out) {
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
    return;
  }
  auto letter = static_cast<char32_t>(c);
  if (letter >= kNuskhuri && letter < kNuskhuriEnd) {
    letter = kMkhedruli + (letter - kNuskhuri);
  }
  if (letter >= kMkhedruli && letter < kMkhedruli + kRomanised.size()) {
    out += kRomanised[letter - kMkhedruli];
    return;
  }
  for (const auto& [whole, plain] : kWhole) {
    if (whole == letter) {
      out += plain;
      return;
    }
  }
  icu::UnicodeString(c).toUTF8String(out);
}

}  // namespace

std::string Fold(absl::string_view text) {
  const icu::UnicodeString parts = Decompose(text);
  std::string folded;
  folded.reserve(text.size());
  bool is_apart = false;
  for (int32_t i = 0; i < parts.length();) {
    const UChar32 c = parts.char32At(i);
    i += U16_LENGTH(c);
    const int8_t type = u_charType(c);
    if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK) continue;
    if (u_isalnum(c) && !IsApostrophe(c)) {
      if (is_apart && !folded.empty()) folded.push_back(' ');
      is_apart = false;
      AppendFolded(c, folded);
    } else if (!IsApostrophe(c) || i >= parts.length() ||
               !u_isalnum(parts.char32At(i))) {
      is_apart = true;
    }
  }
  return folded;
}

namespace {

// A spelling and the sounds it may stand for; the longest spelling counts.
struct Spelling {
  const char* letters;
  const char* sound;
  const char* other = nullptr;
};

constexpr std::array kSpellings{
    Spelling{"tsch", "C"},    Spelling{"dsch", "J"},
    Spelling{"tch", "C"},     Spelling{"sch", "S", "SH"},
    Spelling{"dzh", "J"},     Spelling{"kh", "H"},
    Spelling{"ch", "H", "C"}, Spelling{"gh", "G"},
    Spelling{"sh", "S"},      Spelling{"sz", "S"},
    Spelling{"zh", "Z"},      Spelling{"rz", "Z", "RZ"},
    Spelling{"ts", "C"},      Spelling{"tz", "C"},
    Spelling{"cz", "C"},      Spelling{"dz", "J"},
    Spelling{"dj", "J"},      Spelling{"th", "T"},
    Spelling{"ph", "P"},      Spelling{"j", "J", "I"},
    Spelling{"y", "I"},       Spelling{"w", "V"},
    Spelling{"q", "K"},       Spelling{"x", "H"},
};

constexpr size_t kMostSkeletons = 8;
constexpr size_t kLeast = 4;

Spelling SpellingAt(absl::string_view rest) {
  for (const Spelling& spelling : kSpellings) {
    if (absl::StartsWith(rest, spelling.letters)) return spelling;
  }
  return {.letters = nullptr, .sound = nullptr};
}

void Append(absl::string_view sound, std::string& skeleton) {
  for (const char c : sound) {
    if (skeleton.empty() || skeleton.back() != c) skeleton.push_back(c);
  }
}

bool IsVowel(char c) {
  return c == 'A' || c == 'E' || c == 'I' || c == 'O' || c == 'U';
}

}  // namespace

std::vector<std::string> Skeletons(absl::string_view folded_word) {
  std::vector<std::string> skeletons{""};
  while (!folded_word.empty()) {
    const Spelling spelling = SpellingAt(folded_word);
    if (spelling.sound == nullptr) {
      const char letter = absl::ascii_toupper(folded_word[0]);
      folded_word.remove_prefix(1);
      if (!absl::ascii_isalnum(letter)) return {};
      for (std::string& so_far : skeletons) Append({&letter, 1}, so_far);
      continue;
    }
    folded_word.remove_prefix(std::char_traits<char>::length(spelling.letters));
    const size_t before = skeletons.size();
    if (spelling.other != nullptr && 2 * before <= kMostSkeletons) {
      for (size_t i = 0; i < before; ++i) {
        skeletons.push_back(skeletons[i]);
        Append(spelling.other, skeletons.back());
      }
    }
    for (size_t i = 0; i < before; ++i) Append(spelling.sound, skeletons[i]);
  }
  for (std::string& skeleton : skeletons) {
    while (skeleton.size() > kLeast && IsVowel(skeleton.back())) {
      skeleton.pop_back();
    }
  }
  std::sort(skeletons.begin(), skeletons.end());
  skeletons.erase(std::unique(skeletons.begin(), skeletons.end()),
                  skeletons.end());
  if (skeletons.front().empty()) skeletons.erase(skeletons.begin());
  return skeletons;
}

std::string FromGeorgianKeys(absl::string_view word) {
  // The keys a to z; then those that have another letter with shift.
  static constexpr std::array<const char*, 26> kKeys{
      "ა", "ბ", "ც", "დ", "ე", "ფ", "გ", "ჰ", "ი", "ჯ", "კ", "ლ", "მ",
      "ნ", "ო", "პ", "ქ", "რ", "ს", "ტ", "უ", "ვ", "წ", "ხ", "ყ", "ზ"};
  static constexpr std::array<std::pair<char, const char*>, 7> kShifted{{
      {'C', "ჩ"},
      {'J', "ჟ"},
      {'R', "ღ"},
      {'S', "შ"},
      {'T', "თ"},
      {'W', "ჭ"},
      {'Z', "ძ"},
  }};
  std::string georgian;
  for (const char c : word) {
    if (!absl::ascii_isalpha(c)) return "";
    const char* letter =
        kKeys[static_cast<size_t>(absl::ascii_tolower(c) - 'a')];
    for (const auto& [key, shifted] : kShifted) {
      if (key == c) letter = shifted;
    }
    georgian += letter;
  }
  return georgian;
}

bool IsGeorgian(absl::string_view word) {
  // U+10A0 to U+10FF is E1 82 A0 to E1 83 BF; Mtavruli E1 B2 90 to E1 B2 BF.
  for (size_t i = 0; i + 2 < word.size(); ++i) {
    if (word[i] == '\xE1' && (word[i + 1] == '\x82' || word[i + 1] == '\x83' ||
                              word[i + 1] == '\xB2')) {
      return true;
    }
  }
  return false;
}

}  // namespace lagnet
