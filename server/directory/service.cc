#include "server/directory/service.h"

#include <utility>

#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/db/requests.h"
#include "server/db/transact.h"
#include "server/directory/convert.h"
#include "server/directory/field_change_convert.h"
#include "server/directory/life.h"
#include "server/directory/likely_double.h"
#include "server/directory/network_store.h"
#include "server/directory/store.h"
#include "server/rpc/field_mask.h"
#include "server/rpc/page_token.h"
#include "server/rpc/types.h"
#include "server/rpc/validate.h"

namespace lagnet::directory {
namespace {

using options::v1::Role;

// How a network is rendered after a mutation; `name` as Once() stores it.
absl::StatusOr<v1::Network> RenderNetwork(db::Tx& tx, const std::string& name) {
  ASSIGN_OR_RETURN(const Network network,
                   LoadNetwork(tx, *ParseName("networks", name)));
  return ToProto(network);
}

// That the system of an organisation speaks for one of the network that is to
// keep the entry. For all others the gate has said all.
absl::Status CheckMayPropose(db::Tx& tx, const rpc::Call& call,
                             const v1::CreateOrganizationRequest& request,
                             const std::string& network) {
  if (call.role != Role::PARTNER_SYSTEM) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("organizations", "proposer", request.proposer()));
  ASSIGN_OR_RETURN(const Organization proposer, LoadOrganization(tx, id));
  if (proposer.network == network) return absl::OkStatus();
  return Error(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
               "a partner system proposes entries to its own organisation's "
               "network only")
      .With("caller", call.caller.identity);
}

// What a network says of an organisation, only the network changes.
absl::Status CheckMaySay(const rpc::Call& call, const Organization& current,
                         const Profile& wanted) {
  if (wanted.memberships == current.profile.memberships &&
      wanted.partner_registrations == current.profile.partner_registrations) {
    return absl::OkStatus();
  }
  if (call.caller.Holds({Role::NETWORK_ADMIN, Role::NETWORK_EDITOR},
                        ScopeOf(current), call.now)) {
    return absl::OkStatus();
  }
  return Error(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
               "memberships and partner_registrations are changed by the "
               "network's staff; leave them out of update_mask")
      .With("caller", call.caller.identity);
}

}  // namespace

absl::StatusOr<Life> BirthOf(v1::Organization::State state,
                             const std::string& network, const rpc::Call& call,
                             absl::Time now) {
  Life life{.creator = call.caller.identity};
  switch (state) {
    case v1::Organization::STATE_UNSPECIFIED:
    case v1::Organization::DRAFT:
      return life;
    case v1::Organization::SUBMITTED:
      RETURN_IF_ERROR(Take(LifeStep::kSubmit, now, life));
      return life;
    case v1::Organization::VERIFIED:
      break;
    default:
      return InvalidField("initial_state",
                          "must be DRAFT, SUBMITTED or VERIFIED");
  }
  if (!call.caller.Holds({Role::NETWORK_ADMIN, Role::NETWORK_EDITOR},
                         {.network = network}, call.now)) {
    return Error(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                 "only the network's staff may enter what is VERIFIED; leave "
                 "initial_state out, or ask for SUBMITTED")
        .With("caller", call.caller.identity);
  }
  RETURN_IF_ERROR(Take(LifeStep::kSubmit, now, life));
  RETURN_IF_ERROR(Take(LifeStep::kVerify, now, life));
  return life;
}

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
                            return LoadStaying(tx, id);
                          }));
         return ScopeOf(organization);
       }});
}

absl::StatusOr<v1::Organization> OrganizationService::Get(
    const rpc::Call& call, const v1::GetOrganizationRequest& request) {
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("organizations", "name", request.name()));
  ASSIGN_OR_RETURN(const Organization organization,
                   db::Transact(*pool_, call.deadline, [&](db::Tx& tx) {
                     return LoadStaying(tx, id);
                   }));
  if (!MayRead(ReaderOf(call), organization)) return NoSuch("organisation", id);
  return ToProto(organization);
}

absl::StatusOr<v1::ListOrganizationsResponse> OrganizationService::List(
    const rpc::Call& call, const v1::ListOrganizationsRequest& request) {
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::PageOf(request));
  ASSIGN_OR_RETURN(const OrganizationFilter filter, FilterOf(request));
  const auto list =
      [&](db::Tx& tx) -> absl::StatusOr<std::vector<Organization>> {
    return LoadOrganizations(tx, filter, ReaderOf(call), page.after.key,
                             page.size + 1);
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
      const Organization wanted,
      FromProto(request.organization_id(), request.organization()));
  RETURN_IF_ERROR(CheckOrganization(wanted));
  ASSIGN_OR_RETURN(const Provenance provenance,
                   ProvenanceOf(request.source(), request.as_of()));
  const auto insert = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    RETURN_IF_ERROR(CheckMayPropose(tx, call, request, wanted.network));
    RETURN_IF_ERROR(CheckNotInFuture("as_of", provenance.as_of, tx.now()));
    Organization organization = wanted;
    ASSIGN_OR_RETURN(
        organization.life,
        BirthOf(request.initial_state(), wanted.network, call, tx.now()));
    RETURN_IF_ERROR(InsertOrganization(
        tx, call.request, organization,
        {Compare(v1::Organization(), ToProto(organization)), provenance}));
    // Last, so that a double is told of what could be entered otherwise.
    if (!request.allow_likely_doubles()) {
      const DoubleFinder finder(LoadForDoubles(tx, ReaderOf(call)));
      RETURN_IF_ERROR(CheckNoDoubles(finder.Find(Traits(organization))));
    }
    return MakeName("organizations", organization.id);
  };
  return db::Once(*pool_,
                  {call.deadline, call.request, request.validate_only()},
                  insert, Render);
}

absl::StatusOr<v1::Organization> OrganizationService::Update(
    const rpc::Call& call, const v1::UpdateOrganizationRequest& request) {
  const v1::Organization& wanted = request.organization();
  const auto update = [&](db::Tx& tx, Organization& current) -> absl::Status {
    v1::Organization merged = ToProto(current);
    RETURN_IF_ERROR(rpc::ApplyMask(request.update_mask(), wanted, merged));
    RETURN_IF_ERROR(rpc::Validate(merged));
    ASSIGN_OR_RETURN(Organization edited, FromProto(current.id, merged));
    RETURN_IF_ERROR(CheckOrganization(edited));
    RETURN_IF_ERROR(CheckMaySay(call, current, edited.profile));
    edited.life = current.life;
    edited.row = current.row;
    RETURN_IF_ERROR(Take(LifeStep::kUpdate, tx.now(), edited.life));
    current = std::move(edited);
    return absl::OkStatus();
  };
  return Change(call,
                {.field = "organization.name",
                 .name = wanted.name(),
                 .etag = wanted.etag(),
                 .source = request.source(),
                 .as_of = request.as_of(),
                 .validate_only = request.validate_only()},
                update);
}

}  // namespace lagnet::directory
