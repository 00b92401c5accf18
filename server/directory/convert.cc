#include "server/directory/convert.h"

#include "absl/strings/str_cat.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/directory/area.h"
#include "server/directory/profile_convert.h"
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
static_assert(v1::Organization::DRAFT ==
              static_cast<int>(OrganizationState::kDraft));
static_assert(v1::Organization::VERIFIED ==
              static_cast<int>(OrganizationState::kVerified));
static_assert(v1::Organization::DISSOLVED ==
              static_cast<int>(OrganizationState::kDissolved));
static_assert(v1::Organization::MERGED ==
              static_cast<int>(OrganizationState::kMerged));
static_assert(types::v1::Territory::LAU ==
              static_cast<int>(TerritoryScheme::kLau));

void FillLife(const Organization& organization, v1::Organization& result) {
  result.set_state(
      static_cast<v1::Organization::State>(organization.life.state));
  result.set_return_reason(organization.life.return_reason);
  result.set_successor(MakeName("organizations", organization.life.successor));
  result.set_merged_into(
      MakeName("organizations", organization.life.merged_into));
  result.set_dissolved_on(TextOf(organization.life.dissolved_on));
  if (rpc::IsFinite(organization.life.look_time)) {
    *result.mutable_look_time() = rpc::ToProto(organization.life.look_time);
  }
  if (rpc::IsFinite(organization.life.claim_time)) {
    *result.mutable_claim_time() = rpc::ToProto(organization.life.claim_time);
  }
}

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
  ASSIGN_OR_RETURN(result.profile, ProfileFromProto(organization));
  for (const v1::Organization::ExternalId& id : organization.external_ids()) {
    result.external_ids.push_back({.source = id.source(), .id = id.id()});
  }
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
  for (const ExternalId& id : organization.external_ids) {
    v1::Organization::ExternalId* entry = result.add_external_ids();
    entry->set_source(id.source);
    entry->set_id(id.id);
  }
  FillProfile(organization.profile, result);
  FillLife(organization, result);
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
  };
  for (const int state : request.states()) {
    filter.states.push_back(static_cast<OrganizationState>(state));
  }
  if (request.has_not_looked_at_since()) {
    filter.looked_at_before = rpc::FromProto(request.not_looked_at_since());
  }
  ASSIGN_OR_RETURN(filter.network,
                   rpc::IdOf("networks", "network", request.network()));
  return filter;
}

rpc::Scope ScopeOf(const Organization& organization) {
  rpc::Scope scope{.network = organization.network,
                   .organizations = {organization.id}};
  for (const Territory& territory : organization.territories) {
    AddRegions(territory, organization.country, scope.regions);
  }
  return scope;
}

Reader ReaderOf(const rpc::Call& call) {
  Reader reader{.identity = call.caller.identity};
  for (const rpc::Grant& grant : call.caller.grants) {
    if (call.now < grant.start || call.now >= grant.end) continue;
    switch (grant.role) {
      case rpc::Role::NETWORK_ADMIN:
      case rpc::Role::NETWORK_EDITOR:
        if (!grant.network.empty()) {
          reader.staff.push_back({grant.network, grant.region});
        } else if (grant.role == rpc::Role::NETWORK_ADMIN) {
          reader.runs_everything = true;
        }
        break;
      case rpc::Role::LAG_MANAGER:
        reader.organizations.push_back(grant.organization);
        break;
      default:
        break;
    }
  }
  return reader;
}

}  // namespace lagnet::directory
