#include "server/directory/owners.h"

#include <utility>

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
  for (OrganizationOwner& owner : organizations) {
    organizations_[owner.id] = {.network = owner.network,
                                .organizations = {owner.id},
                                .regions = std::move(owner.regions)};
  }
  return absl::OkStatus();
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
  for (OrganizationOwner& owner : owners) {
    organizations_[owner.id] = {.network = owner.network,
                                .organizations = {owner.id},
                                .regions = std::move(owner.regions)};
  }
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

}  // namespace lagnet::directory
