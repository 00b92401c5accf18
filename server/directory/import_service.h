#ifndef LAGNET_SERVER_DIRECTORY_IMPORT_SERVICE_H_
#define LAGNET_SERVER_DIRECTORY_IMPORT_SERVICE_H_

#include "lagnet/directory/v1/imports.grpc.pb.h"
#include "server/db/pool.h"
#include "server/rpc/gate.h"

namespace lagnet::directory {

// See imports.proto. Thread-safe.
class ImportService final : public v1::ImportService::CallbackService {
 public:
  ImportService(rpc::Gate* gate, db::Pool* pool);

  grpc::ServerUnaryReactor* ImportOrganizations(
      grpc::CallbackServerContext* context,
      const v1::ImportOrganizationsRequest* request,
      v1::ImportOrganizationsResponse* response) override {
    return gate_->Run(context, request, response, this, &ImportService::Import);
  }

 private:
  absl::StatusOr<v1::ImportOrganizationsResponse> Import(
      const rpc::Call& call, const v1::ImportOrganizationsRequest& request);

  rpc::Gate* const gate_;
  db::Pool* const pool_;
};

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_IMPORT_SERVICE_H_
