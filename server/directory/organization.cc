#include "server/directory/organization.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/directory/unknown_territory.h"

namespace lagnet::directory {
namespace {

bool IsUpperOrDigit(char c) {
  return absl::ascii_isupper(static_cast<unsigned char>(c)) ||
         absl::ascii_isdigit(static_cast<unsigned char>(c));
}

bool StartsWithCountry(absl::string_view code) {
  return code.size() >= 2 &&
         absl::ascii_isupper(static_cast<unsigned char>(code[0])) &&
         absl::ascii_isupper(static_cast<unsigned char>(code[1]));
}

bool AllUpperOrDigit(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), IsUpperOrDigit);
}

}  // namespace

std::string WrongTerritory(const Territory& territory) {
  const absl::string_view code = territory.code;
  switch (territory.scheme) {
    case TerritoryScheme::kNuts:
      if (!StartsWithCountry(code) || code.size() > 5 ||
          !AllUpperOrDigit(code)) {
        return "is not a NUTS code such as PL815";
      }
      if (territory.version.empty()) {
        return "needs the version of NUTS, for example 2021";
      }
      return "";
    case TerritoryScheme::kIso3166:
      if (!StartsWithCountry(code) || code.size() == 3 || code.size() > 6 ||
          (code.size() > 3 &&
           (code[2] != '-' || !AllUpperOrDigit(code.substr(3))))) {
        return "is not an ISO 3166-2 code such as GE-MM";
      }
      return "";
    default:
      return std::all_of(code.begin(), code.end(),
                         [](char c) { return IsUpperOrDigit(c) || c == '-'; })
                 ? ""
                 : "may have capital letters, digits and dashes only";
  }
}

namespace {

Errors CheckTerritories(const Organization& organization) {
  Errors errors;
  std::set<std::string> codes;
  for (size_t i = 0; i < organization.territories.size(); ++i) {
    const Territory& territory = organization.territories[i];
    const std::string path =
        absl::StrCat("organization.territories[", i, "].code");
    if (const std::string wrong = WrongTerritory(territory); !wrong.empty()) {
      const std::vector<const Place*> near =
          NearTerritories(territory, organization.country);
      errors.Add(InvalidField(
          path, near.empty() ? wrong
                             : absl::StrCat(wrong, "; near it: ",
                                            Describe(near, territory.scheme))));
      continue;
    }
    errors.Add(CheckTerritoryExists(path, territory, organization.country));
    if (!codes.insert(absl::StrCat(territory.scheme, ":", territory.code))
             .second) {
      errors.Add(InvalidField(path, "is named twice"));
    }
  }
  return errors;
}

}  // namespace

Errors CheckOrganization(const Organization& organization) {
  Errors errors = CheckTerritories(organization);
  std::set<std::string> themes;
  for (size_t i = 0; i < organization.themes.size(); ++i) {
    if (!themes.insert(organization.themes[i]).second) {
      errors.Add(InvalidField(absl::StrCat("organization.themes[", i, "]"),
                              "is named twice"));
    }
  }
  errors.Add(CheckExternalIds(organization.external_ids));
  errors.Add(CheckProfile(organization.profile));
  return errors;
}

}  // namespace lagnet::directory
