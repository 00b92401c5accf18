#ifndef LAGNET_SERVER_PROJECTS_SERVICE_H_
#define LAGNET_SERVER_PROJECTS_SERVICE_H_

#include "lagnet/projects/v1/projects.grpc.pb.h"
#include "server/db/pool.h"
#include "server/rpc/gate.h"

namespace lagnet::projects {

// See projects.proto. Thread-safe.
class ProjectService final : public v1::ProjectService::CallbackService {
 public:
  ProjectService(rpc::Gate* gate, db::Pool* pool);

  grpc::ServerUnaryReactor* GetProject(grpc::CallbackServerContext* context,
                                       const v1::GetProjectRequest* request,
                                       v1::Project* response) override {
    return gate_->Run(context, request, response, this, &ProjectService::Get);
  }
  grpc::ServerUnaryReactor* ListProjects(
      grpc::CallbackServerContext* context,
      const v1::ListProjectsRequest* request,
      v1::ListProjectsResponse* response) override {
    return gate_->Run(context, request, response, this, &ProjectService::List);
  }
  grpc::ServerUnaryReactor* CreateProject(
      grpc::CallbackServerContext* context,
      const v1::CreateProjectRequest* request, v1::Project* response) override {
    return gate_->Run(context, request, response, this,
                      &ProjectService::Create);
  }
  grpc::ServerUnaryReactor* UpdateProject(
      grpc::CallbackServerContext* context,
      const v1::UpdateProjectRequest* request, v1::Project* response) override {
    return gate_->Run(context, request, response, this,
                      &ProjectService::Update);
  }
  grpc::ServerUnaryReactor* AdvanceProject(
      grpc::CallbackServerContext* context,
      const v1::AdvanceProjectRequest* request,
      v1::Project* response) override {
    return gate_->Run(context, request, response, this,
                      &ProjectService::Advance);
  }

 private:
  absl::StatusOr<v1::Project> Get(const rpc::Call& call,
                                  const v1::GetProjectRequest& request);
  absl::StatusOr<v1::ListProjectsResponse> List(
      const rpc::Call& call, const v1::ListProjectsRequest& request);
  absl::StatusOr<v1::Project> Create(const rpc::Call& call,
                                     const v1::CreateProjectRequest& request);
  absl::StatusOr<v1::Project> Update(const rpc::Call& call,
                                     const v1::UpdateProjectRequest& request);
  absl::StatusOr<v1::Project> Advance(const rpc::Call& call,
                                      const v1::AdvanceProjectRequest& request);

  rpc::Gate* const gate_;
  db::Pool* const pool_;
};

}  // namespace lagnet::projects

#endif  // LAGNET_SERVER_PROJECTS_SERVICE_H_
