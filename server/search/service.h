#ifndef LAGNET_SERVER_SEARCH_SERVICE_H_
#define LAGNET_SERVER_SEARCH_SERVICE_H_

#include <optional>
#include <string>

#include "lagnet/search/v1/search.grpc.pb.h"
#include "server/rpc/gate.h"
#include "server/search/follower.h"

namespace lagnet::search {

// Answers come in wire form (see Gate::RunFromMemory).
using SearchServiceBase = v1::SearchService::WithRawCallbackMethod_Search<
    v1::SearchService::WithRawCallbackMethod_Suggest<
        v1::SearchService::CallbackService>>;

// See search.proto. Thread-safe.
class SearchService final : public SearchServiceBase {
 public:
  // `follower` has loaded.
  SearchService(rpc::Gate* gate, const Follower* follower);

  grpc::ServerUnaryReactor* Search(grpc::CallbackServerContext* context,
                                   const grpc::ByteBuffer* request,
                                   grpc::ByteBuffer* response) override {
    return gate_->RunFromMemory(context, request, response, this,
                                &SearchService::FindNow, &SearchService::Find);
  }
  grpc::ServerUnaryReactor* Suggest(grpc::CallbackServerContext* context,
                                    const grpc::ByteBuffer* request,
                                    grpc::ByteBuffer* response) override {
    return gate_->RunFromMemory(context, request, response, this,
                                &SearchService::CompleteNow,
                                &SearchService::Complete);
  }

 private:
  // At once; nothing if the index does not show yet what the caller has
  // written. Then the others wait for it on a worker.
  std::optional<absl::Status> FindNow(const rpc::Call& call,
                                      const v1::SearchRequest& request,
                                      std::string* answer);
  std::optional<absl::Status> CompleteNow(const rpc::Call& call,
                                          const v1::SuggestRequest& request,
                                          std::string* answer);
  absl::StatusOr<v1::SearchResponse> Find(const rpc::Call& call,
                                          const v1::SearchRequest& request);
  absl::StatusOr<v1::SuggestResponse> Complete(
      const rpc::Call& call, const v1::SuggestRequest& request);

  template <typename Request, typename Response>
  std::optional<absl::Status> AnswerNow(const rpc::Call& call,
                                        const Request& request,
                                        std::string* answer) const;
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
