#include "server/search/follower.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "server/base/log.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/db/transact.h"

namespace lagnet::search {
namespace {

constexpr int kPage = 500;
// A network of 50,000 is indexed in some seconds.
constexpr absl::Duration kLoadTime = absl::Minutes(5);

using Read = absl::FunctionRef<absl::Status(db::Tx&)>;

bool Concerns(const changes::LoggedChange& change, const Source& source) {
  return std::none_of(source.passed_over.begin(), source.passed_over.end(),
                      [&](const std::string& method) {
                        return absl::StartsWith(change.method, method);
                      });
}

std::string IdOf(const Document& document) {
  return document.name.substr(document.name.rfind('/') + 1);
}

}  // namespace

Follower::Follower(db::Pool* pool, std::vector<Source> sources)
    : pool_(pool),
      sources_(std::move(sources)),
      analysis_(&lemmas_),
      thesaurus_(&analysis_) {}

absl::Status Follower::LoadNetworkNames(absl::Time deadline) {
  auto names = std::make_shared<NetworkNames>();
  const auto load = [&](db::Tx& tx) -> absl::Status {
    names->clear();
    for (const Source& source : sources_) {
      if (source.load_network_names)
        names->merge(source.load_network_names(tx));
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(db::Transact(*pool_, deadline, Read(load)));
  absl::MutexLock lock(&mutex_);
  network_names_ = std::move(names);
  return absl::OkStatus();
}

std::shared_ptr<const NetworkNames> Follower::network_names() const {
  absl::ReaderMutexLock lock(&mutex_);
  return network_names_;
}

absl::Status Follower::Load(const changes::Position& position) {
  const absl::Time begin = absl::Now();
  std::vector<Tag> tags;
  const auto load_tags = [&](db::Tx& tx) -> absl::Status {
    tags.clear();
    for (const Source& source : sources_) {
      if (!source.load_tags) continue;
      for (Tag& tag : source.load_tags(tx)) tags.push_back(std::move(tag));
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(
      db::Transact(*pool_, begin + changes::kReadTime, Read(load_tags)));
  RETURN_IF_ERROR(LoadNetworkNames(begin + changes::kReadTime));
  tags_ = std::make_unique<const Tags>(std::move(tags), &analysis_);
  index_ = std::make_unique<Index>(&analysis_, tags_.get(), &thesaurus_);
  // One page is put in while the next one is read.
  std::jthread putting;
  for (const Source& source : sources_) {
    std::string after;
    do {
      Source::Page page;
      const auto load = [&](db::Tx& tx) -> absl::Status {
        page = source.load_page(tx, after, kPage);
        return absl::OkStatus();
      };
      RETURN_IF_ERROR(db::Transact(*pool_, begin + kLoadTime, Read(load)));
      after = std::move(page.last);
      if (putting.joinable()) putting.join();
      putting =
          std::jthread([this, documents = std::move(page.documents)]() mutable {
            index_->Put(std::move(documents));
          });
    } while (!after.empty());
  }
  if (putting.joinable()) putting.join();
  index_->Optimize();
  Log(Severity::kInfo, "search_ready")
      .With("documents", index_->size())
      .With("bytes", index_->bytes())
      .With("seconds", absl::ToDoubleSeconds(absl::Now() - begin));
  absl::MutexLock lock(&mutex_);
  complete_below_ = position.xid;
  return absl::OkStatus();
}

absl::Status Follower::Hear(const changes::Stretch& stretch) {
  for (const changes::LoggedChange& change : stretch.changes) {
    if (ParseName("networks", change.resource)) network_changed_ = true;
    for (const Source& source : sources_) {
      auto id = ParseName(source.collection, change.resource);
      if (id && Concerns(change, source)) {
        changed_[source.collection].insert(*std::move(id));
      }
    }
  }
  if (network_changed_) {
    RETURN_IF_ERROR(LoadNetworkNames(absl::Now() + changes::kReadTime));
    network_changed_ = false;
  }
  for (const Source& source : sources_) {
    std::set<std::string>& ids = changed_[source.collection];
    if (ids.empty()) continue;
    std::vector<Document> documents;
    const auto load = [&](db::Tx& tx) -> absl::Status {
      documents = source.load(tx, {ids.begin(), ids.end()});
      return absl::OkStatus();
    };
    RETURN_IF_ERROR(
        db::Transact(*pool_, absl::Now() + changes::kReadTime, Read(load)));
    for (const Document& document : documents) ids.erase(IdOf(document));
    std::vector<std::string> gone;
    for (const std::string& id : ids) {
      gone.push_back(MakeName(source.collection, id));
    }
    index_->Put(std::move(documents));
    index_->Remove(gone);
    ids.clear();
  }
  absl::MutexLock lock(&mutex_);
  complete_below_ = stretch.end.xid;
  return absl::OkStatus();
}

bool Follower::HasAll(uint64_t xid) const {
  absl::ReaderMutexLock lock(&mutex_);
  return xid < complete_below_;
}

void Follower::WaitFor(uint64_t xid, absl::Duration patience) const {
  const auto is_there = [this, xid]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return xid < complete_below_;
  };
  absl::ReaderMutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&is_there), patience);
}

}  // namespace lagnet::search
