#ifndef LAGNET_SERVER_RPC_GATE_H_
#define LAGNET_SERVER_RPC_GATE_H_

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/grpcpp.h"
#include "server/rpc/authority.h"
#include "server/rpc/caller.h"
#include "server/rpc/feed.h"
#include "server/rpc/limiter.h"
#include "server/rpc/method.h"
#include "server/rpc/metrics.h"
#include "server/rpc/old_names.h"
#include "server/rpc/workers.h"

namespace lagnet::rpc {

// What a client shows to prove who it is.
struct Credentials {
  std::string token;  // After "Bearer ".
  // PEM, verified when the connection was made: the client's certificate, and
  // what lies between it and its authority.
  std::string certificate;
  std::string chain;
  // The names in it that count: of hosts, in small letters, and URIs.
  std::vector<std::string> certificate_names;
};

// Tells who calls, from memory: it must not block. Fails with UNAUTHENTICATED.
using Authenticator =
    std::function<absl::StatusOr<Caller>(const Credentials&, absl::Time now)>;

// What every call passes through, in this order: identify, limit, validate
// the fields, put names that stay in place of old ones, authorise, run, mask,
// log. gRPC's C++ server interceptors cannot
// refuse a call (grpc/grpc#24017), so this is a wrapper and not an
// interceptor. Thread-safe once all Register… calls are made.
class Gate {
 public:
  struct Options {
    double calls_per_second = 500;  // For each caller; 0 means no limit.
    double burst = 1000;
    int max_streams = 10'000;
    int stream_queue = 256;  // Responses that a slow reader may lag behind.
    std::string fingerprint_key;  // At most 64 bytes. See FingerprintOf().
  };

  Gate(Options options, Workers* workers, Metrics* metrics,
       Authenticator authenticator, Replays replays = {});

  // Takes up the methods of a service; every service must be registered.
  void RegisterService(const google::protobuf::ServiceDescriptor& service);

  void RegisterOwner(const std::string& collections, OwnerResolver resolver) {
    authority_.RegisterOwner(collections, std::move(resolver));
  }

  // Whose old names are answered for. Before any RegisterService().
  void RegisterOldNames(OldNames::Source source) {
    old_names_.SetSource(std::move(source));
  }

  // Runs a unary method on a worker thread, where it may block.
  template <typename Service, typename Request, typename Response>
  grpc::ServerUnaryReactor* Run(grpc::CallbackServerContext* context,
                                const Request* request, Response* response,
                                Service* service,
                                absl::StatusOr<Response> (Service::*method)(
                                    const Call&, const Request&)) {
    const auto current = Current(request);
    return Start(context, *request, current, /*fast=*/nullptr,
                 [=](const Call& call, const Finish& finish) {
                   finish(Put((service->*method)(call, *current), response));
                 });
  }

  // Runs a unary method on gRPC's own thread if `fast` can answer from memory,
  // without blocking: it appends the answer's wire form. It returns nothing if
  // it cannot, and then `method` runs as by Run(). The service takes the method
  // raw (WithRawCallbackMethod_…).
  template <typename Service, typename Request, typename Response>
  grpc::ServerUnaryReactor* RunFromMemory(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* sent,
      grpc::ByteBuffer* answer, Service* service,
      std::optional<absl::Status> (Service::*fast)(const Call&, const Request&,
                                                   std::string*),
      absl::StatusOr<Response> (Service::*method)(const Call&,
                                                  const Request&)) {
    const auto request = std::make_shared<Request>();
    if (!Parse(*sent, request.get())) return RefuseBytes(context);
    const auto current = Current(request.get());
    return Start(
        context, *request, current,
        [=](const Call& call, const Finish& finish) {
          std::string bytes;
          const auto status = (service->*fast)(call, *current, &bytes);
          if (!status) return false;
          PutBytes(std::move(bytes), answer);
          finish(*status);
          return true;
        },
        // Holds the request, too, which gRPC does not.
        [=, request = request](const Call& call, const Finish& finish) {
          auto result = (service->*method)(call, *current);
          if (result.ok()) PutBytes(result->SerializeAsString(), answer);
          finish(result.status());
        });
  }

  // Runs a unary method that never blocks on gRPC's own thread.
  template <typename Service, typename Request, typename Response>
  grpc::ServerUnaryReactor* RunAtOnce(
      grpc::CallbackServerContext* context, const Request* request,
      Response* response, Service* service,
      absl::StatusOr<Response> (Service::*method)(const Call&,
                                                  const Request&)) {
    const auto current = Current(request);
    const auto run = [=](const Call& call, const Finish& finish) {
      finish(Put((service->*method)(call, *current), response));
      return true;
    };
    return Start(context, *request, current, run, run);
  }

  // Runs a unary method that never blocks and answers later, from any thread,
  // by calling `done` once.
  template <typename Service, typename Request, typename Response>
  grpc::ServerUnaryReactor* RunLater(
      grpc::CallbackServerContext* context, const Request* request,
      Response* response, Service* service,
      void (Service::*method)(const Call&, const Request&,
                              std::function<void(absl::StatusOr<Response>)>)) {
    const auto current = Current(request);
    const auto run = [=](const Call& call, const Finish& finish) {
      (service->*method)(call, *current, [=](absl::StatusOr<Response> result) {
        finish(Put(std::move(result), response));
      });
      return true;
    };
    return Start(context, *request, current, run, run);
  }

