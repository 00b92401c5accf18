#include "server/rpc/format.h"

#include <unicode/locid.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/id.h"
#include "server/base/zoned_time.h"

namespace lagnet::rpc {
namespace {

using options::v1::Format;

bool AllOf(absl::string_view text, bool (*test)(unsigned char)) {
  return std::all_of(text.begin(), text.end(), [test](char c) {
    return test(static_cast<unsigned char>(c));
  });
}

// RFC 5321 in its usual form: no quotes, no comments, no address literals.
bool IsEmail(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '@');
  if (parts.size() != 2 || parts[0].empty() || parts[0].size() > 64) {
    return false;
  }
  for (const unsigned char c : parts[0]) {
    if (c <= ' ' || c == 127 || absl::StrContains("\"(),:;<>[\\]", c)) {
      return false;
    }
  }
  if (absl::StartsWith(parts[0], ".") || absl::EndsWith(parts[0], ".") ||
      absl::StrContains(parts[0], "..") || !absl::StrContains(parts[1], '.')) {
    return false;
  }
  for (const absl::string_view label : absl::StrSplit(parts[1], '.')) {
    if (label.empty() || label.size() > 63 || label.front() == '-' ||
        label.back() == '-') {
      return false;
    }
    for (const unsigned char c : label) {
      // Letters of other scripts (IDN) are bytes above 127.
      if (!absl::ascii_isalnum(c) && c != '-' && c < 128) return false;
    }
  }
  return true;
}

// The shape of RFC 5646: a language of 2 or 3 letters, then subtags.
bool IsLanguage(absl::string_view text) {
  const std::vector<absl::string_view> tags = absl::StrSplit(text, '-');
  if (tags[0].size() < 2 || tags[0].size() > 3 ||
      !AllOf(tags[0], absl::ascii_islower)) {
    return false;
  }
  return std::all_of(tags.begin() + 1, tags.end(), [](absl::string_view tag) {
    return !tag.empty() && tag.size() <= 8 && AllOf(tag, absl::ascii_isalnum);
  });
}

bool IsUrl(absl::string_view text) {
  if (!absl::StartsWith(text, "https://") &&
      !absl::StartsWith(text, "http://")) {
    return false;
  }
  const absl::string_view rest = text.substr(text.find("//") + 2);
  return !rest.empty() && rest.front() != '/' &&
         std::none_of(text.begin(), text.end(), [](unsigned char c) {
           return c <= ' ' || c == 127 || c == '"' || c == '<' || c == '>';
         });
}

bool IsUpper(absl::string_view text, size_t length) {
  return text.size() == length && AllOf(text, absl::ascii_isupper);
}

// ISO 3166-1, and XK, which the EU and others use for Kosovo.
bool IsCountry(absl::string_view text) {
  static const auto* const countries = [] {
    auto* const codes = new absl::flat_hash_set<std::string>{"XK"};
    for (const char* const* code = icu::Locale::getISOCountries();
         *code != nullptr; ++code) {
      codes->insert(*code);
    }
    return codes;
  }();
  return countries->contains(text);
}

}  // namespace

std::string WrongFormat(absl::string_view text, Format format) {
  switch (format) {
    case Format::SLUG:
      return IsSlug(text) ? ""
                          : "must be 4 to 63 characters of a-z, 0-9 and -, "
                            "beginning with a letter";
    case Format::UUID:
      return IsUuid(text) ? "" : "must be a UUID";
    case Format::EMAIL:
      return IsEmail(text) ? "" : "is not an e-mail address";
    case Format::LANGUAGE:
      return IsLanguage(text) ? "" : "is not a language tag such as ka";
    case Format::TIME_ZONE:
      return IsTimeZone(text) ? "" : "is not a time zone such as Asia/Tbilisi";
    case Format::CURRENCY:
      return IsUpper(text, 3) ? "" : "is not a currency code such as PLN";
    case Format::LOCAL_DATE_TIME:
      return ParseLocalDateTime(text)
                 ? ""
                 : "is not a date and time such as 2026-09-19T09:00";
    case Format::LOCAL_DATE:
      return ParseLocalDate(text) ? "" : "is not a date such as 2026-09-19";
    case Format::COUNTRY:
      return IsCountry(text) ? "" : "is not a country code such as GE";
    case Format::URL:
      return IsUrl(text) ? "" : "is not an http or https address";
    default:
      return "";
  }
}

std::string WrongCharacters(absl::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(text[i]);
    if ((c < ' ' && c != '\n' && c != '\r' && c != '\t') || c == 127) {
      return absl::StrCat("has a control character at byte ", i);
    }
    // U+0080 to U+009F.
    if (c == 0xc2 && i + 1 < text.size() &&
        static_cast<unsigned char>(text[i + 1]) < 0xa0) {
      return absl::StrCat("has a control character at byte ", i);
    }
    // U+202A to U+202E and U+2066 to U+2069.
    if (c == 0xe2 && i + 2 < text.size()) {
      const unsigned char second = static_cast<unsigned char>(text[i + 1]);
      const unsigned char third = static_cast<unsigned char>(text[i + 2]);
      if ((second == 0x80 && third >= 0xaa && third <= 0xae) ||
          (second == 0x81 && third >= 0xa6 && third <= 0xa9)) {
        return absl::StrCat(
            "has a character that turns the reading "
            "direction at byte ",
            i);
      }
    }
  }
  return "";
}

int CountCodePoints(absl::string_view text) {
  return static_cast<int>(
      std::count_if(text.begin(), text.end(), [](unsigned char c) {
        return (c & 0xc0) != 0x80;  // Not the continuation of one.
      }));
}

}  // namespace lagnet::rpc
