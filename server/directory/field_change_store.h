#ifndef LAGNET_SERVER_DIRECTORY_FIELD_CHANGE_STORE_H_
#define LAGNET_SERVER_DIRECTORY_FIELD_CHANGE_STORE_H_

#include <string>
#include <vector>

#include "server/base/request_key.h"
#include "server/db/tx.h"
#include "server/directory/field_change.h"

namespace lagnet::directory {

// The history of entries, field by field. Append-only.

// `row` and `version` are the organisation's, after the change.
void AppendFieldChanges(db::Tx& tx, const RequestKey& by, int64_t row,
                        int64_t version, const Edit& edit);

// The changes of an organisation, the newest first, older than the row `before`
// (0: from the newest); of `field` and what lies in it, if that is not empty.
// With those of the entries that were merged into it.
std::vector<StoredFieldChange> LoadFieldChanges(db::Tx& tx, int64_t row,
                                                const std::string& field,
                                                int64_t before, int limit);

// The last change of each field that is set now, by field, behind `after`.
std::vector<StoredFieldChange> LoadFieldSources(db::Tx& tx, int64_t row,
                                                const std::string& after,
                                                int limit);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_FIELD_CHANGE_STORE_H_
