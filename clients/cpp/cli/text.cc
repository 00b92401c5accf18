#include "clients/cpp/cli/text.h"

#include <locale.h>
#include <wchar.h>

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace lagnet::cli {
namespace {

// One character of a text. What is not UTF-8 is one byte with code -1.
struct Character {
  size_t size;
  int32_t code;
};

Character First(absl::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  if (byte(0) < 0x80) return {1, byte(0)};
  const size_t size = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
  if (byte(0) < 0xc2 || byte(0) > 0xf4 || text.size() < size) return {1, -1};
  int32_t code = byte(0) & (0xff >> (size + 1));
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {1, -1};
    code = code << 6 | (byte(i) & 0x3f);
  }
  return {size, code};
}

// Columns of a character; -1 if it is not for showing.
int Width(int32_t code) {
  if (code < 0) return 1;
  if (code < 0x7f) return code < ' ' ? -1 : 1;
  static const locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  const locale_t before = uselocale(utf8);
  const int width = wcwidth(code);
  uselocale(before);
  return width;
}

// Letters that turn the direction of what follows, and their like.
bool IsInvisible(int32_t code) {
  return (code >= 0x200b && code <= 0x200f) ||
         (code >= 0x202a && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

// Digits after the point, where they are not two (ISO 4217).
int FractionDigits(absl::string_view currency) {
  for (const absl::string_view none :
       {"JPY", "KRW", "ISK", "CLP", "VND", "XAF", "XOF", "XPF", "UGX", "RWF",
        "PYG", "KMF", "DJF", "GNF", "BIF", "VUV"}) {
    if (currency == none) return 0;
  }
  for (const absl::string_view three :
       {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}) {
    if (currency == three) return 3;
  }
  return 2;
}

}  // namespace

int DisplayWidth(absl::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const Character first = First(text);
    width += std::max(0, Width(first.code));
    text.remove_prefix(first.size);
  }
  return width;
}

std::string Cut(absl::string_view text, int width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  size_t end = 0;
  int used = 0;
  while (end < text.size()) {
    const Character next = First(text.substr(end));
    used += std::max(0, Width(next.code));
    if (used > width - 1) break;
    end += next.size;
  }
  return absl::StrCat(text.substr(0, end), width > 0 ? "…" : "");
}

std::string OneLine(absl::string_view text) {
  std::string line;
  while (!text.empty()) {
    const Character first = First(text);
    if (first.code == '\n' || first.code == '\t') {
      line += ' ';
    } else if (first.code < 0 || Width(first.code) < 0) {
      line += "\xef\xbf\xbd";  // U+FFFD
    } else if (!IsInvisible(first.code)) {
      line.append(text.data(), first.size);
    }
    text.remove_prefix(first.size);
  }
  return line;
}

std::string Pick(const types::v1::LocalizedText& text,
                 absl::string_view language) {
  const std::string main(language.substr(0, language.find('-')));
  for (const std::string& wanted :
       {std::string(language), main, std::string("en")}) {
    const auto found = text.texts().find(wanted);
    if (found != text.texts().end()) return found->second.text();
  }
  std::vector<std::string> languages;
  for (const auto& [tag, translation] : text.texts()) languages.push_back(tag);
  if (languages.empty()) return "";
  return text.texts()
      .at(*std::min_element(languages.begin(), languages.end()))
      .text();
}

std::string LanguageOf(absl::string_view lang) {
  const std::string tag(lang.substr(0, lang.find_first_of("_.@")));
  return tag.empty() || tag == "C" || tag == "POSIX" ? "en" : tag;
}

std::string Show(const types::v1::Money& money) {
  const int digits = FractionDigits(money.currency());
  const bool negative = money.minor_units() < 0;
  std::string number =
      absl::StrFormat("%0*u", digits + 1,
                      negative ? 0 - static_cast<uint64_t>(money.minor_units())
                               : static_cast<uint64_t>(money.minor_units()));
  const int whole = static_cast<int>(number.size()) - digits;
  if (digits > 0) number.insert(whole, ".");
  for (int i = whole - 3; i > 0; i -= 3) number.insert(i, ",");
  return absl::StrCat(negative ? "-" : "", number, " ", money.currency());
}

std::string Show(const google::protobuf::Timestamp& time, absl::TimeZone zone) {
  if (time.seconds() == 0 && time.nanos() == 0) return "";
  return absl::FormatTime("%Y-%m-%d %H:%M:%S %Z",
                          absl::FromUnixSeconds(time.seconds()), zone);
}

}  // namespace lagnet::cli
