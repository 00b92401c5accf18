#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "clients/cpp/exchange/mapping.h"

namespace lagnet::exchange {
namespace {

// Letters with marks (Latin-1 Supplement and Latin Extended-A), and the
// Georgian ones by the national system of romanisation of 2002.
constexpr std::pair<absl::string_view, absl::string_view> kLetters[] = {
    {"À", "a"},  {"Á", "a"},  {"Â", "a"},  {"Ã", "a"},  {"Ä", "a"},
    {"Å", "a"},  {"Æ", "ae"}, {"Ç", "c"},  {"È", "e"},  {"É", "e"},
    {"Ê", "e"},  {"Ë", "e"},  {"Ì", "i"},  {"Í", "i"},  {"Î", "i"},
    {"Ï", "i"},  {"Ð", "d"},  {"Ñ", "n"},  {"Ò", "o"},  {"Ó", "o"},
    {"Ô", "o"},  {"Õ", "o"},  {"Ö", "o"},  {"Ø", "o"},  {"Ù", "u"},
    {"Ú", "u"},  {"Û", "u"},  {"Ü", "u"},  {"Ý", "y"},  {"Þ", "th"},
    {"ß", "ss"}, {"à", "a"},  {"á", "a"},  {"â", "a"},  {"ã", "a"},
    {"ä", "a"},  {"å", "a"},  {"æ", "ae"}, {"ç", "c"},  {"è", "e"},
    {"é", "e"},  {"ê", "e"},  {"ë", "e"},  {"ì", "i"},  {"í", "i"},
    {"î", "i"},  {"ï", "i"},  {"ð", "d"},  {"ñ", "n"},  {"ò", "o"},
    {"ó", "o"},  {"ô", "o"},  {"õ", "o"},  {"ö", "o"},  {"ø", "o"},
    {"ù", "u"},  {"ú", "u"},  {"û", "u"},  {"ü", "u"},  {"ý", "y"},
    {"þ", "th"}, {"ÿ", "y"},  {"Ā", "a"},  {"ā", "a"},  {"Ă", "a"},
    {"ă", "a"},  {"Ą", "a"},  {"ą", "a"},  {"Ć", "c"},  {"ć", "c"},
    {"Ĉ", "c"},  {"ĉ", "c"},  {"Ċ", "c"},  {"ċ", "c"},  {"Č", "c"},
    {"č", "c"},  {"Ď", "d"},  {"ď", "d"},  {"Đ", "d"},  {"đ", "d"},
    {"Ē", "e"},  {"ē", "e"},  {"Ĕ", "e"},  {"ĕ", "e"},  {"Ė", "e"},
    {"ė", "e"},  {"Ę", "e"},  {"ę", "e"},  {"Ě", "e"},  {"ě", "e"},
    {"Ĝ", "g"},  {"ĝ", "g"},  {"Ğ", "g"},  {"ğ", "g"},  {"Ġ", "g"},
    {"ġ", "g"},  {"Ģ", "g"},  {"ģ", "g"},  {"Ĥ", "h"},  {"ĥ", "h"},
    {"Ħ", "h"},  {"ħ", "h"},  {"Ĩ", "i"},  {"ĩ", "i"},  {"Ī", "i"},
    {"ī", "i"},  {"Ĭ", "i"},  {"ĭ", "i"},  {"Į", "i"},  {"į", "i"},
    {"İ", "i"},  {"ı", "i"},  {"Ĵ", "j"},  {"ĵ", "j"},  {"Ķ", "k"},
    {"ķ", "k"},  {"Ĺ", "l"},  {"ĺ", "l"},  {"Ļ", "l"},  {"ļ", "l"},
    {"Ľ", "l"},  {"ľ", "l"},  {"Ł", "l"},  {"ł", "l"},  {"Ń", "n"},
    {"ń", "n"},  {"Ņ", "n"},  {"ņ", "n"},  {"Ň", "n"},  {"ň", "n"},
    {"Ō", "o"},  {"ō", "o"},  {"Ŏ", "o"},  {"ŏ", "o"},  {"Ő", "o"},
    {"ő", "o"},  {"Œ", "oe"}, {"œ", "oe"}, {"Ŕ", "r"},  {"ŕ", "r"},
    {"Ŗ", "r"},  {"ŗ", "r"},  {"Ř", "r"},  {"ř", "r"},  {"Ś", "s"},
    {"ś", "s"},  {"Ŝ", "s"},  {"ŝ", "s"},  {"Ş", "s"},  {"ş", "s"},
    {"Š", "s"},  {"š", "s"},  {"Ţ", "t"},  {"ţ", "t"},  {"Ť", "t"},
    {"ť", "t"},  {"Ũ", "u"},  {"ũ", "u"},  {"Ū", "u"},  {"ū", "u"},
    {"Ŭ", "u"},  {"ŭ", "u"},  {"Ů", "u"},  {"ů", "u"},  {"Ű", "u"},
    {"ű", "u"},  {"Ų", "u"},  {"ų", "u"},  {"Ŵ", "w"},  {"ŵ", "w"},
    {"Ŷ", "y"},  {"ŷ", "y"},  {"Ÿ", "y"},  {"Ź", "z"},  {"ź", "z"},
    {"Ż", "z"},  {"ż", "z"},  {"Ž", "z"},  {"ž", "z"},  {"ა", "a"},
    {"ბ", "b"},  {"გ", "g"},  {"დ", "d"},  {"ე", "e"},  {"ვ", "v"},
    {"ზ", "z"},  {"თ", "t"},  {"ი", "i"},  {"კ", "k"},  {"ლ", "l"},
    {"მ", "m"},  {"ნ", "n"},  {"ო", "o"},  {"პ", "p"},  {"ჟ", "zh"},
    {"რ", "r"},  {"ს", "s"},  {"ტ", "t"},  {"უ", "u"},  {"ფ", "p"},
    {"ქ", "k"},  {"ღ", "gh"}, {"ყ", "q"},  {"შ", "sh"}, {"ჩ", "ch"},
    {"ც", "ts"}, {"ძ", "dz"}, {"წ", "ts"}, {"ჭ", "ch"}, {"ხ", "kh"},
    {"ჯ", "j"},  {"ჰ", "h"},
};

// The letters that `text` begins with, and how many bytes they take; nothing
// and 1 for what has none.
std::pair<absl::string_view, size_t> FirstLetter(absl::string_view text) {
  for (const auto& [letter, latin] : kLetters) {
    if (text.substr(0, letter.size()) == letter) return {latin, letter.size()};
  }
  return {"", 1};
}

}  // namespace

std::string SlugOf(absl::string_view text) {
  constexpr size_t kLongest = 63;
  std::string slug;
  bool gap = false;
  const auto add = [&](absl::string_view letters) {
    if (gap && !slug.empty()) slug.push_back('-');
    gap = false;
    slug.append(letters.data(), letters.size());
  };
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text[0]);
    if (c < 0x80) {
      const char lower = static_cast<char>(absl::ascii_tolower(c));
      // A name begins with a letter.
      if (absl::ascii_isalpha(c) || (absl::ascii_isdigit(c) && !slug.empty())) {
        add(absl::string_view(&lower, 1));
      } else {
        gap = true;
      }
      text.remove_prefix(1);
    } else {
      const auto [latin, size] = FirstLetter(text);
      latin.empty() ? void(gap = true) : add(latin);
      text.remove_prefix(size);
    }
  }
  if (slug.size() > kLongest) {
    slug.resize(kLongest);
    while (slug.back() == '-') slug.pop_back();
  }
  return slug;
}

}  // namespace lagnet::exchange
