#include "server/directory/territory_rows.h"

#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace lagnet::directory {
namespace {

TerritoryScheme SchemeOf(absl::string_view word) {
  if (word == "nuts") return TerritoryScheme::kNuts;
  if (word == "iso") return TerritoryScheme::kIso3166;
  return TerritoryScheme::kLau;
}

// "nuts:2021,2024:PL22" or "iso:PL-24".
PlaceCode ParseCode(absl::string_view text) {
  const Fields parts = absl::StrSplit(text, ':');
  PlaceCode code{.scheme = SchemeOf(parts.front()),
                 .code = std::string(parts.back())};
  if (parts.size() == 3) code.versions = absl::StrSplit(parts[1], ',');
  return code;
}

PlaceLevel LevelOf(absl::string_view word) {
  if (word == "country") return PlaceLevel::kCountry;
  if (word == "macroregion") return PlaceLevel::kMacroregion;
  if (word == "region") return PlaceLevel::kRegion;
  if (word == "subregion") return PlaceLevel::kSubregion;
  if (word == "district") return PlaceLevel::kDistrict;
  return PlaceLevel::kMunicipality;
}

}  // namespace

std::vector<Fields> RowsOf(absl::string_view tsv) {
  std::vector<Fields> rows;
  for (const absl::string_view line :
       absl::StrSplit(tsv, '\n', absl::SkipEmpty())) {
    rows.push_back(absl::StrSplit(line, '\t'));
  }
  rows.erase(rows.begin());
  return rows;
}

Place ParsePlace(const Fields& row) {
  Place place{.level = LevelOf(row[kLevelColumn]),
              .source = std::string(row[kSourceColumn])};
  for (const absl::string_view code : absl::StrSplit(row[kCodesColumn], ' ')) {
    place.codes.push_back(ParseCode(code));
  }
  for (const absl::string_view name : absl::StrSplit(row[kNamesColumn], '|')) {
    place.names.push_back(absl::StrSplit(name, absl::MaxSplits('=', 1)));
  }
  Position centre;
  if (absl::SimpleAtod(row[kLatitudeColumn], &centre.latitude) &&
      absl::SimpleAtod(row[kLongitudeColumn], &centre.longitude)) {
    place.centre = centre;
  }
  return place;
}

}  // namespace lagnet::directory
