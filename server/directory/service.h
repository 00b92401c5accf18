#ifndef LAGNET_SERVER_DIRECTORY_SERVICE_H_
#define LAGNET_SERVER_DIRECTORY_SERVICE_H_

#include "lagnet/directory/v1/networks.grpc.pb.h"
#include "lagnet/directory/v1/organizations.grpc.pb.h"
#include "lagnet/directory/v1/themes.grpc.pb.h"
#include "server/db/pool.h"
#include "server/directory/owners.h"
#include "server/rpc/gate.h"

namespace lagnet::directory {

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
  grpc::ServerUnaryReactor* ArchiveOrganization(
      grpc::CallbackServerContext* context,
      const v1::ArchiveOrganizationRequest* request,
      v1::Organization* response) override {
    return gate_->Run(context, request, response, this,
                      &OrganizationService::Archive);
  }

 private:
  absl::StatusOr<v1::Organization> Get(
      const rpc::Call& call, const v1::GetOrganizationRequest& request);
  absl::StatusOr<v1::ListOrganizationsResponse> List(
      const rpc::Call& call, const v1::ListOrganizationsRequest& request);
  absl::StatusOr<v1::Organization> Create(
      const rpc::Call& call, const v1::CreateOrganizationRequest& request);
  absl::StatusOr<v1::Organization> Update(
      const rpc::Call& call, const v1::UpdateOrganizationRequest& request);
  absl::StatusOr<v1::Organization> Archive(
      const rpc::Call& call, const v1::ArchiveOrganizationRequest& request);

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
