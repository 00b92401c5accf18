#include "server/base/resource_name.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace lagnet {
namespace {

// Takes "collection/id" off the front of `rest`, with the slash behind it.
std::optional<std::string> TakePair(absl::string_view collection,
                                    absl::string_view& rest) {
  if (!absl::StartsWith(rest, collection)) return std::nullopt;
  rest.remove_prefix(collection.size());
  if (rest.empty() || rest.front() != '/') return std::nullopt;
  rest.remove_prefix(1);
  size_t end = 0;
  while (end < rest.size() &&
         (absl::ascii_islower(rest[end]) || absl::ascii_isdigit(rest[end]) ||
          rest[end] == '-')) {
    ++end;
  }
  if (end == 0 || end > 63) return std::nullopt;
  std::string id(rest.substr(0, end));
  rest.remove_prefix(end);
  return id;
}

}  // namespace

std::optional<std::string> ParseName(absl::string_view collection,
                                     absl::string_view name) {
  std::optional<std::string> id = TakePair(collection, name);
  if (!name.empty()) return std::nullopt;
  return id;
}

std::optional<std::pair<std::string, std::string>> ParseName(
    absl::string_view parent, absl::string_view child, absl::string_view name) {
  std::optional<std::string> first = TakePair(parent, name);
  if (!first || name.empty() || name.front() != '/') return std::nullopt;
  name.remove_prefix(1);
  std::optional<std::string> second = ParseName(child, name);
  if (!second) return std::nullopt;
  return std::make_pair(*std::move(first), *std::move(second));
}

std::string MakeName(absl::string_view collection, absl::string_view id) {
  return id.empty() ? "" : absl::StrCat(collection, "/", id);
}

absl::string_view CollectionOf(absl::string_view name) {
  return name.substr(0, name.find('/'));
}

}  // namespace lagnet
