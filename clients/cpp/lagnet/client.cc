#include "lagnet/client.h"

#include <algorithm>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "lagnet/retry.h"
#include "lagnet/status_macros.h"

namespace lagnet::client {
namespace {

constexpr char kRevision[] = "lagnet-revision";
// As long as a server takes that is restarted.
constexpr absl::Duration kReconnect = absl::Seconds(3);

template <typename... Stub>
StubSet<Stub...> MakeStubs(
    const std::shared_ptr<grpc::ChannelInterface>& channel,
    const StubSet<Stub...>*) {
  return {std::make_unique<Stub>(channel)...};
}

// Whether revision `a` is later than `b`. Revisions are numbers; whatever else
// a newer server sends is taken as it comes.
bool IsLater(const std::string& a, const std::string& b) {
  uint64_t x, y;
  return !absl::SimpleAtoi(a, &x) || !absl::SimpleAtoi(b, &y) || x > y;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Client>> Client::Connect(
    const ConnectOptions& options) {
  std::string key;
  if (!options.key_file.empty()) {
    ASSIGN_OR_RETURN(key, ReadKey(options.key_file));
  }
  ASSIGN_OR_RETURN(const auto channel, OpenChannel(options));
  return std::make_unique<Client>(channel, std::move(key), options.timeout);
}

Client::Client(const std::shared_ptr<grpc::ChannelInterface>& channel,
               std::string key, absl::Duration timeout)
    : key_(std::move(key)),
      timeout_(timeout),
      channel_(channel),
      stubs_(MakeStubs(channel, static_cast<const Stubs*>(nullptr))) {}

void Client::Prepare(grpc::ClientContext& context) {
  if (!key_.empty()) {
    context.AddMetadata("authorization", absl::StrCat("Bearer ", key_));
  }
  absl::MutexLock lock(&mutex_);
  if (!revision_.empty()) context.AddMetadata(kRevision, revision_);
}

absl::Status Client::Run(
    google::protobuf::Message& request,
    absl::FunctionRef<grpc::Status(grpc::ClientContext&)> attempt) {
  const absl::Time deadline = absl::Now() + timeout_;
  const std::string request_id = FillRequestIds(request);
  Backoff backoff;
  for (;;) {
    grpc::ClientContext context;
    Prepare(context);
    context.set_deadline(absl::ToChronoTime(deadline));
    absl::Status status = ToStatus(attempt(context));
    if (status.ok()) {
      RememberRevision(context);
      return status;
    }
    SetRequestId(request_id, status);
    const Error error = Decode(status);
    const bool is_cut =
        error.code == absl::StatusCode::kUnavailable && error.reason.empty();
    const std::optional<absl::Duration> delay =
        is_cut ? absl::ZeroDuration() : RetryDelay(error);
    if (!delay) return status;
    const absl::Duration pause = backoff.Next(*delay);
    if (absl::Now() + pause >= deadline) return status;
    absl::SleepFor(pause);
    // Not by sleeping alone: gRPC connects while somebody waits for it, and
    // otherwise looks every 5 s.
    const absl::Time give_up = std::min(absl::Now() + kReconnect, deadline);
    if (is_cut && !channel_->WaitForConnected(absl::ToChronoTime(give_up))) {
      return status;
    }
  }
}

void Client::RememberRevision(const grpc::ClientContext& context) {
  for (const auto* metadata : {&context.GetServerInitialMetadata(),
                               &context.GetServerTrailingMetadata()}) {
    const auto found = metadata->find(kRevision);
    if (found == metadata->end()) continue;
    const std::string revision(found->second.data(), found->second.size());
    absl::MutexLock lock(&mutex_);
    if (revision_.empty() || IsLater(revision, revision_)) {
      revision_ = revision;
    }
  }
}

}  // namespace lagnet::client
