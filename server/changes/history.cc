#include "server/changes/history.h"

#include <cstdlib>

#include "absl/strings/escaping.h"
#include "lagnet/internal/v1/tokens.pb.h"
#include "server/base/error.h"
#include "server/base/id.h"

namespace lagnet::changes {
namespace {

constexpr uint32_t kTokenVersion = 1;

uint64_t Xid(const db::Row& row, const char* column) {
  return std::stoull(row.Get<std::string>(column));
}

constexpr db::Statement kHorizon{"changes.horizon", R"sql(
  SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS xid,
         coalesce((SELECT max(xid) FROM changes.change)
                    >= pg_snapshot_xmin(pg_current_snapshot()), false)
           AS is_held
)sql"};

}  // namespace

Position Horizon(db::Tx& tx) {
  return {.xid = Xid(tx.Run(kHorizon)[0], "xid")};
}

absl::Status TokenExpired() {
  return Error(absl::StatusCode::kOutOfRange, "RESUME_TOKEN_EXPIRED",
               "the database was restored or upgraded since; start again "
               "without a token");
}

absl::Status CheckReached(db::Tx& tx, const Position& position) {
  if (position.xid <= Horizon(tx).xid) return absl::OkStatus();
  return TokenExpired();
}

namespace {

// Each row is its parts, and then itself. As many rows are unfolded as a page
// needs: `ahead` counts what comes before a row. Ordered by the column: a bare
// `xid` would be the text that is selected, and as texts 1000 comes before 999.
constexpr db::Statement kReadLog{"changes.read_log", R"sql(
  SELECT logged.xid::text AS xid, seq, network, removed, method, change_time,
         resource || coalesce('/' || part, '') AS resource,
         coalesce(part_version, version) AS version,
         CASE WHEN part IS NULL THEN 0 ELSE number END AS part
    FROM (SELECT *, coalesce(
                      sum(1 + coalesce(cardinality(part_versions), 0))
                        OVER (ORDER BY xid, seq
                               ROWS BETWEEN UNBOUNDED PRECEDING
                                        AND 1 PRECEDING), 0) AS ahead
            FROM (SELECT *
                    FROM changes.change
                   WHERE (xid, seq) > ($1::xid8, $2::bigint)
                     AND xid < $3::xid8
                     AND ($5::text IS NULL OR network = $5)
                   ORDER BY xid, seq
                   LIMIT $4) AS behind) AS logged,
         unnest(array_append(parts, NULL), array_append(part_versions, NULL))
         WITH ORDINALITY AS below (part, part_version, number)
   WHERE ahead < $4 + $6::int
     AND NOT (logged.xid = $1::xid8 AND seq = $2::bigint + 1
              AND number <= $6::int)
   ORDER BY logged.xid, seq, number
   LIMIT $4
)sql"};

// The same without parts, as who follows the log reads it all day.
constexpr db::Statement kReadEntries{"changes.read_entries", R"sql(
  SELECT logged.xid::text AS xid, seq, network, removed, method, change_time,
         resource, version, 0 AS part
    FROM changes.change AS logged
   WHERE (logged.xid, seq) > ($1::xid8, $2::bigint)
     AND logged.xid < $3::xid8
     AND ($5::text IS NULL OR network = $5)
   ORDER BY logged.xid, seq
   LIMIT $4
)sql"};

// Where a reader is who has seen all up to this row of the log.
Position PositionOf(const db::Row& row) {
  const Position whole{Xid(row, "xid"), row.Get<uint64_t>("seq")};
  const auto part = row.Get<uint32_t>("part");
  return part == 0 ? whole : Position{whole.xid, whole.seq - 1, part};
}

}  // namespace

Stretch ReadLog(db::Tx& tx, const Position& after, int limit, Parts parts,
                const std::string& network) {
  // The horizon first: what is below it is visible to every later statement.
  const db::Rows rows = tx.Run(kHorizon);
  const Position horizon = {.xid = Xid(rows[0], "xid")};
  Stretch stretch;
  stretch.is_held = rows[0].Get<bool>("is_held");
  const std::string from = std::to_string(after.xid);
  const std::string to = std::to_string(horizon.xid);
  const auto of = db::NullIfEmpty(network);
  const db::Rows entries =
      parts == Parts::kRead
          ? tx.Run(kReadLog, from, after.seq, to, limit, of, after.part)
          : tx.Run(kReadEntries, from, after.seq, to, limit, of);
  for (const db::Row row : entries) {
    stretch.changes.push_back(
        {.position = PositionOf(row),
         .network = row.Get<std::string>("network"),
         .resource = row.Get<std::string>("resource"),
         .version = row.Get<int64_t>("version"),
         .removed = row.Get<bool>("removed"),
         .method = row.Get<std::string>("method"),
         .change_time = row.Get<absl::Time>("change_time")});
  }
  stretch.is_last = static_cast<int>(stretch.changes.size()) < limit;
  // At the end the horizon is as good a position as the last change, and ages
  // less.
  stretch.end = stretch.is_last ? std::max(horizon, after)
                                : stretch.changes.back().position;
  return stretch;
}

namespace {

constexpr db::Statement kLockHistory{"changes.lock_history", R"sql(
  LOCK TABLE changes.history IN EXCLUSIVE MODE
)sql"};

constexpr db::Statement kCurrentHistory{"changes.current_history", R"sql(
  SELECT history_id,
         coalesce((SELECT max(xid) FROM changes.change)
                    >= pg_snapshot_xmax(pg_current_snapshot()), false)
           AS is_restored
    FROM changes.history ORDER BY start_time DESC, history_id LIMIT 1
)sql"};

constexpr db::Statement kNewHistory{"changes.new_history", R"sql(
  INSERT INTO changes.history (history_id) VALUES ($1)
)sql"};

constexpr db::Statement kLiftLog{"changes.lift_log", R"sql(
  UPDATE changes.change SET xid = pg_current_xact_id()
)sql"};

}  // namespace

std::string CurrentHistory(db::Tx& tx) {
  tx.Run(kLockHistory);
  const db::Rows rows = tx.Run(kCurrentHistory);
  if (!rows.empty() && !rows[0].Get<bool>("is_restored")) {
    return rows[0].Get<std::string>("history_id");
  }
  // The old log is kept for those who list from the start, as one transaction
  // of today.
  if (!rows.empty()) tx.Run(kLiftLog);
  return NewHistory(tx);
}

std::string NewHistory(db::Tx& tx) {
  std::string id = RandomId();
  tx.Run(kNewHistory, id);
  return id;
}

std::string MakeToken(const std::string& history, uint64_t request_hash,
                      const Position& position) {
  internal::v1::ResumeToken token;
  token.set_version(kTokenVersion);
  token.set_history(history);
  token.set_request_hash(request_hash);
  token.set_xid(position.xid);
  token.set_seq(position.seq);
  token.set_part(position.part);
  return absl::WebSafeBase64Escape(token.SerializeAsString());
}

absl::StatusOr<Position> OpenToken(const std::string& history,
                                   uint64_t request_hash,
                                   const std::string& text) {
  std::string bytes;
  internal::v1::ResumeToken token;
  if (!absl::WebSafeBase64Unescape(text, &bytes) ||
      !token.ParseFromString(bytes) || token.version() != kTokenVersion ||
      token.request_hash() != request_hash) {
    return Error(absl::StatusCode::kInvalidArgument, "RESUME_TOKEN_MISMATCH",
                 "the token is not one that this request gave; start again "
                 "without it");
  }
  if (token.history() != history) return TokenExpired();
  return Position{token.xid(), token.seq(), token.part()};
}

}  // namespace lagnet::changes
