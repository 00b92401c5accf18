#include "server/visits/watches.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/db/transact.h"
#include "server/rpc/page_token.h"
#include "server/rpc/types.h"
#include "server/visits/convert.h"
#include "server/visits/store.h"
#include "server/visits/watch_store.h"

namespace lagnet::visits {
namespace {

// So many decisions for each watch that is behind, and so many of these, at a
// time: one that is far behind keeps no other one waiting.
constexpr int kDecisionsAtOnce = 50;
constexpr size_t kBehindAtOnce = 100;
constexpr size_t kItemsInResponse = 200;
// For so long a watch of sign-ups may take nothing before it is cut off.
constexpr absl::Duration kLongestStall = absl::Seconds(30);

absl::StatusOr<absl::Duration> HeartbeatOf(
    const google::protobuf::Duration& interval) {
  const absl::Duration wanted =
      absl::Seconds(interval.seconds()) + absl::Nanoseconds(interval.nanos());
  if (wanted == absl::ZeroDuration()) return absl::Seconds(30);
  if (wanted < absl::Seconds(1) || wanted > absl::Minutes(5)) {
    return InvalidField("heartbeat_interval",
                        "must be from 1 second to 5 minutes");
  }
  return wanted;
}

absl::Status SlowReader() {
  return Error(absl::StatusCode::kAborted, "SLOW_READER",
               "the stream was not read for long; go on with the last "
               "resume_token")
      .RetryAfter(absl::Milliseconds(100));
}

v1::WatchSignUpsResponse ResponseOf(const StoredDecision& decision) {
  v1::WatchSignUpsResponse response;
  response.set_version(decision.version);
  response.set_confirmed_count(decision.confirmed);
  response.set_waitlisted_count(decision.waiting);
  for (const SignUp& sign_up : decision.sign_ups) {
    *response.add_sign_ups() = ToProto(sign_up);
  }
  return response;
}

}  // namespace

Watches::Watches(db::Pool* pool, const changes::Tailer* tailer)
    : pool_(pool), tailer_(tailer) {}

absl::Status Watches::Open(
    const v1::WatchSignUpsRequest& request, absl::Time deadline,
    std::shared_ptr<rpc::Feed<v1::WatchSignUpsResponse>> feed) {
  using Response = v1::WatchSignUpsResponse;
  auto watch = std::make_shared<SignUpWatch>();
  watch->feed = feed;
  watch->request_hash =
      rpc::HashWithout(request, {"resume_token", "heartbeat_interval"});
  ASSIGN_OR_RETURN(watch->visit,
                   rpc::IdOf("studyVisits", "parent", request.parent()));
  ASSIGN_OR_RETURN(watch->heartbeat, HeartbeatOf(request.heartbeat_interval()));
  watch->sent_at = absl::Now();
  if (!request.resume_token().empty()) {
    ASSIGN_OR_RETURN(const changes::Position position,
                     changes::OpenToken(tailer_->history(), watch->request_hash,
                                        request.resume_token()));
    watch->version = static_cast<int64_t>(position.seq);
    const auto check = [&](db::Tx& tx) -> absl::Status {
      ASSIGN_OR_RETURN(const StudyVisit visit, LoadVisit(tx, watch->visit));
      return visit.version < watch->version ? changes::TokenExpired()
                                            : absl::OkStatus();
    };
    RETURN_IF_ERROR(db::Transact(
        *pool_, deadline, absl::FunctionRef<absl::Status(db::Tx&)>(check)));
    watch->ready = true;
    absl::MutexLock lock(&mutex_);
    sign_up_watches_.push_back(std::move(watch));
    return absl::OkStatus();
  }
  const auto load = [&](db::Tx& tx) -> absl::StatusOr<CurrentSignUps> {
    RETURN_IF_ERROR(LoadVisit(tx, watch->visit).status());
    return LoadCurrentSignUps(tx, watch->visit);
  };
  ASSIGN_OR_RETURN(const CurrentSignUps current,
                   db::Transact(*pool_, deadline, load));
  size_t next = 0;
  do {
    auto response = std::make_shared<Response>();
    response->set_version(current.version);
    response->set_confirmed_count(current.confirmed);
    response->set_waitlisted_count(current.waiting);
    for (size_t i = 0; i < kItemsInResponse && next < current.sign_ups.size();
         ++i) {
      *response->add_sign_ups() = ToProto(current.sign_ups[next++]);
    }
    response->set_caught_up(next == current.sign_ups.size());
    // A client that is cut off before the end of the state starts again.
    if (response->caught_up()) {
      response->set_resume_token(
          changes::MakeToken(tailer_->history(), watch->request_hash,
                             {.seq = static_cast<uint64_t>(current.version)}));
    }
    feed->Push(std::move(response));
  } while (next < current.sign_ups.size());
  // Joins after reading, but asks for all decisions above what it read.
  watch->version = current.version;
  watch->ready = true;
  absl::MutexLock lock(&mutex_);
  sign_up_watches_.push_back(std::move(watch));
  return absl::OkStatus();
}

absl::Status Watches::Open(
    const v1::WatchStudyVisitsRequest& request, absl::Time deadline,
    std::shared_ptr<rpc::Feed<v1::WatchStudyVisitsResponse>> feed) {
  using Response = v1::WatchStudyVisitsResponse;
  auto watch = std::make_shared<VisitWatch>();
  watch->feed = feed;
  watch->request_hash =
      rpc::HashWithout(request, {"resume_token", "heartbeat_interval"});
  ASSIGN_OR_RETURN(watch->network,
                   rpc::IdOf("networks", "network", request.network()));
  ASSIGN_OR_RETURN(watch->visit, rpc::IdOf("studyVisits", "study_visit",
                                           request.study_visit()));
  ASSIGN_OR_RETURN(watch->heartbeat, HeartbeatOf(request.heartbeat_interval()));
  watch->sent_at = absl::Now();
  const bool fresh = request.resume_token().empty();
  changes::Position from;
  if (!fresh) {
    ASSIGN_OR_RETURN(from,
                     changes::OpenToken(tailer_->history(), watch->request_hash,
                                        request.resume_token()));
  }
  changes::Position joined;
  {
    // From here on changes are collected for it.
    absl::MutexLock lock(&mutex_);
    joined = tailer_->position();
    visit_watches_.push_back(watch);
  }
  const auto load = [&](db::Tx& tx) -> absl::StatusOr<std::vector<StudyVisit>> {
    if (fresh) return LoadAllPublicVisits(tx, watch->network, watch->visit);
    RETURN_IF_ERROR(changes::CheckReached(tx, from));
    return LoadVisitsChangedSince(tx, from, watch->network, watch->visit);
  };
  const absl::StatusOr<std::vector<StudyVisit>> visits =
      db::Transact(*pool_, deadline, load);
  RETURN_IF_ERROR(visits.status());
  const absl::Time now = absl::Now();
  size_t next = 0;
  do {
    auto response = std::make_shared<Response>();
    for (size_t i = 0; i < kItemsInResponse && next < visits->size(); ++i) {
      *response->add_study_visits() =
          ToProto((*visits)[next++], now, View::kBasic);
    }
    if (next == visits->size()) {
      response->set_caught_up(fresh);
      response->set_resume_token(
          changes::MakeToken(tailer_->history(), watch->request_hash, joined));
    }
    feed->Push(std::move(response));
  } while (next < visits->size());
  absl::MutexLock lock(&mutex_);
  watch->ready = true;
  return absl::OkStatus();
}

absl::Status Watches::Hear(const changes::Stretch& stretch) {
  {
    absl::MutexLock lock(&mutex_);
    DropEnded();
    MarkChanged(stretch);
  }
  RETURN_IF_ERROR(SendDecisions());
  RETURN_IF_ERROR(SendVisits(stretch.end));
  SendHeartbeats(stretch.end, absl::Now());
  return absl::OkStatus();
}

void Watches::DropEnded() {
  sign_up_watches_.remove_if([](const auto& w) { return w->feed->ended(); });
  visit_watches_.remove_if([](const auto& w) { return w->feed->ended(); });
}

void Watches::MarkChanged(const changes::Stretch& stretch) {
  std::map<std::string, std::string> networks;  // Of changed visits.
  for (const changes::LoggedChange& change : stretch.changes) {
    const auto id = ParseName("studyVisits", change.resource);
    if (id) networks[*id] = change.network;
  }
  for (const auto& watch : sign_up_watches_) {
    if (networks.contains(watch->visit)) watch->behind = true;
  }
  for (const auto& watch : visit_watches_) {
    for (const auto& [visit, network] : networks) {
      if ((watch->network.empty() || watch->network == network) &&
          (watch->visit.empty() || watch->visit == visit)) {
        watch->changed.insert(visit);
      }
    }
  }
}

// Sends each watch as much as it has room for. A rush makes more decisions in
// a moment than a reader takes, and so does coming back after a while: what is
// left waits in the database.
absl::Status Watches::SendDecisions() {
  std::vector<std::shared_ptr<SignUpWatch>> behind;
  std::set<DecisionsAbove> above;
  const absl::Time now = absl::Now();
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& watch : sign_up_watches_) {
      if (!watch->ready || !watch->behind) continue;
      if (above.size() >= kBehindAtOnce) break;
      if (watch->feed->room() == 0) {
        if (now - watch->sent_at > kLongestStall) {
          watch->feed->End(SlowReader());
        }
        continue;
      }
      behind.push_back(watch);
      above.insert({watch->visit, watch->version});
    }
  }
  if (behind.empty()) return absl::OkStatus();
  const auto load =
      [&](db::Tx& tx) -> absl::StatusOr<std::vector<StoredDecision>> {
    return LoadDecisions(tx, {above.begin(), above.end()}, kDecisionsAtOnce);
  };
  ASSIGN_OR_RETURN(
      const std::vector<StoredDecision> decisions,
      db::Transact(*pool_, absl::Now() + changes::kReadTime, load));
  for (const auto& watch : behind) {
    watch->behind = false;
    int room = watch->feed->room();
    for (const StoredDecision& decision : decisions) {
      // Versions have no gaps; behind one come those that another watch asked
      // for.
      if (decision.visit != watch->visit ||
          decision.version != watch->version + 1) {
        continue;
      }
      watch->behind = decision.version < decision.newest;
      if (room-- <= 0) {
        watch->behind = true;
        break;
      }
      auto response =
          std::make_shared<v1::WatchSignUpsResponse>(ResponseOf(decision));
      response->set_resume_token(
          changes::MakeToken(tailer_->history(), watch->request_hash,
                             {.seq = static_cast<uint64_t>(decision.version)}));
      watch->feed->Push(std::move(response));
      watch->version = decision.version;
      watch->sent_at = now;
    }
  }
  return absl::OkStatus();
}

