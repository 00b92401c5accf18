#include "server/access/merge_store.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/changes/log.h"
#include "server/db/transact.h"

namespace lagnet::access {
namespace {

constexpr db::Statement kLockHolders{"access.lock_holders", R"sql(
  SELECT account_id FROM access.account
   WHERE account_id IN (SELECT account_id FROM access.grant
                         WHERE organization = $1)
   ORDER BY account_id
     FOR UPDATE
)sql"};

void Lock(db::Tx& tx, const directory::Move& move) {
  tx.Run(kLockHolders, move.from);
}

// Waits for nobody: those that were locked are ours already.
constexpr db::Statement kTouchHolders{"access.touch_holders", R"sql(
  WITH holders AS (
    SELECT DISTINCT account_id FROM access.grant WHERE organization = $1
  ), ours AS (
    SELECT account_id FROM access.account
     WHERE account_id IN (SELECT account_id FROM holders)
       FOR UPDATE SKIP LOCKED
  ), touched AS (
    UPDATE access.account AS a SET version = version + 1
      FROM ours WHERE a.account_id = ours.account_id
    RETURNING a.account_id, a.name, a.network, a.version
  )
  SELECT * FROM holders LEFT JOIN touched USING (account_id)
)sql"};

void TouchHolders(db::Tx& tx, const directory::Move& move) {
  std::vector<changes::Change> changed;
  for (const db::Row row : tx.Run(kTouchHolders, move.from)) {
    if (!row.Get<std::optional<int64_t>>("version")) throw db::RunAgain();
    changed.push_back(
        {.network = row.Get<std::string>("network"),
         .resource = absl::StrCat("accounts/", row.Get<std::string>("name")),
         .version = row.Get<int64_t>("version")});
  }
  if (!changed.empty()) changes::Append(tx, move.by, changed);
}

constexpr db::Statement kMoveGrants{"access.move_grants", R"sql(
  UPDATE access.grant SET organization = $2 WHERE organization = $1
)sql"};

constexpr db::Statement kMoveClaim{"access.move_claim", R"sql(
  WITH gone AS (
    DELETE FROM access.claim WHERE organization = $1 RETURNING *
  )
  INSERT INTO access.claim (organization, name, language, email, create_time,
                            expire_time)
  SELECT $2, name, language, email, create_time, expire_time FROM gone
  ON CONFLICT (organization) DO NOTHING
)sql"};

directory::MoveResult MoveAll(db::Tx& tx, const directory::Move& move) {
  TouchHolders(tx, move);
  const int grants = tx.Run(kMoveGrants, move.from, move.to).affected();
  const int claims = tx.Run(kMoveClaim, move.from, move.to).affected();
  return {.moved = {{"access.roles", grants}, {"access.claims", claims}}};
}

}  // namespace

directory::Mover OrganizationMover() {
  return {.columns = {"access.grant.organization", "access.claim.organization"},
          .lock = Lock,
          .move = MoveAll};
}

}  // namespace lagnet::access
