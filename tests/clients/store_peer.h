#ifndef LAGNET_TESTS_CLIENTS_STORE_PEER_H_
#define LAGNET_TESTS_CLIENTS_STORE_PEER_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "tests/clients/peer.h"

namespace lagnet::cli {

// A gRPC server in this process that keeps what it is given as the API's
// contract says: names are taken once, doubles are told of, a request id is
// answered once, stages follow each other. One caller at a time.
class StorePeer {
 public:
  using Organization = directory::v1::Organization;
  using Project = projects::v1::Project;
  using StudyVisit = visits::v1::StudyVisit;
  using SignUp = visits::v1::SignUp;

  StorePeer()
      : organizations_(*this),
        doubles_(*this),
        projects_(*this),
        visits_(*this),
        sign_ups_(*this) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port_);
    for (grpc::Service* service : std::initializer_list<grpc::Service*>{
             &organizations_, &doubles_, &projects_, &visits_, &sign_ups_}) {
      builder.RegisterService(service);
    }
    server_ = builder.BuildAndStart();
  }
  ~StorePeer() { server_->Shutdown(absl::ToChronoTime(absl::Now())); }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  // Everything that was changed, in order, as `METHOD NAME`.
  std::vector<std::string> log;
  std::map<std::string, Organization> organizations;
  std::string source;  // Of the last organisation.
  std::map<std::string, Project> projects;
  std::map<std::string, StudyVisit> visits;
  std::map<std::string, SignUp> sign_ups;
  // Updates that are overtaken by somebody else's, before one succeeds.
  int overtaken = 0;

 private:
  static grpc::Status Refuse(grpc::StatusCode code, const std::string& reason) {
    return client::Refusal(code, reason);
  }

  // Creates `resource` as `name` unless the request was answered before.
  template <typename Request, typename Resource>
  grpc::Status Create(const Request& request, Resource resource,
                      const std::string& name,
                      std::map<std::string, Resource>& all, Resource* answer) {
    const std::string print = request.SerializeAsString();
    const auto [answered, is_new] =
        answered_.insert({request.request_id(), {print, name}});
    if (!is_new && answered->second.first != print) {
      return Refuse(grpc::StatusCode::FAILED_PRECONDITION, "REQUEST_ID_REUSED");
    }
    if (is_new) {
      if (all.count(name) > 0 || request.validate_only()) {
        answered_.erase(answered);
        resource.set_name(name);
        *answer = resource;
        return all.count(name) == 0
                   ? grpc::Status::OK
                   : Refuse(grpc::StatusCode::ALREADY_EXISTS, "NAME_TAKEN");
      }
      resource.set_name(name);
      resource.set_etag("1");
      resource.mutable_create_time()->set_seconds(
          absl::ToUnixSeconds(absl::Now()) + 1);
      all[name] = resource;
      log.push_back("create " + name);
    }
    *answer = all[name];
    return grpc::Status::OK;
  }

  template <typename Resource>
  static grpc::Status Get(const std::string& name,
                          const std::map<std::string, Resource>& all,
                          Resource* answer) {
    if (all.count(name) == 0) {
      return Refuse(grpc::StatusCode::NOT_FOUND, "NOT_FOUND");
    }
    *answer = all.at(name);
    return grpc::Status::OK;
  }

  // What has one mailbox is likely one organisation.
  std::vector<Organization> DoublesOf(const Organization& wanted) const {
    std::vector<Organization> doubles;
    for (const auto& [name, organization] : organizations) {
      if (!wanted.email().empty() && organization.email() == wanted.email()) {
        doubles.push_back(organization);
      }
    }
    return doubles;
  }

  struct DoubleService : directory::v1::DoubleService::Service {
    explicit DoubleService(StorePeer& peer) : p(peer) {}
    grpc::Status FindLikelyDoubles(
        grpc::ServerContext*, const directory::v1::FindLikelyDoublesRequest* r,
        directory::v1::FindLikelyDoublesResponse* answer) override {
      for (const Organization& other : p.DoublesOf(r->organization())) {
        auto* found = answer->add_likely_doubles();
        *found->mutable_other() = other;
        found->set_score(0.7);
        auto* sign = found->add_signs();
        sign->set_reason(directory::v1::DoubleSign::MAILBOX);
        sign->set_one(other.email());
        sign->set_other(other.email());
      }
      return grpc::Status::OK;
    }
    StorePeer& p;
  };

  struct OrganizationService : directory::v1::OrganizationService::Service {
    explicit OrganizationService(StorePeer& peer) : p(peer) {}
    grpc::Status CreateOrganization(
        grpc::ServerContext*, const directory::v1::CreateOrganizationRequest* r,
        Organization* answer) override {
      Organization wanted = r->organization();
      wanted.set_state(r->initial_state());
      p.source = r->source();
      if (!r->allow_likely_doubles() && !p.DoublesOf(wanted).empty()) {
        return Refuse(grpc::StatusCode::ALREADY_EXISTS, "LIKELY_DOUBLE");
      }
      return p.Create(*r, wanted, "organizations/" + r->organization_id(),
                      p.organizations, answer);
    }
    grpc::Status GetOrganization(grpc::ServerContext*,
                                 const directory::v1::GetOrganizationRequest* r,
                                 Organization* answer) override {
      return Get(r->name(), p.organizations, answer);
    }
    grpc::Status UpdateOrganization(
        grpc::ServerContext*, const directory::v1::UpdateOrganizationRequest* r,
        Organization* answer) override {
      Organization& kept = p.organizations[r->organization().name()];
      if (p.overtaken-- > 0) kept.set_etag(kept.etag() + "1");
      if (r->organization().etag() != kept.etag()) {
        return Refuse(grpc::StatusCode::ABORTED, "ETAG_MISMATCH");
      }
      kept = r->organization();
      std::string line = "update " + kept.name();
      for (const std::string& path : r->update_mask().paths()) {
        line += " " + path;
      }
      p.log.push_back(line);
      *answer = kept;
      return grpc::Status::OK;
    }
    StorePeer& p;
  };

  struct ProjectService : projects::v1::ProjectService::Service {
    explicit ProjectService(StorePeer& peer) : p(peer) {}
    grpc::Status CreateProject(grpc::ServerContext*,
                               const projects::v1::CreateProjectRequest* r,
                               Project* answer) override {
      Project project = r->project();
      project.set_state(Project::PLANNED);
      return p.Create(*r, project, "projects/" + r->project_id(), p.projects,
                      answer);
    }
    grpc::Status GetProject(grpc::ServerContext*,
                            const projects::v1::GetProjectRequest* r,
                            Project* answer) override {
      return Get(r->name(), p.projects, answer);
    }
    grpc::Status AdvanceProject(grpc::ServerContext*,
                                const projects::v1::AdvanceProjectRequest* r,
                                Project* answer) override {
      Project& kept = p.projects[r->name()];
      if (r->state() != kept.state() + 1) {
        return Refuse(grpc::StatusCode::FAILED_PRECONDITION, "WRONG_STATE");
      }
      kept.set_state(r->state());
      p.log.push_back("advance " + Project::State_Name(r->state()));
      *answer = kept;
      return grpc::Status::OK;
    }
    StorePeer& p;
  };

  struct VisitService : visits::v1::StudyVisitService::Service {
    explicit VisitService(StorePeer& peer) : p(peer) {}
    grpc::Status CreateStudyVisit(grpc::ServerContext*,
                                  const visits::v1::CreateStudyVisitRequest* r,
                                  StudyVisit* answer) override {
      for (const std::string& host : r->study_visit().hosts()) {
        if (p.organizations.count(host) == 0) {
          return Refuse(grpc::StatusCode::INVALID_ARGUMENT,
                        "UNKNOWN_REFERENCE");
        }
      }
      StudyVisit visit = r->study_visit();
      visit.set_state(StudyVisit::DRAFT);
      return p.Create(*r, visit, "studyVisits/" + r->study_visit_id(), p.visits,
                      answer);
    }
    grpc::Status GetStudyVisit(grpc::ServerContext*,
                               const visits::v1::GetStudyVisitRequest* r,
                               StudyVisit* answer) override {
      return Get(r->name(), p.visits, answer);
    }
    grpc::Status PublishStudyVisit(
        grpc::ServerContext*, const visits::v1::PublishStudyVisitRequest* r,
        StudyVisit* answer) override {
      return p.Move(r->name(), StudyVisit::PUBLISHED, answer);
    }
    grpc::Status CancelStudyVisit(grpc::ServerContext*,
                                  const visits::v1::CancelStudyVisitRequest* r,
                                  StudyVisit* answer) override {
      return p.Move(r->name(), StudyVisit::CANCELLED, answer);
    }
    StorePeer& p;
  };

  grpc::Status Move(const std::string& name, StudyVisit::State state,
                    StudyVisit* answer) {
    visits[name].set_state(state);
    log.push_back(StudyVisit::State_Name(state) + " " + name);
    *answer = visits[name];
    return grpc::Status::OK;
  }

  struct SignUpService : visits::v1::SignUpService::Service {
    explicit SignUpService(StorePeer& peer) : p(peer) {}
    grpc::Status CreateSignUp(grpc::ServerContext*,
                              const visits::v1::CreateSignUpRequest* r,
                              SignUp* answer) override {
      if (p.visits[r->parent()].state() != StudyVisit::PUBLISHED) {
        return Refuse(grpc::StatusCode::FAILED_PRECONDITION, "SIGN_UP_CLOSED");
      }
      return p.Create(*r, r->sign_up(),
                      r->parent() + "/signUps/" + r->sign_up().external_id(),
                      p.sign_ups, answer);
    }
    StorePeer& p;
  };

  // Request id to the request and what it made.
  std::map<std::string, std::pair<std::string, std::string>> answered_;
  OrganizationService organizations_;
  DoubleService doubles_;
  ProjectService projects_;
  VisitService visits_;
  SignUpService sign_ups_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace lagnet::cli

#endif  // LAGNET_TESTS_CLIENTS_STORE_PEER_H_
