#include "server/projects/merge_store.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/changes/log.h"
#include "server/db/transact.h"

namespace lagnet::projects {
namespace {

// Whoever only names a project need not wait.
constexpr db::Statement kLockNaming{"projects.lock_naming", R"sql(
  SELECT project_id FROM projects.project
   WHERE project_id IN (
           SELECT project_id FROM projects.partner WHERE organization = $1
            UNION
           SELECT project_id FROM projects.budget_line WHERE partner = $1)
   ORDER BY project_id
     FOR NO KEY UPDATE
)sql"};

void Lock(db::Tx& tx, const directory::Move& move) {
  tx.Run(kLockNaming, move.from);
}

// Waits for nobody: those that were locked are ours already.
constexpr db::Statement kTouchNaming{"projects.touch_naming", R"sql(
  WITH naming AS (
    SELECT project_id FROM projects.partner WHERE organization = $1
     UNION
    SELECT project_id FROM projects.budget_line WHERE partner = $1
  ), ours AS (
    SELECT project_id FROM projects.project
     WHERE project_id IN (SELECT project_id FROM naming)
       FOR NO KEY UPDATE SKIP LOCKED
  ), touched AS (
    UPDATE projects.project AS p
       SET version = version + 1, update_time = now()
      FROM ours WHERE p.project_id = ours.project_id
    RETURNING p.project_id, p.name, p.network, p.version
  )
  SELECT * FROM naming LEFT JOIN touched USING (project_id)
)sql"};

void TouchProjects(db::Tx& tx, const directory::Move& move) {
  std::vector<changes::Change> changed;
  for (const db::Row row : tx.Run(kTouchNaming, move.from)) {
    if (!row.Get<std::optional<int64_t>>("version")) throw db::RunAgain();
    changed.push_back(
        {.network = row.Get<std::string>("network"),
         .resource = absl::StrCat("projects/", row.Get<std::string>("name")),
         .version = row.Get<int64_t>("version")});
  }
  if (!changed.empty()) changes::Append(tx, move.by, changed);
}

// Two partners of one project: the one that goes first, as only one may lead.
constexpr db::Statement kJoinPartners{"projects.join_partners", R"sql(
  DELETE FROM projects.partner AS goes
   USING projects.partner AS stays
   WHERE goes.organization = $1 AND stays.organization = $2
     AND stays.project_id = goes.project_id
  RETURNING goes.project_id, goes.role
)sql"};

constexpr db::Statement kRaiseRoles{"projects.raise_roles", R"sql(
  UPDATE projects.partner AS p SET role = least(p.role, joined.role)
    FROM unnest($2::bigint[], $3::int[]) AS joined (project_id, role)
   WHERE p.project_id = joined.project_id AND p.organization = $1
)sql"};

constexpr db::Statement kMovePartners{"projects.move_partners", R"sql(
  UPDATE projects.partner SET organization = $2 WHERE organization = $1
)sql"};

constexpr db::Statement kMoveBudget{"projects.move_budget", R"sql(
  UPDATE projects.budget_line SET partner = $2 WHERE partner = $1
)sql"};

directory::MoveResult MoveAll(db::Tx& tx, const directory::Move& move) {
  TouchProjects(tx, move);
  std::vector<int64_t> projects;
  std::vector<int> roles;
  for (const db::Row row : tx.Run(kJoinPartners, move.from, move.to)) {
    projects.push_back(row.Get<int64_t>("project_id"));
    roles.push_back(row.Get<int>("role"));
  }
  if (!projects.empty()) tx.Run(kRaiseRoles, move.to, projects, roles);
  const int partners = tx.Run(kMovePartners, move.from, move.to).affected() +
                       static_cast<int>(projects.size());
  const int lines = tx.Run(kMoveBudget, move.from, move.to).affected();
  return {.moved = {{"projects.partners", partners},
                    {"projects.budget_lines", lines}}};
}

}  // namespace

directory::Mover OrganizationMover() {
  return {.columns = {"projects.partner.organization",
                      "projects.budget_line.partner"},
          .lock = Lock,
          .move = MoveAll};
}

}  // namespace lagnet::projects
