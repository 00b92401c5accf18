#include "server/mail/header.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace lagnet::mail {
namespace {

constexpr absl::string_view kOpen = "=?UTF-8?B?";
constexpr absl::string_view kClose = "?=";
// So many bytes of text fill a word of 75 characters.
constexpr size_t kBytesInWord = 45;
constexpr size_t kLongestPlain = 60;

bool StartsLetter(char c) { return (static_cast<unsigned char>(c) >> 6) != 2; }

}  // namespace

std::string EncodeHeader(absl::string_view text) {
  std::string clean(text);
  std::replace_if(
      clean.begin(), clean.end(),
      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; },
      ' ');
  const bool is_plain =
      clean.size() <= kLongestPlain && clean.find("=?") == std::string::npos &&
      std::all_of(clean.begin(), clean.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (is_plain) return clean;
  std::string encoded;
  size_t start = 0;
  while (start < clean.size()) {
    size_t end = std::min(start + kBytesInWord, clean.size());
    while (end < clean.size() && !StartsLetter(clean[end])) --end;
    absl::StrAppend(
        &encoded, start == 0 ? "" : "\r\n ", kOpen,
        absl::Base64Escape(absl::string_view(clean).substr(start, end - start)),
        kClose);
    start = end;
  }
  return encoded;
}

}  // namespace lagnet::mail
