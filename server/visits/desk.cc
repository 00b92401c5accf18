#include "server/visits/desk.h"

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/hash/hash.h"
#include "absl/strings/ascii.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "server/base/error.h"
#include "server/base/failpoint.h"
#include "server/base/work.h"
#include "server/db/transact.h"
#include "server/rpc/workers.h"
#include "server/visits/traits_store.h"

namespace lagnet::visits {
namespace {

constexpr absl::Duration kBatchTime = absl::Seconds(10);
// After a repeated call was found only when its request id was stored.
constexpr absl::Duration kCareful = absl::Seconds(10);
constexpr size_t kGoodBatch = 128;  // So many are taken at once.
constexpr int kBatchesToTell = 2;   // Above that, answering slows deciding.

absl::Status TooManySignUps() {
  return Error(absl::StatusCode::kUnavailable, "OVERLOADED",
               "the server has more sign-ups than it can decide")
      .RetryAfter(absl::Seconds(1));
}

// By what a repeated wish is known.
std::pair<std::string, std::string> IdOf(const Wish& wish) {
  return {wish.request.caller, absl::AsciiStrToLower(wish.request.request_id)};
}

}  // namespace

class Desk::Counter {
 public:
  Counter(const Options& options, db::Pool* pool, const privacy::Vault* vault)
      : options_(options),
        pool_(pool),
        vault_(vault),
        postman_(1, kBatchesToTell),
        thread_([this] { Run(); }) {}

  ~Counter() {
    {
      absl::MutexLock lock(&mutex_);
      stopping_ = true;
    }
    thread_.join();
  }

  bool HasRoom() const {
    absl::MutexLock lock(&mutex_);
    return CanTake();
  }

  bool Submit(Wish& wish) {
    absl::MutexLock lock(&mutex_);
    if (!CanTake()) return false;
    queue_.push_back(std::move(wish));
    return true;
  }

  int queued() const {
    absl::MutexLock lock(&mutex_);
    return static_cast<int>(queue_.size());
  }

 private:
  bool CanTake() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return !stopping_ && static_cast<int>(queue_.size()) < options_.max_queue;
  }
  void Run();
  std::vector<Wish> Take();
  void Serve(std::vector<Wish> wishes);
  absl::StatusOr<BatchResult> Try(const std::vector<Wish>& wishes);
  void Keep(std::map<std::string, KnownPlan> plans);
  void Tell(std::vector<Wish> wishes,
            std::vector<absl::StatusOr<SignUp>> answers);

  const Options& options_;
  db::Pool* const pool_;
  const privacy::Vault* const vault_;

  // Only the thread touches these.
  std::map<std::string, KnownPlan> plans_;
  absl::Time careful_until_ = absl::InfinitePast();
  rpc::Workers postman_;

  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::deque<Wish> queue_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

void Desk::Counter::Run() {
  for (;;) {
    std::vector<Wish> wishes = Take();
    if (wishes.empty()) return;
    Serve(std::move(wishes));
  }
}

// The next batch; empty when there will be none any more.
std::vector<Wish> Desk::Counter::Take() {
  const auto has_work = [this] {
    mutex_.AssertReaderHeld();
    return stopping_ || !queue_.empty();
  };
  std::vector<Wish> wishes;
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&has_work));
  // Of a longer queue the half, so that clients are busy with the answers of
  // one batch while the other is stored.
  const size_t count =
      std::min({std::max(kGoodBatch, queue_.size() / 2), queue_.size(),
                static_cast<size_t>(options_.max_batch)});
  wishes.reserve(count);
  absl::flat_hash_set<std::pair<std::string, std::string>> requests;
  while (wishes.size() < count &&
         requests.insert(IdOf(queue_.front())).second) {
    wishes.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return wishes;
}

