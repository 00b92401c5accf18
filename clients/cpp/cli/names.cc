#include "clients/cpp/cli/names.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "clients/cpp/cli/failure.h"

namespace lagnet::cli {
namespace {

struct Pattern {
  absl::string_view type;
  absl::string_view noun;
  std::vector<absl::string_view> collections;
};

const std::vector<Pattern>& Patterns() {
  static const auto* const patterns = new std::vector<Pattern>{
      {"lagnet/Account", "account", {"accounts"}},
      {"lagnet/ApiKey", "key", {"accounts", "apiKeys"}},
      {"lagnet/Grant", "grant", {"accounts", "grants"}},
      {"lagnet/Network", "network", {"networks"}},
      {"lagnet/Organization", "organisation", {"organizations"}},
      {"lagnet/Project", "project", {"projects"}},
      {"lagnet/SignUp", "sign-up", {"studyVisits", "signUps"}},
      {"lagnet/StudyVisit", "study visit", {"studyVisits"}},
      {"lagnet/Territory", "territory", {"territories"}},
  };
  return *patterns;
}

std::string Join(const Pattern& pattern,
                 const std::vector<absl::string_view>& ids) {
  std::vector<absl::string_view> parts;
  for (size_t i = 0; i < pattern.collections.size(); ++i) {
    parts.push_back(pattern.collections[i]);
    parts.push_back(ids[i]);
  }
  return absl::StrJoin(parts, "/");
}

}  // namespace

absl::StatusOr<std::string> FullName(absl::string_view type,
                                     absl::string_view text) {
  for (const Pattern& pattern : Patterns()) {
    if (pattern.type != type) continue;
    const std::vector<absl::string_view> parts = absl::StrSplit(text, '/');
    const size_t levels = pattern.collections.size();
    std::vector<absl::string_view> ids;
    if (parts.size() == levels) {
      ids = parts;
    } else if (parts.size() == 2 * levels) {
      for (size_t i = 0; i < levels; ++i) {
        if (parts[2 * i] == pattern.collections[i]) {
          ids.push_back(parts[2 * i + 1]);
        }
      }
    }
    bool good = ids.size() == levels;
    for (const absl::string_view id : ids) good = good && !id.empty();
    if (good) return Join(pattern, ids);
    const std::vector<absl::string_view> example =
        levels == 1 ? std::vector<absl::string_view>{"ID"}
                    : std::vector<absl::string_view>{"ID", "ID"};
    return UsageError(absl::StrCat(
        "\"", text, "\" does not name a ", pattern.noun, ": write ",
        absl::StrJoin(example, "/"), " or ", Join(pattern, example)));
  }
  return std::string(text);
}

std::string ShortName(absl::string_view name) {
  const std::vector<absl::string_view> parts = absl::StrSplit(name, '/');
  std::vector<absl::string_view> ids;
  for (size_t i = 1; i < parts.size(); i += 2) ids.push_back(parts[i]);
  return ids.empty() ? std::string(name) : absl::StrJoin(ids, "/");
}

}  // namespace lagnet::cli
