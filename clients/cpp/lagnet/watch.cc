#include "lagnet/watch.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "absl/time/clock.h"

namespace lagnet::client {

// A thread of its own ends the call: a blocking Read() knows no deadline.
struct WatchAttempt::State {
  grpc::ClientContext context;
  absl::Mutex mutex;
  bool done ABSL_GUARDED_BY(mutex) = false;
  bool moved ABSL_GUARDED_BY(mutex) = false;
  absl::Time due ABSL_GUARDED_BY(mutex) = absl::InfiniteFuture();
  absl::Duration patience;
  std::optional<std::stop_callback<std::function<void()>>> on_stop;
  std::thread watchdog;

  void Set(absl::Time time) {
    absl::MutexLock lock(&mutex);
    due = time;
    moved = true;
  }

  void Guard() {
    absl::MutexLock lock(&mutex);
    while (!done) {
      const absl::Time until = due;
      moved = false;
      const bool woken = mutex.AwaitWithDeadline(
          absl::Condition(
              +[](State* state) ABSL_EXCLUSIVE_LOCKS_REQUIRED(state->mutex) {
                return state->done || state->moved;
              },
              this),
          until);
      if (!woken) {
        context.TryCancel();
        due = absl::InfiniteFuture();
      }
    }
  }
};

WatchAttempt::WatchAttempt(Client& client, std::stop_token stop,
                           absl::Duration patience)
    : state_(std::make_unique<State>()) {
  State* state = state_.get();
  client.Prepare(state->context);
  state->patience = patience;
  state->watchdog = std::thread([state] { state->Guard(); });
  state->on_stop.emplace(std::move(stop),
                         [state] { state->context.TryCancel(); });
}

WatchAttempt::~WatchAttempt() {
  state_->on_stop.reset();
  {
    absl::MutexLock lock(&state_->mutex);
    state_->done = true;
  }
  state_->watchdog.join();
}

grpc::ClientContext* WatchAttempt::context() { return &state_->context; }

void WatchAttempt::Listen() { state_->Set(absl::Now() + state_->patience); }

void WatchAttempt::Rest() { state_->Set(absl::InfiniteFuture()); }

absl::Duration WatchPatience(absl::Duration heartbeat) {
  if (heartbeat <= absl::ZeroDuration()) heartbeat = absl::Seconds(30);
  return 2 * heartbeat + absl::Seconds(10);
}

bool WatchResumes(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kUnimplemented:
    case absl::StatusCode::kAlreadyExists:
      return false;
    default:
      // Whatever else ends a stream, an orderly end included, is the server
      // or the way to it going away.
      return true;
  }
}

bool SleepUnlessStopped(absl::Duration pause, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any waker;
  std::unique_lock lock(mutex);
  waker.wait_for(lock, stop, absl::ToChronoMilliseconds(pause),
                 [] { return false; });
  return !stop.stop_requested();
}

}  // namespace lagnet::client
