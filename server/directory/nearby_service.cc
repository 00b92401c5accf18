// ListNearbyOrganizations: the rest of OrganizationService is in service.cc.

#include <algorithm>
#include <cmath>
#include <tuple>

#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/db/transact.h"
#include "server/directory/convert.h"
#include "server/directory/nearby_store.h"
#include "server/directory/outline.h"
#include "server/directory/reader.h"
#include "server/directory/service.h"
#include "server/directory/store.h"
#include "server/rpc/page_token.h"
#include "server/rpc/types.h"

namespace lagnet::directory {
namespace {

struct Nearby {
  double km = 0;
  Whereabouts where;
  Organization organization;

  // The order of the list; whole metres survive a page token.
  std::tuple<int64_t, const std::string&> Order() const {
    return {std::llround(km * 1000), where.id};
  }
};

// The point that distances are measured from.
absl::StatusOr<Position> OriginOf(
    db::Tx& tx, const Reader& reader,
    const v1::ListNearbyOrganizationsRequest& request, const std::string& id) {
  if (request.has_position()) {
    return Position{request.position().latitude(),
                    request.position().longitude()};
  }
  if (id.empty()) {
    return InvalidField("position", "give it, or else `organization`");
  }
  ASSIGN_OR_RETURN(const Organization organization, LoadOrganization(tx, id));
  if (!MayRead(reader, organization)) return NoSuch("organisation", id);
  if (const auto where = WhereaboutsOf(organization)) return where->position;
  return Error(absl::StatusCode::kFailedPrecondition, "NO_POSITION",
               "the organisation has neither a position nor an area that is "
               "known; give a position instead")
      .With("organization", request.organization());
}

// The organisations behind `page`, one more than fits it.
absl::StatusOr<std::vector<Nearby>> LoadNearby(
    db::Tx& tx, const Reader& reader,
    const v1::ListNearbyOrganizationsRequest& request,
    const std::string& network, const std::string& id, const rpc::Page& page) {
  ASSIGN_OR_RETURN(const Position origin, OriginOf(tx, reader, request, id));
  std::vector<Nearby> all;
  for (Whereabouts& where : LoadWhereabouts(
           tx, network, static_cast<OrganizationKind>(request.kind()))) {
    Nearby nearby{.km = DistanceKm(origin, where.position),
                  .where = std::move(where)};
    const bool is_behind =
        nearby.Order() > std::tuple(page.after.id, page.after.key);
    const bool is_close = request.max_distance_km() == 0 ||
                          nearby.km <= request.max_distance_km();
    if (nearby.where.id != id && is_close && is_behind) {
      all.push_back(std::move(nearby));
    }
  }
  const auto end =
      all.begin() +
      std::min<ptrdiff_t>(page.size + 1, static_cast<ptrdiff_t>(all.size()));
  std::partial_sort(
      all.begin(), end, all.end(),
      [](const Nearby& a, const Nearby& b) { return a.Order() < b.Order(); });
  all.erase(end, all.end());
  std::vector<std::string> ids;
  for (const Nearby& nearby : all) ids.push_back(nearby.where.id);
  auto organizations = LoadOrganizations(tx, ids);
  for (Nearby& nearby : all) {
    nearby.organization = std::move(organizations[nearby.where.id]);
  }
  return all;
}

}  // namespace

absl::StatusOr<v1::ListNearbyOrganizationsResponse>
OrganizationService::ListNearby(
    const rpc::Call& call, const v1::ListNearbyOrganizationsRequest& request) {
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::PageOf(request));
  ASSIGN_OR_RETURN(const std::string network,
                   rpc::IdOf("networks", "network", request.network()));
  ASSIGN_OR_RETURN(
      const std::string id,
      rpc::IdOf("organizations", "organization", request.organization()));
  const auto load = [&](db::Tx& tx) {
    return LoadNearby(tx, ReaderOf(call), request, network, id, page);
  };
  ASSIGN_OR_RETURN(std::vector<Nearby> found,
                   db::Transact(*pool_, call.deadline, load));
  v1::ListNearbyOrganizationsResponse response;
  if (static_cast<int>(found.size()) > page.size) {
    found.resize(static_cast<size_t>(page.size));
    const auto& [metres, last] = found.back().Order();
    response.set_next_page_token(
        rpc::NextPageToken(request, {.key = last, .id = metres}));
  }
  for (const Nearby& nearby : found) {
    auto* entry = response.add_organizations();
    *entry->mutable_organization() = ToProto(nearby.organization);
    entry->set_distance_km(nearby.km);
    entry->set_is_area(nearby.where.is_area);
  }
  return response;
}

}  // namespace lagnet::directory
