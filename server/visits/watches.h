#ifndef LAGNET_SERVER_VISITS_WATCHES_H_
#define LAGNET_SERVER_VISITS_WATCHES_H_

#include <list>
#include <memory>
#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "lagnet/visits/v1/sign_ups.pb.h"
#include "lagnet/visits/v1/study_visits.pb.h"
#include "server/changes/tailer.h"
#include "server/db/pool.h"
#include "server/rpc/feed.h"

namespace lagnet::visits {

// The open watches of this server.
//
// A watch of sign-ups follows one visit's decisions, which are numbered by the
// visit's version without gaps: the change log only says that there are more,
// the decisions themselves are read in their order. Its resume token is a
// version. A watch of study visits carries states: the log says which visits
// changed, their present state is read. Its resume token is a place in the
// log. Either way a watch first joins and then reads, so that nothing falls
// between. Thread-safe.
class Watches {
 public:
  Watches(db::Pool* pool, const changes::Tailer* tailer);

  // Open a watch; block while the current state is read. Fail as the protos
  // say. `request` has been validated and authorised.
  absl::Status Open(const v1::WatchSignUpsRequest& request, absl::Time deadline,
                    std::shared_ptr<rpc::Feed<v1::WatchSignUpsResponse>> feed);
  absl::Status Open(
      const v1::WatchStudyVisitsRequest& request, absl::Time deadline,
      std::shared_ptr<rpc::Feed<v1::WatchStudyVisitsResponse>> feed);

  // The tailer's listener: sends what is new, and heartbeats that are due.
  absl::Status Hear(const changes::Stretch& stretch);

 private:
  struct SignUpWatch {
    std::shared_ptr<rpc::Feed<v1::WatchSignUpsResponse>> feed;
    std::string visit;
    uint64_t request_hash = 0;
    absl::Duration heartbeat;
    int64_t version = 0;  // Sent up to here.
    bool ready = false;   // The current state was sent.
    bool behind = true;   // There may be decisions above `version`.
    absl::Time sent_at;
  };
  struct VisitWatch {
    std::shared_ptr<rpc::Feed<v1::WatchStudyVisitsResponse>> feed;
    std::string network;  // Empty: any.
    std::string visit;    // Empty: any.
    uint64_t request_hash = 0;
    absl::Duration heartbeat;
    bool ready = false;
    std::set<std::string> changed;  // While not ready: to be sent then.
    absl::Time sent_at;
  };

  void MarkChanged(const changes::Stretch& stretch)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status SendDecisions();
  absl::Status SendVisits(const changes::Position& position);
  void SendHeartbeats(const changes::Position& position, absl::Time now);
  void DropEnded() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  db::Pool* const pool_;
  const changes::Tailer* const tailer_;
  absl::Mutex mutex_;
  std::list<std::shared_ptr<SignUpWatch>> sign_up_watches_
      ABSL_GUARDED_BY(mutex_);
  std::list<std::shared_ptr<VisitWatch>> visit_watches_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_WATCHES_H_
