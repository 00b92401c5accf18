#include "server/directory/owners.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/db/transact.h"
#include "server/directory/network_store.h"
#include "server/directory/standing_store.h"

namespace lagnet::directory {
namespace {

constexpr int kPage = 500;

std::vector<std::string> AllNetworks(db::Tx& tx) {
  std::vector<std::string> ids;
  for (;;) {
    const auto page = LoadNetworks(tx, ids.empty() ? "" : ids.back(), kPage);
    for (const Network& network : page) ids.push_back(network.id);
    if (page.size() < kPage) return ids;
  }
}

}  // namespace

absl::Status Owners::Load() {
  std::vector<std::string> networks;
  std::vector<OrganizationOwner> organizations;
  const auto load = [&](db::Tx& tx) -> absl::Status {
    networks = AllNetworks(tx);
    organizations = LoadOrganizationOwners(tx, {});
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(db::Transact(*pool_, absl::Now() + changes::kReadTime,
                               absl::FunctionRef<absl::Status(db::Tx&)>(load)));
  absl::MutexLock lock(&mutex_);
  networks_.insert(networks.begin(), networks.end());
  for (OrganizationOwner& owner : organizations) Put(std::move(owner));
  return absl::OkStatus();
}

void Owners::Put(OrganizationOwner owner) {
  if (!owner.merged_into.empty()) {
    organizations_.erase(owner.id);
    old_names_[owner.id] = owner.merged_into;
    knows_old_names_ = true;
    return;
  }
  organizations_[owner.id] = {.network = owner.network,
                              .organizations = {owner.id},
                              .regions = std::move(owner.regions)};
}

void Owners::NoteMerge(const std::string& id, const std::string& into) {
  absl::MutexLock lock(&mutex_);
  for (auto& [old_name, stays] : old_names_) {
    if (stays == id) stays = into;
  }
  Put({.id = id, .merged_into = into});
}

absl::Status Owners::Hear(const changes::Stretch& stretch) {
  std::vector<std::string> networks;
  std::vector<std::string> changed;
  for (const changes::LoggedChange& change : stretch.changes) {
    if (auto id = ParseName("networks", change.resource)) {
      networks.push_back(*std::move(id));
    } else if (auto org = ParseName("organizations", change.resource)) {
      changed.push_back(*std::move(org));
    }
  }
  std::vector<OrganizationOwner> owners;
  if (!changed.empty()) {
    const auto load =
        [&](db::Tx& tx) -> absl::StatusOr<std::vector<OrganizationOwner>> {
      return LoadOrganizationOwners(tx, changed);
    };
    ASSIGN_OR_RETURN(
        owners, db::Transact(*pool_, absl::Now() + changes::kReadTime, load));
  }
  if (networks.empty() && owners.empty()) return absl::OkStatus();
  absl::MutexLock lock(&mutex_);
  networks_.insert(networks.begin(), networks.end());
  for (OrganizationOwner& owner : owners) Put(std::move(owner));
  return absl::OkStatus();
}

std::optional<rpc::Scope> Owners::OfNetwork(const std::string& name) const {
  const auto id = ParseName("networks", name);
  absl::ReaderMutexLock lock(&mutex_);
  if (!id || !networks_.contains(*id)) return std::nullopt;
  return rpc::Scope{.network = *id};
}

std::optional<rpc::Scope> Owners::OfOrganization(
    const std::string& name) const {
  const auto id = ParseName("organizations", name);
  absl::ReaderMutexLock lock(&mutex_);
  const auto found = id ? organizations_.find(*id) : organizations_.end();
  if (found == organizations_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string> Owners::StayingName(absl::string_view name) const {
  constexpr absl::string_view kCollection = "organizations/";
  if (!absl::ConsumePrefix(&name, kCollection)) return std::nullopt;
  const absl::string_view id = name.substr(0, name.find('/'));
  absl::ReaderMutexLock lock(&mutex_);
  auto found = old_names_.find(id);
  if (found == old_names_.end()) return std::nullopt;
  // The database knows no chains, but one merge may be heard of before another.
  const std::string* stays = nullptr;
  for (; found != old_names_.end(); found = old_names_.find(*stays)) {
    stays = &found->second;
  }
  return absl::StrCat(kCollection, *stays, name.substr(id.size()));
}

}  // namespace lagnet::directory
