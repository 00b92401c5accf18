#ifndef LAGNET_SERVER_DIRECTORY_STORE_H_
#define LAGNET_SERVER_DIRECTORY_STORE_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/request_key.h"
#include "server/db/tx.h"
#include "server/directory/network.h"
#include "server/directory/organization.h"

namespace lagnet::directory {

// Ids are the last parts of names. `by` is who changes, for the change log.
// Reading what does not exist fails with NOT_FOUND / NOT_FOUND.

absl::StatusOr<Network> LoadNetwork(db::Tx& tx, const std::string& id);
absl::StatusOr<Network> LockNetwork(db::Tx& tx, const std::string& id);
// Fails with ALREADY_EXISTS / NAME_TAKEN.
absl::Status InsertNetwork(db::Tx& tx, const RequestKey& by,
                           const Network& network);
void SaveNetwork(db::Tx& tx, const RequestKey& by, const Network& network);
// Networks behind `after`, by name.
std::vector<Network> LoadNetworks(db::Tx& tx, const std::string& after,
                                  int limit);

absl::StatusOr<Organization> LoadOrganization(db::Tx& tx,
                                              const std::string& id);
absl::StatusOr<Organization> LockOrganization(db::Tx& tx,
                                              const std::string& id);
// Fail with ALREADY_EXISTS / NAME_TAKEN, INVALID_ARGUMENT / UNKNOWN_REFERENCE
// (no such network) or UNKNOWN_THEME.
absl::Status InsertOrganization(db::Tx& tx, const RequestKey& by,
                                const Organization& organization);
absl::Status SaveOrganization(db::Tx& tx, const RequestKey& by,
                              const Organization& organization);
// Organisations behind `after`, by name.
std::vector<Organization> LoadOrganizations(db::Tx& tx,
                                            const OrganizationFilter& filter,
                                            const std::string& after,
                                            int limit);

// A theme of the vocabulary.
struct Theme {
  std::string id;
  LocalizedText label;
  std::string broader;
};
std::vector<Theme> LoadThemes(db::Tx& tx, const std::string& after, int limit);

// For other slices: that what they refer to exists. Fail with
// INVALID_ARGUMENT / UNKNOWN_REFERENCE (UNKNOWN_THEME) that names `field`.
// Empty ids are passed over.
absl::Status CheckNetworkExists(db::Tx& tx, absl::string_view field,
                                const std::string& id);
absl::Status CheckOrganizationsExist(db::Tx& tx, absl::string_view field,
                                     const std::vector<std::string>& ids);
// What organisations belong to, for the gate: the given ones, or (none given)
// all.
struct OrganizationOwner {
  std::string id;
  std::string network;
  std::vector<std::string> regions;  // Territory codes.
};
std::vector<OrganizationOwner> LoadOrganizationOwners(
    db::Tx& tx, const std::vector<std::string>& ids);

// Those of `ids` that exist.
std::set<std::string> ExistingOrganizations(
    db::Tx& tx, const std::vector<std::string>& ids);
absl::Status CheckThemesExist(db::Tx& tx, absl::string_view field,
                              const std::vector<std::string>& ids);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_STORE_H_
