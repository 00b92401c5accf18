#include "server/directory/territory_service.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/directory/territory_catalog.h"
#include "server/directory/territory_convert.h"
#include "server/directory/unknown_territory.h"
#include "server/rpc/page_token.h"
#include "server/rpc/types.h"

namespace lagnet::directory {
namespace {

using Places = std::vector<const Place*>;

// The place that a request's field names. Fails with INVALID_FIELDS or
// NOT_FOUND.
absl::StatusOr<const Place*> Named(absl::string_view field,
                                   const std::string& name) {
  ASSIGN_OR_RETURN(const std::string id, rpc::IdOf("territories", field, name));
  const Place* place = Territories().FindId(id);
  if (place == nullptr) return NoSuch("territory", id);
  return place;
}

// Cuts `items` down to the page that the request asks for, and returns the
// token of the next. The list never changes, so a place in it is a number.
template <typename Request, typename Item>
absl::StatusOr<std::string> CutByNumber(const Request& request,
                                        std::vector<Item>& items) {
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::PageOf(request));
  const size_t start =
      std::min(static_cast<size_t>(page.after.id), items.size());
  items.erase(items.begin(), items.begin() + static_cast<ptrdiff_t>(start));
  const auto size = static_cast<size_t>(page.size);
  if (items.size() <= size) return "";
  items.resize(size);
  return rpc::NextPageToken(request,
                            {.id = static_cast<int64_t>(start + size)});
}

bool HasName(const Place& place, const std::string& plain_prefix) {
  return absl::c_any_of(place.names, [&](const auto& language_and_name) {
    return absl::StartsWith(PlainName(language_and_name.second), plain_prefix);
  });
}

bool HasCode(const Place& place, TerritoryScheme scheme,
             const std::string& version) {
  return absl::c_any_of(place.codes, [&](const PlaceCode& code) {
    return (scheme == TerritoryScheme::kUnspecified || scheme == code.scheme) &&
           code.IsIn(version);
  });
}

// What a map of a country shows: the regions of ISO 3166-2 or, where those have
// no outlines, the newest NUTS 3.
Places RegionsToDraw(const std::string& country) {
  Places iso;
  Places nuts;
  for (const auto& place : Territories().places()) {
    if (place->country != country || place->outline.empty() ||
        place->level == PlaceLevel::kCountry) {
      continue;
    }
    if (place->CodeIn(TerritoryScheme::kIso3166) != nullptr) {
      iso.push_back(place.get());
    } else if (place->level == PlaceLevel::kSubregion &&
               place->codes[0].versions.back() ==
                   place->Path()[0]->codes[0].versions.back()) {
      nuts.push_back(place.get());
    }
  }
  return iso.empty() ? nuts : iso;
}

}  // namespace

TerritoryService::TerritoryService(rpc::Gate* gate) : gate_(gate) {
  gate->RegisterService(*v1::Territory::descriptor()->file()->service(0));
  Territories();  // Read now rather than at the first call.
}

absl::StatusOr<v1::Territory> TerritoryService::Get(
    const rpc::Call& /*call*/, const v1::GetTerritoryRequest& request) {
  ASSIGN_OR_RETURN(const Place* const place, Named("name", request.name()));
  return ToProto(*place);
}

absl::StatusOr<v1::ListTerritoriesResponse> TerritoryService::List(
    const rpc::Call& /*call*/, const v1::ListTerritoriesRequest& request) {
  const Place* parent = nullptr;
  if (!request.parent().empty()) {
    ASSIGN_OR_RETURN(parent, Named("parent", request.parent()));
  }
  const auto scheme = static_cast<TerritoryScheme>(request.scheme());
  const auto level = static_cast<PlaceLevel>(request.level());
  const std::string prefix = PlainName(request.name_prefix());
  Places found;
  for (const auto& place : Territories().places()) {
    if ((parent == nullptr || place->parent == parent) &&
        (request.country().empty() || place->country == request.country()) &&
        (level == PlaceLevel::kUnspecified || place->level == level) &&
        HasCode(*place, scheme, request.version()) && HasName(*place, prefix)) {
      found.push_back(place.get());
    }
  }
  v1::ListTerritoriesResponse response;
  ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                   CutByNumber(request, found));
  for (const Place* place : found) {
    *response.add_territories() = ToProto(*place);
  }
  return response;
}

absl::StatusOr<v1::ListNeighbouringTerritoriesResponse>
TerritoryService::ListNeighbouring(
    const rpc::Call& /*call*/,
    const v1::ListNeighbouringTerritoriesRequest& request) {
  ASSIGN_OR_RETURN(const Place* const place, Named("name", request.name()));
  Places found = Territories().Neighbours(*place);
  v1::ListNeighbouringTerritoriesResponse response;
  ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                   CutByNumber(request, found));
  for (const Place* neighbour : found) {
    *response.add_territories() = ToProto(*neighbour);
  }
  return response;
}

absl::StatusOr<v1::ListNearbyTerritoriesResponse> TerritoryService::ListNearby(
    const rpc::Call& /*call*/,
    const v1::ListNearbyTerritoriesRequest& request) {
  const auto level = request.level() == v1::Territory::LEVEL_UNSPECIFIED
                         ? PlaceLevel::kMunicipality
                         : static_cast<PlaceLevel>(request.level());
  auto found = Territories().Nearest(
      {request.position().latitude(), request.position().longitude()},
      Territories().places().size(), [&](const Place& place) {
        return place.level == level && (request.country().empty() ||
                                        place.country == request.country());
      });
  v1::ListNearbyTerritoriesResponse response;
  ASSIGN_OR_RETURN(*response.mutable_next_page_token(),
                   CutByNumber(request, found));
  for (const auto& [distance, place] : found) {
    auto* nearby = response.add_territories();
    *nearby->mutable_territory() = ToProto(*place);
    nearby->set_distance_km(distance);
  }
  return response;
}

absl::StatusOr<v1::LocateTerritoriesResponse> TerritoryService::Locate(
    const rpc::Call& /*call*/, const v1::LocateTerritoriesRequest& request) {
  v1::LocateTerritoriesResponse response;
  const Place* smallest = Territories().At(
      {request.position().latitude(), request.position().longitude()});
  if (smallest == nullptr) return response;
  for (const Place* place : smallest->Path()) {
    *response.add_territories() = ToProto(*place);
  }
  return response;
}

absl::StatusOr<v1::GetOutlinesResponse> TerritoryService::ListOutlines(
    const rpc::Call& /*call*/, const v1::GetOutlinesRequest& request) {
  Places drawn = RegionsToDraw(request.country());
  if (request.country().empty()) {
    for (const auto& place : Territories().places()) {
      if (place->level == PlaceLevel::kCountry) drawn.push_back(place.get());
    }
  }
  v1::GetOutlinesResponse outlines;
  for (const Place* place : drawn) {
    *outlines.add_outlines() = OutlineToProto(*place);
  }
  outlines.set_attribution("Natural Earth");
  return outlines;
}

}  // namespace lagnet::directory
