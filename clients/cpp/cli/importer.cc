#include "clients/cpp/cli/importer.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "clients/cpp/cli/json.h"
#include "clients/cpp/cli/names.h"
#include "lagnet/status_macros.h"
#include "lagnet/uuid.h"

namespace lagnet::cli {
namespace {

using directory::v1::Organization;
using projects::v1::Project;
using visits::v1::StudyVisit;

absl::Time ToTime(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) +
         absl::Nanoseconds(time.nanos());
}

// The id of the request that brings an item to a stage, the same each time.
std::string StageId(const ImportItem& item, const std::string& stage) {
  return client::UuidFor(absl::StrCat(item.request_id, "\n", stage));
}

bool Mentions(const nlohmann::json& value, const std::set<std::string>& names) {
  if (value.is_string()) return names.count(value.get<std::string>()) > 0;
  if (!value.is_structured()) return false;
  for (const auto& item : value) {
    if (Mentions(item, names)) return true;
  }
  return false;
}

bool IsUnreachable(const absl::Status& status) {
  const client::Error error = client::Decode(status);
  return error.code == absl::StatusCode::kUnavailable && !error.from_server();
}

}  // namespace

Importer::Importer(client::Client& client, bool dry_run, std::string source)
    : client_(client),
      dry_run_(dry_run),
      source_(std::move(source)),
      start_(absl::Now()) {}

ImportReport Importer::Run(
    const std::vector<ImportItem>& items,
    absl::FunctionRef<void(const ImportReport&, const ImportItem&)> progress) {
  ImportReport report;
  for (const ImportItem& item : items) ++report.kinds[item.kind].all;
  const auto fail = [&](const ImportItem& item, const absl::Status& status) {
    ++report.kinds[item.kind].failed;
    report.failures.push_back({item.file, item.name, status});
    return !IsUnreachable(status);
  };
  for (const ImportItem& item : items) {
    ImportReport::Count& count = report.kinds[item.kind];
    const absl::StatusOr<Outcome> outcome = Load(item);
    if (!outcome.ok()) {
      if (!fail(item, outcome.status())) return report;
    } else if (*outcome == Outcome::kCreated) {
      ++count.created;
    } else if (*outcome == Outcome::kExisted) {
      ++count.existed;
    } else {
      ++count.unchecked;
    }
    progress(report, item);
  }
  for (const Finish& finish : to_finish_) {
    const absl::Status status = FinishVisit(finish);
    if (status.ok()) continue;
    ImportReport::Count& count = report.kinds[finish.item->kind];
    finish.outcome == Outcome::kCreated ? --count.created : --count.existed;
    if (!fail(*finish.item, status)) return report;
  }
  return report;
}

absl::StatusOr<Importer::Outcome> Importer::Load(const ImportItem& item) {
  if (item.kind == "networks") return LoadNetwork(item);
  if (item.kind == "organizations") return LoadOrganization(item);
  if (item.kind == "projects") return LoadProject(item);
  if (item.kind == "studyVisits") return LoadVisit(item);
  return LoadSignUp(item);
}

template <typename Stub, typename Request, typename Resource>
absl::StatusOr<Importer::Outcome> Importer::Create(
    client::UnaryMethod<Stub, Request, Resource> method, const ImportItem& item,
    Request request, Resource& resource) {
  request.set_validate_only(dry_run_);
  // What is only checked must not take the id of what is done later.
  if (!dry_run_) request.set_request_id(item.request_id);
  absl::StatusOr<Resource> created = client_.Call(method, std::move(request));
  if (created.ok()) {
    if (dry_run_) {
      to_come_.insert(item.name);
      return Outcome::kCreated;
    }
    resource = *std::move(created);
    return ToTime(resource.create_time()) < start_ ? Outcome::kExisted
                                                   : Outcome::kCreated;
  }
  const client::Error error = client::Decode(created.status());
  if (error.code == absl::StatusCode::kAlreadyExists) return Outcome::kExisted;
  if (error.reason == "REQUEST_ID_REUSED") {
    // An earlier import's, on a day when its dates were others.
    resource.set_name(item.name);
    return Outcome::kExisted;
  }
  if (dry_run_ && WaitsForOthers(item, error)) {
    to_come_.insert(item.name);
    return Outcome::kUnchecked;
  }
  return created.status();
}

bool Importer::WaitsForOthers(const ImportItem& item,
                              const client::Error& error) const {
  return (error.reason == "UNKNOWN_REFERENCE" ||
          error.code == absl::StatusCode::kNotFound ||
          error.code == absl::StatusCode::kPermissionDenied) &&
         (to_come_.count(item.parent) > 0 || Mentions(item.json, to_come_));
}

absl::StatusOr<Importer::Outcome> Importer::LoadNetwork(
    const ImportItem& item) {
  directory::v1::CreateNetworkRequest request;
  RETURN_IF_ERROR(FromJson(item.json.dump(), *request.mutable_network()));
  request.set_network_id(ShortName(item.name));
  directory::v1::Network network;
  return Create(&client::Networks::CreateNetwork, item, request, network);
}

