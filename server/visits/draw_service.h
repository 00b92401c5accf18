#ifndef LAGNET_SERVER_VISITS_DRAW_SERVICE_H_
#define LAGNET_SERVER_VISITS_DRAW_SERVICE_H_

#include <string>

#include "absl/status/statusor.h"
#include "lagnet/visits/v1/draws.grpc.pb.h"
#include "server/db/pool.h"
#include "server/privacy/vault.h"
#include "server/rpc/gate.h"

namespace lagnet::visits {

// See draws.proto. The solver is a program beside this one, and runs while no
// row is locked.
class DrawService final : public v1::DrawService::CallbackService {
 public:
  // `solver`: the path of lagnet-solver.
  DrawService(rpc::Gate* gate, db::Pool* pool, const privacy::Vault* vault,
              std::string solver);

  grpc::ServerUnaryReactor* CommitDrawSeed(
      grpc::CallbackServerContext* context,
      const v1::CommitDrawSeedRequest* request,
      v1::SeatDraw* response) override {
    return gate_->Run(context, request, response, this, &DrawService::Commit);
  }
  grpc::ServerUnaryReactor* CloseDraw(grpc::CallbackServerContext* context,
                                      const v1::CloseDrawRequest* request,
                                      v1::SeatDraw* response) override {
    return gate_->Run(context, request, response, this, &DrawService::Close);
  }
  grpc::ServerUnaryReactor* OpenDrawSeed(grpc::CallbackServerContext* context,
                                         const v1::OpenDrawSeedRequest* request,
                                         v1::SeatDraw* response) override {
    return gate_->Run(context, request, response, this, &DrawService::Open);
  }
  grpc::ServerUnaryReactor* RestartDraw(grpc::CallbackServerContext* context,
                                        const v1::RestartDrawRequest* request,
                                        v1::SeatDraw* response) override {
    return gate_->Run(context, request, response, this, &DrawService::Restart);
  }
  grpc::ServerUnaryReactor* GetDraw(grpc::CallbackServerContext* context,
                                    const v1::GetDrawRequest* request,
                                    v1::SeatDraw* response) override {
    return gate_->Run(context, request, response, this, &DrawService::Get);
  }
  grpc::ServerUnaryReactor* GetDrawOpening(
      grpc::CallbackServerContext* context,
      const v1::GetDrawOpeningRequest* request,
      v1::GetDrawOpeningResponse* response) override {
    return gate_->Run(context, request, response, this,
                      &DrawService::GetOpening);
  }
  grpc::ServerUnaryReactor* GetDrawDossier(
      grpc::CallbackServerContext* context,
      const v1::GetDrawDossierRequest* request,
      v1::GetDrawDossierResponse* response) override {
    return gate_->Run(context, request, response, this,
                      &DrawService::GetDossier);
  }

 private:
  absl::StatusOr<v1::SeatDraw> Commit(const rpc::Call& call,
                                      const v1::CommitDrawSeedRequest& request);
  absl::StatusOr<v1::SeatDraw> Close(const rpc::Call& call,
                                     const v1::CloseDrawRequest& request);
  absl::StatusOr<v1::SeatDraw> Open(const rpc::Call& call,
                                    const v1::OpenDrawSeedRequest& request);
  absl::StatusOr<v1::SeatDraw> Restart(const rpc::Call& call,
                                       const v1::RestartDrawRequest& request);
  absl::StatusOr<v1::SeatDraw> Get(const rpc::Call& call,
                                   const v1::GetDrawRequest& request);
  absl::StatusOr<v1::GetDrawOpeningResponse> GetOpening(
      const rpc::Call& call, const v1::GetDrawOpeningRequest& request);
  absl::StatusOr<v1::GetDrawDossierResponse> GetDossier(
      const rpc::Call& call, const v1::GetDrawDossierRequest& request);

  rpc::Gate* const gate_;
  db::Pool* const pool_;
  const privacy::Vault* const vault_;
  const std::string solver_;
};

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_DRAW_SERVICE_H_
