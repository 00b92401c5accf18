#ifndef LAGNET_SERVER_DIRECTORY_SERVICE_H_
#define LAGNET_SERVER_DIRECTORY_SERVICE_H_

#include <functional>
#include <string>

#include "absl/functional/function_ref.h"
#include "lagnet/directory/v1/field_changes.grpc.pb.h"
#include "lagnet/directory/v1/networks.grpc.pb.h"
#include "lagnet/directory/v1/organizations.grpc.pb.h"
#include "lagnet/directory/v1/themes.grpc.pb.h"
#include "server/db/pool.h"
#include "server/db/tx.h"
#include "server/directory/organization.h"
#include "server/directory/owners.h"
#include "server/rpc/gate.h"

namespace lagnet::directory {

// How an entry of `network` begins that is created in `state`. Only the
// network's staff know that it is right: others fail with PERMISSION_DENIED for
// VERIFIED. Fails with INVALID_FIELDS for states that no entry begins in.
absl::StatusOr<Life> BirthOf(v1::Organization::State state,
                             const std::string& network, const rpc::Call& call,
                             absl::Time now);

// See networks.proto. Thread-safe, as are the services below.
class NetworkService final : public v1::NetworkService::CallbackService {
 public:
  // `owners` may be null: then the gate asks the database.
  NetworkService(rpc::Gate* gate, db::Pool* pool,
                 const Owners* owners = nullptr);

  grpc::ServerUnaryReactor* GetNetwork(grpc::CallbackServerContext* context,
                                       const v1::GetNetworkRequest* request,
                                       v1::Network* response) override {
    return gate_->Run(context, request, response, this, &NetworkService::Get);
  }
  grpc::ServerUnaryReactor* ListNetworks(
      grpc::CallbackServerContext* context,
      const v1::ListNetworksRequest* request,
      v1::ListNetworksResponse* response) override {
    return gate_->Run(context, request, response, this, &NetworkService::List);
  }
  grpc::ServerUnaryReactor* CreateNetwork(
      grpc::CallbackServerContext* context,
      const v1::CreateNetworkRequest* request, v1::Network* response) override {
    return gate_->Run(context, request, response, this,
                      &NetworkService::Create);
  }
  grpc::ServerUnaryReactor* UpdateNetwork(
      grpc::CallbackServerContext* context,
      const v1::UpdateNetworkRequest* request, v1::Network* response) override {
    return gate_->Run(context, request, response, this,
                      &NetworkService::Update);
  }

 private:
  absl::StatusOr<v1::Network> Get(const rpc::Call& call,
                                  const v1::GetNetworkRequest& request);
  absl::StatusOr<v1::ListNetworksResponse> List(
      const rpc::Call& call, const v1::ListNetworksRequest& request);
  absl::StatusOr<v1::Network> Create(const rpc::Call& call,
                                     const v1::CreateNetworkRequest& request);
  absl::StatusOr<v1::Network> Update(const rpc::Call& call,
                                     const v1::UpdateNetworkRequest& request);

