#ifndef LAGNET_SERVER_PROJECTS_CONVERT_H_
#define LAGNET_SERVER_PROJECTS_CONVERT_H_

#include <string>

#include "absl/status/statusor.h"
#include "lagnet/projects/v1/projects.pb.h"
#include "server/projects/project.h"

namespace lagnet::projects {

// Fields that the server sets are not read. `id` is the last part of the name.
// Fails with INVALID_FIELDS if a name or a date is none.
absl::StatusOr<Project> FromProto(const std::string& id,
                                  const v1::Project& project);
v1::Project ToProto(const Project& project);

absl::StatusOr<ProjectFilter> FilterOf(const v1::ListProjectsRequest& request);

}  // namespace lagnet::projects

#endif  // LAGNET_SERVER_PROJECTS_CONVERT_H_
