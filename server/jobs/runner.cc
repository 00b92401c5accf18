#include "server/jobs/runner.h"

#include <utility>

#include "absl/time/clock.h"
#include "server/base/log.h"
#include "server/db/transact.h"

namespace lagnet::jobs {
namespace {

constexpr absl::Duration kTick = absl::Seconds(1);
constexpr absl::Duration kLongestRun = absl::Seconds(30);

constexpr db::Statement kTryLead{"jobs.try_lead", R"sql(
  SELECT pg_try_advisory_xact_lock(hashtext('lagnet.jobs'), hashtext($1))
           AS leads
)sql"};

// Not in the statement that takes the lock: that one cannot see what was
// committed while it waited for its turn.
constexpr db::Statement kIsDue{"jobs.is_due", R"sql(
  SELECT NOT EXISTS (
           SELECT FROM jobs.run
            WHERE name = $1
              AND done_time > now() - $2 * interval '1 second') AS due
)sql"};

constexpr db::Statement kNoteRun{"jobs.note_run", R"sql(
  INSERT INTO jobs.run (name, done_time) VALUES ($1, now())
  ON CONFLICT (name) DO UPDATE SET done_time = excluded.done_time
)sql"};

}  // namespace

Runner::Runner(db::Pool* pool, std::vector<Job> jobs)
    : pool_(pool),
      jobs_(std::move(jobs)),
      due_(jobs_.size(), absl::Now() + kTick),
      thread_([this] { Run(); }) {}

Runner::~Runner() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void Runner::Run() {
  for (;;) {
    {
      absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kTick)) return;
    }
    RunDue(absl::Now());
  }
}

void Runner::RunDue(absl::Time now) {
  for (size_t i = 0; i < jobs_.size(); ++i) {
    if (due_[i] > now) continue;
    int done = 0;
    const absl::Status status = RunOnce(jobs_[i], done);
    if (!status.ok()) {
      Log(Severity::kWarning, "job_failed")
          .With("job", jobs_[i].name)
          .With("error", std::string(status.message()));
    } else if (done > 0) {
      Log(Severity::kInfo, "job").With("job", jobs_[i].name).With("done", done);
    }
    // Small pieces: what is left is done at the next tick.
    due_[i] = done > 0 ? now : now + jobs_[i].every;
  }
}

absl::Status Runner::RunOnce(const Job& job, int& done) {
  const auto run = [&](db::Tx& tx) -> absl::Status {
    done = 0;
    const double half = absl::ToDoubleSeconds(job.every) / 2;
    if (!tx.Run(kTryLead, job.name)[0].Get<bool>("leads") ||
        !tx.Run(kIsDue, job.name, half)[0].Get<bool>("due")) {
      return absl::OkStatus();
    }
    done = job.run(tx);
    if (done == 0) tx.Run(kNoteRun, job.name);
    return absl::OkStatus();
  };
  return db::Transact(*pool_, absl::Now() + kLongestRun,
                      absl::FunctionRef<absl::Status(db::Tx&)>(run));
}

}  // namespace lagnet::jobs
