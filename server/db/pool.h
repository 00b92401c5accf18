#ifndef LAGNET_SERVER_DB_POOL_H_
#define LAGNET_SERVER_DB_POOL_H_

#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/db/connection.h"

namespace lagnet::db {

// A bounded set of connections to one database. Thread-safe. A watchdog
// thread breaks a connection off whose transaction is past its deadline: a
// server that stopped answering must not hold a call for ever.
class Pool {
 public:
  // A borrowed connection; goes back when destroyed, or is thrown away if its
  // last transaction did not end in good order.
  class Lease {
   public:
    Lease(Pool* pool, std::unique_ptr<Connection> connection);
    Lease(Lease&&) = default;
    ~Lease();
    Connection& operator*() { return *connection_; }
    Connection* operator->() { return connection_.get(); }

   private:
    friend class Pool;
    Pool* pool_;
    std::unique_ptr<Connection> connection_;
  };

  // `dsn` as CompleteDsn() returns it. Connects when first needed.
  Pool(std::string dsn, int size);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // Waits for a free connection. Fails with UNAVAILABLE / OVERLOADED if none
  // is free by `deadline`, and UNAVAILABLE / DATABASE_UNAVAILABLE if the
  // database cannot be reached.
  absl::StatusOr<Lease> Borrow(absl::Time deadline);

  // From `time` on nothing runs any more: what does is cut off, and Borrow()
  // fails with UNAVAILABLE / STOPPING. So that the program can end in time.
  void StopAt(absl::Time time);

  int size() const { return size_; }
  // How many connections are lent out now.
  int in_use() const;

  // Cuts `connection` if it is not released within the deadline.
  void Guard(Connection* connection, absl::Time deadline);
  void Release(Connection* connection);

 private:
  absl::StatusOr<std::unique_ptr<Connection>> TakeOrConnect(
      absl::Time deadline);
  void Return(std::unique_ptr<Connection> connection);
  void Watch();
  bool IsStopped();

  const std::string dsn_;
  const int size_;
  mutable absl::Mutex mutex_;
  int lent_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::unique_ptr<Connection>> idle_ ABSL_GUARDED_BY(mutex_);

  absl::Mutex watch_mutex_;
  bool stopping_ ABSL_GUARDED_BY(watch_mutex_) = false;
  absl::Time stop_at_ ABSL_GUARDED_BY(watch_mutex_) = absl::InfiniteFuture();
  std::map<Connection*, absl::Time> guarded_ ABSL_GUARDED_BY(watch_mutex_);
  std::thread watchdog_;
};

}  // namespace lagnet::db

#endif  // LAGNET_SERVER_DB_POOL_H_
