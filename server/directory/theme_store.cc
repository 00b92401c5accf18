#include "server/directory/theme_store.h"

#include "absl/strings/str_cat.h"

namespace lagnet::directory {
namespace {

constexpr db::Statement kListThemes{"directory.list_themes", R"sql(
  SELECT id, label, coalesce(broader, '') AS broader
    FROM directory.theme WHERE id > $1 ORDER BY id LIMIT $2
)sql"};

}  // namespace

std::vector<Theme> LoadThemes(db::Tx& tx, const std::string& after, int limit) {
  std::vector<Theme> themes;
  for (const db::Row row : tx.Run(kListThemes, after, limit)) {
    themes.push_back(
        {.id = row.Get<std::string>("id"),
         .label = LocalizedTextFromJson(row.Get<nlohmann::json>("label")),
         .broader = row.Get<std::string>("broader")});
  }
  return themes;
}

namespace {

constexpr db::Statement kMissingThemes{"directory.missing_themes", R"sql(
  SELECT DISTINCT id FROM unnest($1::text[]) AS asked (id)
   WHERE id <> '' AND NOT EXISTS (
     SELECT FROM directory.theme WHERE theme.id = asked.id)
   ORDER BY id
)sql"};

}  // namespace

Errors CheckThemesExist(db::Tx& tx, absl::string_view field,
                        const std::vector<std::string>& ids) {
  if (ids.empty()) return {};
  Errors errors;
  for (const db::Row missing : tx.Run(kMissingThemes, ids)) {
    const std::string theme = missing.Get<std::string>("id");
    errors.Add(Error(absl::StatusCode::kInvalidArgument, "UNKNOWN_THEME",
                     absl::StrCat(field, ": there is no theme ", theme))
                   .With("name", theme)
                   .Field(field, absl::StrCat("there is no theme ", theme)));
  }
  return errors;
}

}  // namespace lagnet::directory
