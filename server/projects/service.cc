#include "server/projects/service.h"

#include <algorithm>

#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/db/requests.h"
#include "server/db/transact.h"
#include "server/projects/convert.h"
#include "server/projects/store.h"
#include "server/rpc/field_mask.h"
#include "server/rpc/page_token.h"
#include "server/rpc/types.h"
#include "server/rpc/validate.h"

namespace lagnet::projects {
namespace {

using options::v1::Role;

// How a project is rendered after a mutation; `name` as Once() stores it.
absl::StatusOr<v1::Project> RenderProject(db::Tx& tx, const std::string& name) {
  ASSIGN_OR_RETURN(const Project project,
                   LoadProject(tx, *ParseName("projects", name)));
  return ToProto(project);
}

// Of the partners that play one of `roles` in it.
rpc::Scope ScopeOf(const Project& project,
                   std::initializer_list<PartnerRole> roles) {
  rpc::Scope scope{.network = project.network, .project = project.id};
  for (const Partner& partner : project.partners) {
    if (std::find(roles.begin(), roles.end(), partner.role) != roles.end()) {
      scope.organizations.push_back(partner.organization);
    }
  }
  return scope;
}

// What a funder has approved is public; before, it concerns the network and
// the partners.
bool MaySee(const rpc::Gate& gate, const rpc::Call& call,
            const Project& project) {
  if (project.state >= State::kApproved) return true;
  rpc::Scope scope =
      ScopeOf(project, {PartnerRole::kLead, PartnerRole::kPartner});
  gate.authority().AddRegions(call.caller, scope);
  return call.caller.Holds(
      {Role::NETWORK_ADMIN, Role::NETWORK_EDITOR, Role::BROKER,
       Role::LAG_MANAGER, Role::PARTNER_SYSTEM, Role::AUDITOR},
      scope, call.now);
}

}  // namespace

ProjectService::ProjectService(rpc::Gate* gate, db::Pool* pool)
    : gate_(gate), pool_(pool) {
  gate->RegisterService(*v1::Project::descriptor()->file()->service(0));
  gate->RegisterOwner(
      "projects",
      {.from_memory = {},
       .load = [pool](const std::string& name,
                      absl::Time deadline) -> absl::StatusOr<rpc::Scope> {
         ASSIGN_OR_RETURN(const std::string id,
                          rpc::IdOf("projects", "name", name));
         ASSIGN_OR_RETURN(const Project project,
                          db::Transact(*pool, deadline, [&](db::Tx& tx) {
                            return LoadProject(tx, id);
                          }));
         return ScopeOf(project, {PartnerRole::kLead});
       }});
}

absl::StatusOr<v1::Project> ProjectService::Get(
    const rpc::Call& call, const v1::GetProjectRequest& request) {
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("projects", "name", request.name()));
  ASSIGN_OR_RETURN(const Project project,
                   db::Transact(*pool_, call.deadline, [&](db::Tx& tx) {
                     return LoadProject(tx, id);
                   }));
  if (!MaySee(*gate_, call, project)) return NoSuch("project", id);
  return ToProto(project);
}

absl::StatusOr<v1::ListProjectsResponse> ProjectService::List(
    const rpc::Call& call, const v1::ListProjectsRequest& request) {
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::PageOf(request));
  ASSIGN_OR_RETURN(const ProjectFilter filter, FilterOf(request));
  const auto list = [&](db::Tx& tx) -> absl::StatusOr<std::vector<Project>> {
    return LoadProjects(tx, filter, page.after.key, page.size + 1);
  };
  ASSIGN_OR_RETURN(std::vector<Project> projects,
                   db::Transact(*pool_, call.deadline, list));
  v1::ListProjectsResponse response;
  response.set_next_page_token(rpc::CutPage(
      request, page, projects, [](const Project& p) { return p.id; }));
  for (const Project& project : projects) {
    if (!MaySee(*gate_, call, project)) continue;
    *response.add_projects() = ToProto(project);
  }
  return response;
}

absl::StatusOr<v1::Project> ProjectService::Create(
    const rpc::Call& call, const v1::CreateProjectRequest& request) {
  ASSIGN_OR_RETURN(const Project project,
                   FromProto(request.project_id(), request.project()));
  RETURN_IF_ERROR(CheckProject(project));
  const auto insert = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    RETURN_IF_ERROR(InsertProject(tx, call.request, project));
    return MakeName("projects", project.id);
  };
  return db::Once(*pool_,
                  {call.deadline, call.request, request.validate_only()},
                  insert, RenderProject);
}

absl::StatusOr<v1::Project> ProjectService::Update(
    const rpc::Call& call, const v1::UpdateProjectRequest& request) {
  const v1::Project& wanted = request.project();
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("projects", "project.name", wanted.name()));
  const auto update = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const Project current, LockProject(tx, id));
    v1::Project merged = ToProto(current);
    RETURN_IF_ERROR(rpc::CheckEtag(wanted.etag(), merged.etag()));
    RETURN_IF_ERROR(CheckChangeable(current.state));
    RETURN_IF_ERROR(rpc::ApplyMask(request.update_mask(), wanted, merged));
    RETURN_IF_ERROR(rpc::Validate(merged));
    ASSIGN_OR_RETURN(Project project, FromProto(id, merged));
    project.state = current.state;
    project.row = current.row;
    RETURN_IF_ERROR(CheckProject(project));
    RETURN_IF_ERROR(SaveProject(tx, call.request, project));
    return wanted.name();
  };
  return db::Once(*pool_,
                  {call.deadline, call.request, request.validate_only()},
                  update, RenderProject);
}

absl::StatusOr<v1::Project> ProjectService::Advance(
    const rpc::Call& call, const v1::AdvanceProjectRequest& request) {
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("projects", "name", request.name()));
  const auto advance = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(Project project, LockProject(tx, id));
    RETURN_IF_ERROR(
        rpc::CheckEtag(request.etag(), rpc::EtagOf(project.version)));
    const State next = static_cast<State>(request.state());
    RETURN_IF_ERROR(CheckAdvance(project.state, next));
    project.state = next;
    RETURN_IF_ERROR(SaveProject(tx, call.request, project));
    return request.name();
  };
  return db::Once(*pool_, {call.deadline, call.request}, advance,
                  RenderProject);
}

}  // namespace lagnet::projects
