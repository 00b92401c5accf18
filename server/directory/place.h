#ifndef LAGNET_SERVER_DIRECTORY_PLACE_H_
#define LAGNET_SERVER_DIRECTORY_PLACE_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/directory/organization.h"
#include "server/directory/outline.h"

namespace lagnet::directory {

// How large a place is. The numbers are those of territories.proto.
enum class PlaceLevel {
  kUnspecified = 0,
  kCountry = 1,       // NUTS 0.
  kMacroregion = 2,   // NUTS 1.
  kRegion = 3,        // NUTS 2; the regions of Georgia.
  kSubregion = 4,     // NUTS 3.
  kDistrict = 5,      // Powiat, okres.
  kMunicipality = 6,  // Gmina, obec, novads, savivaldybė.
};

// What a public list calls a place.
struct PlaceCode {
  TerritoryScheme scheme = TerritoryScheme::kUnspecified;
  std::vector<std::string> versions;  // Ascending; none if the list has none.
  std::string code;

  // An empty version stands for any.
  bool IsIn(const std::string& version) const;
};

// A territory as people know it. One place may stand in several lists: the
// voivodeship śląskie is PL22 in NUTS and PL-24 in ISO 3166-2. Belongs to the
// catalogue that read it.
struct Place {
  std::vector<PlaceCode> codes;  // The one that names it first.
  PlaceLevel level = PlaceLevel::kUnspecified;
  std::string country;  // ISO 3166-1.
  const Place* parent = nullptr;
  std::vector<const Place*> children;
  // By language, the native name first.
  std::vector<std::pair<std::string, std::string>> names;
  std::optional<Position> centre;
  Outline outline;
  std::string source;  // An id of sources.tsv.

  const std::string& code() const { return codes.front().code; }
  const PlaceCode* CodeIn(TerritoryScheme scheme) const;

  // "nuts-2024-pl22", "iso-3166-2-ge-mm", "lau-cz-588024": the last part of
  // its name in the API.
  std::string Id() const;

  // In `language` (BCP 47), or else in English, or else the native one.
  const std::string& NameIn(const std::string& language) const;

  // Whether it is `other` or lies in it.
  bool IsWithin(const Place& other) const;

  // The largest first; itself last.
  std::vector<const Place*> Path() const;
};

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_PLACE_H_
