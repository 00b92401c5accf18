#include "server/db/pool.h"

#include <algorithm>
#include <pqxx/except>
#include <utility>

#include "absl/time/clock.h"
#include "server/base/error.h"
#include "server/base/log.h"
#include "server/base/status_macros.h"

namespace lagnet::db {
namespace {

// How late the watchdog may be: PostgreSQL's own time-out answers first.
constexpr absl::Duration kGrace = absl::Milliseconds(500);
constexpr absl::Duration kTick = absl::Milliseconds(100);

}  // namespace

Pool::Lease::Lease(Pool* pool, std::unique_ptr<Connection> connection)
    : pool_(pool), connection_(std::move(connection)) {}

Pool::Lease::~Lease() {
  if (connection_ != nullptr) pool_->Return(std::move(connection_));
}

Pool::Pool(std::string dsn, int size)
    : dsn_(std::move(dsn)), size_(size), watchdog_([this] { Watch(); }) {}

Pool::~Pool() {
  {
    absl::MutexLock lock(&watch_mutex_);
    stopping_ = true;
  }
  watchdog_.join();
}

int Pool::in_use() const {
  absl::MutexLock lock(&mutex_);
  return lent_;
}

absl::StatusOr<Pool::Lease> Pool::Borrow(absl::Time deadline) {
  if (IsStopped()) {
    return Error(absl::StatusCode::kUnavailable, "STOPPING",
                 "the server is stopping")
        .RetryAfter(absl::Seconds(1));
  }
  const auto is_free = [this] {
    mutex_.AssertReaderHeld();
    return lent_ < size_;
  };
  {
    absl::MutexLock lock(&mutex_);
    if (!mutex_.AwaitWithDeadline(absl::Condition(&is_free), deadline)) {
      return Error(absl::StatusCode::kUnavailable, "OVERLOADED",
                   "the server is busy")
          .RetryAfter(absl::Seconds(1));
    }
    ++lent_;
  }
  absl::StatusOr<std::unique_ptr<Connection>> connection =
      TakeOrConnect(deadline);
  if (!connection.ok()) {
    absl::MutexLock lock(&mutex_);
    --lent_;
    return connection.status();
  }
  return Lease(this, *std::move(connection));
}

absl::StatusOr<std::unique_ptr<Connection>> Pool::TakeOrConnect(
    absl::Time deadline) {
  {
    absl::MutexLock lock(&mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<Connection> connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  // A database that restarts or fails over is away for a moment.
  const absl::Time give_up = std::min(deadline, absl::Now() + absl::Seconds(2));
  for (;;) {
    try {
      return std::make_unique<Connection>(dsn_);
    } catch (const std::exception&) {
      // The text may name the host and the user; it helps nobody outside.
      if (absl::Now() + absl::Milliseconds(100) > give_up) {
        return Error(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE",
                     "the database cannot be reached")
            .RetryAfter(absl::Seconds(2));
      }
    }
    absl::SleepFor(absl::Milliseconds(100));
  }
}

void Pool::Return(std::unique_ptr<Connection> connection) {
  std::vector<std::unique_ptr<Connection>> dead;  // Closed outside the lock.
  absl::MutexLock lock(&mutex_);
  --lent_;
  if (connection->usable()) {
    idle_.push_back(std::move(connection));
  } else {
    // The others were opened to the same server and are likely dead too.
    dead.swap(idle_);
    dead.push_back(std::move(connection));
  }
}

void Pool::Guard(Connection* connection, absl::Time deadline) {
  absl::MutexLock lock(&watch_mutex_);
  guarded_[connection] = std::min(deadline + kGrace, stop_at_);
}

void Pool::StopAt(absl::Time time) {
  absl::MutexLock lock(&watch_mutex_);
  stop_at_ = time;
  for (auto& [connection, deadline] : guarded_) {
    deadline = std::min(deadline, time);
  }
}

bool Pool::IsStopped() {
  absl::MutexLock lock(&watch_mutex_);
  return absl::Now() >= stop_at_;
}

void Pool::Release(Connection* connection) {
  absl::MutexLock lock(&watch_mutex_);
  guarded_.erase(connection);
}

void Pool::Watch() {
  absl::MutexLock lock(&watch_mutex_);
  while (!watch_mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kTick)) {
    const absl::Time now = absl::Now();
    for (auto it = guarded_.begin(); it != guarded_.end();) {
      if (it->second > now) {
        ++it;
        continue;
      }
      Log(Severity::kWarning, "database_connection_cut");
      it->first->Cut();
      it = guarded_.erase(it);
    }
  }
}

}  // namespace lagnet::db
