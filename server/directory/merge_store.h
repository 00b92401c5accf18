#ifndef LAGNET_SERVER_DIRECTORY_MERGE_STORE_H_
#define LAGNET_SERVER_DIRECTORY_MERGE_STORE_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/request_key.h"
#include "server/db/tx.h"
#include "server/directory/field_change.h"
#include "server/directory/organization.h"

namespace lagnet::directory {

// How what refers to one organisation is made to refer to another, by whichever
// slice it belongs to; see docs/adr/0018-merging.md.

// One merge: ids.
struct Move {
  std::string from;
  std::string to;
  RequestKey by;
};

// How many references of one kind were moved: {"visits.hosts", 3}.
struct Moved {
  std::string kind;
  int count = 0;
};

// What forbids a merge.
struct Conflict {
  std::string resource;  // The whole name of what it is about.
  absl::Status status;
};

struct MoveResult {
  std::vector<Moved> moved;
  std::vector<Conflict> conflicts;
};

// What a slice does for a merge. All movers take their locks, then the two
// organisations are locked, so that nothing new can name either; then all move.
struct Mover {
  // The columns that it answers for: "visits.sign_up.organization". They are
  // foreign keys, or say "refers to: organizations" in their comments.
  std::vector<std::string> columns;

  // Locks the rows that have what refers to `move.from`, in the order in which
  // the slice always does. Never waits for an organisation's row.
  std::function<void(db::Tx& tx, const Move& move)> lock;

  // Makes all of it refer to `move.to`, counts the versions of what changes and
  // appends to the change log. Where a conflict is, goes on, so that all are
  // found: the transaction is rolled back then. Throws db::RunAgain where it
  // finds more than was locked. What changes nothing but the organisation's own
  // entry needs no lock.
  std::function<MoveResult(db::Tx& tx, const Move& move)> move;
};

// The directory's own: successors, old names, pairs that are no doubles. What
// belongs to the entry that goes (its areas, themes, history) stays with it.
Mover DirectoryMover();

// Columns that hold `id` and that none of `movers` answers for.
std::vector<std::string> UnknownReferences(db::Tx& tx, const std::string& id,
                                           const std::vector<Mover>& movers);

// What a merge did.
struct Merge {
  std::string goes;
  std::string stays;  // As it was named then.
  std::vector<Moved> moved;
  std::vector<FieldChange> taken;
  // Never stored: for a preview.
  std::vector<FieldChange> left;  // What the one that stays does not take over.
  std::vector<Conflict> conflicts;
};
void InsertMerge(db::Tx& tx, const RequestKey& by, const Merge& merge);
// By the entry that went. Fails with NOT_FOUND.
absl::StatusOr<Merge> LoadMerge(db::Tx& tx, const std::string& goes);

// A pair that the staff say is none. Which of the two comes first is all one;
// of several who say so the first counts.
struct NotDouble {
  std::string one;
  std::string other;
  std::string actor;
  absl::Time time;
};
void InsertNotDouble(db::Tx& tx, const RequestKey& by, const std::string& one,
                     const std::string& other);
absl::StatusOr<NotDouble> LoadNotDouble(db::Tx& tx, const std::string& one,
                                        const std::string& other);
std::vector<NotDouble> LoadNotDoubles(db::Tx& tx);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_MERGE_STORE_H_
