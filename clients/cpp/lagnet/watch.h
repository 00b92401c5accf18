#ifndef LAGNET_CLIENT_WATCH_H_
#define LAGNET_CLIENT_WATCH_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <type_traits>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "lagnet/client.h"
#include "lagnet/retry.h"

namespace lagnet::client {

// How a watch behaves when something happens to it. All callbacks run on the
// thread that watches.
struct WatchOptions {
  // Ends the watch, from any thread.
  std::stop_token stop;

  // The stream broke off for this reason and is taken up again after the
  // pause. Returns whether to go on; without it the watch always does.
  std::function<bool(const absl::Status&, absl::Duration)> on_interruption;

  // What was delivered so far no longer counts: the current state follows
  // from its beginning. Happens when the stream broke off before the state
  // was complete, and when the server was restored or upgraded.
  std::function<void()> on_restart;
};

// One try of a watch: its context, which ends when `stop` asks for it or when
// the server has been silent for too long.
class WatchAttempt {
 public:
  WatchAttempt(Client& client, std::stop_token stop, absl::Duration patience);
  ~WatchAttempt();

  grpc::ClientContext* context();

  // From now on the server has `patience` to say something; or as long as it
  // takes, while the caller is busy.
  void Listen();
  void Rest();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The longest silence between two responses that is not a broken connection,
// for a heartbeat as asked for in the request (0: the server's 30 seconds).
absl::Duration WatchPatience(absl::Duration heartbeat);

// Whether a watch that ended like this goes on by calling again.
bool WatchResumes(const absl::Status& status);

// Waits; returns false at once if `stop` was requested.
bool SleepUnlessStopped(absl::Duration pause, const std::stop_token& stop);

// Whether a response repeats a decision that came before; `version` is the
// last one's and is moved on. Responses without a version never do.
template <typename Response>
bool IsRepeat(const Response& response, bool part_of_state, int64_t& version) {
  if constexpr (requires { response.version(); }) {
    if (response.version() == 0 || response.sign_ups().empty()) return false;
    if (!part_of_state && response.version() <= version) return true;
    version = std::max<int64_t>(version, response.version());
  }
  return false;
}

// Watches until `on_response` returns false or `stop` is requested (OK), or
// until the server refuses the watch (its error). Blocks.
//
//   Watch(client, &SignUps::WatchSignUps, request,
//         [](const visits::v1::WatchSignUpsResponse& r) { …; return true; });
//
// First comes the current state, the last response of it with `caught_up`,
// then each change. A stream that is cut, overrun or silent is taken up again
// with the last resume token: nothing is missed, and no decision on sign-ups
// comes twice. Heartbeats (responses without content) are delivered too.
template <typename Stub, typename Request, typename Response>
absl::Status Watch(
    Client& client, StreamMethod<Stub, Request, Response> method,
    std::type_identity_t<Request> request,
    absl::FunctionRef<bool(const std::type_identity_t<Response>&)> on_response,
    const WatchOptions& options = {}) {
  const absl::Duration patience =
      WatchPatience(absl::Seconds(request.heartbeat_interval().seconds()));
  Backoff backoff;
  bool caught_up = !request.resume_token().empty();
  bool delivered = false;
  int64_t version = 0;
  for (;;) {
    WatchAttempt attempt(client, options.stop, patience);
    auto reader = (client.stub<Stub>().*method)(attempt.context(), request);
    Response response;
    for (;;) {
      attempt.Listen();
      if (!reader->Read(&response)) break;
      attempt.Rest();
      backoff.Reset();
      const bool part_of_state = !caught_up;
      caught_up = caught_up || response.caught_up();
      // Within the state a token would skip the rest of it.
      if (caught_up && !response.resume_token().empty()) {
        request.set_resume_token(response.resume_token());
      }
      if (IsRepeat(response, part_of_state, version)) continue;
      delivered = true;
      if (on_response(response)) continue;
      attempt.context()->TryCancel();
      reader->Finish();
      return absl::OkStatus();
    }
    const absl::Status status = ToStatus(reader->Finish());
    attempt.Rest();
    if (options.stop.stop_requested()) return absl::OkStatus();
    const Error error = Decode(status);
    const bool expired = error.reason == "RESUME_TOKEN_EXPIRED";
    if (!expired && !WatchResumes(status)) return status;
    if (expired || !caught_up) {
      request.clear_resume_token();
      caught_up = false;
      version = 0;
      if (delivered && options.on_restart) options.on_restart();
      delivered = false;
    }
    const absl::Duration pause =
        backoff.Next(error.retry_delay.value_or(absl::ZeroDuration()));
    if (options.on_interruption && !options.on_interruption(status, pause)) {
      return status;
    }
    if (!SleepUnlessStopped(pause, options.stop)) return absl::OkStatus();
  }
}

}  // namespace lagnet::client

#endif  // LAGNET_CLIENT_WATCH_H_