absl::Status Watches::SendVisits(const changes::Position& position) {
  std::vector<std::shared_ptr<VisitWatch>> behind;
  std::set<std::string> ids;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& watch : visit_watches_) {
      if (!watch->ready || watch->changed.empty()) continue;
      behind.push_back(watch);
      ids.insert(watch->changed.begin(), watch->changed.end());
    }
  }
  if (behind.empty()) return absl::OkStatus();
  const auto load = [&](db::Tx& tx) -> absl::StatusOr<std::vector<StudyVisit>> {
    return LoadPublicVisits(tx, {ids.begin(), ids.end()});
  };
  ASSIGN_OR_RETURN(
      const std::vector<StudyVisit> visits,
      db::Transact(*pool_, absl::Now() + changes::kReadTime, load));
  const absl::Time now = absl::Now();
  std::map<std::string, v1::StudyVisit> rendered;
  for (const StudyVisit& visit : visits) {
    rendered.emplace(visit.id, ToProto(visit, now, View::kBasic));
  }
  absl::MutexLock lock(&mutex_);
  for (const auto& watch : behind) {
    auto response = std::make_shared<v1::WatchStudyVisitsResponse>();
    // A draft that changed is nobody's business; nor is its name.
    for (const std::string& id : watch->changed) {
      const auto visit = rendered.find(id);
      if (visit == rendered.end()) continue;
      *response->add_study_visits() = visit->second;
    }
    watch->changed.clear();
    if (response->study_visits().empty()) continue;
    response->set_resume_token(
        changes::MakeToken(tailer_->history(), watch->request_hash, position));
    watch->feed->Push(std::move(response));
    watch->sent_at = now;
  }
  return absl::OkStatus();
}

void Watches::SendHeartbeats(const changes::Position& position,
                             absl::Time now) {
  absl::MutexLock lock(&mutex_);
  for (const auto& watch : sign_up_watches_) {
    if (!watch->ready || watch->behind) continue;
    if (now - watch->sent_at < watch->heartbeat) continue;
    auto response = std::make_shared<v1::WatchSignUpsResponse>();
    response->set_version(watch->version);
    response->set_resume_token(
        changes::MakeToken(tailer_->history(), watch->request_hash,
                           {.seq = static_cast<uint64_t>(watch->version)}));
    watch->feed->Push(std::move(response));
    watch->sent_at = now;
  }
  for (const auto& watch : visit_watches_) {
    // `position` is beyond changes that it has not been sent.
    if (!watch->ready || !watch->changed.empty()) continue;
    if (now - watch->sent_at < watch->heartbeat) continue;
    auto response = std::make_shared<v1::WatchStudyVisitsResponse>();
    response->set_resume_token(
        changes::MakeToken(tailer_->history(), watch->request_hash, position));
    watch->feed->Push(std::move(response));
    watch->sent_at = now;
  }
}

}  // namespace lagnet::visits
