#ifndef LAGNET_SERVER_DIRECTORY_PROFILE_STORE_H_
#define LAGNET_SERVER_DIRECTORY_PROFILE_STORE_H_

#include "server/base/error.h"
#include "server/db/tx.h"
#include "server/directory/profile.h"

namespace lagnet::directory {

// The part of an organisation's row that is its profile; see store.h, which
// uses it.

// From a row of directory.organization_entry.
Profile ReadProfile(const db::Row& row);

// What a profile names and is not there: INVALID_ARGUMENT / UNKNOWN_REFERENCE
// (networks) and UNKNOWN_THEME.
Errors CheckReferences(db::Tx& tx, const Profile& profile);

// `row` is the organisation's key. Counts no version and logs nothing. What the
// profile names must be there.
void PutProfile(db::Tx& tx, int64_t row, const Profile& profile);

// A column of type date that may be NULL, and the other way.
Day ReadDay(const db::Row& row, const char* column);
db::Value ToDateValue(const Day& day);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_PROFILE_STORE_H_
