#include "server/rpc/gate.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/base/error.h"
#include "server/base/id.h"
#include "server/base/log.h"
#include "server/base/status_macros.h"
#include "server/base/work.h"
#include "server/rpc/fingerprint.h"
#include "server/rpc/peer.h"
#include "server/rpc/status.h"
#include "server/rpc/validate.h"

namespace lagnet::rpc {
namespace {

constexpr absl::Duration kLongestCall = absl::Seconds(30);
constexpr absl::Duration kRecheckTime = absl::Seconds(1);

absl::Status Overloaded() {
  return Error(absl::StatusCode::kUnavailable, "OVERLOADED",
               "the server has more calls than it can answer")
      .RetryAfter(absl::Seconds(1));
}

// Runs what a handler may throw from: a bug in one call must not end others.
template <typename Body>
absl::Status Guarded(Body body) {
  try {
    return body();
  } catch (const std::exception& e) {
    return absl::InternalError(absl::StrCat("thrown: ", e.what()));
  }
}

}  // namespace

Gate::Gate(Options options, Workers* workers, Metrics* metrics,
           Authenticator authenticator, Replays replays)
    : options_(options),
      workers_(workers),
      metrics_(metrics),
      authenticator_(std::move(authenticator)),
      limiter_(options.calls_per_second, options.burst),
      authority_(std::move(replays)) {}

void Gate::RegisterService(const google::protobuf::ServiceDescriptor& service) {
  names_.push_back(service.full_name());
  for (int i = 0; i < service.method_count(); ++i) {
    const auto* method = service.method(i);
    Method described = DescribeMethod(*method);
    Metrics::OfMethod counted = metrics_->Of(described.name);
    methods_.emplace(method->input_type(),
                     Known{std::move(described), std::move(counted)});
    old_names_.Learn(method->input_type());
  }
}

bool Gate::Parse(const grpc::ByteBuffer& bytes, Message* message) {
  grpc::Slice slice;
  if (!bytes.TrySingleSlice(&slice).ok() &&
      !bytes.DumpToSingleSlice(&slice).ok()) {
    return false;
  }
  return message->ParseFromArray(slice.begin(), static_cast<int>(slice.size()));
}

void Gate::PutBytes(std::string bytes, grpc::ByteBuffer* answer) {
  auto* const kept = new std::string(std::move(bytes));
  const auto forget = [](void* text) {
    delete static_cast<std::string*>(text);
  };
  const grpc::Slice slice(kept->data(), kept->size(), forget, kept);
  *answer = grpc::ByteBuffer(&slice, 1);
}

grpc::ServerUnaryReactor* Gate::RefuseBytes(
    grpc::CallbackServerContext* context) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  reactor->Finish({grpc::StatusCode::INTERNAL, "the bytes are no message"});
  return reactor;
}

grpc::ServerUnaryReactor* Gate::Start(grpc::CallbackServerContext* context,
                                      const Message& sent,
                                      std::shared_ptr<const Message> request,
                                      Fast fast, Body body) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  const std::shared_ptr<Ticket> ticket = Open(*context, sent);
  const Finish finish = [=, this](absl::Status status) {
    // A method that throws may have answered before.
    if (ticket->finished.exchange(true)) return;
    reactor->Finish(Close(*ticket, status));
  };
  if (absl::Status status = Enter(*ticket, sent); !status.ok()) {
    finish(std::move(status));
    return reactor;
  }
  ticket->call.sent = &sent;
  const std::optional<absl::Status> decided =
      authority_.CheckFromMemory(*ticket->method, ticket->call, *request);
  if (decided && !decided->ok()) {
    finish(*decided);
    return reactor;
  }
  if (decided && fast) {
    bool taken = true;
    const absl::Status status = Guarded([&] {
      taken = fast(ticket->call, finish);
      return absl::OkStatus();
    });
    if (!status.ok()) finish(status);
    if (taken) return reactor;
  }
  const bool queued = workers_->Submit([=, this] {
    CountStatements(*ticket);
    absl::Status status;
    if (absl::Now() > ticket->call.deadline || ticket->context->IsCancelled()) {
      status = Overloaded();
    } else if (!decided) {
      status = Guarded([&] {
        return authority_.Check(*ticket->method, ticket->call, *request);
      });
    }
    if (status.ok()) {
      status = Guarded([&] {
        body(ticket->call, finish);
        return absl::OkStatus();
      });
    }
    if (!status.ok()) finish(status);
  });
  if (!queued) finish(Overloaded());
  return reactor;
}

