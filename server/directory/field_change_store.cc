#include "server/directory/field_change_store.h"

#include "server/directory/profile_store.h"

namespace lagnet::directory {
namespace {

constexpr db::Statement kAppendFieldChanges{"directory.append_field_changes",
                                            R"sql(
  INSERT INTO directory.field_change (organization_id, version, actor, method,
                                      source, as_of, field, old_value,
                                      new_value)
  SELECT $1, $2, $3, $4, $5, $6, change.*
    FROM unnest($7::text[], $8::text[], $9::text[]) AS change
)sql"};

}  // namespace

void AppendFieldChanges(db::Tx& tx, const RequestKey& by, int64_t row,
                        int64_t version, const Edit& edit) {
  std::vector<std::string> fields;
  std::vector<std::optional<std::string>> old_values;
  std::vector<std::optional<std::string>> new_values;
  for (const FieldChange& change : edit.changes) {
    fields.push_back(change.field);
    old_values.push_back(change.old_value);
    new_values.push_back(change.new_value);
  }
  if (fields.empty()) return;
  tx.Run(kAppendFieldChanges, row, version, by.caller, by.method,
         edit.provenance.source, ToDateValue(edit.provenance.as_of), fields,
         old_values, new_values);
}

namespace {

StoredFieldChange ReadFieldChange(const db::Row& row) {
  return {
      .row = row.Get<int64_t>("field_change_id"),
      .change = {.field = row.Get<std::string>("field"),
                 .old_value = row.Get<std::optional<std::string>>("old_value"),
                 .new_value = row.Get<std::optional<std::string>>("new_value")},
      .provenance = {.source = row.Get<std::string>("source"),
                     .as_of = ReadDay(row, "as_of")},
      .actor = row.Get<std::string>("actor"),
      .method = row.Get<std::string>("method"),
      .version = row.Get<int64_t>("version"),
      .time = row.Get<absl::Time>("change_time")};
}

// The fields of one change in their order, too: the rows were numbered in it.
constexpr db::Statement kLoadFieldChanges{"directory.load_field_changes",
                                          R"sql(
  WITH entry AS (
    SELECT organization_id, '' AS old_name
      FROM directory.organization WHERE organization_id = $1
     UNION ALL
    SELECT merged.organization_id, merged.name
      FROM directory.organization AS stays
      JOIN directory.organization AS merged ON merged.merged_into = stays.name
     WHERE stays.organization_id = $1
  )
  SELECT * FROM directory.field_change JOIN entry USING (organization_id)
   WHERE ($2::text IS NULL OR field = $2 OR starts_with(field, $2 || '.'))
     AND ($3::bigint = 0 OR field_change_id < $3)
   ORDER BY field_change_id DESC
   LIMIT $4
)sql"};

}  // namespace

std::vector<StoredFieldChange> LoadFieldChanges(db::Tx& tx, int64_t row,
                                                const std::string& field,
                                                int64_t before, int limit) {
  std::vector<StoredFieldChange> changes;
  for (const db::Row stored :
       tx.Run(kLoadFieldChanges, row, db::NullIfEmpty(field), before, limit)) {
    changes.push_back(ReadFieldChange(stored));
    changes.back().old_name = stored.Get<std::string>("old_name");
  }
  return changes;
}

namespace {

constexpr db::Statement kLoadFieldSources{"directory.load_field_sources",
                                          R"sql(
  SELECT * FROM (
    SELECT DISTINCT ON (field) *
      FROM directory.field_change
     WHERE organization_id = $1 AND field > $2
     ORDER BY field, field_change_id DESC) AS latest
   WHERE new_value IS NOT NULL
   ORDER BY field
   LIMIT $3
)sql"};

}  // namespace

std::vector<StoredFieldChange> LoadFieldSources(db::Tx& tx, int64_t row,
                                                const std::string& after,
                                                int limit) {
  std::vector<StoredFieldChange> sources;
  for (const db::Row stored : tx.Run(kLoadFieldSources, row, after, limit)) {
    sources.push_back(ReadFieldChange(stored));
  }
  return sources;
}

}  // namespace lagnet::directory
