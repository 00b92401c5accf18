#include "server/visits/snapshot.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "google/protobuf/io/coded_stream.h"
#include "lagnet/visits/v1/study_visits.pb.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/db/transact.h"
#include "server/rpc/field_mask.h"
#include "server/rpc/types.h"
#include "server/visits/convert.h"
#include "server/visits/store.h"

namespace lagnet::visits {
namespace {

constexpr absl::Duration kBetweenCounts = absl::Milliseconds(20);

std::string BytesOf(const VisitCounts& counts) {
  v1::StudyVisit visit;
  visit.set_confirmed_count(counts.confirmed);
  visit.set_held_count(counts.held);
  visit.set_waitlisted_count(counts.waiting);
  visit.set_etag(rpc::EtagOf(counts.version));
  *visit.mutable_update_time() = rpc::ToProto(counts.update_time);
  return visit.SerializeAsString();
}

// Without what BytesOf(VisitCounts) and OpenBytes() say.
std::string PageBytes(v1::StudyVisit visit) {
  visit.clear_confirmed_count();
  visit.clear_held_count();
  visit.clear_waitlisted_count();
  visit.clear_etag();
  visit.clear_update_time();
  visit.clear_sign_up_open();
  return visit.SerializeAsString();
}

// What is said of a visit that takes sign-ups at `now`; of others nothing.
absl::string_view OpenBytes(const Shown::Page& page, absl::Time now) {
  static const auto* const open = [] {
    v1::StudyVisit visit;
    visit.set_sign_up_open(true);
    return new std::string(visit.SerializeAsString());
  }();
  const bool is_open = page.visit.state == VisitState::kPublished &&
                       now >= page.instants.sign_up_start &&
                       now < page.instants.sign_up_end;
  return is_open ? absl::string_view(*open) : "";
}

}  // namespace

void Shown::AppendTo(std::string* answer, absl::Time now) const {
  absl::StrAppend(answer, page->full, counts, OpenBytes(*page, now));
}

void Shown::AppendItemTo(std::string* answer, absl::Time now) const {
  const absl::string_view open = OpenBytes(*page, now);
  const size_t size = page->basic.size() + counts.size() + open.size();
  // A tag and a length, of at most five bytes each, come before a message.
  uint8_t head[10];
  constexpr uint32_t kLengthDelimited = 2;
  using google::protobuf::io::CodedOutputStream;
  uint8_t* end = CodedOutputStream::WriteTagToArray(
      v1::ListStudyVisitsResponse::kStudyVisitsFieldNumber << 3 |
          kLengthDelimited,
      head);
  end =
      CodedOutputStream::WriteVarint32ToArray(static_cast<uint32_t>(size), end);
  absl::StrAppend(answer,
                  absl::string_view(reinterpret_cast<const char*>(head),
                                    static_cast<size_t>(end - head)),
                  page->basic, counts, open);
}

absl::Status Snapshot::Load(const changes::Position& position) {
  const auto load = [](db::Tx& tx) -> absl::StatusOr<std::vector<StudyVisit>> {
    return LoadEveryVisit(tx);
  };
  ASSIGN_OR_RETURN(
      std::vector<StudyVisit> visits,
      db::Transact(*pool_, absl::Now() + changes::kReadTime, load));
  absl::MutexLock lock(&mutex_);
  for (StudyVisit& visit : visits) Put(std::move(visit));
  complete_below_ = position.xid;
  return absl::OkStatus();
}

absl::Status Snapshot::Hear(const changes::Stretch& stretch) {
  for (const changes::LoggedChange& change : stretch.changes) {
    const auto id = ParseName("studyVisits", change.resource);
    if (!id) continue;
    // A sign-up changes the counters and nothing else.
    const bool counts =
        absl::StartsWith(change.method, "lagnet.visits.v1.SignUpService/");
    (counts ? counted_ : edited_).insert(*id);
  }
  const absl::Time now = absl::Now();
  if (edited_.empty() && !counted_.empty() &&
      now - refreshed_at_ < kBetweenCounts) {
    return absl::OkStatus();
  }
  refreshed_at_ = now;
  return Refresh(stretch.end);
}

absl::Status Snapshot::Refresh(const changes::Position& position) {
  for (const std::string& id : edited_) counted_.erase(id);
  if (!edited_.empty() || !counted_.empty()) {
    std::vector<StudyVisit> visits;
    std::vector<VisitCounts> counts;
    const auto load = [&](db::Tx& tx) -> absl::Status {
      visits = LoadVisitsByIds(tx, {edited_.begin(), edited_.end()});
      counts = LoadVisitCounts(tx, {counted_.begin(), counted_.end()});
      return absl::OkStatus();
    };
    RETURN_IF_ERROR(db::Transact(*pool_, absl::Now() + changes::kReadTime,
                                 absl::FunctionRef<absl::Status(db::Tx&)>(load),
                                 db::InDoubt::kReport, db::Plans::kOnce));
    absl::MutexLock lock(&mutex_);
    for (const std::string& id : edited_) Drop(id);
    for (StudyVisit& visit : visits) Put(std::move(visit));
    for (const VisitCounts& count : counts) Put(count);
  }
  edited_.clear();
  counted_.clear();
  absl::MutexLock lock(&mutex_);
  complete_below_ = position.xid;
  return absl::OkStatus();
}

void Snapshot::Put(StudyVisit visit) {
  auto page = std::make_shared<Shown::Page>();
  page->instants = InstantsOf(visit);
  page->full = PageBytes(ToProto(visit, absl::InfinitePast()));
  page->basic = PageBytes(ToProto(visit, absl::InfinitePast(), View::kBasic));
  page->visit = std::move(visit);
  const StudyVisit& facts = page->visit;
  auto shown = std::make_shared<Shown>();
  shown->counts = BytesOf({.id = facts.id,
                           .version = facts.version,
                           .confirmed = facts.confirmed,
                           .held = facts.held,
                           .waiting = facts.waiting,
                           .update_time = facts.update_time});
  shown->page = page;
  Drop(facts.id);
  by_start_[{page->instants.start, facts.row}] = shown;
  by_id_[facts.id] = std::move(shown);
}

void Snapshot::Put(const VisitCounts& counts) {
  const auto known = by_id_.find(counts.id);
  if (known == by_id_.end()) return;
  auto shown = std::make_shared<Shown>();
  shown->page = known->second->page;
  shown->counts = BytesOf(counts);
  by_start_[{shown->page->instants.start, shown->page->visit.row}] = shown;
  known->second = std::move(shown);
}

void Snapshot::Drop(const std::string& id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return;
  const Shown::Page& old = *found->second->page;
  by_start_.erase({old.instants.start, old.visit.row});
  by_id_.erase(found);
}

bool Snapshot::HasAll(uint64_t xid) const {
  absl::ReaderMutexLock lock(&mutex_);
  return xid < complete_below_;
}

std::shared_ptr<const Shown> Snapshot::Find(const std::string& id) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<const Shown>> Snapshot::List(
    absl::Time after_start, int64_t after_row, size_t limit,
    absl::FunctionRef<bool(const Shown::Page&)> wanted) const {
  std::vector<std::shared_ptr<const Shown>> listed;
  absl::ReaderMutexLock lock(&mutex_);
  for (auto it = by_start_.upper_bound({after_start, after_row});
       it != by_start_.end() && listed.size() < limit; ++it) {
    if (wanted(*it->second->page)) listed.push_back(it->second);
  }
  return listed;
}

}  // namespace lagnet::visits