  rpc::Gate* const gate_;
  db::Pool* const pool_;
};

// See organizations.proto.
class OrganizationService final
    : public v1::OrganizationService::CallbackService {
 public:
  OrganizationService(rpc::Gate* gate, db::Pool* pool,
                      const Owners* owners = nullptr);

  grpc::ServerUnaryReactor* GetOrganization(
      grpc::CallbackServerContext* context,
      const v1::GetOrganizationRequest* request,
      v1::Organization* response) override {
    return gate_->Run(context, request, response, this,
                      &OrganizationService::Get);
  }
  grpc::ServerUnaryReactor* ListOrganizations(
      grpc::CallbackServerContext* context,
      const v1::ListOrganizationsRequest* request,
      v1::ListOrganizationsResponse* response) override {
    return gate_->Run(context, request, response, this,
                      &OrganizationService::List);
  }
  grpc::ServerUnaryReactor* ListNearbyOrganizations(
      grpc::CallbackServerContext* context,
      const v1::ListNearbyOrganizationsRequest* request,
      v1::ListNearbyOrganizationsResponse* response) override {
    return gate_->Run(context, request, response, this,
                      &OrganizationService::ListNearby);
  }
  grpc::ServerUnaryReactor* CreateOrganization(
      grpc::CallbackServerContext* context,
      const v1::CreateOrganizationRequest* request,
      v1::Organization* response) override {
    return gate_->Run(context, request, response, this,
                      &OrganizationService::Create);
  }
  grpc::ServerUnaryReactor* UpdateOrganization(
      grpc::CallbackServerContext* context,
      const v1::UpdateOrganizationRequest* request,
      v1::Organization* response) override {
    return gate_->Run(context, request, response, this,
                      &OrganizationService::Update);
  }
  grpc::ServerUnaryReactor* SubmitOrganization(
      grpc::CallbackServerContext* context,
      const v1::SubmitOrganizationRequest* request,
      v1::Organization* response) override {
    return gate_->Run(context, request, response, this,
                      &OrganizationService::Submit);
  }
  grpc::ServerUnaryReactor* VerifyOrganization(
      grpc::CallbackServerContext* context,
      const v1::VerifyOrganizationRequest* request,
      v1::Organization* response) override {
    return gate_->Run(context, request, response, this,
                      &OrganizationService::Verify);
  }
  grpc::ServerUnaryReactor* ReturnOrganization(
      grpc::CallbackServerContext* context,
      const v1::ReturnOrganizationRequest* request,
      v1::Organization* response) override {
    return gate_->Run(context, request, response, this,
                      &OrganizationService::Return);
  }
  grpc::ServerUnaryReactor* ConfirmOrganization(
      grpc::CallbackServerContext* context,
      const v1::ConfirmOrganizationRequest* request,
      v1::Organization* response) override {
    return gate_->Run(context, request, response, this,
                      &OrganizationService::Confirm);
  }
  grpc::ServerUnaryReactor* ArchiveOrganization(
      grpc::CallbackServerContext* context,
      const v1::ArchiveOrganizationRequest* request,
      v1::Organization* response) override {
    return gate_->Run(context, request, response, this,
                      &OrganizationService::Archive);
  }
  grpc::ServerUnaryReactor* RestoreOrganization(
      grpc::CallbackServerContext* context,
      const v1::RestoreOrganizationRequest* request,
      v1::Organization* response) override {
    return gate_->Run(context, request, response, this,
                      &OrganizationService::Restore);
  }
  grpc::ServerUnaryReactor* DissolveOrganization(
      grpc::CallbackServerContext* context,
      const v1::DissolveOrganizationRequest* request,
      v1::Organization* response) override {
    return gate_->Run(context, request, response, this,
                      &OrganizationService::Dissolve);
  }

 private:
  absl::StatusOr<v1::Organization> Get(
      const rpc::Call& call, const v1::GetOrganizationRequest& request);
  absl::StatusOr<v1::ListOrganizationsResponse> List(
      const rpc::Call& call, const v1::ListOrganizationsRequest& request);
  absl::StatusOr<v1::ListNearbyOrganizationsResponse> ListNearby(
      const rpc::Call& call, const v1::ListNearbyOrganizationsRequest& request);
  absl::StatusOr<v1::Organization> Create(
      const rpc::Call& call, const v1::CreateOrganizationRequest& request);
  absl::StatusOr<v1::Organization> Update(
      const rpc::Call& call, const v1::UpdateOrganizationRequest& request);
  // The steps of an entry's life: life_service.cc.
  absl::StatusOr<v1::Organization> Submit(
      const rpc::Call& call, const v1::SubmitOrganizationRequest& request);
  absl::StatusOr<v1::Organization> Verify(
      const rpc::Call& call, const v1::VerifyOrganizationRequest& request);
  absl::StatusOr<v1::Organization> Return(
      const rpc::Call& call, const v1::ReturnOrganizationRequest& request);
  absl::StatusOr<v1::Organization> Confirm(
      const rpc::Call& call, const v1::ConfirmOrganizationRequest& request);
  absl::StatusOr<v1::Organization> Archive(
      const rpc::Call& call, const v1::ArchiveOrganizationRequest& request);
  absl::StatusOr<v1::Organization> Restore(
      const rpc::Call& call, const v1::RestoreOrganizationRequest& request);
  absl::StatusOr<v1::Organization> Dissolve(
      const rpc::Call& call, const v1::DissolveOrganizationRequest& request);

  // What is to be changed, and what the caller says about it.
  struct Wish {
    std::string field = "name";  // Which field has the name.
    std::string name;
    std::string etag;
    std::string source;
    std::string as_of;
    std::string reason;
    bool validate_only = false;
    // What the gate cannot know; may be empty.
    std::function<absl::Status(const Organization&)> may;
  };
  // Locks an entry, lets `change` alter it, and writes it with what became of
  // each field.
  absl::StatusOr<v1::Organization> Change(
      const rpc::Call& call, const Wish& wish,
      absl::FunctionRef<absl::Status(db::Tx&, Organization&)> change);
  // As it is after a mutation; `name` as Once() stores it.
  static absl::StatusOr<v1::Organization> Render(db::Tx& tx,
                                                 const std::string& name);

  rpc::Gate* const gate_;
  db::Pool* const pool_;
};

// See field_changes.proto.
class FieldChangeService final
    : public v1::FieldChangeService::CallbackService {
 public:
  FieldChangeService(rpc::Gate* gate, db::Pool* pool);

  grpc::ServerUnaryReactor* ListFieldChanges(
      grpc::CallbackServerContext* context,
      const v1::ListFieldChangesRequest* request,
      v1::ListFieldChangesResponse* response) override {
    return gate_->Run(context, request, response, this,
                      &FieldChangeService::Changes);
  }
  grpc::ServerUnaryReactor* ListFieldSources(
      grpc::CallbackServerContext* context,
      const v1::ListFieldSourcesRequest* request,
      v1::ListFieldSourcesResponse* response) override {
    return gate_->Run(context, request, response, this,
                      &FieldChangeService::Sources);
  }

 private:
  absl::StatusOr<v1::ListFieldChangesResponse> Changes(
      const rpc::Call& call, const v1::ListFieldChangesRequest& request);
  absl::StatusOr<v1::ListFieldSourcesResponse> Sources(
      const rpc::Call& call, const v1::ListFieldSourcesRequest& request);
  absl::Status CheckMayAudit(const rpc::Call& call,
                             const v1::ListFieldChangesRequest& request,
                             const std::string& id);

  rpc::Gate* const gate_;
  db::Pool* const pool_;
};

// See themes.proto.
class ThemeService final : public v1::ThemeService::CallbackService {
 public:
  ThemeService(rpc::Gate* gate, db::Pool* pool);

  grpc::ServerUnaryReactor* ListThemes(
      grpc::CallbackServerContext* context,
      const v1::ListThemesRequest* request,
      v1::ListThemesResponse* response) override {
    return gate_->Run(context, request, response, this, &ThemeService::List);
  }

 private:
  absl::StatusOr<v1::ListThemesResponse> List(
      const rpc::Call& call, const v1::ListThemesRequest& request);

  rpc::Gate* const gate_;
  db::Pool* const pool_;
};

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_SERVICE_H_
