#ifndef LAGNET_SERVER_DIRECTORY_STORE_H_
#define LAGNET_SERVER_DIRECTORY_STORE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/request_key.h"
#include "server/db/tx.h"
#include "server/directory/field_change.h"
#include "server/directory/organization.h"
#include "server/directory/reader.h"

namespace lagnet::directory {

// Organisations in the database. Ids are the last parts of names. `by` is who
// changes, for the change log. Reading what does not exist fails with NOT_FOUND
// / NOT_FOUND.

absl::StatusOr<Organization> LoadOrganization(db::Tx& tx,
                                              const std::string& id);
// Those of `ids` that exist, by id.
std::map<std::string, Organization> LoadOrganizations(
    db::Tx& tx, const std::vector<std::string>& ids);
// The same by an old name too: the entry that answers to it.
absl::StatusOr<Organization> LoadStaying(db::Tx& tx, const std::string& id);
// What the entries were called that were merged into these, by the ids of
// these.
std::map<std::string, std::vector<LocalizedText>> LoadOldNames(
    db::Tx& tx, const std::vector<std::string>& ids);
// For an edit. Others may go on naming the organisation meanwhile.
absl::StatusOr<Organization> LockOrganization(db::Tx& tx,
                                              const std::string& id);
// Keeps everybody from naming either until the end of the transaction. Locks of
// what names them come first.
void LockForMerge(db::Tx& tx, const std::string& one, const std::string& other);
// Likewise for many: those that there are, always in the same order.
void LockOrganizations(db::Tx& tx, const std::vector<std::string>& ids);
// What an entry names and is not there: INVALID_ARGUMENT / UNKNOWN_REFERENCE
// (networks of its profile) and UNKNOWN_THEME.
Errors CheckReferences(db::Tx& tx, const Organization& organization);
// Write an entry and, in its history, what changes. Fail as CheckReferences()
// does, also for a network that is not there, or else with ALREADY_EXISTS /
// NAME_TAKEN or EXTERNAL_ID_TAKEN.
Errors InsertOrganization(db::Tx& tx, const RequestKey& by,
                          Organization organization, const Edit& edit);
Errors SaveOrganization(db::Tx& tx, const RequestKey& by,
                        const Organization& organization, const Edit& edit);
// Organisations behind `after`, by name, of those that `reader` may read.
std::vector<Organization> LoadOrganizations(db::Tx& tx,
                                            const OrganizationFilter& filter,
                                            const Reader& reader,
                                            const std::string& after,
                                            int limit);

// Every entry that may be a double of another and that `reader` may read, and,
// for their names, those that were merged. Of each only what is compared (see
// Traits), its network and who made it.
std::vector<Organization> LoadForDoubles(db::Tx& tx, const Reader& reader);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_STORE_H_
