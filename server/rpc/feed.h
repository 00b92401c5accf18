#ifndef LAGNET_SERVER_RPC_FEED_H_
#define LAGNET_SERVER_RPC_FEED_H_

#include <functional>
#include <list>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/support/server_callback.h"
#include "server/base/error.h"

namespace lagnet::rpc {

// What the gate needs to know of a stream, whatever it carries.
class AnyFeed {
 public:
  virtual ~AnyFeed() = default;
  // Ends the stream after the response that is being sent; what is queued
  // behind it is dropped. Thread-safe; the first call counts.
  virtual void End(absl::Status status) = 0;
};

// One open stream to one client: the producer pushes, gRPC drains. A client
// that reads slower than `max_queue` responses is cut off with ABORTED /
// SLOW_READER and comes back with its resume token: nothing is lost and
// nothing piles up. Thread-safe. Keeps itself alive until gRPC is done with
// it; whoever else holds it may push for ever without harm.
template <typename Response>
class Feed final : public grpc::ServerWriteReactor<Response>,
                   public AnyFeed,
                   public std::enable_shared_from_this<Feed<Response>> {
 public:
  // `close` makes the last status (and logs the call); runs once.
  using Close = std::function<grpc::Status(const absl::Status&)>;

  static std::shared_ptr<Feed> Make(int max_queue, Close close) {
    std::shared_ptr<Feed> feed(new Feed(max_queue, std::move(close)));
    feed->self_ = feed;
    return feed;
  }

  void Push(std::shared_ptr<const Response> response) {
    absl::MutexLock lock(&mutex_);
    if (ended_) return;
    if (static_cast<int>(queue_.size()) >= max_queue_) {
      return EndLocked(
          Error(absl::StatusCode::kAborted, "SLOW_READER",
                "the stream was read too slowly; go on with the last "
                "resume_token")
              .RetryAfter(absl::Milliseconds(100)));
    }
    queue_.push_back(std::move(response));
    if (queue_.size() == 1) this->StartWrite(queue_.front().get());
  }

  void End(absl::Status status) override {
    absl::MutexLock lock(&mutex_);
    EndLocked(std::move(status));
  }

  // Whether pushing is in vain.
  bool ended() const {
    absl::MutexLock lock(&mutex_);
    return ended_;
  }

  // How many responses can be pushed now without cutting the client off.
  int room() const {
    absl::MutexLock lock(&mutex_);
    return ended_ ? 0 : max_queue_ - static_cast<int>(queue_.size());
  }

 private:
  Feed(int max_queue, Close close)
      : max_queue_(max_queue), close_(std::move(close)) {}

  void OnWriteDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    queue_.pop_front();
    if (!ok) {
      queue_.clear();
      EndLocked(absl::CancelledError("the client is gone"));
    }
    if (!queue_.empty()) {
      this->StartWrite(queue_.front().get());
    } else if (ended_) {
      FinishLocked();
    }
  }

  void OnCancel() override { End(absl::CancelledError("the client left")); }

  void OnDone() override { self_.reset(); }

  // A write may be under way: its completion finishes the stream then. What
  // is queued behind it is dropped: the client resumes.
  void EndLocked(absl::Status status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (std::exchange(ended_, true)) return;
    status_ = std::move(status);
    if (queue_.empty()) {
      FinishLocked();
    } else {
      queue_.resize(1);
    }
  }

  void FinishLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (std::exchange(finished_, true)) return;
    this->Finish(close_(status_));
  }

  const int max_queue_;
  const Close close_;
  std::shared_ptr<Feed> self_;
  mutable absl::Mutex mutex_;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
  // The front is being written. A list, as most streams wait for something to
  // happen, and a deque takes 600 bytes for nothing.
  std::list<std::shared_ptr<const Response>> queue_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lagnet::rpc

#endif  // LAGNET_SERVER_RPC_FEED_H_
