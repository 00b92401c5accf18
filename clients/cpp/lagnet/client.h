#ifndef LAGNET_CLIENT_CLIENT_H_
#define LAGNET_CLIENT_CLIENT_H_

#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "lagnet/connect.h"
#include "lagnet/error.h"
#include "lagnet/services.h"

namespace lagnet::client {

// Calls a lagnet server.
//
//   ASSIGN_OR_RETURN(const auto client, Client::Connect({.key_file = file}));
//   visits::v1::GetStudyVisitRequest request;
//   request.set_name("studyVisits/kazbegi-latvia");
//   absl::StatusOr<visits::v1::StudyVisit> visit =
//       client->Call(&Visits::GetStudyVisit, request);
//
// Thread-safe; many calls share one connection. Watch() is in watch.h.
class Client {
 public:
  // Fails as OpenChannel() and ReadKey() do, not if the server is down.
  static absl::StatusOr<std::unique_ptr<Client>> Connect(
      const ConnectOptions& options);

  // Calls over `channel` with the API key `key`, which may be empty.
  Client(const std::shared_ptr<grpc::ChannelInterface>& channel,
         std::string key, absl::Duration timeout = absl::Seconds(30));

  // Calls a method and waits for its answer, at most the client's timeout.
  //
  // An empty `request_id` is filled in, so that the call is repeated safely:
  // with pauses, as long as the time allows, after UNAVAILABLE, ABORTED and
  // RESOURCE_EXHAUSTED with a RetryInfo, after COMMIT_IN_DOUBT, and when the
  // connection was cut and comes back within 3 s, as when the server is
  // restarted. Failures are decoded with Decode().
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(UnaryMethod<Stub, Request, Response> method,
                                std::type_identity_t<Request> request) {
    Response response;
    const absl::Status status = Run(request, [&](grpc::ClientContext& context) {
      response.Clear();
      return (stub<Stub>().*method)(&context, request, &response);
    });
    if (!status.ok()) return status;
    return response;
  }

  // Calls a List method page by page until there is no more or `on_page`
  // returns false. `request` may set `page_size` and `page_token`.
  template <typename Stub, typename Request, typename Response>
  absl::Status ForEachPage(
      UnaryMethod<Stub, Request, Response> method,
      std::type_identity_t<Request> request,
      absl::FunctionRef<bool(const std::type_identity_t<Response>&)> on_page) {
    for (;;) {
      const absl::StatusOr<Response> page = Call(method, request);
      if (!page.ok()) return page.status();
      if (!on_page(*page) || page->next_page_token().empty()) {
        return absl::OkStatus();
      }
      if (page->next_page_token() == request.page_token()) {
        return absl::InternalError("the server repeats a page for ever");
      }
      request.set_page_token(page->next_page_token());
    }
  }

  // Calls a List method until there is no more and returns all of it as one
  // response.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> ListAll(UnaryMethod<Stub, Request, Response> method,
                                   std::type_identity_t<Request> request) {
    if (request.page_size() == 0) request.set_page_size(200);
    Response all;
    const absl::Status status =
        ForEachPage(method, std::move(request), [&](const Response& page) {
          all.clear_next_page_token();
          all.MergeFrom(page);
          return true;
        });
    if (!status.ok()) return status;
    return all;
  }

  // For calls made without Call(): the stub, and what identifies the caller.
  template <typename Stub>
  Stub& stub() {
    return *std::get<std::unique_ptr<Stub>>(stubs_);
  }
  void Prepare(grpc::ClientContext& context) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  absl::Status Run(
      google::protobuf::Message& request,
      absl::FunctionRef<grpc::Status(grpc::ClientContext&)> attempt);
  void RememberRevision(const grpc::ClientContext& context)
      ABSL_LOCKS_EXCLUDED(mutex_);

  const std::string key_;
  const absl::Duration timeout_;
  const std::shared_ptr<grpc::ChannelInterface> channel_;
  Stubs stubs_;
  absl::Mutex mutex_;
  // Sent with each call, so that a read from whichever server sees what this
  // client wrote.
  std::string revision_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lagnet::client

#endif  // LAGNET_CLIENT_CLIENT_H_
