#include "server/directory/convert.h"

#include "absl/strings/str_cat.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/rpc/field_mask.h"
#include "server/rpc/types.h"

namespace lagnet::directory {
namespace {

static_assert(v1::Network::TRANSNATIONAL ==
              static_cast<int>(NetworkKind::kTransnational));
static_assert(v1::Organization::LAG ==
              static_cast<int>(OrganizationKind::kLag));
static_assert(v1::Organization::NETWORK_UNIT ==
              static_cast<int>(OrganizationKind::kNetworkUnit));
static_assert(v1::Organization::ARCHIVED ==
              static_cast<int>(OrganizationState::kArchived));
static_assert(types::v1::Territory::LAU ==
              static_cast<int>(TerritoryScheme::kLau));

}  // namespace

Network FromProto(const std::string& id, const v1::Network& network) {
  return Network{
      .id = id,
      .kind = static_cast<NetworkKind>(network.kind()),
      .display_name = rpc::FromProto(network.display_name()),
      .countries = rpc::ToVector(network.countries()),
      .languages = rpc::ToVector(network.languages()),
      .currency = network.currency(),
      .time_zone = network.time_zone(),
      .jurisdiction_profile = network.jurisdiction_profile(),
  };
}

v1::Network ToProto(const Network& network) {
  v1::Network result;
  result.set_name(MakeName("networks", network.id));
  result.set_kind(static_cast<v1::Network::Kind>(network.kind));
  *result.mutable_display_name() = rpc::ToProto(network.display_name);
  rpc::Fill(network.countries, result.mutable_countries());
  rpc::Fill(network.languages, result.mutable_languages());
  result.set_currency(network.currency);
  result.set_time_zone(network.time_zone);
  result.set_jurisdiction_profile(network.jurisdiction_profile);
  *result.mutable_create_time() = rpc::ToProto(network.create_time);
  *result.mutable_update_time() = rpc::ToProto(network.update_time);
  result.set_etag(rpc::EtagOf(network.version));
  return result;
}

absl::StatusOr<Organization> FromProto(const std::string& id,
                                       const v1::Organization& organization) {
  Organization result{
      .id = id,
      .kind = static_cast<OrganizationKind>(organization.kind()),
      .display_name = rpc::FromProto(organization.display_name()),
      .country = organization.country(),
      .themes = rpc::ToVector(organization.themes()),
      .languages = rpc::ToVector(organization.languages()),
      .email = organization.email(),
      .website = organization.website(),
      .description = rpc::FromProto(organization.description()),
  };
  ASSIGN_OR_RETURN(result.network, rpc::IdOf("networks", "organization.network",
                                             organization.network()));
  for (const types::v1::Territory& territory : organization.territories()) {
    result.territories.push_back(
        {.scheme = static_cast<TerritoryScheme>(territory.scheme()),
         .version = territory.version(),
         .code = territory.code()});
  }
  if (organization.has_position()) {
    result.position = Position{organization.position().latitude(),
                               organization.position().longitude()};
  }
  return result;
}

v1::Organization ToProto(const Organization& organization) {
  v1::Organization result;
  result.set_name(MakeName("organizations", organization.id));
  result.set_network(MakeName("networks", organization.network));
  result.set_kind(static_cast<v1::Organization::Kind>(organization.kind));
  *result.mutable_display_name() = rpc::ToProto(organization.display_name);
  result.set_country(organization.country);
  for (const Territory& territory : organization.territories) {
    types::v1::Territory* entry = result.add_territories();
    entry->set_scheme(
        static_cast<types::v1::Territory::Scheme>(territory.scheme));
    entry->set_version(territory.version);
    entry->set_code(territory.code);
  }
  rpc::Fill(organization.themes, result.mutable_themes());
  rpc::Fill(organization.languages, result.mutable_languages());
  if (organization.position) {
    result.mutable_position()->set_latitude(organization.position->latitude);
    result.mutable_position()->set_longitude(organization.position->longitude);
  }
  result.set_email(organization.email);
  result.set_website(organization.website);
  *result.mutable_description() = rpc::ToProto(organization.description);
  result.set_state(static_cast<v1::Organization::State>(organization.state));
  *result.mutable_create_time() = rpc::ToProto(organization.create_time);
  *result.mutable_update_time() = rpc::ToProto(organization.update_time);
  result.set_etag(rpc::EtagOf(organization.version));
  return result;
}

absl::StatusOr<OrganizationFilter> FilterOf(
    const v1::ListOrganizationsRequest& request) {
  OrganizationFilter filter{
      .kind = static_cast<OrganizationKind>(request.kind()),
      .country = request.country(),
      .territory = request.territory(),
      .theme = request.theme(),
      .language = request.language(),
      .show_archived = request.show_archived(),
  };
  ASSIGN_OR_RETURN(filter.network,
                   rpc::IdOf("networks", "network", request.network()));
  return filter;
}

}  // namespace lagnet::directory
