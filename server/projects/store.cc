#include "server/projects/store.h"

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/base/zoned_time.h"
#include "server/changes/log.h"
#include "server/directory/network_store.h"
#include "server/directory/standing_store.h"

namespace lagnet::projects {
namespace {

void Log(db::Tx& tx, const RequestKey& by, const Project& project,
         int64_t version) {
  changes::Append(tx, by,
                  {{.network = project.network,
                    .resource = absl::StrCat("projects/", project.id),
                    .version = version}});
}

void ReadParts(const db::Row& row, Project& project) {
  for (const auto& entry : row.Get<nlohmann::json>("partners")) {
    project.partners.push_back(
        {.organization = entry["organization"],
         .role = static_cast<PartnerRole>(entry["role"].get<int>())});
  }
  for (const auto& entry : row.Get<nlohmann::json>("budget")) {
    project.budget.push_back({.title = entry["title"],
                              .year = entry["year"],
                              .partner = entry["partner"],
                              .amount = {.minor_units = entry["minor_units"],
                                         .currency = entry["currency"]}});
  }
  for (const auto& entry : row.Get<nlohmann::json>("indicators")) {
    project.indicators.push_back({.title = entry["title"],
                                  .unit = entry["unit"],
                                  .target = entry["target"],
                                  .actual = entry["actual"]});
  }
}

LocalizedText ReadText(const db::Row& row, const char* column) {
  return LocalizedTextFromJson(row.Get<nlohmann::json>(column));
}

absl::CivilDay ReadDay(const db::Row& row, const char* column) {
  return ParseLocalDate(row.Get<std::string>(column)).value();
}

Project ReadProject(const db::Row& row) {
  Project project{
      .id = row.Get<std::string>("name"),
      .network = row.Get<std::string>("network"),
      .title = ReadText(row, "title"),
      .description = ReadText(row, "description"),
      .programme = row.Get<std::string>("programme"),
      .priority = row.Get<std::string>("priority"),
      .goal = row.Get<std::string>("goal"),
      .action = row.Get<std::string>("action"),
      .agreement_number = row.Get<std::string>("agreement_number"),
      .start_date = ReadDay(row, "start_date"),
      .end_date = ReadDay(row, "end_date"),
      .credit_line = ReadText(row, "credit_line"),
      .logo_urls = row.Get<std::vector<std::string>>("logo_urls"),
      .predecessor = row.Get<std::string>("predecessor"),
      .state = row.Get<State>("state"),
      .version = row.Get<int64_t>("version"),
      .create_time = row.Get<absl::Time>("create_time"),
      .update_time = row.Get<absl::Time>("update_time"),
      .row = row.Get<int64_t>("project_id"),
  };
  ReadParts(row, project);
  return project;
}

constexpr db::Statement kGetProject{"projects.get_project", R"sql(
  SELECT * FROM projects.project_entry WHERE name = $1
)sql"};

}  // namespace

absl::StatusOr<Project> LoadProject(db::Tx& tx, const std::string& id) {
  const db::Rows rows = tx.Run(kGetProject, id);
  if (rows.empty()) {
    return NoSuch("project", id);
  }
  return ReadProject(rows[0]);
}

namespace {

constexpr db::Statement kLockProject{"projects.lock_project", R"sql(
  SELECT project_id FROM projects.project WHERE name = $1 FOR UPDATE
)sql"};

}  // namespace

absl::StatusOr<Project> LockProject(db::Tx& tx, const std::string& id) {
  tx.Run(kLockProject, id);
  return LoadProject(tx, id);
}

namespace {

constexpr db::Statement kPutPartners{"projects.put_partners", R"sql(
  INSERT INTO projects.partner (project_id, position, organization, role)
  SELECT $1, n - 1, entry ->> 'organization', (entry ->> 'role')::smallint
    FROM jsonb_array_elements($2) WITH ORDINALITY AS list (entry, n)
)sql"};

void PutPartners(db::Tx& tx, int64_t row,
                 const std::vector<Partner>& partners) {
  nlohmann::json entries = nlohmann::json::array();
  for (const Partner& partner : partners) {
    entries.push_back({{"organization", partner.organization},
                       {"role", static_cast<int>(partner.role)}});
  }
  tx.Run(kPutPartners, row, entries);
}

constexpr db::Statement kPutBudget{"projects.put_budget", R"sql(
  INSERT INTO projects.budget_line (project_id, position, title, year, partner,
                                    minor_units, currency)
  SELECT $1, n - 1, entry ->> 'title', (entry ->> 'year')::int,
         nullif(entry ->> 'partner', ''), (entry ->> 'minor_units')::bigint,
         entry ->> 'currency'
    FROM jsonb_array_elements($2) WITH ORDINALITY AS list (entry, n)
)sql"};

void PutBudget(db::Tx& tx, int64_t row, const std::vector<BudgetLine>& budget) {
  nlohmann::json entries = nlohmann::json::array();
  for (const BudgetLine& line : budget) {
    entries.push_back({{"title", line.title},
                       {"year", line.year},
                       {"partner", line.partner},
                       {"minor_units", line.amount.minor_units},
                       {"currency", line.amount.currency}});
  }
  tx.Run(kPutBudget, row, entries);
}

constexpr db::Statement kPutIndicators{"projects.put_indicators", R"sql(
  INSERT INTO projects.indicator (project_id, position, title, unit, target,
                                  actual)
  SELECT $1, n - 1, entry ->> 'title', entry ->> 'unit',
         (entry ->> 'target')::bigint, (entry ->> 'actual')::bigint
    FROM jsonb_array_elements($2) WITH ORDINALITY AS list (entry, n)
)sql"};

void PutIndicators(db::Tx& tx, int64_t row,
                   const std::vector<Indicator>& indicators) {
  nlohmann::json entries = nlohmann::json::array();
  for (const Indicator& indicator : indicators) {
    entries.push_back({{"title", indicator.title},
                       {"unit", indicator.unit},
                       {"target", indicator.target},
                       {"actual", indicator.actual}});
  }
  tx.Run(kPutIndicators, row, entries);
}

// Before the new ones, not with them: the index that keeps the LEAD unique
// would see both.
constexpr db::Statement kClearParts{"projects.clear_parts", R"sql(
  WITH partners AS (DELETE FROM projects.partner WHERE project_id = $1),
       indicators AS (DELETE FROM projects.indicator WHERE project_id = $1)
  DELETE FROM projects.budget_line WHERE project_id = $1
)sql"};

void PutParts(db::Tx& tx, int64_t row, const Project& project) {
  tx.Run(kClearParts, row);
  PutPartners(tx, row, project.partners);
  PutBudget(tx, row, project.budget);
  PutIndicators(tx, row, project.indicators);
}

constexpr db::Statement kNamedPartners{"projects.named_partners", R"sql(
  SELECT organization FROM projects.partner WHERE project_id = $1
)sql"};

// The partners of a project in the database, none for a new one.
std::vector<std::string> NamedBefore(db::Tx& tx, const Project& project) {
  std::vector<std::string> ids;
  for (const db::Row row : tx.Run(kNamedPartners, project.row)) {
    ids.push_back(row.Get<std::string>("organization"));
  }
  return ids;
}

// Who spends a budget line is among the partners.
absl::Status CheckReferences(db::Tx& tx, const Project& project) {
  std::vector<std::string> organizations;
  for (const Partner& partner : project.partners) {
    organizations.push_back(partner.organization);
  }
  RETURN_IF_ERROR(directory::CheckInDirectory(
      tx, "project.partners", organizations, NamedBefore(tx, project)));
  return CheckProjectExists(tx, "project.predecessor", project.predecessor);
}

constexpr db::Statement kInsertProject{"projects.insert_project", R"sql(
  INSERT INTO projects.project (network, name, title, description, programme,
                                priority, goal, action, agreement_number,
                                start_date, end_date, credit_line, logo_urls,
                                predecessor, state)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
  ON CONFLICT (name) DO NOTHING
  RETURNING project_id, version
)sql"};

}  // namespace

absl::Status InsertProject(db::Tx& tx, const RequestKey& by,
                           const Project& project) {
  RETURN_IF_ERROR(
      directory::CheckNetworkExists(tx, "project.network", project.network));
  RETURN_IF_ERROR(CheckReferences(tx, project));
  const db::Rows rows = tx.Run(
      kInsertProject, project.network, project.id, ToJson(project.title),
      ToJson(project.description), project.programme, project.priority,
      project.goal, project.action, project.agreement_number,
      absl::FormatCivilTime(project.start_date),
      absl::FormatCivilTime(project.end_date), ToJson(project.credit_line),
      project.logo_urls, db::NullIfEmpty(project.predecessor), project.state);
  if (rows.empty()) {
    const std::string name = absl::StrCat("projects/", project.id);
    return NameTaken(name);
  }
  PutParts(tx, rows[0].Get<int64_t>("project_id"), project);
  Log(tx, by, project, rows[0].Get<int64_t>("version"));
  return absl::OkStatus();
}

namespace {

constexpr db::Statement kUpdateProject{"projects.update_project", R"sql(
  UPDATE projects.project
     SET title = $2, description = $3, programme = $4, priority = $5,
         goal = $6, action = $7, agreement_number = $8, start_date = $9,
         end_date = $10, credit_line = $11, logo_urls = $12,
         predecessor = $13, state = $14,
         version = version + 1, update_time = now()
   WHERE project_id = $1
  RETURNING version
)sql"};

}  // namespace

absl::Status SaveProject(db::Tx& tx, const RequestKey& by,
                         const Project& project) {
  RETURN_IF_ERROR(CheckReferences(tx, project));
  const db::Rows rows = tx.Run(
      kUpdateProject, project.row, ToJson(project.title),
      ToJson(project.description), project.programme, project.priority,
      project.goal, project.action, project.agreement_number,
      absl::FormatCivilTime(project.start_date),
      absl::FormatCivilTime(project.end_date), ToJson(project.credit_line),
      project.logo_urls, db::NullIfEmpty(project.predecessor), project.state);
  PutParts(tx, project.row, project);
  Log(tx, by, project, rows[0].Get<int64_t>("version"));
  return absl::OkStatus();
}

namespace {

constexpr db::Statement kListProjects{"projects.list_projects", R"sql(
  SELECT * FROM projects.project_entry AS entry
   WHERE name > $1
     AND ($3::text IS NULL OR network = $3)
     AND ($4::text IS NULL OR EXISTS (
           SELECT FROM projects.partner AS p
            WHERE p.project_id = entry.project_id
              AND p.organization = $4))
     AND ($5::int = 0 OR state = $5)
   ORDER BY name LIMIT $2
)sql"};

}  // namespace

std::vector<Project> LoadProjects(db::Tx& tx, const ProjectFilter& filter,
                                  const std::string& after, int limit) {
  std::vector<Project> projects;
  for (const db::Row row :
       tx.Run(kListProjects, after, limit, db::NullIfEmpty(filter.network),
              db::NullIfEmpty(filter.organization), filter.state)) {
    projects.push_back(ReadProject(row));
  }
  return projects;
}

namespace {

constexpr db::Statement kFindProject{"projects.find_project", R"sql(
  SELECT FROM projects.project WHERE name = $1
)sql"};

}  // namespace

absl::Status CheckProjectExists(db::Tx& tx, absl::string_view field,
                                const std::string& id) {
  if (id.empty() || !tx.Run(kFindProject, id).empty()) return absl::OkStatus();
  return UnknownReference(field, absl::StrCat("projects/", id));
}

}  // namespace lagnet::projects
