#include "server/directory/area.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"

namespace lagnet::directory {
namespace {

// Whether `area` has every child that `parent` has in the newest list.
bool HasAllOf(const std::set<const Place*>& area, const Place& parent) {
  if (!Territories().HasAllChildren(parent)) return false;
  return std::all_of(
      parent.children.begin(), parent.children.end(), [&](const Place* child) {
        const PlaceCode* nuts = child->CodeIn(TerritoryScheme::kNuts);
        const PlaceCode* above = parent.CodeIn(TerritoryScheme::kNuts);
        const bool is_past =
            nuts != nullptr && nuts->versions.back() < above->versions.back();
        return is_past || area.contains(child);
      });
}

}  // namespace

Area AreaOf(const Organization& organization) {
  Area area;
  for (const Territory& territory : organization.territories) {
    const Place* place =
        Territories().Enclosing(territory, organization.country);
    if (place != nullptr) area.push_back(place);
  }
  return area;
}

bool Contains(const Area& area, const Place& place) {
  return std::any_of(area.begin(), area.end(),
                     [&](const Place* part) { return place.IsWithin(*part); });
}

bool Overlap(const Area& a, const Area& b) {
  return std::any_of(a.begin(), a.end(), [&](const Place* part) {
    return Contains(b, *part) ||
           std::any_of(b.begin(), b.end(), [&](const Place* other) {
             return other->IsWithin(*part);
           });
  });
}

Area Join(const Area& a, const Area& b) {
  std::set<const Place*> all(a.begin(), a.end());
  all.insert(b.begin(), b.end());
  // The smallest stand last in the catalogue: what they add up to is seen
  // before what that adds up to.
  const auto& places = Territories().places();
  for (size_t i = places.size(); i-- > 0;) {
    if (HasAllOf(all, *places[i])) all.insert(places[i].get());
  }
  Area joined;
  for (const Place* place : all) {
    const bool is_covered =
        std::any_of(all.begin(), all.end(), [&](const Place* other) {
          return other != place && place->IsWithin(*other);
        });
    if (!is_covered) joined.push_back(place);
  }
  std::sort(joined.begin(), joined.end(), [](const Place* x, const Place* y) {
    return x->code() < y->code();
  });
  return joined;
}

namespace {

// `first`, then the codes of the place and of all that it lies in.
std::vector<std::string> CodesFrom(const std::string& first,
                                   const Place* place) {
  std::vector<std::string> codes = {first};
  for (; place != nullptr; place = place->parent) {
    for (const PlaceCode& code : place->codes) {
      if (std::find(codes.begin(), codes.end(), code.code) == codes.end()) {
        codes.push_back(code.code);
      }
    }
  }
  return codes;
}

}  // namespace

std::vector<std::string> CodesAbove(const Territory& territory,
                                    const std::string& country) {
  return CodesFrom(territory.code, Territories().Enclosing(territory, country));
}

std::vector<std::string> CodesAbove(const std::string& code) {
  return CodesFrom(code, Territories().FindCode(code));
}

void AddRegions(const Territory& territory, const std::string& country,
                std::vector<std::string>& regions) {
  for (std::string& code : CodesAbove(territory, country)) {
    regions.push_back(std::move(code));
  }
}

bool LiesIn(const Territory& territory, const std::string& country,
            const std::string& code) {
  const Place* wanted = Territories().FindCode(code);
  if (wanted == nullptr) return absl::StartsWith(territory.code, code);
  if (territory.code == code) return true;
  const Place* place = Territories().Enclosing(territory, country);
  if (place == nullptr) return false;
  // A gmina that the catalogue lacks does not lie in another one.
  return place->IsWithin(*wanted);
}

}  // namespace lagnet::directory
