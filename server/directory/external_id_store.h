#ifndef LAGNET_SERVER_DIRECTORY_EXTERNAL_ID_STORE_H_
#define LAGNET_SERVER_DIRECTORY_EXTERNAL_ID_STORE_H_

#include <map>
#include <string>
#include <vector>

#include "server/base/error.h"
#include "server/db/tx.h"
#include "server/directory/external_id.h"
#include "server/directory/organization.h"

namespace lagnet::directory {

// External ids in the database; see store.h for the conventions.

// Writes those of an organisation, which has the key `row`. Fails with
// ALREADY_EXISTS / EXTERNAL_ID_TAKEN for each that another of its network has.
Errors PutExternalIds(db::Tx& tx, int64_t row,
                      const Organization& organization);

// The organisations of a network that have one of `ids`, by their ids.
std::map<ExternalId, std::string> FindByExternalIds(
    db::Tx& tx, const std::string& network, const std::vector<ExternalId>& ids);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_EXTERNAL_ID_STORE_H_