void Gate::StartStream(Stream stream,
                       std::function<absl::Status(const Call&)> body) {
  // The feed keeps itself alive until gRPC is done, which is not before End().
  AnyFeed* const feed = stream.feed.lock().get();
  if (++open_streams_ > options_.max_streams) return feed->End(Overloaded());
  Ticket& ticket = *stream.ticket;
  if (absl::Status status = Enter(ticket, *stream.request); !status.ok()) {
    return feed->End(std::move(status));
  }
  const bool queued = workers_->Submit([=, this, body = std::move(body)] {
    Ticket& ticket = *stream.ticket;
    absl::Status status = Guarded([&]() -> absl::Status {
      RETURN_IF_ERROR(authority_.Check(*ticket.method, ticket.call,
                                       *Current(stream.request.get())));
      // Before anything is sent: a right that ends from here on is noticed.
      Remember(stream);
      return body(ticket.call);
    });
    if (!status.ok()) feed->End(std::move(status));
  });
  if (!queued) feed->End(Overloaded());
}

std::shared_ptr<Gate::Ticket> Gate::Open(grpc::CallbackServerContext& context,
                                         const Message& request) {
  const auto found = methods_.find(request.GetDescriptor());
  if (found == methods_.end()) {
    std::fprintf(stderr, "no service with %s was registered at the gate\n",
                 request.GetTypeName().c_str());
    std::abort();
  }
  auto ticket = std::make_shared<Ticket>();
  ticket->method = &found->second.method;
  ticket->counted = &found->second.counted;
  ticket->context = &context;
  ticket->call.now = absl::Now();
  ticket->call.id = PassingId();
  ticket->call.deadline = std::min(absl::FromChrono(context.deadline()),
                                   ticket->call.now + kLongestCall);
  ticket->call.revision = RevisionOf(context);
  ticket->trace = TraceOf(context);
  CountStatements(*ticket);
  return ticket;
}

void Gate::CountStatements(Ticket& ticket) {
  ticket.thread = std::this_thread::get_id();
  ticket.statements_before = StatementsOfThisThread();
}

absl::Status Gate::Enter(Ticket& ticket, const Message& request) {
  Call& call = ticket.call;
  ticket.credentials = CredentialsOf(*ticket.context);
  absl::StatusOr<Caller> caller = Identify(ticket.credentials, call.now);
  // Who guesses keys is limited like the public.
  RETURN_IF_ERROR(limiter_.Take(caller.ok() && caller->identified()
                                    ? caller->identity
                                    : AddressOf(*ticket.context),
                                call.now));
  ASSIGN_OR_RETURN(call.caller, std::move(caller));
  RETURN_IF_ERROR(Validate(request));
  FillRequestKey(ticket, request);
  return absl::OkStatus();
}

absl::StatusOr<Caller> Gate::Identify(const Credentials& credentials,
                                      absl::Time now) {
  if (credentials.token.empty() && credentials.certificate.empty()) {
    return Caller{};
  }
  return authenticator_(credentials, now);
}

void Gate::FillRequestKey(Ticket& ticket, const Message& request) {
  RequestKey& key = ticket.call.request;
  key.caller = ticket.call.caller.identity;
  key.method = ticket.method->name;
  if (ticket.method->request_id == nullptr) return;
  key.request_id =
      request.GetReflection()->GetString(request, ticket.method->request_id);
  key.fingerprint = FingerprintOf(request);
}

std::string Gate::FingerprintOf(const Message& request) const {
  // A form that found no connection is sent again from another network.
  return Fingerprint(request, {"request_id", "browser_network"},
                     options_.fingerprint_key);
}

