#ifndef LAGNET_SERVER_VISITS_DESK_H_
#define LAGNET_SERVER_VISITS_DESK_H_

#include <functional>
#include <memory>
#include <vector>

#include "server/db/pool.h"
#include "server/privacy/vault.h"
#include "server/visits/batch_store.h"

namespace lagnet::visits {

// Gives out the seats: group commit, locks first. All wishes that have come in
// while the last batch was being committed make the next batch: it locks their
// visits in order, brings its plans up to date, decides one wish after the
// other in memory, looks up which of those that it refuses are repeats, writes
// all with a handful of statements, commits once, and answers each. On one hot
// visit this is many times faster than a transaction each, which would queue
// for the row's lock.
//
// Correct with any number of servers: the row's lock orders them, and a plan
// that is not the row's version is brought up to date. A batch that fails is
// run again wish by wish, by the same code. Thread-safe.
class Desk {
 public:
  struct Options {
    int max_batch = 512;
    int max_queue = 4096;
    int max_plans = 2000;  // Kept in memory, for each thread.
    int threads = 2;
    bool sends_mail = false;          // Members of parties are written to.
    std::function<void()> on_commit;  // Wakes who follows the change log.
  };

  Desk(Options options, db::Pool* pool, const privacy::Vault* vault);
  ~Desk();  // Answers what is queued, then joins.
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  // Takes a wish, or answers UNAVAILABLE / OVERLOADED at once.
  void Submit(Wish wish);

  int queued() const;

 private:
  // A thread with its visits: a visit is always at the same counter, so that
  // its plan is in one place and needs no lock.
  class Counter;

  const Options options_;
  const privacy::Vault* const vault_;
  std::vector<std::unique_ptr<Counter>> counters_;
};

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_DESK_H_