absl::StatusOr<Importer::Outcome> Importer::LoadOrganization(
    const ImportItem& item) {
  directory::v1::CreateOrganizationRequest request;
  RETURN_IF_ERROR(FromJson(item.json.dump(), *request.mutable_organization()));
  request.set_organization_id(ShortName(item.name));
  // Who imports a directory knows it, unless the file says otherwise.
  const Organization::State wanted = request.organization().state();
  request.mutable_organization()->clear_state();
  request.set_initial_state(wanted == Organization::STATE_UNSPECIFIED
                                ? Organization::VERIFIED
                                : wanted);
  request.set_source(source_);
  // The names are in the files, which refer to each other by them.
  request.set_allow_likely_doubles(true);
  Organization organization;
  return Create(&client::Organizations::CreateOrganization, item, request,
                organization);
}

absl::StatusOr<Importer::Outcome> Importer::LoadProject(
    const ImportItem& item) {
  projects::v1::CreateProjectRequest create;
  RETURN_IF_ERROR(FromJson(item.json.dump(), *create.mutable_project()));
  const Project::State wanted = create.project().state();
  create.mutable_project()->clear_state();
  create.set_project_id(ShortName(item.name));
  Project project;
  ASSIGN_OR_RETURN(
      const Outcome outcome,
      Create(&client::Projects::CreateProject, item, create, project));
  if (project.name().empty()) return outcome;
  if (project.state() == Project::STATE_UNSPECIFIED) {
    projects::v1::GetProjectRequest get;
    get.set_name(item.name);
    ASSIGN_OR_RETURN(project, client_.Call(&client::Projects::GetProject, get));
  }
  while (project.state() < wanted) {
    projects::v1::AdvanceProjectRequest advance;
    advance.set_name(item.name);
    advance.set_state(static_cast<Project::State>(project.state() + 1));
    advance.set_request_id(StageId(item, Project::State_Name(advance.state())));
    ASSIGN_OR_RETURN(project,
                     client_.Call(&client::Projects::AdvanceProject, advance));
  }
  return outcome;
}

absl::StatusOr<Importer::Outcome> Importer::LoadVisit(const ImportItem& item) {
  visits::v1::CreateStudyVisitRequest create;
  StudyVisit wanted;
  RETURN_IF_ERROR(FromJson(item.json.dump(), wanted));
  *create.mutable_study_visit() = wanted;
  create.mutable_study_visit()->clear_state();
  create.mutable_study_visit()->clear_cancel_reason();
  create.set_study_visit_id(ShortName(item.name));
  StudyVisit visit;
  ASSIGN_OR_RETURN(
      const Outcome outcome,
      Create(&client::Visits::CreateStudyVisit, item, create, visit));
  if (visit.name().empty()) return outcome;
  if (visit.state() == StudyVisit::STATE_UNSPECIFIED) {
    visits::v1::GetStudyVisitRequest get;
    get.set_name(item.name);
    ASSIGN_OR_RETURN(visit, client_.Call(&client::Visits::GetStudyVisit, get));
  }
  if (visit.state() == StudyVisit::DRAFT &&
      wanted.state() > StudyVisit::DRAFT) {
    visits::v1::PublishStudyVisitRequest publish;
    publish.set_name(item.name);
    publish.set_request_id(StageId(item, "PUBLISHED"));
    ASSIGN_OR_RETURN(visit,
                     client_.Call(&client::Visits::PublishStudyVisit, publish));
  }
  if (visit.state() == StudyVisit::PUBLISHED &&
      wanted.state() > StudyVisit::PUBLISHED) {
    to_finish_.push_back({&item, wanted, outcome});
  }
  return outcome;
}

absl::Status Importer::FinishVisit(const Finish& finish) {
  const ImportItem& item = *finish.item;
  if (finish.wanted.state() == StudyVisit::COMPLETED) {
    visits::v1::CompleteStudyVisitRequest complete;
    complete.set_name(item.name);
    complete.set_request_id(StageId(item, "COMPLETED"));
    return client_.Call(&client::Visits::CompleteStudyVisit, complete).status();
  }
  visits::v1::CancelStudyVisitRequest cancel;
  cancel.set_name(item.name);
  cancel.set_reason(finish.wanted.cancel_reason());
  cancel.set_request_id(StageId(item, "CANCELLED"));
  return client_.Call(&client::Visits::CancelStudyVisit, cancel).status();
}

absl::StatusOr<Importer::Outcome> Importer::LoadSignUp(const ImportItem& item) {
  visits::v1::CreateSignUpRequest request;
  RETURN_IF_ERROR(FromJson(item.json.dump(), *request.mutable_sign_up()));
  request.set_parent(item.parent);
  visits::v1::SignUp sign_up;
  return Create(&client::SignUps::CreateSignUp, item, request, sign_up);
}

}  // namespace lagnet::cli
