#include "lagnet/client.h"

#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "lagnet/retry.h"
#include "lagnet/status_macros.h"

namespace lagnet::client {
namespace {

constexpr char kRevision[] = "lagnet-revision";

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
    const std::optional<absl::Duration> delay = RetryDelay(Decode(status));
    if (!delay) return status;
    const absl::Duration pause = backoff.Next(*delay);
    if (absl::Now() + pause >= deadline) return status;
    absl::SleepFor(pause);
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
