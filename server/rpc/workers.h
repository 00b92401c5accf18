#ifndef LAGNET_SERVER_RPC_WORKERS_H_
#define LAGNET_SERVER_RPC_WORKERS_H_

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace lagnet::rpc {

// Threads for calls that wait for the database; gRPC's own threads are few and
// must never block (grpc/grpc#36609). The queue is bounded: who comes when it
// is full is sent away at once instead of waiting in vain. Thread-safe.
class Workers {
 public:
  Workers(int threads, int max_queue);
  ~Workers();  // Runs what is queued, then joins.
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // Whether the task was taken.
  bool Submit(std::function<void()> task);

  int queued() const;

 private:
  void Run();

  const size_t max_queue_;
  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::deque<std::function<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;
};

}  // namespace lagnet::rpc

#endif  // LAGNET_SERVER_RPC_WORKERS_H_
