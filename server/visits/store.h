#ifndef LAGNET_SERVER_VISITS_STORE_H_
#define LAGNET_SERVER_VISITS_STORE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/request_key.h"
#include "server/db/tx.h"
#include "server/visits/visit.h"

namespace lagnet::visits {

// Study visits in the database; their seats are seat_store.h's. `by` is who
// changes, for the change log. Reading what does not exist fails with
// NOT_FOUND / NOT_FOUND.

absl::StatusOr<StudyVisit> LoadVisit(db::Tx& tx, const std::string& id);
// Also takes the row's lock: nobody else decides about it meanwhile.
absl::StatusOr<StudyVisit> LockVisit(db::Tx& tx, const std::string& id);

// Visits behind (`after_start`, `after_row`), the soonest first.
std::vector<StudyVisit> LoadVisits(db::Tx& tx, const VisitFilter& filter,
                                   absl::Time after_start, int64_t after_row,
                                   int limit);

// Those of `ids` that exist.
std::vector<StudyVisit> LoadVisitsByIds(db::Tx& tx,
                                        const std::vector<std::string>& ids);

// Fails with ALREADY_EXISTS / NAME_TAKEN, INVALID_ARGUMENT /
// UNKNOWN_REFERENCE or UNKNOWN_THEME.
absl::Status InsertVisit(db::Tx& tx, const RequestKey& by,
                         const StudyVisit& visit);
// Stores what was edited. State, seats and counters are stored by the decision
// that changes them; so is the version.
absl::Status SaveVisit(db::Tx& tx, const StudyVisit& visit);
// For a locked draft.
void DeleteVisit(db::Tx& tx, const RequestKey& by, const StudyVisit& visit);

// The rules of a visit as they were published, or changed.
struct RulesVersion {
  int64_t version = 0;  // Of the visit.
  std::string text;
  std::string hash;  // SHA-256 of the text, in hexadecimal.
  std::string reason;
  absl::Time create_time;
};
void InsertRulesVersion(db::Tx& tx, const RequestKey& by,
                        const StudyVisit& visit, const std::string& reason);
// The latest first, below `before` (0: all).
std::vector<RulesVersion> LoadRulesVersions(db::Tx& tx, const std::string& id,
                                            int64_t before, int limit);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_STORE_H_
