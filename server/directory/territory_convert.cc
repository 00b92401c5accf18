#include "server/directory/territory_convert.h"

#include "absl/strings/str_cat.h"
#include "server/base/resource_name.h"
#include "server/directory/territory_catalog.h"

namespace lagnet::directory {

static_assert(v1::Territory::COUNTRY == static_cast<int>(PlaceLevel::kCountry));
static_assert(v1::Territory::MUNICIPALITY ==
              static_cast<int>(PlaceLevel::kMunicipality));

namespace {

// One entry for each version of a list.
void AddCodes(const PlaceCode& code, v1::Territory& result) {
  const auto add = [&](const std::string& version) {
    types::v1::Territory* entry = result.add_codes();
    entry->set_scheme(static_cast<types::v1::Territory::Scheme>(code.scheme));
    entry->set_version(version);
    entry->set_code(code.code);
  };
  for (auto version = code.versions.rbegin(); version != code.versions.rend();
       ++version) {
    add(*version);
  }
  if (code.versions.empty()) add("");
}

}  // namespace

v1::Territory ToProto(const Place& place) {
  v1::Territory result;
  result.set_name(MakeName("territories", place.Id()));
  for (const PlaceCode& code : place.codes) AddCodes(code, result);
  result.set_level(static_cast<v1::Territory::Level>(place.level));
  result.set_country(place.country);
  if (place.parent != nullptr) {
    result.set_parent(MakeName("territories", place.parent->Id()));
  }
  for (const auto& [language, name] : place.names) {
    (*result.mutable_display_name()->mutable_texts())[language].set_text(name);
  }
  if (place.centre) {
    result.mutable_centre()->set_latitude(place.centre->latitude);
    result.mutable_centre()->set_longitude(place.centre->longitude);
  }
  result.set_has_outline(!place.outline.empty());
  const TerritorySource& source = Territories().SourceOf(place);
  result.set_source(
      absl::StrCat(source.title, ", ", source.version, ", ", source.licence));
  return result;
}

v1::Outline OutlineToProto(const Place& place) {
  v1::Outline result;
  result.set_territory(MakeName("territories", place.Id()));
  for (const Ring& ring : place.outline) {
    v1::Outline::Ring* line = result.add_rings();
    Corner before;
    for (size_t i = 0; i + 1 < ring.size(); ++i) {
      line->add_points(ring[i].longitude - before.longitude);
      line->add_points(ring[i].latitude - before.latitude);
      before = ring[i];
    }
  }
  return result;
}

}  // namespace lagnet::directory
