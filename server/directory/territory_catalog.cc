#include "server/directory/territory_catalog.h"

#include <algorithm>
#include <set>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "server/directory/territory_data.h"
#include "server/directory/territory_rows.h"

namespace lagnet::directory {
namespace {

bool IsDigits(absl::string_view text) {
  return absl::c_all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "1425031" is the gmina 142503. The last digit tells its kind: 1 a town, 2
// rural, 3 a town with villages, 4 and 5 the two parts of such, 8 and 9 parts
// of cities (GUS, TERYT). Codes of Latvia are as long and begin with 00, which
// no voivodeship has.
absl::string_view WithoutKind(absl::string_view code) {
  return code.size() == 7 && IsDigits(code) && !absl::StartsWith(code, "00") &&
                 absl::string_view("1234589").find(code[6]) !=
                     absl::string_view::npos
             ? code.substr(0, 6)
             : code;
}

// The code of what a local unit that has this code must be a part of: the
// powiat of a gmina, the municipality of a town or parish of Latvia. Empty if
// the code does not tell.
std::string CodeOfWhole(absl::string_view code, const std::string& country) {
  code = WithoutKind(code);
  if (!IsDigits(code)) return "";
  if (country == "PL" && code.size() == 6) {
    return std::string(code.substr(0, 4));
  }
  if (country == "LV" && code.size() == 7) {
    return absl::StrCat(code.substr(0, 4), "000");
  }
  return "";
}

bool HasIsoRegionCode(const Place& place) {
  return place.level != PlaceLevel::kCountry &&
         place.CodeIn(TerritoryScheme::kIso3166) != nullptr;
}

bool ShareVersion(const Place& a, const Place& b) {
  const PlaceCode* nuts_a = a.CodeIn(TerritoryScheme::kNuts);
  const PlaceCode* nuts_b = b.CodeIn(TerritoryScheme::kNuts);
  if (nuts_a == nullptr || nuts_b == nullptr) return true;
  return std::any_of(
      nuts_a->versions.begin(), nuts_a->versions.end(),
      [&](const std::string& version) { return nuts_b->IsIn(version); });
}

}  // namespace

TerritoryCatalog::TerritoryCatalog() {
  ReadPlaces();
  ReadOutlines();
  ReadMoves();
  ReadSources();
  FindNeighbours();
}

void TerritoryCatalog::ReadPlaces() {
  // Parents stand before their children.
  for (const Fields& row : RowsOf(TerritoriesTsv())) {
    auto place = std::make_unique<Place>(ParsePlace(row));
    if (row[kParentColumn].empty()) {
      place->country = place->CodeIn(TerritoryScheme::kIso3166)->code;
    } else {
      Place* parent = by_code_.at(row[kParentColumn]);
      parent->children.push_back(place.get());
      place->parent = parent;
      place->country = parent->country;
    }
    for (const PlaceCode& code : place->codes) {
      by_code_.emplace(code.code, place.get());
    }
    places_.push_back(std::move(place));
  }
}

void TerritoryCatalog::ReadOutlines() {
  for (const Fields& row : RowsOf(OutlinesTsv())) {
    by_code_.at(row[0])->outline = ParseOutline(row[1]);
  }
}

void TerritoryCatalog::ReadMoves() {
  for (const Fields& row : RowsOf(MovesTsv())) {
    moves_[row[0]] = absl::StrSplit(row[1], ' ');
  }
}

void TerritoryCatalog::ReadSources() {
  for (const Fields& row : RowsOf(SourcesTsv())) {
    sources_[std::string(row[0])] = {.title = std::string(row[1]),
                                     .version = std::string(row[2]),
                                     .licence = std::string(row[3])};
  }
}

void TerritoryCatalog::FindNeighbours() {
  std::map<Segment, std::vector<const Place*>> at;
  for (const auto& place : places_) {
    if (place->outline.empty()) continue;
    if (HasIsoRegionCode(*place)) iso_countries_.insert(place->country);
    for (const Segment& segment : SegmentsOf(place->outline)) {
      at[segment].push_back(place.get());
    }
  }
  std::map<const Place*, std::set<std::pair<std::string, const Place*>>> found;
  for (const auto& [segment, both] : at) {
    for (const Place* a : both) {
      for (const Place* b : both) {
        if (AreComparable(*a, *b)) found[a].insert({b->code(), b});
      }
    }
  }
  for (const Fields& row : RowsOf(NeighboursTsv())) {
    const Place* place = by_code_.at(row[0]);
    for (const absl::string_view code : absl::StrSplit(row[1], ' ')) {
      const Place* neighbour = by_code_.at(code);
      found[place].insert({neighbour->code(), neighbour});
      found[neighbour].insert({place->code(), place});
    }
  }
  for (const auto& [place, neighbours] : found) {
    for (const auto& [code, neighbour] : neighbours) {
      neighbours_[place].push_back(neighbour);
    }
  }
}

// Whether people would call one a neighbour of the other, if they touch.
bool TerritoryCatalog::AreComparable(const Place& a, const Place& b) const {
  if (a.IsWithin(b) || b.IsWithin(a) || !ShareVersion(a, b)) return false;
  if (a.level == PlaceLevel::kCountry || b.level == PlaceLevel::kCountry) {
    return a.level == b.level;
  }
  const bool has_a = HasIsoRegionCode(a);
  const bool has_b = HasIsoRegionCode(b);
  if (has_a && has_b) return true;
  if (a.level != b.level) return false;
  if (has_a == has_b) return true;
  return !iso_countries_.contains(has_a ? b.country : a.country);
}

const Place* TerritoryCatalog::Find(const Territory& territory,
                                    const std::string& country) const {
  const bool is_lau = territory.scheme == TerritoryScheme::kLau;
  const auto found = by_code_.find(is_lau ? WithoutKind(territory.code)
                                          : absl::string_view(territory.code));
  if (found == by_code_.end()) return nullptr;
  const Place* place = found->second;
  for (const PlaceCode& code : place->codes) {
    if (code.scheme != territory.scheme || code.code != found->first) continue;
    if (is_lau && !country.empty() && country != place->country) continue;
    if (code.IsIn(territory.version)) return place;
  }
  return nullptr;
}

const Place* TerritoryCatalog::FindId(absl::string_view id) const {
  const std::string upper = absl::AsciiStrToUpper(id);
  absl::string_view code = upper;
  if (absl::ConsumePrefix(&code, "ISO-3166-2-")) {
    return Find(
        {.scheme = TerritoryScheme::kIso3166, .code = std::string(code)});
  }
  if (absl::ConsumePrefix(&code, "NUTS-") && code.size() > 5) {
    return Find({.scheme = TerritoryScheme::kNuts,
                 .version = std::string(code.substr(0, 4)),
                 .code = std::string(code.substr(5))});
  }
  if (!absl::ConsumePrefix(&code, "LAU-") || code.size() < 4) return nullptr;
  const std::string country(code.substr(0, 2));
  const Place* place = Find(
      {.scheme = TerritoryScheme::kLau, .code = std::string(code.substr(3))},
      country);
  if (place != nullptr) return place;
  return Find({.scheme = TerritoryScheme::kLau, .code = std::string(code)},
              country);
}

const Place* TerritoryCatalog::FindCode(absl::string_view code) const {
  const auto found = by_code_.find(WithoutKind(code));
  return found == by_code_.end() ? nullptr : found->second;
}

const Place* TerritoryCatalog::Enclosing(const Territory& territory,
                                         const std::string& country) const {
  if (const Place* place = Find(territory, country)) return place;
  if (territory.scheme != TerritoryScheme::kLau) return nullptr;
  return Find({.scheme = TerritoryScheme::kLau,
               .code = CodeOfWhole(territory.code, country)},
              country);
}

bool TerritoryCatalog::IsComplete(const Territory& territory,
                                  const std::string& country) const {
  const std::string prefix = territory.code.substr(0, 2);
  switch (territory.scheme) {
    case TerritoryScheme::kNuts: {
      const Place* land = FindCode(prefix);
      return land != nullptr && land->codes[0].scheme == territory.scheme &&
             land->codes[0].IsIn(territory.version);
    }
    case TerritoryScheme::kIso3166:
      return by_code_.contains(prefix);
    default:
      return country == "GE" || country == "CZ" || country == "LT";
  }
}

std::vector<const Place*> TerritoryCatalog::Moved(
    const Territory& territory) const {
  std::vector<const Place*> places;
  for (const char* version : {"2013", "2021"}) {
    if (!territory.version.empty() && territory.version < version) continue;
    const auto found =
        moves_.find(absl::StrCat("nuts:", version, ":", territory.code));
    if (found == moves_.end()) continue;
    for (const std::string& code : found->second) {
      places.push_back(by_code_.at(code));
    }
  }
  return places;
}

const std::vector<const Place*>& TerritoryCatalog::Neighbours(
    const Place& place) const {
  static const auto* const none = new std::vector<const Place*>;
  const auto found = neighbours_.find(&place);
  return found == neighbours_.end() ? *none : found->second;
}

const Place* TerritoryCatalog::At(const Position& point) const {
  // The smaller ones, and the newer lists, stand behind.
  for (size_t i = places_.size(); i-- > 0;) {
    if (Encloses(places_[i]->outline, point)) return places_[i].get();
  }
  return nullptr;
}

std::vector<std::pair<double, const Place*>> TerritoryCatalog::Nearest(
    const Position& point, size_t limit,
    absl::FunctionRef<bool(const Place&)> wanted) const {
  std::vector<std::pair<double, const Place*>> found;
  for (const auto& place : places_) {
    if (!place->centre || !wanted(*place)) continue;
    found.emplace_back(DistanceKm(point, *place->centre), place.get());
  }
  const auto end = found.begin() + std::min(limit, found.size());
  std::partial_sort(
      found.begin(), end, found.end(), [](const auto& a, const auto& b) {
        return a.first != b.first ? a.first < b.first
                                  : a.second->code() < b.second->code();
      });
  found.erase(end, found.end());
  return found;
}

bool TerritoryCatalog::HasAllChildren(const Place& place) const {
  if (place.children.empty()) return false;
  // New gminas may not be in the list; nor are Czechia's military areas and
  // the municipalities that Georgia's government cannot administer.
  return place.level != PlaceLevel::kDistrict && place.code() != "GE-AB" &&
         place.code() != "GE-MM" && place.code() != "GE-SK";
}

std::map<std::string, std::string> TerritoryCatalog::NamesOf(
    TerritoryScheme scheme, const std::string& code) const {
  const Place* place = Find({.scheme = scheme, .code = code});
  if (place == nullptr) return {};
  return {place->names.begin(), place->names.end()};
}

const TerritorySource& TerritoryCatalog::SourceOf(const Place& place) const {
  return sources_.at(place.source);
}

const TerritoryCatalog& Territories() {
  static const auto* const catalog = new TerritoryCatalog;
  return *catalog;
}

}  // namespace lagnet::directory
