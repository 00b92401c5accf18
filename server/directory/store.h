#ifndef LAGNET_SERVER_DIRECTORY_STORE_H_
#define LAGNET_SERVER_DIRECTORY_STORE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/request_key.h"
#include "server/db/tx.h"
#include "server/directory/organization.h"

namespace lagnet::directory {

// Organisations in the database. Ids are the last parts of names. `by` is who
// changes, for the change log. Reading what does not exist fails with NOT_FOUND
// / NOT_FOUND.

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

// For whoever refers to organisations; empty ids are passed over. Fails with
// INVALID_ARGUMENT / UNKNOWN_REFERENCE that names `field`.
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

// What counts when people sign up for an organisation; those that do not exist
// are left out.
struct OrganizationStanding {
  bool is_archived = false;
  bool has_area = false;  // A LAG: people live and work in its area.
};
std::map<std::string, OrganizationStanding> LoadStandings(
    db::Tx& tx, const std::vector<std::string>& ids);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_STORE_H_
