#include "clients/cpp/exchange/territory_names.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "lagnet/status_macros.h"

namespace lagnet::exchange {
namespace {

using directory::v1::ListTerritoriesRequest;
using directory::v1::ListTerritoriesResponse;
using types::v1::Territory;

// A territory as a cell has it, by the list that the map names, if any.
std::string CodeOf(const directory::v1::Territory& territory,
                   const CellRules& rules) {
  for (const Territory& code : territory.codes()) {
    const std::string scheme = Territory::Scheme_Name(code.scheme());
    if ((!rules.scheme.empty() && scheme != rules.scheme) ||
        (!rules.version.empty() && code.version() != rules.version)) {
      continue;
    }
    return absl::StrCat(scheme, ":", code.code(),
                        code.version().empty() ? "" : "@", code.version());
  }
  return "";
}

absl::Status Learn(client::Client& client, CellRules& rules) {
  ListTerritoriesRequest request;
  request.set_country(rules.names_in);
  request.set_version(rules.version);
  directory::v1::Territory::Level level;
  if (directory::v1::Territory::Level_Parse(rules.level, &level)) {
    request.set_level(level);
  }
  Territory::Scheme scheme;
  if (Territory::Scheme_Parse(rules.scheme, &scheme)) {
    request.set_scheme(scheme);
  }
  ASSIGN_OR_RETURN(
      const ListTerritoriesResponse all,
      client.ListAll(&client::Territories::ListTerritories, request));
  LearnTerritoryNames({all.territories().begin(), all.territories().end()},
                      rules);
  return absl::OkStatus();
}

}  // namespace

void LearnTerritoryNames(
    const std::vector<directory::v1::Territory>& territories,
    CellRules& rules) {
  // A code is the name of its place as well.
  std::map<std::string, std::set<std::string>> meanings, folded;
  const auto learn = [&](const std::string& name, const std::string& code) {
    meanings[name].insert(code);
    const std::string slug = SlugOf(name);
    if (!slug.empty()) folded[slug].insert(code);
  };
  for (const directory::v1::Territory& territory : territories) {
    const std::string code = CodeOf(territory, rules);
    if (code.empty()) continue;
    for (const Territory& other : territory.codes()) learn(other.code(), code);
    for (const auto& [language, name] : territory.display_name().texts()) {
      learn(name.text(), code);
    }
  }
  for (const auto& [name, codes] : meanings) {
    if (codes.size() == 1) rules.values.emplace(name, *codes.begin());
  }
  for (const auto& [slug, codes] : folded) {
    rules.territories[slug].assign(codes.begin(), codes.end());
  }
}

absl::StatusOr<std::string> TerritoryCalled(const std::string& name,
                                            const CellRules& rules) {
  constexpr size_t kMostShown = 8;
  const auto found = rules.territories.find(SlugOf(name));
  if (found != rules.territories.end() && found->second.size() == 1) {
    return found->second[0];
  }
  if (found != rules.territories.end()) {
    const std::vector<std::string>& all = found->second;
    const auto shown = all.begin() + std::min(all.size(), kMostShown);
    return absl::InvalidArgumentError(absl::StrCat(
        "is the name of several: ", absl::StrJoin(all.begin(), shown, ", "),
        shown == all.end() ? "" : ", …", "; put it into `values`"));
  }
  const bool holds_several = absl::c_any_of(
      absl::string_view(",;/|\n"),
      [&](char c) { return c != rules.split && absl::StrContains(name, c); });
  return absl::InvalidArgumentError(absl::StrCat(
      "is not known: ",
      rules.level.empty()
          ? "nothing"
          : absl::StrCat("no ", absl::AsciiStrToLower(rules.level)),
      " of ", rules.names_in, " is called so",
      holds_several ? "; say in the map what `split`s a list" : ""));
}

absl::Status LearnTerritoryNames(client::Client& client, Mapping& mapping) {
  for (auto& [header, column] : mapping.columns) {
    for (Target& target : column.targets) {
      if (target.rules.names_in.empty()) continue;
      RETURN_IF_ERROR(Learn(client, target.rules));
    }
  }
  return absl::OkStatus();
}

}  // namespace lagnet::exchange
