#ifndef LAGNET_SERVER_SEARCH_SERVICE_H_
#define LAGNET_SERVER_SEARCH_SERVICE_H_

#include <optional>

#include "lagnet/search/v1/search.grpc.pb.h"
#include "server/rpc/gate.h"
#include "server/search/follower.h"

namespace lagnet::search {

// See search.proto. Thread-safe.
class SearchService final : public v1::SearchService::CallbackService {
 public:
  // `follower` has loaded.
  SearchService(rpc::Gate* gate, const Follower* follower);

  grpc::ServerUnaryReactor* Search(grpc::CallbackServerContext* context,
                                   const v1::SearchRequest* request,
                                   v1::SearchResponse* response) override {
    return gate_->RunFromMemory(context, request, response, this,
                                &SearchService::FindNow, &SearchService::Find);
  }
  grpc::ServerUnaryReactor* Suggest(grpc::CallbackServerContext* context,
                                    const v1::SuggestRequest* request,
                                    v1::SuggestResponse* response) override {
    return gate_->RunFromMemory(context, request, response, this,
                                &SearchService::CompleteNow,
                                &SearchService::Complete);
  }

 private:
  // At once; nothing if the index does not show yet what the caller has
  // written. Then the others wait for it on a worker.
  std::optional<absl::Status> FindNow(const rpc::Call& call,
                                      const v1::SearchRequest& request,
                                      v1::SearchResponse* response);
  std::optional<absl::Status> CompleteNow(const rpc::Call& call,
                                          const v1::SuggestRequest& request,
                                          v1::SuggestResponse* response);
  absl::StatusOr<v1::SearchResponse> Find(const rpc::Call& call,
                                          const v1::SearchRequest& request);
  absl::StatusOr<v1::SuggestResponse> Complete(
      const rpc::Call& call, const v1::SuggestRequest& request);

  absl::Status Answer(const rpc::Call& call, const v1::SearchRequest& request,
                      v1::SearchResponse* response) const;
  absl::Status Answer(const rpc::Call& call, const v1::SuggestRequest& request,
                      v1::SuggestResponse* response) const;
  bool MaySee(const rpc::Call& call, const Document& document) const;

  rpc::Gate* const gate_;
  const Follower* const follower_;
};

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_SERVICE_H_
