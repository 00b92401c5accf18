#ifndef LAGNET_SERVER_CHANGES_SERVICE_H_
#define LAGNET_SERVER_CHANGES_SERVICE_H_

#include "lagnet/changes/v1/changes.grpc.pb.h"
#include "server/changes/tailer.h"
#include "server/db/pool.h"
#include "server/rpc/gate.h"

namespace lagnet::changes {

// See changes.proto. Thread-safe.
class ChangeService final : public v1::ChangeService::CallbackService {
 public:
  ChangeService(rpc::Gate* gate, db::Pool* pool, const Tailer* tailer);

  grpc::ServerUnaryReactor* ListChanges(
      grpc::CallbackServerContext* context,
      const v1::ListChangesRequest* request,
      v1::ListChangesResponse* response) override {
    return gate_->Run(context, request, response, this, &ChangeService::List);
  }

 private:
  absl::StatusOr<v1::ListChangesResponse> List(
      const rpc::Call& call, const v1::ListChangesRequest& request);

  rpc::Gate* const gate_;
  db::Pool* const pool_;
  const Tailer* const tailer_;
};

}  // namespace lagnet::changes

#endif  // LAGNET_SERVER_CHANGES_SERVICE_H_
