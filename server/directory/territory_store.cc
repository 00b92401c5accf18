#include "server/directory/territory_store.h"

#include "absl/strings/str_cat.h"
#include "server/directory/area.h"

namespace lagnet::directory {
namespace {

constexpr db::Statement kOccurringTerritories{"directory.occurring_territories",
                                              R"sql(
  SELECT DISTINCT t.scheme, o.country, t.code
    FROM directory.organization_territory AS t
    JOIN directory.organization AS o USING (organization_id)
)sql"};

}  // namespace

std::vector<std::string> TerritoriesWithin(db::Tx& tx,
                                           const std::string& code) {
  std::vector<std::string> within;
  for (const db::Row row : tx.Run(kOccurringTerritories)) {
    const Territory territory{.scheme = row.Get<TerritoryScheme>("scheme"),
                              .code = row.Get<std::string>("code")};
    const auto country = row.Get<std::string>("country");
    if (LiesIn(territory, country, code)) {
      within.push_back(
          absl::StrCat(territory.scheme, ":", country, ":", territory.code));
    }
  }
  return within;
}

}  // namespace lagnet::directory
