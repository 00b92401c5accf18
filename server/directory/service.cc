#include "server/directory/service.h"

#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/db/requests.h"
#include "server/db/transact.h"
#include "server/directory/convert.h"
#include "server/directory/network_store.h"
#include "server/directory/store.h"
#include "server/directory/theme_store.h"
#include "server/rpc/field_mask.h"
#include "server/rpc/page_token.h"
#include "server/rpc/types.h"
#include "server/rpc/validate.h"

namespace lagnet::directory {
namespace {

// How a network is rendered after a mutation; `name` as Once() stores it.
absl::StatusOr<v1::Network> RenderNetwork(db::Tx& tx, const std::string& name) {
  ASSIGN_OR_RETURN(const Network network,
                   LoadNetwork(tx, *ParseName("networks", name)));
  return ToProto(network);
}

absl::StatusOr<v1::Organization> RenderOrganization(db::Tx& tx,
                                                    const std::string& name) {
  ASSIGN_OR_RETURN(const Organization organization,
                   LoadOrganization(tx, *ParseName("organizations", name)));
  return ToProto(organization);
}

}  // namespace

NetworkService::NetworkService(rpc::Gate* gate, db::Pool* pool,
                               const Owners* owners)
    : gate_(gate), pool_(pool) {
  gate->RegisterService(*v1::Network::descriptor()->file()->service(0));
  gate->RegisterOwner(
      "networks",
      {.from_memory =
           [owners](const std::string& name) -> std::optional<rpc::Scope> {
         return owners ? owners->OfNetwork(name) : std::nullopt;
       },
       .load = [pool](const std::string& name,
                      absl::Time deadline) -> absl::StatusOr<rpc::Scope> {
         ASSIGN_OR_RETURN(const std::string id,
                          rpc::IdOf("networks", "name", name));
         return db::Transact(*pool, deadline,
                             [&](db::Tx& tx) -> absl::StatusOr<rpc::Scope> {
                               RETURN_IF_ERROR(LoadNetwork(tx, id).status());
                               return rpc::Scope{.network = id};
                             });
       }});
}

absl::StatusOr<v1::Network> NetworkService::Get(
    const rpc::Call& call, const v1::GetNetworkRequest& request) {
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("networks", "name", request.name()));
  ASSIGN_OR_RETURN(const Network network,
                   db::Transact(*pool_, call.deadline, [&](db::Tx& tx) {
                     return LoadNetwork(tx, id);
                   }));
  return ToProto(network);
}

absl::StatusOr<v1::ListNetworksResponse> NetworkService::List(
    const rpc::Call& call, const v1::ListNetworksRequest& request) {
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::PageOf(request));
  const auto list = [&](db::Tx& tx) -> absl::StatusOr<std::vector<Network>> {
    return LoadNetworks(tx, page.after.key, page.size + 1);
  };
  ASSIGN_OR_RETURN(std::vector<Network> networks,
                   db::Transact(*pool_, call.deadline, list));
  v1::ListNetworksResponse response;
  response.set_next_page_token(rpc::CutPage(
      request, page, networks, [](const Network& n) { return n.id; }));
  for (const Network& network : networks) {
    *response.add_networks() = ToProto(network);
  }
  return response;
}

absl::StatusOr<v1::Network> NetworkService::Create(
    const rpc::Call& call, const v1::CreateNetworkRequest& request) {
  const Network network = FromProto(request.network_id(), request.network());
  RETURN_IF_ERROR(CheckNetwork(network));
  const auto insert = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    RETURN_IF_ERROR(InsertNetwork(tx, call.request, network));
    return MakeName("networks", network.id);
  };
  return db::Once(*pool_,
                  {call.deadline, call.request, request.validate_only()},
                  insert, RenderNetwork);
}

absl::StatusOr<v1::Network> NetworkService::Update(
    const rpc::Call& call, const v1::UpdateNetworkRequest& request) {
  const v1::Network& wanted = request.network();
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("networks", "network.name", wanted.name()));
  const auto update = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const Network current, LockNetwork(tx, id));
    v1::Network merged = ToProto(current);
    RETURN_IF_ERROR(rpc::CheckEtag(wanted.etag(), merged.etag()));
    RETURN_IF_ERROR(rpc::ApplyMask(request.update_mask(), wanted, merged));
    RETURN_IF_ERROR(rpc::Validate(merged));
    const Network network = FromProto(id, merged);
    RETURN_IF_ERROR(CheckNetwork(network));
    SaveNetwork(tx, call.request, network);
    return wanted.name();
  };
  return db::Once(*pool_,
                  {call.deadline, call.request, request.validate_only()},
                  update, RenderNetwork);
}

OrganizationService::OrganizationService(rpc::Gate* gate, db::Pool* pool,
                                         const Owners* owners)
    : gate_(gate), pool_(pool) {
  gate->RegisterService(*v1::Organization::descriptor()->file()->service(0));
  gate->RegisterOwner(
      "organizations",
      {.from_memory =
           [owners](const std::string& name) -> std::optional<rpc::Scope> {
         return owners ? owners->OfOrganization(name) : std::nullopt;
       },
       .load = [pool](const std::string& name,
                      absl::Time deadline) -> absl::StatusOr<rpc::Scope> {
         ASSIGN_OR_RETURN(const std::string id,
                          rpc::IdOf("organizations", "name", name));
         ASSIGN_OR_RETURN(const Organization organization,
                          db::Transact(*pool, deadline, [&](db::Tx& tx) {
                            return LoadOrganization(tx, id);
                          }));
         rpc::Scope scope{.network = organization.network,
                          .organizations = {organization.id}};
         for (const Territory& territory : organization.territories) {
           scope.regions.push_back(territory.code);
         }
         return scope;
       }});
}

