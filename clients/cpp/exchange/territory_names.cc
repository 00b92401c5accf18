#include "clients/cpp/exchange/territory_names.h"

#include <map>
#include <set>

#include "absl/strings/str_cat.h"
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
  std::map<std::string, std::set<std::string>> meanings;
  for (const directory::v1::Territory& territory : territories) {
    const std::string code = CodeOf(territory, rules);
    if (code.empty()) continue;
    for (const auto& [language, name] : territory.display_name().texts()) {
      meanings[name.text()].insert(code);
    }
  }
  for (const auto& [name, codes] : meanings) {
    if (codes.size() == 1) rules.values.emplace(name, *codes.begin());
  }
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
