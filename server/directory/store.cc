#include "server/directory/store.h"

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/changes/log.h"
#include "server/directory/external_id_store.h"
#include "server/directory/field_change_store.h"
#include "server/directory/network_store.h"
#include "server/directory/profile_store.h"
#include "server/directory/territory_store.h"
#include "server/directory/theme_store.h"

namespace lagnet::directory {
namespace {

// Tells everybody who follows: those who read entries again, and those who
// read what became of each field.
void Log(db::Tx& tx, const RequestKey& by, const Organization& organization,
         int64_t version, const Edit& edit) {
  changes::Append(tx, by,
                  {{.network = organization.network,
                    .resource = absl::StrCat("organizations/", organization.id),
                    .version = version,
                    .reason = edit.reason}});
  AppendFieldChanges(tx, by, organization.row, version, edit);
}

Life ReadLife(const db::Row& row) {
  return {.state = row.Get<OrganizationState>("state"),
          .return_reason = row.Get<std::string>("return_reason"),
          .successor = row.Get<std::string>("successor"),
          .merged_into = row.Get<std::string>("merged_into"),
          .dissolved_on = ReadDay(row, "dissolved_on"),
          .creator = row.Get<std::string>("creator"),
          .look_time = row.Get<absl::Time>("look_time"),
          .claim_time = row.Get<absl::Time>("claim_time")};
}

std::vector<Territory> ReadTerritories(const db::Row& row) {
  std::vector<Territory> territories;
  for (const auto& entry : row.Get<nlohmann::json>("territories")) {
    territories.push_back(
        {.scheme = static_cast<TerritoryScheme>(entry["scheme"].get<int>()),
         .version = entry["version"],
         .code = entry["code"]});
  }
  return territories;
}

std::optional<Position> ReadPosition(const db::Row& row) {
  const auto latitude = row.Get<std::optional<double>>("latitude");
  const auto longitude = row.Get<std::optional<double>>("longitude");
  if (!latitude || !longitude) return std::nullopt;
  return Position{*latitude, *longitude};
}

Organization ReadOrganization(const db::Row& row) {
  Organization organization{
      .id = row.Get<std::string>("name"),
      .network = row.Get<std::string>("network"),
      .kind = row.Get<OrganizationKind>("kind"),
      .display_name =
          LocalizedTextFromJson(row.Get<nlohmann::json>("display_name")),
      .country = row.Get<std::string>("country"),
      .territories = ReadTerritories(row),
      .themes = row.Get<std::vector<std::string>>("themes"),
      .languages = row.Get<std::vector<std::string>>("languages"),
      .position = ReadPosition(row),
      .email = row.Get<std::string>("email"),
      .website = row.Get<std::string>("website"),
      .description =
          LocalizedTextFromJson(row.Get<nlohmann::json>("description")),
      .profile = ReadProfile(row),
      .life = ReadLife(row),
      .version = row.Get<int64_t>("version"),
      .create_time = row.Get<absl::Time>("create_time"),
      .update_time = row.Get<absl::Time>("update_time"),
      .row = row.Get<int64_t>("organization_id"),
  };
  for (const auto& entry : row.Get<nlohmann::json>("external_ids")) {
    organization.external_ids.push_back(
        {.source = entry["source"], .id = entry["id"]});
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

absl::StatusOr<Organization> LoadStaying(db::Tx& tx, const std::string& id) {
  ASSIGN_OR_RETURN(Organization organization, LoadOrganization(tx, id));
  if (organization.life.merged_into.empty()) return organization;
  return LoadOrganization(tx, organization.life.merged_into);
}

namespace {

constexpr db::Statement kGetOrganizations{"directory.get_organizations", R"sql(
  SELECT * FROM directory.organization_entry WHERE name = ANY ($1::text[])
)sql"};

}  // namespace

std::map<std::string, Organization> LoadOrganizations(
    db::Tx& tx, const std::vector<std::string>& ids) {
  std::map<std::string, Organization> organizations;
  for (const db::Row row : tx.Run(kGetOrganizations, ids)) {
    Organization organization = ReadOrganization(row);
    organizations[organization.id] = std::move(organization);
  }
  return organizations;
}

namespace {

constexpr db::Statement kLoadOldNames{"directory.load_old_names", R"sql(
  SELECT merged_into, display_name FROM directory.organization
   WHERE merged_into = ANY ($1::text[])
   ORDER BY organization_id
)sql"};

}  // namespace

std::map<std::string, std::vector<LocalizedText>> LoadOldNames(
    db::Tx& tx, const std::vector<std::string>& ids) {
  std::map<std::string, std::vector<LocalizedText>> names;
  for (const db::Row row : tx.Run(kLoadOldNames, ids)) {
    names[row.Get<std::string>("merged_into")].push_back(
        LocalizedTextFromJson(row.Get<nlohmann::json>("display_name")));
  }
  return names;
}

namespace {

// Whoever only names the organisation need not wait for an edit.
constexpr db::Statement kLockOrganization{"directory.lock_organization", R"sql(
  SELECT organization_id FROM directory.organization WHERE name = $1
     FOR NO KEY UPDATE
)sql"};

}  // namespace

absl::StatusOr<Organization> LockOrganization(db::Tx& tx,
                                              const std::string& id) {
  tx.Run(kLockOrganization, id);
  return LoadOrganization(tx, id);
}

namespace {

constexpr db::Statement kLockForMerge{"directory.lock_for_merge", R"sql(
  SELECT organization_id FROM directory.organization
   WHERE name = ANY ($1::text[])
   ORDER BY organization_id
     FOR UPDATE
)sql"};

}  // namespace

void LockForMerge(db::Tx& tx, const std::string& one,
                  const std::string& other) {
  tx.Run(kLockForMerge, std::vector<std::string>{one, other});
}

namespace {

constexpr db::Statement kLockOrganizations{"directory.lock_organizations",
                                           R"sql(
  SELECT organization_id FROM directory.organization
   WHERE name = ANY ($1::text[])
   ORDER BY organization_id
     FOR NO KEY UPDATE
)sql"};

}  // namespace

void LockOrganizations(db::Tx& tx, const std::vector<std::string>& ids) {
  tx.Run(kLockOrganizations, ids);
}

Errors CheckReferences(db::Tx& tx, const Organization& organization) {
  Errors errors =
      CheckThemesExist(tx, "organization.themes", organization.themes);
  errors.Add(CheckReferences(tx, organization.profile));
  return errors;
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

Errors PutParts(db::Tx& tx, int64_t row, const Organization& organization) {
  nlohmann::json territories = nlohmann::json::array();
  for (const Territory& territory : organization.territories) {
    territories.push_back({{"scheme", static_cast<int>(territory.scheme)},
                           {"version", territory.version},
                           {"code", territory.code}});
  }
  tx.Run(kPutTerritories, row, territories);
  tx.Run(kPutThemes, row, organization.themes);
  PutProfile(tx, row, organization.profile);
  return PutExternalIds(tx, row, organization);
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
                                      email, website, description, state,
                                      creator, look_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
  ON CONFLICT (name) DO NOTHING
  RETURNING organization_id, version
)sql"};

}  // namespace

Errors InsertOrganization(db::Tx& tx, const RequestKey& by,
                          Organization organization, const Edit& edit) {
  Errors errors;
  errors.Add(
      CheckNetworkExists(tx, "organization.network", organization.network));
  errors.Add(CheckReferences(tx, organization));
  if (!errors.ok()) return errors;
  const db::Rows rows = tx.Run(
      kInsertOrganization, organization.network, organization.id,
      organization.kind, ToJson(organization.display_name),
      organization.country, organization.languages, LatitudeOf(organization),
      LongitudeOf(organization), organization.email, organization.website,
      ToJson(organization.description), organization.life.state,
      organization.life.creator, organization.life.look_time);
  if (rows.empty()) {
    errors.Add(NameTaken(absl::StrCat("organizations/", organization.id)));
    return errors;
  }
  organization.row = rows[0].Get<int64_t>("organization_id");
  errors.Add(PutParts(tx, organization.row, organization));
  if (!errors.ok()) return errors;
  Log(tx, by, organization, rows[0].Get<int64_t>("version"), edit);
  return errors;
}

namespace {

constexpr db::Statement kUpdateOrganization{"directory.update_organization",
                                            R"sql(
  UPDATE directory.organization
     SET kind = $2, display_name = $3, country = $4, languages = $5,
         latitude = $6, longitude = $7, email = $8, website = $9,
         description = $10, state = $11, return_reason = $12, successor = $13,
         dissolved_on = $14, look_time = $15, claim_time = $16,
         merged_into = $17,
         version = version + 1, update_time = now()
   WHERE organization_id = $1
  RETURNING version
)sql"};

}  // namespace

Errors SaveOrganization(db::Tx& tx, const RequestKey& by,
                        const Organization& organization, const Edit& edit) {
  Errors errors = CheckReferences(tx, organization);
  if (!errors.ok()) return errors;
  const db::Rows rows =
      tx.Run(kUpdateOrganization, organization.row, organization.kind,
             ToJson(organization.display_name), organization.country,
             organization.languages, LatitudeOf(organization),
             LongitudeOf(organization), organization.email,
             organization.website, ToJson(organization.description),
             organization.life.state, organization.life.return_reason,
             db::NullIfEmpty(organization.life.successor),
             ToDateValue(organization.life.dissolved_on),
             organization.life.look_time, organization.life.claim_time,
             db::NullIfEmpty(organization.life.merged_into));
  errors.Add(PutParts(tx, organization.row, organization));
  if (!errors.ok()) return errors;
  Log(tx, by, organization, rows[0].Get<int64_t>("version"), edit);
  return errors;
}

namespace {

// Drafts and what was merged by the rule of MayRead().
constexpr db::Statement kListOrganizations{"directory.list_organizations",
                                           R"sql(
  SELECT *
    FROM directory.organization_entry AS entry
   WHERE name > $1
     AND state = ANY ($3::int[])
     AND ($4::text IS NULL OR network = $4)
     AND ($5::int = 0 OR kind = $5)
     AND ($6::text IS NULL OR country = $6)
     AND ($7::text[] IS NULL OR EXISTS (
           SELECT FROM directory.organization_territory AS t
            WHERE t.organization_id = entry.organization_id
              AND concat_ws(':', t.scheme, entry.country, t.code)
                  = ANY ($7::text[])))
     AND ($8::text IS NULL OR EXISTS (
           SELECT FROM directory.organization_theme AS t
            WHERE t.organization_id = entry.organization_id
              AND t.theme = $8))
     AND ($9::text IS NULL OR $9 = ANY (languages))
     AND ($10::timestamptz IS NULL OR look_time < $10)
     AND (state NOT IN (1, 2, 7) OR $11 OR creator = $12
          OR name = ANY ($13::text[])
          OR EXISTS (
               SELECT FROM unnest($14::text[], $15::text[])
                        AS staff (network, region)
                WHERE staff.network = entry.network
                  AND (staff.region = '' OR EXISTS (
                         SELECT FROM directory.organization_territory AS t
                          WHERE t.organization_id = entry.organization_id
                            AND concat_ws(':', t.scheme, entry.country, t.code)
                                = staff.region))))
   ORDER BY name
   LIMIT $2
)sql"};

std::vector<OrganizationState> StatesOf(const OrganizationFilter& filter) {
  if (!filter.states.empty()) return filter.states;
  return {OrganizationState::kVerified, OrganizationState::kStale};
}

}  // namespace

std::vector<Organization> LoadOrganizations(db::Tx& tx,
                                            const OrganizationFilter& filter,
                                            const Reader& reader,
                                            const std::string& after,
                                            int limit) {
  std::optional<std::vector<std::string>> within;
  if (!filter.territory.empty()) {
    within = TerritoriesWithin(tx, filter.territory);
  }
  std::vector<std::string> networks;
  std::vector<std::string> regions;
  for (const Reader::Staff& staff : reader.staff) {
    std::vector<std::string> areas = {""};
    if (!staff.region.empty()) areas = TerritoriesWithin(tx, staff.region);
    networks.insert(networks.end(), areas.size(), staff.network);
    regions.insert(regions.end(), areas.begin(), areas.end());
  }
  std::vector<Organization> organizations;
  for (const db::Row row :
       tx.Run(kListOrganizations, after, limit, StatesOf(filter),
              db::NullIfEmpty(filter.network), filter.kind,
              db::NullIfEmpty(filter.country), within,
              db::NullIfEmpty(filter.theme), db::NullIfEmpty(filter.language),
              filter.looked_at_before, reader.runs_everything,
              db::NullIfEmpty(reader.identity), reader.organizations, networks,
              regions)) {
    organizations.push_back(ReadOrganization(row));
  }
  return organizations;
}

namespace {

// Before each new entry: what is not compared is not read.
constexpr db::Statement kLoadForDoubles{"directory.load_for_doubles", R"sql(
  SELECT o.name, o.network, o.kind, o.state, o.creator, o.successor,
         o.merged_into, o.display_name, o.country, o.email, o.website, o.register,
         o.register_number, o.latitude, o.longitude,
         coalesce(area.territories, '[]') AS territories
    FROM directory.organization AS o
    LEFT JOIN (SELECT t.organization_id,
                      jsonb_agg(jsonb_build_object(
                        'scheme', t.scheme, 'version', t.list_version,
                        'code', t.code) ORDER BY t.position) AS territories
                 FROM directory.organization_territory AS t
                GROUP BY t.organization_id) AS area USING (organization_id)
)sql"};

}  // namespace

std::vector<Organization> LoadForDoubles(db::Tx& tx, const Reader& reader) {
  std::vector<Organization> organizations;
  for (const db::Row row : tx.Run(kLoadForDoubles)) {
    Organization organization{
        .id = row.Get<std::string>("name"),
        .network = row.Get<std::string>("network"),
        .kind = row.Get<OrganizationKind>("kind"),
        .display_name =
            LocalizedTextFromJson(row.Get<nlohmann::json>("display_name")),
        .country = row.Get<std::string>("country"),
        .territories = ReadTerritories(row),
        .position = ReadPosition(row),
        .email = row.Get<std::string>("email"),
        .website = row.Get<std::string>("website"),
        .profile = {.register_entry =
                        RegisterEntry{row.Get<std::string>("register"),
                                      row.Get<std::string>("register_number")}},
        .life = {.state = row.Get<OrganizationState>("state"),
                 .successor = row.Get<std::string>("successor"),
                 .merged_into = row.Get<std::string>("merged_into"),
                 .creator = row.Get<std::string>("creator")}};
    // Who may read the entry that stays may know what it was called.
    if (!organization.life.merged_into.empty() ||
        MayRead(reader, organization)) {
      organizations.push_back(std::move(organization));
    }
  }
  return organizations;
}

}  // namespace lagnet::directory
