#include "server/directory/external_id_store.h"

namespace lagnet::directory {
namespace {

constexpr db::Statement kDropExternalIds{"directory.drop_external_ids", R"sql(
  DELETE FROM directory.organization_external_id WHERE organization_id = $1
)sql"};

// Which of them went in: the others are another organisation's.
constexpr db::Statement kPutExternalIds{"directory.put_external_ids", R"sql(
  INSERT INTO directory.organization_external_id (organization_id, position,
                                                  network, source, external_id)
  SELECT $1, n - 1, $2, source, external_id
    FROM unnest($3::text[], $4::text[])
         WITH ORDINALITY AS list (source, external_id, n)
  ON CONFLICT (network, source, external_id) DO NOTHING
  RETURNING position
)sql"};

}  // namespace

Errors PutExternalIds(db::Tx& tx, int64_t row,
                      const Organization& organization) {
  std::vector<std::string> sources;
  std::vector<std::string> ids;
  for (const ExternalId& id : organization.external_ids) {
    sources.push_back(id.source);
    ids.push_back(id.id);
  }
  tx.Run(kDropExternalIds, row);
  if (ids.empty()) return {};
  std::vector<bool> went_in(ids.size(), false);
  for (const db::Row put :
       tx.Run(kPutExternalIds, row, organization.network, sources, ids)) {
    went_in[static_cast<size_t>(put.Get<int>("position"))] = true;
  }
  Errors errors;
  for (size_t i = 0; i < ids.size(); ++i) {
    if (went_in[i]) continue;
    errors.Add(ExternalIdTaken(i, organization.external_ids[i]));
  }
  return errors;
}

namespace {

constexpr db::Statement kFindExternalIds{"directory.find_external_ids", R"sql(
  SELECT e.source, e.external_id, coalesce(o.merged_into, o.name) AS name
    FROM unnest($2::text[], $3::text[]) AS asked (source, external_id)
    JOIN directory.organization_external_id AS e USING (source, external_id)
    JOIN directory.organization AS o USING (organization_id)
   WHERE e.network = $1
)sql"};

}  // namespace

std::map<ExternalId, std::string> FindByExternalIds(
    db::Tx& tx, const std::string& network,
    const std::vector<ExternalId>& ids) {
  std::vector<std::string> sources;
  std::vector<std::string> texts;
  for (const ExternalId& id : ids) {
    sources.push_back(id.source);
    texts.push_back(id.id);
  }
  std::map<ExternalId, std::string> found;
  for (const db::Row row : tx.Run(kFindExternalIds, network, sources, texts)) {
    found[{.source = row.Get<std::string>("source"),
           .id = row.Get<std::string>("external_id")}] =
        row.Get<std::string>("name");
  }
  return found;
}

}  // namespace lagnet::directory
