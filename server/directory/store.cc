#include "server/directory/store.h"

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/changes/log.h"
#include "server/directory/network_store.h"
#include "server/directory/theme_store.h"

namespace lagnet::directory {
namespace {

void Log(db::Tx& tx, const RequestKey& by, const Organization& organization,
         int64_t version) {
  changes::Append(tx, by,
                  {{.network = organization.network,
                    .resource = absl::StrCat("organizations/", organization.id),
                    .version = version}});
}

Organization ReadOrganization(const db::Row& row) {
  Organization organization{
      .id = row.Get<std::string>("name"),
      .network = row.Get<std::string>("network"),
      .kind = row.Get<OrganizationKind>("kind"),
      .display_name =
          LocalizedTextFromJson(row.Get<nlohmann::json>("display_name")),
      .country = row.Get<std::string>("country"),
      .themes = row.Get<std::vector<std::string>>("themes"),
      .languages = row.Get<std::vector<std::string>>("languages"),
      .email = row.Get<std::string>("email"),
      .website = row.Get<std::string>("website"),
      .description =
          LocalizedTextFromJson(row.Get<nlohmann::json>("description")),
      .state = row.Get<OrganizationState>("state"),
      .version = row.Get<int64_t>("version"),
      .create_time = row.Get<absl::Time>("create_time"),
      .update_time = row.Get<absl::Time>("update_time"),
      .row = row.Get<int64_t>("organization_id"),
  };
  const auto latitude = row.Get<std::optional<double>>("latitude");
  const auto longitude = row.Get<std::optional<double>>("longitude");
  if (latitude && longitude) {
    organization.position = Position{*latitude, *longitude};
  }
  for (const auto& entry : row.Get<nlohmann::json>("territories")) {
    organization.territories.push_back(
        {.scheme = static_cast<TerritoryScheme>(entry["scheme"].get<int>()),
         .version = entry["version"],
         .code = entry["code"]});
  }
  return organization;
}

constexpr db::Statement kGetOrganization{"directory.get_organization", R"sql(
  SELECT * FROM directory.organization_entry WHERE name = $1
)sql"};

}  // namespace

absl::StatusOr<Organization> LoadOrganization(db::Tx& tx,
                                              const std::string& id) {
  const db::Rows rows = tx.Run(kGetOrganization, id);
  if (rows.empty()) return NoSuch("organisation", id);
  return ReadOrganization(rows[0]);
}

namespace {

constexpr db::Statement kLockOrganization{"directory.lock_organization", R"sql(
  SELECT organization_id FROM directory.organization WHERE name = $1
     FOR UPDATE
)sql"};

}  // namespace

absl::StatusOr<Organization> LockOrganization(db::Tx& tx,
                                              const std::string& id) {
  tx.Run(kLockOrganization, id);
  return LoadOrganization(tx, id);
}

namespace {

constexpr db::Statement kPutTerritories{"directory.put_territories", R"sql(
  WITH gone AS (
    DELETE FROM directory.organization_territory
     WHERE organization_id = $1 AND position >= jsonb_array_length($2)
  )
  INSERT INTO directory.organization_territory (organization_id, position,
                                                scheme, list_version, code)
  SELECT $1, n - 1, (entry ->> 'scheme')::smallint, entry ->> 'version',
         entry ->> 'code'
    FROM jsonb_array_elements($2) WITH ORDINALITY AS list (entry, n)
  ON CONFLICT (organization_id, position)
  DO UPDATE SET scheme = excluded.scheme,
                list_version = excluded.list_version, code = excluded.code
)sql"};

constexpr db::Statement kPutThemes{"directory.put_themes", R"sql(
  WITH gone AS (
    DELETE FROM directory.organization_theme
     WHERE organization_id = $1 AND theme <> ALL ($2::text[])
  )
  INSERT INTO directory.organization_theme (organization_id, position, theme)
  SELECT $1, n - 1, theme
    FROM unnest($2::text[]) WITH ORDINALITY AS list (theme, n)
  ON CONFLICT (organization_id, theme)
  DO UPDATE SET position = excluded.position
)sql"};

void PutParts(db::Tx& tx, int64_t row, const Organization& organization) {
  nlohmann::json territories = nlohmann::json::array();
  for (const Territory& territory : organization.territories) {
    territories.push_back({{"scheme", static_cast<int>(territory.scheme)},
                           {"version", territory.version},
                           {"code", territory.code}});
  }
  tx.Run(kPutTerritories, row, territories);
  tx.Run(kPutThemes, row, organization.themes);
}

std::optional<double> LatitudeOf(const Organization& organization) {
  if (!organization.position) return std::nullopt;
  return organization.position->latitude;
}

std::optional<double> LongitudeOf(const Organization& organization) {
  if (!organization.position) return std::nullopt;
  return organization.position->longitude;
}

constexpr db::Statement kInsertOrganization{"directory.insert_organization",
                                            R"sql(
  INSERT INTO directory.organization (network, name, kind, display_name,
                                      country, languages, latitude, longitude,
                                      email, website, description, state)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
  ON CONFLICT (name) DO NOTHING
  RETURNING organization_id, version
)sql"};

}  // namespace

absl::Status InsertOrganization(db::Tx& tx, const RequestKey& by,
                                const Organization& organization) {
  RETURN_IF_ERROR(
      CheckNetworkExists(tx, "organization.network", organization.network));
  RETURN_IF_ERROR(
      CheckThemesExist(tx, "organization.themes", organization.themes));
  const db::Rows rows = tx.Run(
      kInsertOrganization, organization.network, organization.id,
      organization.kind, ToJson(organization.display_name),
      organization.country, organization.languages, LatitudeOf(organization),
      LongitudeOf(organization), organization.email, organization.website,
      ToJson(organization.description), organization.state);
  if (rows.empty()) {
    return NameTaken(absl::StrCat("organizations/", organization.id));
  }
  PutParts(tx, rows[0].Get<int64_t>("organization_id"), organization);
  Log(tx, by, organization, rows[0].Get<int64_t>("version"));
  return absl::OkStatus();
}

namespace {

constexpr db::Statement kUpdateOrganization{"directory.update_organization",
                                            R"sql(
  UPDATE directory.organization
     SET kind = $2, display_name = $3, country = $4, languages = $5,
         latitude = $6, longitude = $7, email = $8, website = $9,
         description = $10, state = $11,
         version = version + 1, update_time = now()
   WHERE organization_id = $1
  RETURNING version
)sql"};

}  // namespace

absl::Status SaveOrganization(db::Tx& tx, const RequestKey& by,
                              const Organization& organization) {
  RETURN_IF_ERROR(
      CheckThemesExist(tx, "organization.themes", organization.themes));
  const db::Rows rows = tx.Run(
      kUpdateOrganization, organization.row, organization.kind,
      ToJson(organization.display_name), organization.country,
      organization.languages, LatitudeOf(organization),
      LongitudeOf(organization), organization.email, organization.website,
      ToJson(organization.description), organization.state);
  PutParts(tx, organization.row, organization);
  Log(tx, by, organization, rows[0].Get<int64_t>("version"));
  return absl::OkStatus();
}

namespace {

constexpr db::Statement kListOrganizations{"directory.list_organizations",
                                           R"sql(
  SELECT *
    FROM directory.organization_entry AS entry
   WHERE name > $1
     AND ($3 OR state = 1)
     AND ($4::text IS NULL OR network = $4)
     AND ($5::int = 0 OR kind = $5)
     AND ($6::text IS NULL OR country = $6)
     AND ($7::text IS NULL OR EXISTS (
           SELECT FROM directory.organization_territory AS t
            WHERE t.organization_id = entry.organization_id
              AND starts_with(t.code, $7)))
     AND ($8::text IS NULL OR EXISTS (
           SELECT FROM directory.organization_theme AS t
            WHERE t.organization_id = entry.organization_id
              AND t.theme = $8))
     AND ($9::text IS NULL OR $9 = ANY (languages))
   ORDER BY name
   LIMIT $2
)sql"};

}  // namespace

std::vector<Organization> LoadOrganizations(db::Tx& tx,
                                            const OrganizationFilter& filter,
                                            const std::string& after,
                                            int limit) {
  std::vector<Organization> organizations;
  for (const db::Row row : tx.Run(
           kListOrganizations, after, limit, filter.show_archived,
           db::NullIfEmpty(filter.network), filter.kind,
           db::NullIfEmpty(filter.country), db::NullIfEmpty(filter.territory),
           db::NullIfEmpty(filter.theme), db::NullIfEmpty(filter.language))) {
    organizations.push_back(ReadOrganization(row));
  }
  return organizations;
}

namespace {

constexpr db::Statement kMissingOrganizations{"directory.missing_organizations",
                                              R"sql(
  SELECT id FROM unnest($1::text[]) AS asked (id)
   WHERE id <> '' AND NOT EXISTS (
     SELECT FROM directory.organization WHERE name = id) LIMIT 1
)sql"};

}  // namespace

absl::Status CheckOrganizationsExist(db::Tx& tx, absl::string_view field,
                                     const std::vector<std::string>& ids) {
  const db::Rows missing = tx.Run(kMissingOrganizations, ids);
  if (missing.empty()) return absl::OkStatus();
  return UnknownReference(
      field, absl::StrCat("organizations/", missing[0].Get<std::string>("id")));
}

namespace {

constexpr db::Statement kLoadOrganizationOwners{
    "directory.load_organization_owners", R"sql(
  SELECT o.name, o.network,
         ARRAY(SELECT t.code
                 FROM directory.organization_territory AS t
                WHERE t.organization_id = o.organization_id) AS regions
    FROM directory.organization AS o
   WHERE cardinality($1::text[]) = 0 OR o.name = ANY ($1::text[])
)sql"};

}  // namespace

std::vector<OrganizationOwner> LoadOrganizationOwners(
    db::Tx& tx, const std::vector<std::string>& ids) {
  std::vector<OrganizationOwner> owners;
  for (const db::Row row : tx.Run(kLoadOrganizationOwners, ids)) {
    owners.push_back({.id = row.Get<std::string>("name"),
                      .network = row.Get<std::string>("network"),
                      .regions = row.Get<std::vector<std::string>>("regions")});
  }
  return owners;
}

namespace {

constexpr db::Statement kLoadStandings{"directory.load_standings", R"sql(
  SELECT name, kind, state FROM directory.organization
   WHERE name = ANY ($1::text[])
)sql"};

}  // namespace

std::map<std::string, OrganizationStanding> LoadStandings(
    db::Tx& tx, const std::vector<std::string>& ids) {
  std::map<std::string, OrganizationStanding> standings;
  for (const db::Row row : tx.Run(kLoadStandings, ids)) {
    standings[row.Get<std::string>("name")] = {
        .is_archived =
            row.Get<OrganizationState>("state") == OrganizationState::kArchived,
        .has_area =
            row.Get<OrganizationKind>("kind") == OrganizationKind::kLag};
  }
  return standings;
}

}  // namespace lagnet::directory
