#ifndef LAGNET_SERVER_VISITS_PLACE_SERVICE_H_
#define LAGNET_SERVER_VISITS_PLACE_SERVICE_H_

#include "absl/status/statusor.h"
#include "lagnet/visits/v1/places.grpc.pb.h"
#include "server/db/pool.h"
#include "server/db/tx.h"
#include "server/privacy/vault.h"
#include "server/rpc/gate.h"
#include "server/visits/sign_up.h"

namespace lagnet::visits {

namespace v1 = ::lagnet::visits::v1;

// See places.proto.
class PlaceService final : public v1::PlaceService::CallbackService {
 public:
  PlaceService(rpc::Gate* gate, db::Pool* pool, const privacy::Vault* vault,
               bool sends_mail);

  grpc::ServerUnaryReactor* GetPlace(grpc::CallbackServerContext* context,
                                     const v1::GetPlaceRequest* request,
                                     v1::Place* response) override {
    return gate_->Run(context, request, response, this, &PlaceService::Get);
  }
  grpc::ServerUnaryReactor* FillPlace(grpc::CallbackServerContext* context,
                                      const v1::FillPlaceRequest* request,
                                      v1::Place* response) override {
    return gate_->Run(context, request, response, this, &PlaceService::Fill);
  }
  grpc::ServerUnaryReactor* LeavePlace(
      grpc::CallbackServerContext* context,
      const v1::LeavePlaceRequest* request,
      v1::LeavePlaceResponse* response) override {
    return gate_->Run(context, request, response, this, &PlaceService::Leave);
  }

 private:
  absl::StatusOr<v1::Place> Get(const rpc::Call& call,
                                const v1::GetPlaceRequest& request);
  absl::StatusOr<v1::Place> Fill(const rpc::Call& call,
                                 const v1::FillPlaceRequest& request);
  absl::StatusOr<v1::LeavePlaceResponse> Leave(
      const rpc::Call& call, const v1::LeavePlaceRequest& request);

  absl::StatusOr<v1::Place> Render(db::Tx& tx, const PlaceIds& ids) const;
  // Puts `person` in a place, or nobody.
  absl::Status Put(db::Tx& tx, const rpc::Call& call, const PlaceIds& ids,
                   SignUp sign_up, Member person) const;

  rpc::Gate* const gate_;
  db::Pool* const pool_;
  const privacy::Vault* const vault_;
  const bool sends_mail_;
};

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_PLACE_SERVICE_H_