void Desk::Counter::Serve(std::vector<Wish> wishes) {
  std::erase_if(wishes, [now = absl::Now()](const Wish& wish) {
    if (now <= wish.deadline) return false;
    wish.done(TooManySignUps());
    return true;
  });
  if (wishes.empty()) return;
  const int before = StatementsOfThisThread();
  absl::StatusOr<BatchResult> result = Try(wishes);
  NoteBatch(StatementsOfThisThread() - before);
  if (result.ok()) {
    Keep(std::move(result->plans));
    if (options_.on_commit) options_.on_commit();
    return Tell(std::move(wishes), std::move(result->answers));
  }
  const absl::Status& status = result.status();
  if (wishes.size() == 1 || absl::IsUnavailable(status) ||
      absl::IsDeadlineExceeded(status) || absl::IsUnknown(status)) {
    for (Wish& wish : wishes) wish.done(status);
    return;
  }
  // One wish may have spoilt it for all.
  for (Wish& wish : wishes) {
    std::vector<Wish> alone;
    alone.push_back(std::move(wish));
    Serve(std::move(alone));
  }
}

// The next batch need not wait until all have their answers.
void Desk::Counter::Tell(std::vector<Wish> wishes,
                         std::vector<absl::StatusOr<SignUp>> answers) {
  struct Mail {
    std::vector<Wish> wishes;
    std::vector<absl::StatusOr<SignUp>> answers;
  };
  const auto mail =
      std::make_shared<Mail>(Mail{std::move(wishes), std::move(answers)});
  const auto deliver = [mail, statements = StatementsOfBatch(),
                        revision = RevisionOfThisThread()] {
    NoteBatch(statements);
    NoteRevision(revision);
    for (size_t i = 0; i < mail->wishes.size(); ++i) {
      mail->wishes[i].done(std::move(mail->answers[i]));
    }
  };
  if (!postman_.Submit(deliver)) deliver();
}

absl::StatusOr<BatchResult> Desk::Counter::Try(
    const std::vector<Wish>& wishes) {
  bool is_again = false;
  const auto body = [&](db::Tx& tx) -> absl::StatusOr<BatchResult> {
    // Another call was first, or it is not known whether this one was stored.
    if (is_again) careful_until_ = tx.now() + kCareful;
    is_again = true;
    BatchResult result = DecideBatch(
        tx, wishes, {vault_, options_.sends_mail, tx.now() < careful_until_},
        plans_);
    Failpoint("visits.before_commit");
    return result;
  };
  absl::StatusOr<BatchResult> result =
      db::Transact(*pool_, absl::Now() + kBatchTime, body,
                   db::InDoubt::kRunAgain, db::Plans::kOnce);
  Failpoint("visits.after_commit");
  return result;
}

void Desk::Counter::Keep(std::map<std::string, KnownPlan> plans) {
  // Dropping all is crude and rare: one server seldom has so many visits open.
  if (static_cast<int>(plans_.size()) > options_.max_plans) plans_.clear();
  plans_.merge(plans);
}

Desk::Desk(Options options, db::Pool* pool, const privacy::Vault* vault)
    : options_(std::move(options)), vault_(vault) {
  for (int i = 0; i < options_.threads; ++i) {
    counters_.push_back(std::make_unique<Counter>(options_, pool, vault));
  }
}

Desk::~Desk() = default;

void Desk::Submit(Wish wish) {
  Counter& counter =
      *counters_[absl::Hash<std::string>{}(wish.visit) % counters_.size()];
  if (!counter.HasRoom()) return wish.done(TooManySignUps());
  if (!wish.change) {
    const std::vector<Member>& members = wish.sign_up.members;
    wish.hashes = HashesOf(*vault_, wish.visit, members);
    if (!wish.validate_only) wish.sealed = vault_->Seal(PackMembers(members));
  }
  if (counter.Submit(wish)) return;
  wish.done(TooManySignUps());
}

int Desk::queued() const {
  int queued = 0;
  for (const auto& counter : counters_) queued += counter->queued();
  return queued;
}

}  // namespace lagnet::visits
