// Makes TSan see absl::Mutex and absl::Notification. Debian's Abseil is not
// instrumented, so that TSan knows nothing of who waits for whom, and whatever
// a mutex guards looks like a race. These definitions stand in front of the
// library's: they tell TSan and call the real ones. For preset tsan only.

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <typeinfo>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

extern "C" {
void __tsan_acquire(void* address);
void __tsan_release(void* address);
}

namespace {

// The library's own function: of a class, by the rest of its mangled name.
template <typename Function>
Function* Real(const std::type_info& of, const char* rest) {
  const std::string type = of.name();  // "N4absl7debian35MutexE"
  const bool is_const = rest[0] == 'K';
  const std::string name = (is_const ? "_ZNK" : "_ZN") +
                           type.substr(1, type.size() - 2) +
                           (is_const ? rest + 1 : rest);
  void* const found = dlsym(RTLD_NEXT, name.c_str());
  if (found == nullptr) {
    std::fprintf(stderr, "Abseil has no %s any more\n", name.c_str());
    std::abort();
  }
  return reinterpret_cast<Function*>(found);
}

// Abseil looks at a condition while it holds the mutex, on whichever thread.
struct Seen {
  const absl::Condition* condition;
  absl::Mutex* mutex;
};
bool Look(Seen* seen) {
  __tsan_acquire(seen->mutex);
  const bool is_true = seen->condition->Eval();
  __tsan_release(seen->mutex);
  return is_true;
}

}  // namespace

namespace absl {

void Mutex::Lock() {
  static auto* const real = Real<void(Mutex*)>(typeid(Mutex), "4LockEv");
  real(this);
  __tsan_acquire(this);
}

void Mutex::Unlock() {
  static auto* const real = Real<void(Mutex*)>(typeid(Mutex), "6UnlockEv");
  __tsan_release(this);
  real(this);
}

bool Mutex::TryLock() {
  static auto* const real = Real<bool(Mutex*)>(typeid(Mutex), "7TryLockEv");
  const bool locked = real(this);
  if (locked) __tsan_acquire(this);
  return locked;
}

void Mutex::ReaderLock() {
  static auto* const real = Real<void(Mutex*)>(typeid(Mutex), "10ReaderLockEv");
  real(this);
  __tsan_acquire(this);
}

void Mutex::ReaderUnlock() {
  static auto* const real =
      Real<void(Mutex*)>(typeid(Mutex), "12ReaderUnlockEv");
  __tsan_release(this);
  real(this);
}

bool Mutex::ReaderTryLock() {
  static auto* const real =
      Real<bool(Mutex*)>(typeid(Mutex), "13ReaderTryLockEv");
  const bool locked = real(this);
  if (locked) __tsan_acquire(this);
  return locked;
}

#if ABSL_LTS_RELEASE_VERSION >= 20230802

bool Mutex::AwaitCommon(const Condition& condition,
                        synchronization_internal::KernelTimeout timeout) {
  static auto* const real = Real<bool(Mutex*, const Condition&,
                                      synchronization_internal::KernelTimeout)>(
      typeid(Mutex),
      "11AwaitCommonERKNS0_9ConditionE"
      "NS0_24synchronization_internal13KernelTimeoutE");
  Seen seen{&condition, this};
  __tsan_release(this);
  const bool is_true = real(this, Condition(&Look, &seen), timeout);
  __tsan_acquire(this);
  return is_true;
}

// As the library had it: lock, then wait.
bool Mutex::LockWhenCommon(const Condition& condition,
                           synchronization_internal::KernelTimeout timeout,
                           bool write) {
  write ? Lock() : ReaderLock();
  return AwaitCommon(condition, timeout);
}

bool CondVar::WaitCommon(Mutex* mutex,
                         synchronization_internal::KernelTimeout timeout) {
  static auto* const real =
      Real<bool(CondVar*, Mutex*, synchronization_internal::KernelTimeout)>(
          typeid(CondVar),
          "10WaitCommonEPNS0_5MutexE"
          "NS0_24synchronization_internal13KernelTimeoutE");
  __tsan_release(mutex);
  const bool timed_out = real(this, mutex, timeout);
  __tsan_acquire(mutex);
  return timed_out;
}

#else  // The Abseil of Debian 12.

void Mutex::Await(const Condition& condition) {
  static auto* const real = Real<void(Mutex*, const Condition&)>(
      typeid(Mutex), "5AwaitERKNS0_9ConditionE");
  Seen seen{&condition, this};
  __tsan_release(this);
  real(this, Condition(&Look, &seen));
  __tsan_acquire(this);
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  static auto* const real = Real<bool(Mutex*, const Condition&, Duration)>(
      typeid(Mutex), "16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  Seen seen{&condition, this};
  __tsan_release(this);
  const bool is_true = real(this, Condition(&Look, &seen), timeout);
  __tsan_acquire(this);
  return is_true;
}

bool Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
  static auto* const real = Real<bool(Mutex*, const Condition&, Time)>(
      typeid(Mutex), "17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  Seen seen{&condition, this};
  __tsan_release(this);
  const bool is_true = real(this, Condition(&Look, &seen), deadline);
  __tsan_acquire(this);
  return is_true;
}

// As the library has it: lock, then wait.
void Mutex::LockWhen(const Condition& condition) {
  Lock();
  Await(condition);
}

bool Mutex::LockWhenWithTimeout(const Condition& condition, Duration timeout) {
  Lock();
  return AwaitWithTimeout(condition, timeout);
}

bool Mutex::LockWhenWithDeadline(const Condition& condition, Time deadline) {
  Lock();
  return AwaitWithDeadline(condition, deadline);
}

void Mutex::ReaderLockWhen(const Condition& condition) {
  ReaderLock();
  Await(condition);
}

void CondVar::Wait(Mutex* mutex) {
  static auto* const real =
      Real<void(CondVar*, Mutex*)>(typeid(CondVar), "4WaitEPNS0_5MutexE");
  __tsan_release(mutex);
  real(this, mutex);
  __tsan_acquire(mutex);
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  static auto* const real = Real<bool(CondVar*, Mutex*, Duration)>(
      typeid(CondVar), "15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
  __tsan_release(mutex);
  const bool timed_out = real(this, mutex, timeout);
  __tsan_acquire(mutex);
  return timed_out;
}

bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  static auto* const real = Real<bool(CondVar*, Mutex*, Time)>(
      typeid(CondVar), "16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE");
  __tsan_release(mutex);
  const bool timed_out = real(this, mutex, deadline);
  __tsan_acquire(mutex);
  return timed_out;
}

#endif

void Notification::Notify() {
  static auto* const real =
      Real<void(Notification*)>(typeid(Notification), "6NotifyEv");
  __tsan_release(this);
  real(this);
}

void Notification::WaitForNotification() const {
  static auto* const real = Real<void(const Notification*)>(
      typeid(Notification), "K19WaitForNotificationEv");
  real(this);
  __tsan_acquire(const_cast<Notification*>(this));
}

bool Notification::WaitForNotificationWithTimeout(Duration timeout) const {
  static auto* const real = Real<bool(const Notification*, Duration)>(
      typeid(Notification), "K30WaitForNotificationWithTimeoutENS0_8DurationE");
  const bool notified = real(this, timeout);
  if (notified) __tsan_acquire(const_cast<Notification*>(this));
  return notified;
}

}  // namespace absl
