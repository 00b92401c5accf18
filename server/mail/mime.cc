#include "server/mail/mime.h"

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace lagnet::mail {
namespace {

constexpr size_t kMostHeaders = 500;
constexpr size_t kLongestName = 100;
constexpr size_t kMostParts = 20;

// Takes a line off the front of `text`; returns it without its end.
absl::string_view TakeLine(absl::string_view* text) {
  const size_t end = text->find('\n');
  absl::string_view line = text->substr(0, end);
  text->remove_prefix(end == absl::string_view::npos ? text->size() : end + 1);
  absl::ConsumeSuffix(&line, "\r");
  return line;
}

bool IsSpace(char c) { return c == ' ' || c == '\t'; }

absl::string_view Trimmed(absl::string_view text) {
  return absl::StripAsciiWhitespace(text);
}

// Takes a token or a quoted string off the front of `text`.
std::string TakeValue(absl::string_view* text) {
  std::string value;
  if (!absl::ConsumePrefix(text, "\"")) {
    const size_t end = text->find_first_of("; \t");
    value = std::string(text->substr(0, end));
    text->remove_prefix(value.size());
    return value;
  }
  while (!text->empty() && text->front() != '"') {
    if (text->front() == '\\' && text->size() > 1) text->remove_prefix(1);
    value.push_back(text->front());
    text->remove_prefix(1);
  }
  absl::ConsumePrefix(text, "\"");
  return value;
}

}  // namespace

Headers Headers::Take(absl::string_view* text) {
  Headers headers;
  std::string* last = nullptr;  // What a line may go on with.
  while (!text->empty()) {
    const absl::string_view line = TakeLine(text);
    if (line.empty()) break;
    if (IsSpace(line.front())) {
      if (last != nullptr) absl::StrAppend(last, line);
      continue;
    }
    last = nullptr;
    const size_t colon = line.find(':');
    // No colon: the line "From …" of a mailbox, or nonsense.
    if (colon == absl::string_view::npos || colon > kLongestName ||
        headers.values_.size() >= kMostHeaders) {
      continue;
    }
    const auto [added, is_new] = headers.values_.try_emplace(
        absl::AsciiStrToLower(Trimmed(line.substr(0, colon))),
        line.substr(colon + 1));
    if (is_new) last = &added->second;
  }
  return headers;
}

absl::string_view Headers::Get(absl::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? "" : Trimmed(found->second);
}

ContentType ReadContentType(absl::string_view header) {
  const absl::string_view type = header.substr(0, header.find(';'));
  absl::string_view rest = header.substr(type.size());
  ContentType read{.type = absl::AsciiStrToLower(Trimmed(type))};
  if (read.type.empty()) read.type = "text/plain";
  while (absl::ConsumePrefix(&rest, ";")) {
    const absl::string_view name = rest.substr(0, rest.find_first_of("=;"));
    rest.remove_prefix(name.size());
    if (!absl::ConsumePrefix(&rest, "=")) continue;
    rest = absl::StripLeadingAsciiWhitespace(rest);
    const std::string value = TakeValue(&rest);
    if (absl::EqualsIgnoreCase(Trimmed(name), "boundary")) {
      read.boundary = value;
    }
    rest.remove_prefix(std::min(rest.find(';'), rest.size()));
  }
  return read;
}

std::vector<absl::string_view> SplitParts(absl::string_view body,
                                          absl::string_view boundary) {
  std::vector<absl::string_view> parts;
  if (boundary.empty()) return parts;
  const std::string delimiter = absl::StrCat("--", boundary);
  std::optional<size_t> start;  // Of the part that is being read.
  absl::string_view rest = body;
  while (!rest.empty()) {
    const size_t here = body.size() - rest.size();
    absl::string_view line = TakeLine(&rest);
    if (!absl::ConsumePrefix(&line, delimiter)) continue;
    line = absl::StripTrailingAsciiWhitespace(line);
    const bool is_end = line == "--";
    // Else the boundary of an inner part, which begins as ours does.
    if (!is_end && !line.empty()) continue;
    if (start) parts.push_back(body.substr(*start, here - *start));
    if (is_end || parts.size() == kMostParts) return parts;
    start = body.size() - rest.size();
  }
  if (start) parts.push_back(body.substr(*start));
  return parts;
}

}  // namespace lagnet::mail
