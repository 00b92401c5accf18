#ifndef LAGNET_SERVER_DIRECTORY_LIFE_STORE_H_
#define LAGNET_SERVER_DIRECTORY_LIFE_STORE_H_

#include "server/base/request_key.h"
#include "server/db/tx.h"
#include "server/directory/organization.h"

namespace lagnet::directory {

// By which it is known in the change log.
inline constexpr char kMarksStale[] = "jobs/mark_stale";

// For the job that runs every hour: makes at most `limit` entries STALE that
// nobody looked at for a year, the longest ago first, by the database's clock.
// Each is a change in the change log and in the entry's history. Returns how
// many. Entries that somebody changes right now are left for the next run.
int MarkStale(db::Tx& tx, int limit);

// Notes that a locked organisation has claimed its entry, in its history too;
// a second claim leaves the first one's time.
void MarkClaimed(db::Tx& tx, const RequestKey& by,
                 const Organization& organization);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_LIFE_STORE_H_
