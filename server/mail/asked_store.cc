#include "server/mail/asked_store.h"

#include <algorithm>
#include <optional>

#include "server/base/error.h"

namespace lagnet::mail {
namespace {

constexpr absl::Duration kCounts = absl::Hours(1);

// One at a time for a key: of two at once, both would see the last place free.
constexpr db::Statement kHoldAsked{"mail.hold_asked", R"sql(
  SELECT pg_advisory_xact_lock(hashtext('mail.asked'),
                               hashtext(encode($1::bytea, 'hex'))) IS NULL
         AS held
)sql"};

// The one before which there were `most` since: when it is an hour old there
// may be another.
constexpr db::Statement kBoundingAsked{"mail.bounding_asked", R"sql(
  SELECT ask_time FROM mail.asked
   WHERE key = $1 AND ask_time > now() - $3 * interval '1 second'
   ORDER BY ask_time DESC
  OFFSET $2 LIMIT 1
)sql"};

constexpr db::Statement kInsertAsked{"mail.insert_asked", R"sql(
  INSERT INTO mail.asked (key) VALUES ($1)
)sql"};

}  // namespace

absl::Duration CountAsked(db::Tx& tx, const std::string& key, int most) {
  tx.Run(kHoldAsked, db::Bytes{key});
  const db::Rows bound = tx.Run(kBoundingAsked, db::Bytes{key}, most - 1,
                                absl::ToInt64Seconds(kCounts));
  if (!bound.empty()) {
    return std::max(bound[0].Get<absl::Time>("ask_time") + kCounts - tx.now(),
                    absl::Seconds(1));
  }
  tx.Run(kInsertAsked, db::Bytes{key});
  return absl::ZeroDuration();
}

absl::Status Ask(db::Tx& tx, const std::string& key, int most) {
  const absl::Duration wait = CountAsked(tx, key, most);
  if (wait == absl::ZeroDuration()) return absl::OkStatus();
  return Error(absl::StatusCode::kResourceExhausted, "TOO_MANY_LETTERS",
               "so many mails were asked for within an hour that no more are "
               "sent for now; look into your mailbox, also among unwanted mail")
      .RetryAfter(wait);
}

namespace {

constexpr db::Statement kPurgeAsked{"mail.purge_asked", R"sql(
  DELETE FROM mail.asked
   WHERE ctid IN (SELECT ctid FROM mail.asked
                   WHERE ask_time < now() - interval '1 day' LIMIT $1)
)sql"};

}  // namespace

int PurgeAsked(db::Tx& tx, int limit) {
  return tx.Run(kPurgeAsked, limit).affected();
}

}  // namespace lagnet::mail
