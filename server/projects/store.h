#ifndef LAGNET_SERVER_PROJECTS_STORE_H_
#define LAGNET_SERVER_PROJECTS_STORE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/request_key.h"
#include "server/db/tx.h"
#include "server/projects/project.h"

namespace lagnet::projects {

// Ids are the last parts of names. `by` is who changes, for the change log.
// Reading what does not exist fails with NOT_FOUND / NOT_FOUND.

absl::StatusOr<Project> LoadProject(db::Tx& tx, const std::string& id);
absl::StatusOr<Project> LockProject(db::Tx& tx, const std::string& id);
// Fail with ALREADY_EXISTS / NAME_TAKEN, INVALID_ARGUMENT / UNKNOWN_REFERENCE
// (no such network, organisation or predecessor). The project must be one that
// CheckProject() accepts.
absl::Status InsertProject(db::Tx& tx, const RequestKey& by,
                           const Project& project);
absl::Status SaveProject(db::Tx& tx, const RequestKey& by,
                         const Project& project);
// Projects behind `after`, by name.
std::vector<Project> LoadProjects(db::Tx& tx, const ProjectFilter& filter,
                                  const std::string& after, int limit);

// For other slices: that the project they refer to exists. Fails with
// INVALID_ARGUMENT / UNKNOWN_REFERENCE that names `field`. An empty id is
// passed over.
absl::Status CheckProjectExists(db::Tx& tx, absl::string_view field,
                                const std::string& id);

}  // namespace lagnet::projects

#endif  // LAGNET_SERVER_PROJECTS_STORE_H_
