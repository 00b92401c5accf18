#include "server/directory/life_store.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "server/changes/log.h"
#include "server/directory/field_change_store.h"
#include "server/directory/life.h"

namespace lagnet::directory {
namespace {

// As the API writes what one of its fields holds.
std::string Quoted(absl::string_view text) {
  return nlohmann::json(std::string(text)).dump();
}

constexpr db::Statement kMarkStale{"directory.mark_stale", R"sql(
  WITH overdue AS (
    SELECT organization_id FROM directory.organization
     WHERE state = 3 AND look_time <= now() - $2 * interval '1 second'
     ORDER BY look_time
     LIMIT $1
       FOR UPDATE SKIP LOCKED
  )
  UPDATE directory.organization AS o
     SET state = 4, version = version + 1, update_time = now()
    FROM overdue WHERE o.organization_id = overdue.organization_id
  RETURNING o.organization_id, o.name, o.network, o.version
)sql"};

}  // namespace

int MarkStale(db::Tx& tx, int limit) {
  const RequestKey by{.method = kMarksStale};
  const Edit edit{
      .changes = {{.field = "state",
                   .old_value = Quoted(NameOf(OrganizationState::kVerified)),
                   .new_value = Quoted(NameOf(OrganizationState::kStale))}}};
  std::vector<changes::Change> changed;
  for (const db::Row row :
       tx.Run(kMarkStale, limit, absl::ToInt64Seconds(kLookCounts))) {
    const auto version = row.Get<int64_t>("version");
    changed.push_back({.network = row.Get<std::string>("network"),
                       .resource = absl::StrCat("organizations/",
                                                row.Get<std::string>("name")),
                       .version = version});
    AppendFieldChanges(tx, by, row.Get<int64_t>("organization_id"), version,
                       edit);
  }
  if (!changed.empty()) changes::Append(tx, by, changed);
  return static_cast<int>(changed.size());
}

namespace {

constexpr db::Statement kMarkClaimed{"directory.mark_claimed", R"sql(
  UPDATE directory.organization
     SET claim_time = now(), version = version + 1, update_time = now()
   WHERE organization_id = $1 AND claim_time IS NULL
  RETURNING version
)sql"};

}  // namespace

void MarkClaimed(db::Tx& tx, const RequestKey& by,
                 const Organization& organization) {
  const db::Rows rows = tx.Run(kMarkClaimed, organization.row);
  if (rows.empty()) return;
  const auto version = rows[0].Get<int64_t>("version");
  AppendFieldChanges(tx, by, organization.row, version,
                     {.changes = {{.field = "claim_time",
                                   .new_value = Quoted(absl::FormatTime(
                                       "%Y-%m-%d%ET%H:%M:%E*SZ", tx.now(),
                                       absl::UTCTimeZone()))}}});
  changes::Append(tx, by,
                  {{.network = organization.network,
                    .resource = absl::StrCat("organizations/", organization.id),
                    .version = version}});
}

}  // namespace lagnet::directory
