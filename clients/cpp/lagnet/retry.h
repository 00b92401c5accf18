#ifndef LAGNET_CLIENT_RETRY_H_
#define LAGNET_CLIENT_RETRY_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "lagnet/error.h"

namespace lagnet::client {

// What is sent to gRPC as its service config: calls that end in UNAVAILABLE
// are tried four times, or as the server's `grpc-retry-pushback-ms` says. So
// are those that end in CANCELLED without being cancelled here: a server that
// stops says so to calls that it has not begun (grpc/grpc#41785).
extern const char kServiceConfig[];

// Growing, jittered pauses between tries. Not thread-safe.
class Backoff {
 public:
  explicit Backoff(absl::Duration first = absl::Milliseconds(100),
                   absl::Duration longest = absl::Seconds(10))
      : first_(first), longest_(longest), next_(first) {}

  // The next pause, on top of `least`.
  absl::Duration Next(absl::Duration least = absl::ZeroDuration());

  // Starts from the first pause again.
  void Reset() { next_ = first_; }

 private:
  const absl::Duration first_;
  const absl::Duration longest_;
  absl::Duration next_;
};

// How long to wait at least before the same request, with the same request
// id, is sent again: after COMMIT_IN_DOUBT, and where the server says with
// RetryInfo that trying again helps. Nothing: the error stands.
std::optional<absl::Duration> RetryDelay(const Error& error);

// Gives a fresh UUID to every `request_id` that is empty, in the request and
// in the items of a batch. Returns the request's own, or "" if it has none.
std::string FillRequestIds(google::protobuf::Message& request);

}  // namespace lagnet::client

#endif  // LAGNET_CLIENT_RETRY_H_
