#ifndef LAGNET_SERVER_DIRECTORY_TERRITORY_SERVICE_H_
#define LAGNET_SERVER_DIRECTORY_TERRITORY_SERVICE_H_

#include "lagnet/directory/v1/territories.grpc.pb.h"
#include "server/rpc/gate.h"

namespace lagnet::directory {

// See territories.proto. Answers from the catalogue, which never changes, on
// gRPC's own threads. Thread-safe.
class TerritoryService final : public v1::TerritoryService::CallbackService {
 public:
  explicit TerritoryService(rpc::Gate* gate);

  grpc::ServerUnaryReactor* GetTerritory(grpc::CallbackServerContext* context,
                                         const v1::GetTerritoryRequest* request,
                                         v1::Territory* response) override {
    return gate_->RunAtOnce(context, request, response, this,
                            &TerritoryService::Get);
  }
  grpc::ServerUnaryReactor* ListTerritories(
      grpc::CallbackServerContext* context,
      const v1::ListTerritoriesRequest* request,
      v1::ListTerritoriesResponse* response) override {
    return gate_->RunAtOnce(context, request, response, this,
                            &TerritoryService::List);
  }
  grpc::ServerUnaryReactor* ListNeighbouringTerritories(
      grpc::CallbackServerContext* context,
      const v1::ListNeighbouringTerritoriesRequest* request,
      v1::ListNeighbouringTerritoriesResponse* response) override {
    return gate_->RunAtOnce(context, request, response, this,
                            &TerritoryService::ListNeighbouring);
  }
  grpc::ServerUnaryReactor* ListNearbyTerritories(
      grpc::CallbackServerContext* context,
      const v1::ListNearbyTerritoriesRequest* request,
      v1::ListNearbyTerritoriesResponse* response) override {
    return gate_->RunAtOnce(context, request, response, this,
                            &TerritoryService::ListNearby);
  }
  grpc::ServerUnaryReactor* LocateTerritories(
      grpc::CallbackServerContext* context,
      const v1::LocateTerritoriesRequest* request,
      v1::LocateTerritoriesResponse* response) override {
    return gate_->RunAtOnce(context, request, response, this,
                            &TerritoryService::Locate);
  }
  grpc::ServerUnaryReactor* GetOutlines(
      grpc::CallbackServerContext* context,
      const v1::GetOutlinesRequest* request,
      v1::GetOutlinesResponse* response) override {
    return gate_->RunAtOnce(context, request, response, this,
                            &TerritoryService::ListOutlines);
  }

 private:
  absl::StatusOr<v1::Territory> Get(const rpc::Call& call,
                                    const v1::GetTerritoryRequest& request);
  absl::StatusOr<v1::ListTerritoriesResponse> List(
      const rpc::Call& call, const v1::ListTerritoriesRequest& request);
  absl::StatusOr<v1::ListNeighbouringTerritoriesResponse> ListNeighbouring(
      const rpc::Call& call,
      const v1::ListNeighbouringTerritoriesRequest& request);
  absl::StatusOr<v1::ListNearbyTerritoriesResponse> ListNearby(
      const rpc::Call& call, const v1::ListNearbyTerritoriesRequest& request);
  absl::StatusOr<v1::LocateTerritoriesResponse> Locate(
      const rpc::Call& call, const v1::LocateTerritoriesRequest& request);
  absl::StatusOr<v1::GetOutlinesResponse> ListOutlines(
      const rpc::Call& call, const v1::GetOutlinesRequest& request);

  rpc::Gate* const gate_;
};

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_TERRITORY_SERVICE_H_