grpc::Status Gate::Close(Ticket& ticket, const absl::Status& status) {
  const absl::Duration took = absl::Now() - ticket.call.now;
  const absl::Duration retry = RetryDelayOf(status);
  if (retry > absl::ZeroDuration()) {
    // gRPC's own retry policy honours this one.
    ticket.context->AddTrailingMetadata(
        "grpc-retry-pushback-ms",
        absl::StrCat(absl::ToInt64Milliseconds(retry)));
  }
  ticket.context->AddTrailingMetadata("lagnet-call-id", ticket.call.id);
  if (status.ok() && !ticket.method->reads_only) {
    ticket.context->AddTrailingMetadata("lagnet-revision",
                                        absl::StrCat(RevisionOfThisThread()));
  }
  LogCall(ticket, status, took);
  metrics_->Count(*ticket.counted, status.code(), ReasonOf(status), took);
  return ToGrpc(status, ticket.call.id);
}

void Gate::LogCall(const Ticket& ticket, const absl::Status& status,
                   absl::Duration took) {
  const bool ours = absl::IsInternal(status) || absl::IsUnknown(status) ||
                    absl::IsDataLoss(status);
  const int statements =
      ticket.thread == std::this_thread::get_id()
          ? StatementsOfThisThread() - ticket.statements_before
          : StatementsOfBatch();
  Log line(ours ? Severity::kError : Severity::kInfo, "call");
  line.With("method", ticket.method->name)
      .With("caller", ticket.call.caller.identity)
      .With("code", absl::StatusCodeToString(status.code()))
      .With("reason", ReasonOf(status))
      .With("milliseconds", absl::ToDoubleMilliseconds(took))
      .With("statements", statements)
      .With("callId", ticket.call.id);
  // What an auditor reads is itself audited.
  if (ticket.call.role == Role::AUDITOR) {
    line.With("role", "AUDITOR").With("resource", ticket.call.resource);
  }
  if (!ticket.trace.empty()) line.With("traceparent", ticket.trace);
  if (ours) line.With("error", std::string(status.message()));
}

void Gate::Remember(const Stream& stream) {
  absl::MutexLock lock(&streams_mutex_);
  if (ending_) {
    if (const auto alive = stream.feed.lock()) {
      alive->End(Error(absl::StatusCode::kUnavailable, "STOPPING",
                       "the server is stopping; another one takes over")
                     .RetryAfter(absl::Seconds(1)));
    }
    return;
  }
  // Twice as many as are open, so that forgetting the dead costs little.
  const int open = open_streams_;
  if (static_cast<int>(streams_.size()) > 2 * open + 64) {
    streams_.erase(
        std::remove_if(streams_.begin(), streams_.end(),
                       [](const auto& s) { return s.feed.expired(); }),
        streams_.end());
  }
  streams_.push_back(stream);
}

void Gate::RecheckStreams() {
  std::vector<Stream> streams;
  {
    absl::MutexLock lock(&streams_mutex_);
    streams = streams_;
  }
  for (const Stream& stream : streams) {
    const auto feed = stream.feed.lock();
    const Ticket& ticket = *stream.ticket;
    if (feed == nullptr || ticket.method->is_public) continue;
    const absl::Status status = Guarded([&]() -> absl::Status {
      Call call = ticket.call;
      call.now = absl::Now();
      call.deadline = call.now + kRecheckTime;
      ASSIGN_OR_RETURN(call.caller, Identify(ticket.credentials, call.now));
      // Merged meanwhile, maybe: what it was opened for has another name now.
      return authority_.Check(*ticket.method, call,
                              *Current(stream.request.get()));
    });
    // What cannot be asked now is asked the next time.
    if (absl::IsUnauthenticated(status) || absl::IsPermissionDenied(status) ||
        absl::IsNotFound(status)) {
      feed->End(status);
    }
  }
}

void Gate::EndStreams(const absl::Status& status) {
  std::vector<Stream> streams;
  {
    absl::MutexLock lock(&streams_mutex_);
    ending_ = true;
    streams.swap(streams_);
  }
  for (const Stream& stream : streams) {
    if (const auto alive = stream.feed.lock()) alive->End(status);
  }
}

}  // namespace lagnet::rpc
