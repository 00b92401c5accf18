#include "server/directory/place.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace lagnet::directory {
namespace {

const std::string* Find(const Place& place, absl::string_view language) {
  for (const auto& [tag, name] : place.names) {
    if (tag == language) return &name;
  }
  return nullptr;
}

}  // namespace

bool PlaceCode::IsIn(const std::string& version) const {
  return version.empty() || versions.empty() ||
         std::find(versions.begin(), versions.end(), version) != versions.end();
}

const PlaceCode* Place::CodeIn(TerritoryScheme scheme) const {
  for (const PlaceCode& code : codes) {
    if (code.scheme == scheme) return &code;
  }
  return nullptr;
}

std::string Place::Id() const {
  const PlaceCode& first = codes.front();
  std::string id;
  switch (first.scheme) {
    case TerritoryScheme::kNuts:
      id = absl::StrCat("nuts-", first.versions.back(), "-", first.code);
      break;
    case TerritoryScheme::kIso3166:
      id = absl::StrCat("iso-3166-2-", first.code);
      break;
    default:
      // Georgia's codes begin with the country.
      id = absl::StartsWith(first.code, absl::StrCat(country, "-"))
               ? absl::StrCat("lau-", first.code)
               : absl::StrCat("lau-", country, "-", first.code);
  }
  absl::AsciiStrToLower(&id);
  return id;
}

const std::string& Place::NameIn(const std::string& language) const {
  const std::string* name = Find(*this, language);
  if (name == nullptr) {
    name = Find(*this, language.substr(0, language.find('-')));
  }
  if (name == nullptr) name = Find(*this, "en");
  return name != nullptr ? *name : names.front().second;
}

bool Place::IsWithin(const Place& other) const {
  for (const Place* place = this; place != nullptr; place = place->parent) {
    if (place == &other) return true;
  }
  return false;
}

std::vector<const Place*> Place::Path() const {
  std::vector<const Place*> path;
  for (const Place* place = this; place != nullptr; place = place->parent) {
    path.push_back(place);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace lagnet::directory
