#include "server/directory/nearby_store.h"

#include "nlohmann/json.hpp"
#include "server/directory/area.h"

namespace lagnet::directory {
namespace {

constexpr db::Statement kLoadWhereabouts{"directory.load_whereabouts", R"sql(
  SELECT name, country, latitude, longitude, territories
    FROM directory.organization_entry
   WHERE state = ANY ($3::int[])
     AND ($1::text IS NULL OR network = $1)
     AND ($2::int = 0 OR kind = $2)
)sql"};

}  // namespace

std::optional<Whereabouts> WhereaboutsOf(const Organization& organization) {
  if (organization.position) {
    return Whereabouts{.id = organization.id,
                       .position = *organization.position};
  }
  for (const Place* place : AreaOf(organization)) {
    if (place->centre) {
      return Whereabouts{
          .id = organization.id, .position = *place->centre, .is_area = true};
    }
  }
  return std::nullopt;
}

std::vector<Whereabouts> LoadWhereabouts(db::Tx& tx, const std::string& network,
                                         OrganizationKind kind) {
  const std::vector<OrganizationState> listed = {OrganizationState::kVerified,
                                                 OrganizationState::kStale};
  std::vector<Whereabouts> all;
  for (const db::Row row :
       tx.Run(kLoadWhereabouts, db::NullIfEmpty(network), kind, listed)) {
    Organization organization{.id = row.Get<std::string>("name"),
                              .country = row.Get<std::string>("country")};
    const auto latitude = row.Get<std::optional<double>>("latitude");
    const auto longitude = row.Get<std::optional<double>>("longitude");
    if (latitude && longitude) {
      organization.position = Position{*latitude, *longitude};
    } else {
      for (const auto& entry : row.Get<nlohmann::json>("territories")) {
        organization.territories.push_back(
            {.scheme = static_cast<TerritoryScheme>(entry["scheme"].get<int>()),
             .version = entry["version"],
             .code = entry["code"]});
      }
    }
    if (auto where = WhereaboutsOf(organization)) {
      all.push_back(*std::move(where));
    }
  }
  return all;
}

}  // namespace lagnet::directory