absl::StatusOr<v1::Organization> OrganizationService::Get(
    const rpc::Call& call, const v1::GetOrganizationRequest& request) {
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("organizations", "name", request.name()));
  ASSIGN_OR_RETURN(const Organization organization,
                   db::Transact(*pool_, call.deadline, [&](db::Tx& tx) {
                     return LoadOrganization(tx, id);
                   }));
  return ToProto(organization);
}

absl::StatusOr<v1::ListOrganizationsResponse> OrganizationService::List(
    const rpc::Call& call, const v1::ListOrganizationsRequest& request) {
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::PageOf(request));
  ASSIGN_OR_RETURN(const OrganizationFilter filter, FilterOf(request));
  const auto list =
      [&](db::Tx& tx) -> absl::StatusOr<std::vector<Organization>> {
    return LoadOrganizations(tx, filter, page.after.key, page.size + 1);
  };
  ASSIGN_OR_RETURN(std::vector<Organization> organizations,
                   db::Transact(*pool_, call.deadline, list));
  v1::ListOrganizationsResponse response;
  response.set_next_page_token(
      rpc::CutPage(request, page, organizations,
                   [](const Organization& o) { return o.id; }));
  for (const Organization& organization : organizations) {
    *response.add_organizations() = ToProto(organization);
  }
  return response;
}

absl::StatusOr<v1::Organization> OrganizationService::Create(
    const rpc::Call& call, const v1::CreateOrganizationRequest& request) {
  ASSIGN_OR_RETURN(
      const Organization organization,
      FromProto(request.organization_id(), request.organization()));
  RETURN_IF_ERROR(CheckOrganization(organization));
  const auto insert = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    RETURN_IF_ERROR(InsertOrganization(tx, call.request, organization));
    return MakeName("organizations", organization.id);
  };
  return db::Once(*pool_,
                  {call.deadline, call.request, request.validate_only()},
                  insert, RenderOrganization);
}

absl::StatusOr<v1::Organization> OrganizationService::Update(
    const rpc::Call& call, const v1::UpdateOrganizationRequest& request) {
  const v1::Organization& wanted = request.organization();
  ASSIGN_OR_RETURN(
      const std::string id,
      rpc::IdOf("organizations", "organization.name", wanted.name()));
  const auto update = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const Organization current, LockOrganization(tx, id));
    v1::Organization merged = ToProto(current);
    RETURN_IF_ERROR(rpc::CheckEtag(wanted.etag(), merged.etag()));
    RETURN_IF_ERROR(rpc::ApplyMask(request.update_mask(), wanted, merged));
    RETURN_IF_ERROR(rpc::Validate(merged));
    ASSIGN_OR_RETURN(Organization organization, FromProto(id, merged));
    organization.state = current.state;
    organization.row = current.row;
    RETURN_IF_ERROR(CheckOrganization(organization));
    RETURN_IF_ERROR(SaveOrganization(tx, call.request, organization));
    return wanted.name();
  };
  return db::Once(*pool_,
                  {call.deadline, call.request, request.validate_only()},
                  update, RenderOrganization);
}

absl::StatusOr<v1::Organization> OrganizationService::Archive(
    const rpc::Call& call, const v1::ArchiveOrganizationRequest& request) {
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("organizations", "name", request.name()));
  const auto archive = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(Organization organization, LockOrganization(tx, id));
    RETURN_IF_ERROR(
        rpc::CheckEtag(request.etag(), rpc::EtagOf(organization.version)));
    if (organization.state != OrganizationState::kActive) {
      return Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
                   "the organisation is archived already")
          .With("state", "ARCHIVED");
    }
    organization.state = OrganizationState::kArchived;
    RETURN_IF_ERROR(SaveOrganization(tx, call.request, organization));
    return request.name();
  };
  return db::Once(*pool_, {call.deadline, call.request}, archive,
                  RenderOrganization);
}

ThemeService::ThemeService(rpc::Gate* gate, db::Pool* pool)
    : gate_(gate), pool_(pool) {
  gate->RegisterService(*v1::Theme::descriptor()->file()->service(0));
}

absl::StatusOr<v1::ListThemesResponse> ThemeService::List(
    const rpc::Call& call, const v1::ListThemesRequest& request) {
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::PageOf(request));
  const auto list = [&](db::Tx& tx) -> absl::StatusOr<std::vector<Theme>> {
    return LoadThemes(tx, page.after.key, page.size + 1);
  };
  ASSIGN_OR_RETURN(std::vector<Theme> themes,
                   db::Transact(*pool_, call.deadline, list));
  v1::ListThemesResponse response;
  response.set_next_page_token(
      rpc::CutPage(request, page, themes, [](const Theme& t) { return t.id; }));
  for (const Theme& theme : themes) {
    v1::Theme* entry = response.add_themes();
    entry->set_id(theme.id);
    *entry->mutable_label() = rpc::ToProto(theme.label);
    entry->set_broader(theme.broader);
  }
  return response;
}

}  // namespace lagnet::directory
