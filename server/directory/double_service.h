#ifndef LAGNET_SERVER_DIRECTORY_DOUBLE_SERVICE_H_
#define LAGNET_SERVER_DIRECTORY_DOUBLE_SERVICE_H_

#include <functional>
#include <string>
#include <vector>

#include "lagnet/directory/v1/doubles.grpc.pb.h"
#include "server/db/pool.h"
#include "server/db/tx.h"
#include "server/directory/merge_store.h"
#include "server/rpc/gate.h"

namespace lagnet::directory {

// See doubles.proto. Thread-safe.
class DoubleService final : public v1::DoubleService::CallbackService {
 public:
  // Told after a merge, with both ids, so that this server knows the old name
  // at once.
  using OnMerge =
      std::function<void(const std::string& goes, const std::string& stays)>;

  // `movers` answer for whatever refers to organisations, in every slice.
  DoubleService(rpc::Gate* gate, db::Pool* pool, std::vector<Mover> movers,
                OnMerge on_merge);

  grpc::ServerUnaryReactor* FindLikelyDoubles(
      grpc::CallbackServerContext* context,
      const v1::FindLikelyDoublesRequest* request,
      v1::FindLikelyDoublesResponse* response) override {
    return gate_->Run(context, request, response, this, &DoubleService::Find);
  }
  grpc::ServerUnaryReactor* ListLikelyDoubles(
      grpc::CallbackServerContext* context,
      const v1::ListLikelyDoublesRequest* request,
      v1::ListLikelyDoublesResponse* response) override {
    return gate_->Run(context, request, response, this, &DoubleService::List);
  }
  grpc::ServerUnaryReactor* DismissLikelyDouble(
      grpc::CallbackServerContext* context,
      const v1::DismissLikelyDoubleRequest* request,
      v1::DismissLikelyDoubleResponse* response) override {
    return gate_->Run(context, request, response, this,
                      &DoubleService::Dismiss);
  }
  grpc::ServerUnaryReactor* MergeOrganizations(
      grpc::CallbackServerContext* context,
      const v1::MergeOrganizationsRequest* request,
      v1::MergeOrganizationsResponse* response) override {
    return gate_->Run(context, request, response, this,
                      &DoubleService::MergeTwo);
  }

 private:
  absl::StatusOr<v1::FindLikelyDoublesResponse> Find(
      const rpc::Call& call, const v1::FindLikelyDoublesRequest& request);
  absl::StatusOr<v1::ListLikelyDoublesResponse> List(
      const rpc::Call& call, const v1::ListLikelyDoublesRequest& request);
  absl::StatusOr<v1::DismissLikelyDoubleResponse> Dismiss(
      const rpc::Call& call, const v1::DismissLikelyDoubleRequest& request);
  // merge_service.cc
  absl::StatusOr<v1::MergeOrganizationsResponse> MergeTwo(
      const rpc::Call& call, const v1::MergeOrganizationsRequest& request);

  // Moves all that refers to the entry that goes, and writes both. Conflicts
  // are in the result: then it has to be rolled back.
  absl::StatusOr<Merge> MergeNow(db::Tx& tx, const Move& move,
                                 const v1::MergeOrganizationsRequest& request);
  absl::StatusOr<Merge> MoveAll(db::Tx& tx, const Move& move);

  rpc::Gate* const gate_;
  db::Pool* const pool_;
  const std::vector<Mover> movers_;
  const OnMerge on_merge_;
};

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_DOUBLE_SERVICE_H_
