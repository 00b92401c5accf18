#include "server/changes/tailer.h"

#include <utility>

#include "absl/time/clock.h"
#include "server/base/log.h"
#include "server/base/status_macros.h"
#include "server/db/transact.h"

namespace lagnet::changes {
namespace {

constexpr int kStretch = 1000;

}  // namespace

Tailer::Tailer(db::Pool* pool, absl::Duration poll)
    : pool_(pool), poll_(poll) {}

Tailer::~Tailer() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

absl::Status Tailer::Prepare() {
  Position start;
  const auto prepare = [&](db::Tx& tx) -> absl::Status {
    history_ = CurrentHistory(tx);
    start = Horizon(tx);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(
      db::Transact(*pool_, absl::Now() + kReadTime,
                   absl::FunctionRef<absl::Status(db::Tx&)>(prepare)));
  absl::MutexLock lock(&mutex_);
  position_ = start;
  return absl::OkStatus();
}

void Tailer::Listen(Listener listener) {
  listeners_.push_back(std::move(listener));
}

void Tailer::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Tailer::Wake() {
  absl::MutexLock lock(&mutex_);
  woken_ = true;
}

Position Tailer::position() const {
  absl::MutexLock lock(&mutex_);
  return position_;
}

absl::Duration Tailer::lag() const {
  absl::MutexLock lock(&mutex_);
  return absl::Now() - complete_at_;
}

void Tailer::Run() {
  const auto is_due = [this] {
    mutex_.AssertReaderHeld();
    return woken_ || stopping_;
  };
  for (;;) {
    while (Tick()) {
    }
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&is_due), poll_);
    woken_ = false;
    if (stopping_) return;
  }
}

bool Tailer::Tick() {
  const absl::Time now = absl::Now();
  const auto read = [&](db::Tx& tx) -> absl::StatusOr<Stretch> {
    return ReadLog(tx, position(), kStretch, Parts::kLeaveOut);
  };
  const absl::StatusOr<Stretch> stretch = db::Transact(
      *pool_, now + kReadTime, read, db::InDoubt::kReport, db::Plans::kOnce);
  if (!stretch.ok()) {
    Log(Severity::kWarning, "change_log_unreadable")
        .With("error", std::string(stretch.status().message()));
    return false;
  }
  for (const Listener& listener : listeners_) {
    if (const absl::Status status = listener(*stretch); !status.ok()) {
      Log(Severity::kWarning, "change_log_listener_failed")
          .With("error", std::string(status.message()));
      return false;
    }
  }
  absl::MutexLock lock(&mutex_);
  position_ = stretch->end;
  if (stretch->is_last && !stretch->is_held) complete_at_ = now;
  return !stretch->is_last && !stopping_;
}

}  // namespace lagnet::changes
