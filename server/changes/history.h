#ifndef LAGNET_SERVER_CHANGES_HISTORY_H_
#define LAGNET_SERVER_CHANGES_HISTORY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/db/tx.h"

namespace lagnet::changes {

// A place in the change log: everything up to it has been seen. Ordered by
// transaction, then by sequence within it. Within a row, some parts of the one
// behind `seq` have been seen.
struct Position {
  uint64_t xid = 0;
  uint64_t seq = 0;
  uint32_t part = 0;

  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes <=> for it.
  auto operator<=>(const Position&) const = default;
};

// A change as the log has it.
struct LoggedChange {
  Position position;
  std::string network;
  std::string resource;
  int64_t version = 0;
  bool removed = false;
  std::string method;
  absl::Time change_time;
};

// A stretch of the log, and where it ends.
struct Stretch {
  std::vector<LoggedChange> changes;
  Position end;
  bool is_last = false;  // Nothing more is known to be complete now.
  bool is_held = false;  // There is more, but a transaction holds it back.
};

// Whether what changed below a resource is read, too: before the resource.
enum class Parts { kRead, kLeaveOut };

// Reads at most `limit` changes behind `after`, of one network or (empty) all.
// Only transactions below the horizon are read: those that can get no more
// company. A long transaction therefore holds the log back; time-outs bound
// that (see connection.cc).
Stretch ReadLog(db::Tx& tx, const Position& after, int limit, Parts parts,
                const std::string& network = "");

// The end of what is complete now.
Position Horizon(db::Tx& tx);

// The id of the history that positions belong to. A database that was
// restored to a server with younger transaction numbers starts a new one:
// positions of the old would skip changes. So may a migration.
std::string CurrentHistory(db::Tx& tx);

// Starts a new history: whoever has restored the database to an earlier state
// has to, as nobody else can tell.
std::string NewHistory(db::Tx& tx);

// Fails with OUT_OF_RANGE / RESUME_TOKEN_EXPIRED if a position lies ahead of
// the database, which then was restored.
absl::Status CheckReached(db::Tx& tx, const Position& position);
absl::Status TokenExpired();

// Positions as clients keep them: `resume_token`. Opening a token fails with
// INVALID_ARGUMENT / RESUME_TOKEN_MISMATCH if it is not ours or belongs to
// another request, and OUT_OF_RANGE / RESUME_TOKEN_EXPIRED if it belongs to
// another history.
std::string MakeToken(const std::string& history, uint64_t request_hash,
                      const Position& position);
absl::StatusOr<Position> OpenToken(const std::string& history,
                                   uint64_t request_hash,
                                   const std::string& token);

}  // namespace lagnet::changes

#endif  // LAGNET_SERVER_CHANGES_HISTORY_H_
