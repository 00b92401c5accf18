#ifndef LAGNET_SERVER_MAIL_BOUNCE_SERVICE_H_
#define LAGNET_SERVER_MAIL_BOUNCE_SERVICE_H_

#include "absl/status/statusor.h"
#include "lagnet/mail/v1/bounces.grpc.pb.h"
#include "server/db/pool.h"
#include "server/privacy/vault.h"
#include "server/rpc/gate.h"

namespace lagnet::mail {

// See bounces.proto. Thread-safe.
class BounceService final : public v1::BounceService::CallbackService {
 public:
  BounceService(rpc::Gate* gate, db::Pool* pool, const privacy::Vault* vault);

  grpc::ServerUnaryReactor* ReportBounce(
      grpc::CallbackServerContext* context,
      const v1::ReportBounceRequest* request,
      v1::ReportBounceResponse* response) override {
    return gate_->Run(context, request, response, this, &BounceService::Report);
  }

 private:
  absl::StatusOr<v1::ReportBounceResponse> Report(
      const rpc::Call& call, const v1::ReportBounceRequest& request);

  rpc::Gate* const gate_;
  db::Pool* const pool_;
  const privacy::Vault* const vault_;
};

}  // namespace lagnet::mail

#endif  // LAGNET_SERVER_MAIL_BOUNCE_SERVICE_H_