  // Opens a stream. The method runs once on a worker thread, may block, and
  // leaves the feed to whoever will push; a status that is not OK ends it.
  template <typename Service, typename Request, typename Response>
  grpc::ServerWriteReactor<Response>* RunStream(
      grpc::CallbackServerContext* context, const Request* request,
      Service* service,
      absl::Status (Service::*method)(const Call&, const Request&,
                                      std::shared_ptr<Feed<Response>>)) {
    std::shared_ptr<Ticket> ticket = Open(*context, *request);
    // gRPC's own copy goes when the client leaves, also before we begin.
    const auto copy = std::make_shared<const Request>(*request);
    auto feed = Feed<Response>::Make(options_.stream_queue,
                                     [=, this](const absl::Status& status) {
                                       --open_streams_;
                                       return Close(*ticket, status);
                                     });
    StartStream({feed, ticket, copy}, [=, this](const Call& call) {
      return (service->*method)(call, *Current(copy.get()), feed);
    });
    return feed.get();
  }

  // What handlers ask whose declaration cannot say all.
  const Authority& authority() const { return authority_; }

  // By what a repeat of a request is known.
  std::string FingerprintOf(const google::protobuf::Message& request) const;

  // Ends the streams of those who may not have them any more: their key was
  // revoked, a role taken or at its end. May block.
  void RecheckStreams();

  // Ends every open stream; new ones are refused.
  void EndStreams(const absl::Status& status);

  int open_streams() const { return open_streams_; }

  // The registered services: "lagnet.visits.v1.SignUpService".
  const std::vector<std::string>& service_names() const { return names_; }

 private:
  struct Known {
    Method method;
    Metrics::OfMethod counted;
  };

  // One call on its way through.
  struct Ticket {
    const Method* method;
    const Metrics::OfMethod* counted;
    grpc::CallbackServerContext* context;
    Credentials credentials;
    Call call;
    std::string trace;  // W3C traceparent, if the client sent one.
    std::atomic<bool> finished{false};
    // Whose statements are this call's, and how many it had run before.
    std::thread::id thread;
    int statements_before = 0;
  };
  using Finish = std::function<void(absl::Status)>;
  // Answers on gRPC's thread; returns whether it took the call.
  using Fast = std::function<bool(const Call&, const Finish&)>;
  using Body = std::function<void(const Call&, const Finish&)>;
  using Message = google::protobuf::Message;

  struct Stream {
    std::weak_ptr<AnyFeed> feed;
    std::shared_ptr<Ticket> ticket;
    std::shared_ptr<const Message> request;  // As it was sent.
  };

  // The request with names that stay in place of old ones; mostly the very one
  // that was sent, which belongs to gRPC.
  template <typename Request>
  std::shared_ptr<const Request> Current(const Request* sent) const {
    if (std::unique_ptr<Message> copy = old_names_.Replace(*sent)) {
      return std::shared_ptr<const Request>(
          static_cast<const Request*>(copy.release()));
    }
    return {std::shared_ptr<const void>(), sent};
  }

  template <typename Response>
  static absl::Status Put(absl::StatusOr<Response> result, Response* response) {
    if (!result.ok()) return result.status();
    *response = *std::move(result);
    return absl::OkStatus();
  }

  static bool Parse(const grpc::ByteBuffer& bytes, Message* message);
  static void PutBytes(std::string bytes, grpc::ByteBuffer* answer);
  // As gRPC itself answers what is no message.
  static grpc::ServerUnaryReactor* RefuseBytes(
      grpc::CallbackServerContext* context);

  // `sent` is what a repeat is known by, `request` what is to be done.
  grpc::ServerUnaryReactor* Start(grpc::CallbackServerContext* context,
                                  const Message& sent,
                                  std::shared_ptr<const Message> request,
                                  Fast fast, Body body);
  void StartStream(Stream stream,
                   std::function<absl::Status(const Call&)> body);

  std::shared_ptr<Ticket> Open(grpc::CallbackServerContext& context,
                               const Message& request);
  // Identifies, limits, validates: all from memory.
  absl::Status Enter(Ticket& ticket, const Message& request);
  absl::StatusOr<Caller> Identify(const Credentials& credentials,
                                  absl::Time now);
  void FillRequestKey(Ticket& ticket, const Message& request);
  // The statements that this thread runs from now on are the call's.
  static void CountStatements(Ticket& ticket);
  // Masks, logs and counts; the status for the client.
  grpc::Status Close(Ticket& ticket, const absl::Status& status);
  void LogCall(const Ticket& ticket, const absl::Status& status,
               absl::Duration took);
  void Remember(const Stream& stream);

  const Options options_;
  Workers* const workers_;
  Metrics* const metrics_;
  const Authenticator authenticator_;
  Limiter limiter_;
  Authority authority_;
  OldNames old_names_;
  absl::flat_hash_map<const google::protobuf::Descriptor*, Known> methods_;
  std::vector<std::string> names_;
  std::atomic<int> open_streams_{0};
  absl::Mutex streams_mutex_;
  bool ending_ ABSL_GUARDED_BY(streams_mutex_) = false;
  std::vector<Stream> streams_ ABSL_GUARDED_BY(streams_mutex_);
};

}  // namespace lagnet::rpc

#endif  // LAGNET_SERVER_RPC_GATE_H_
