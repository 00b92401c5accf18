#include "server/directory/merge_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/changes/log.h"
#include "server/directory/field_change_store.h"

namespace lagnet::directory {
namespace {

// As the API writes a field that names an organisation.
std::string QuotedName(const std::string& id) {
  return nlohmann::json(absl::StrCat("organizations/", id)).dump();
}

constexpr db::Statement kMoveSuccessors{"directory.move_successors", R"sql(
  UPDATE directory.organization
     SET successor = $2, version = version + 1, update_time = now()
   WHERE successor = $1 AND name <> $2
  RETURNING organization_id, name, network, version
)sql"};

// A chain of merges is never longer than one link.
constexpr db::Statement kMoveOldNames{"directory.move_old_names", R"sql(
  UPDATE directory.organization
     SET merged_into = $2, version = version + 1, update_time = now()
   WHERE merged_into = $1
  RETURNING organization_id, name, network, version
)sql"};

// Tells who follows that a field of other entries names another organisation.
int LogMoved(db::Tx& tx, const Move& move, const db::Rows& rows,
             const std::string& field) {
  const Edit edit{.changes = {{.field = field,
                               .old_value = QuotedName(move.from),
                               .new_value = QuotedName(move.to)}}};
  std::vector<changes::Change> changed;
  for (const db::Row row : rows) {
    const auto version = row.Get<int64_t>("version");
    changed.push_back({.network = row.Get<std::string>("network"),
                       .resource = absl::StrCat("organizations/",
                                                row.Get<std::string>("name")),
                       .version = version});
    AppendFieldChanges(tx, move.by, row.Get<int64_t>("organization_id"),
                       version, edit);
  }
  if (!changed.empty()) changes::Append(tx, move.by, changed);
  return static_cast<int>(changed.size());
}

// What is said of one of two doubles holds for the one that stays; that the two
// are none themselves was a mistake.
constexpr db::Statement kMoveNotDoubles{"directory.move_not_doubles", R"sql(
  WITH gone AS (
    DELETE FROM directory.not_double WHERE $1 IN (one, other)
    RETURNING CASE one WHEN $1 THEN other ELSE one END AS other, actor,
              dismiss_time
  )
  INSERT INTO directory.not_double (one, other, actor, dismiss_time)
  SELECT least(other, $2), greatest(other, $2), actor, dismiss_time
    FROM gone WHERE other <> $2
  ON CONFLICT DO NOTHING
)sql"};

MoveResult MoveOwn(db::Tx& tx, const Move& move) {
  const int successors = LogMoved(
      tx, move, tx.Run(kMoveSuccessors, move.from, move.to), "successor");
  const int old_names = LogMoved(
      tx, move, tx.Run(kMoveOldNames, move.from, move.to), "merged_into");
  tx.Run(kMoveNotDoubles, move.from, move.to);
  return {.moved = {{"directory.successors", successors},
                    {"directory.old_names", old_names}}};
}

}  // namespace

Mover DirectoryMover() {
  return {.columns = {"directory.organization.successor",
                      "directory.organization.merged_into",
                      "directory.not_double.one", "directory.not_double.other",
                      "directory.merge.organization",
                      "directory.field_change.organization_id",
                      // They go to the entry that stays; an import that knows
                      // the old one by what is left finds it as well.
                      "directory.organization_external_id.organization_id",
                      "directory.organization_fund.organization_id",
                      "directory.organization_membership.organization_id",
                      "directory.organization_registration.organization_id",
                      "directory.organization_territory.organization_id",
                      "directory.organization_theme.organization_id"},
          .lock = [](db::Tx&, const Move&) {},
          .move = MoveOwn};
}

namespace {

// query_to_xml runs what the catalogue says, which no prepared statement could
// name: an empty answer is an empty table element.
constexpr db::Statement kUnknownReferences{"directory.unknown_references",
                                           R"sql(
  SELECT reference
    FROM directory.organization_reference AS r
   WHERE reference <> ALL ($2::text[])
     AND query_to_xml(
           format('SELECT 1 AS found FROM %s WHERE %s LIMIT 1',
                  r.relation::regclass,
                  CASE WHEN r.is_list
                       THEN format('%L = ANY (%I)', $1::text,
                                   r.column_name)
                       WHEN r.target = 'name'
                       THEN format('%I = %L', r.column_name, $1::text)
                       ELSE format('%I = (SELECT %I FROM directory.organization'
                                   ' WHERE name = %L)',
                                   r.column_name, r.target, $1::text) END),
           false, false, '')::text LIKE '%<found>%'
   ORDER BY reference
)sql"};

}  // namespace

std::vector<std::string> UnknownReferences(db::Tx& tx, const std::string& id,
                                           const std::vector<Mover>& movers) {
  std::vector<std::string> known;
  for (const Mover& mover : movers) {
    known.insert(known.end(), mover.columns.begin(), mover.columns.end());
  }
  std::vector<std::string> unknown;
  for (const db::Row row : tx.Run(kUnknownReferences, id, known)) {
    unknown.push_back(row.Get<std::string>("reference"));
  }
  return unknown;
}

namespace {

constexpr db::Statement kInsertMerge{"directory.insert_merge", R"sql(
  INSERT INTO directory.merge (organization, stays, outcome, actor)
  VALUES ($1, $2, $3, $4)
)sql"};

nlohmann::json OutcomeJson(const Merge& merge) {
  nlohmann::json moved = nlohmann::json::array();
  for (const Moved& entry : merge.moved) {
    moved.push_back({{"kind", entry.kind}, {"count", entry.count}});
  }
  nlohmann::json taken = nlohmann::json::array();
  for (const FieldChange& change : merge.taken) {
    taken.push_back({{"field", change.field},
                     {"old_value", change.old_value.value_or("")},
                     {"new_value", change.new_value.value_or("")}});
  }
  return {{"moved", moved}, {"taken", taken}};
}

}  // namespace

void InsertMerge(db::Tx& tx, const RequestKey& by, const Merge& merge) {
  tx.Run(kInsertMerge, merge.goes, merge.stays, OutcomeJson(merge), by.caller);
}

namespace {

constexpr db::Statement kLoadMerge{"directory.load_merge", R"sql(
  SELECT stays, outcome FROM directory.merge WHERE organization = $1
)sql"};

}  // namespace

absl::StatusOr<Merge> LoadMerge(db::Tx& tx, const std::string& goes) {
  const db::Rows rows = tx.Run(kLoadMerge, goes);
  if (rows.empty()) return NoSuch("merge", goes);
  const auto outcome = rows[0].Get<nlohmann::json>("outcome");
  Merge merge{.goes = goes, .stays = rows[0].Get<std::string>("stays")};
  for (const auto& entry : outcome.at("moved")) {
    merge.moved.push_back(
        {.kind = entry.at("kind"), .count = entry.at("count")});
  }
  for (const auto& change : outcome.at("taken")) {
    merge.taken.push_back(
        {.field = change.at("field"),
         .old_value = change.at("old_value").get<std::string>(),
         .new_value = change.at("new_value").get<std::string>()});
  }
  return merge;
}

namespace {

constexpr db::Statement kInsertNotDouble{"directory.insert_not_double", R"sql(
  INSERT INTO directory.not_double (one, other, actor)
  VALUES (least($1, $2), greatest($1, $2), $3)
  ON CONFLICT DO NOTHING
)sql"};

constexpr db::Statement kLoadNotDouble{"directory.load_not_double", R"sql(
  SELECT actor, dismiss_time FROM directory.not_double
   WHERE one = least($1, $2) AND other = greatest($1, $2)
)sql"};

constexpr db::Statement kLoadNotDoubles{"directory.load_not_doubles", R"sql(
  SELECT one, other, actor, dismiss_time FROM directory.not_double
)sql"};

}  // namespace

void InsertNotDouble(db::Tx& tx, const RequestKey& by, const std::string& one,
                     const std::string& other) {
  tx.Run(kInsertNotDouble, one, other, by.caller);
}

absl::StatusOr<NotDouble> LoadNotDouble(db::Tx& tx, const std::string& one,
                                        const std::string& other) {
  const db::Rows rows = tx.Run(kLoadNotDouble, one, other);
  if (rows.empty()) return NoSuch("pair", absl::StrCat(one, ", ", other));
  return NotDouble{.one = one,
                   .other = other,
                   .actor = rows[0].Get<std::string>("actor"),
                   .time = rows[0].Get<absl::Time>("dismiss_time")};
}

std::vector<NotDouble> LoadNotDoubles(db::Tx& tx) {
  std::vector<NotDouble> pairs;
  for (const db::Row row : tx.Run(kLoadNotDoubles)) {
    pairs.push_back({.one = row.Get<std::string>("one"),
                     .other = row.Get<std::string>("other"),
                     .actor = row.Get<std::string>("actor"),
                     .time = row.Get<absl::Time>("dismiss_time")});
  }
  return pairs;
}

}  // namespace lagnet::directory
