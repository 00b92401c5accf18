#include "clients/cpp/exchange/encoding.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace lagnet::exchange {
namespace {

// What the bytes from 0x80 on mean in Windows-1250; 0: nothing. From the
// mapping table CP1250.TXT 2.01 (1998) of the Unicode Consortium.
constexpr std::array<uint16_t, 128> kWindows1250 = {
    0x20AC, 0,      0x201A, 0,      0x201E, 0x2026, 0x2020, 0x2021, 0,
    0x2030, 0x0160, 0x2039, 0x015A, 0x0164, 0x017D, 0x0179, 0,      0x2018,
    0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0,      0x2122, 0x0161,
    0x203A, 0x015B, 0x0165, 0x017E, 0x017A, 0x00A0, 0x02C7, 0x02D8, 0x0141,
    0x00A4, 0x0104, 0x00A6, 0x00A7, 0x00A8, 0x00A9, 0x015E, 0x00AB, 0x00AC,
    0x00AD, 0x00AE, 0x017B, 0x00B0, 0x00B1, 0x02DB, 0x0142, 0x00B4, 0x00B5,
    0x00B6, 0x00B7, 0x00B8, 0x0105, 0x015F, 0x00BB, 0x013D, 0x02DD, 0x013E,
    0x017C, 0x0154, 0x00C1, 0x00C2, 0x0102, 0x00C4, 0x0139, 0x0106, 0x00C7,
    0x010C, 0x00C9, 0x0118, 0x00CB, 0x011A, 0x00CD, 0x00CE, 0x010E, 0x0110,
    0x0143, 0x0147, 0x00D3, 0x00D4, 0x0150, 0x00D6, 0x00D7, 0x0158, 0x016E,
    0x00DA, 0x0170, 0x00DC, 0x00DD, 0x0162, 0x00DF, 0x0155, 0x00E1, 0x00E2,
    0x0103, 0x00E4, 0x013A, 0x0107, 0x00E7, 0x010D, 0x00E9, 0x0119, 0x00EB,
    0x011B, 0x00ED, 0x00EE, 0x010F, 0x0111, 0x0144, 0x0148, 0x00F3, 0x00F4,
    0x0151, 0x00F6, 0x00F7, 0x0159, 0x016F, 0x00FA, 0x0171, 0x00FC, 0x00FD,
    0x0163, 0x02D9,
};

std::optional<std::string> FromWindows1250(absl::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte < 0x80) {
      text.push_back(c);
    } else if (const uint16_t code = kWindows1250[byte - 0x80]; code != 0) {
      AppendUtf8(code, text);
    } else {
      return std::nullopt;
    }
  }
  return text;
}

// How many bytes of `text` are UTF-8; all of it, if it is.
size_t Utf8Prefix(absl::string_view text) {
  size_t at = 0;
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  while (at < text.size()) {
    const uint8_t first = byte(at);
    if (first < 0x80) {
      ++at;
      continue;
    }
    const size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || at + length > text.size()) return at;
    char32_t code = first & (0x7Fu >> length);
    for (size_t i = 1; i < length; ++i) {
      if ((byte(at + i) & 0xC0) != 0x80) return at;
      code = code << 6 | (byte(at + i) & 0x3F);
    }
    const bool too_long =
        (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    if (too_long || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
      return at;
    }
    at += length;
  }
  return at;
}

// What to do about bytes that are not UTF-8, from `at` on.
absl::Status NotUtf8(absl::string_view bytes, size_t at) {
  const size_t before = bytes.substr(0, at).rfind('\n');
  const size_t begin = before == absl::string_view::npos ? 0 : before + 1;
  const absl::string_view line = bytes.substr(
      begin, std::min<size_t>(bytes.find('\n', at), begin + 80) - begin);
  std::string words =
      absl::StrCat("is not UTF-8 (line ",
                   1 + std::count(bytes.begin(),
                                  bytes.begin() + static_cast<long>(at), '\n'),
                   "). Save it as \"CSV UTF-8\"");
  if (const auto read = FromWindows1250(line); read) {
    absl::StrAppend(&words,
                    ", or give the encoding windows-1250 if this reads "
                    "well: ",
                    absl::StripAsciiWhitespace(*read));
  }
  return absl::InvalidArgumentError(words);
}

}  // namespace

void AppendUtf8(char32_t code, std::string& text) {
  const auto add = [&](char32_t byte) {
    text.push_back(static_cast<char>(byte));
  };
  if (code < 0x80) return add(code);
  if (code < 0x800) {
    add(0xC0 | code >> 6);
  } else {
    if (code < 0x10000) {
      add(0xE0 | code >> 12);
    } else {
      add(0xF0 | code >> 18);
      add(0x80 | (code >> 12 & 0x3F));
    }
    add(0x80 | (code >> 6 & 0x3F));
  }
  add(0x80 | (code & 0x3F));
}

bool IsUtf8(absl::string_view text) { return Utf8Prefix(text) == text.size(); }

absl::StatusOr<std::string> ToUtf8(absl::string_view bytes,
                                   absl::string_view encoding) {
  if (absl::StartsWith(bytes, "\xFF\xFE") ||
      absl::StartsWith(bytes, "\xFE\xFF")) {
    return absl::InvalidArgumentError(
        "is UTF-16 (\"Unicode Text\"). Save it as \"CSV UTF-8\"");
  }
  if (absl::StrContains(bytes, '\0')) {
    return absl::InvalidArgumentError(
        "is no text file. Save it as \"CSV UTF-8\"");
  }
  if (absl::EqualsIgnoreCase(encoding, "windows-1250")) {
    std::optional<std::string> text = FromWindows1250(bytes);
    if (!text) {
      return absl::InvalidArgumentError(
          "is not windows-1250: it has bytes that mean nothing there");
    }
    return *std::move(text);
  }
  if (!encoding.empty() && !absl::EqualsIgnoreCase(encoding, "utf-8")) {
    return absl::InvalidArgumentError(
        absl::StrCat("cannot be read: the encoding ", encoding,
                     " is not known; there are utf-8 and windows-1250"));
  }
  absl::ConsumePrefix(&bytes, "\xEF\xBB\xBF");
  const size_t good = Utf8Prefix(bytes);
  if (good < bytes.size()) return NotUtf8(bytes, good);
  return std::string(bytes);
}

}  // namespace lagnet::exchange
