// Who changed what in an entry; see field_change.h.

#include <algorithm>

#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/db/transact.h"
#include "server/directory/convert.h"
#include "server/directory/field_change_convert.h"
#include "server/directory/field_change_store.h"
#include "server/directory/service.h"
#include "server/directory/store.h"
#include "server/rpc/page_token.h"
#include "server/rpc/types.h"

namespace lagnet::directory {

FieldChangeService::FieldChangeService(rpc::Gate* gate, db::Pool* pool)
    : gate_(gate), pool_(pool) {
  gate->RegisterService(*v1::FieldChange::descriptor()->file()->service(0));
}

// An auditor of a project reads about its partners. Others, whom the gate lets
// in for the organisation itself, need not name a project.
absl::Status FieldChangeService::CheckMayAudit(
    const rpc::Call& call, const v1::ListFieldChangesRequest& request,
    const std::string& id) {
  if (call.role != options::v1::Role::AUDITOR) return absl::OkStatus();
  ASSIGN_OR_RETURN(const rpc::Scope project,
                   gate_->authority().ScopeOf(request.project(), call));
  const auto& partners = project.organizations;
  if (std::find(partners.begin(), partners.end(), id) != partners.end()) {
    return absl::OkStatus();
  }
  return Error(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
               "the organisation is no partner of the project that the caller "
               "audits")
      .With("caller", call.caller.identity);
}

absl::StatusOr<v1::ListFieldChangesResponse> FieldChangeService::Changes(
    const rpc::Call& call, const v1::ListFieldChangesRequest& request) {
  ASSIGN_OR_RETURN(
      const std::string id,
      rpc::IdOf("organizations", "organization", request.organization()));
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::PageOf(request));
  RETURN_IF_ERROR(CheckMayAudit(call, request, id));
  const auto list =
      [&](db::Tx& tx) -> absl::StatusOr<std::vector<StoredFieldChange>> {
    ASSIGN_OR_RETURN(const Organization organization, LoadStaying(tx, id));
    return LoadFieldChanges(tx, organization.row, request.field(),
                            page.after.id, page.size + 1);
  };
  ASSIGN_OR_RETURN(std::vector<StoredFieldChange> changes,
                   db::Transact(*pool_, call.deadline, list));
  v1::ListFieldChangesResponse response;
  if (static_cast<int>(changes.size()) > page.size) {
    changes.resize(static_cast<size_t>(page.size));
    response.set_next_page_token(
        rpc::NextPageToken(request, {.id = changes.back().row}));
  }
  for (const StoredFieldChange& change : changes) {
    *response.add_field_changes() = ToProto(change);
  }
  return response;
}

absl::StatusOr<v1::ListFieldSourcesResponse> FieldChangeService::Sources(
    const rpc::Call& call, const v1::ListFieldSourcesRequest& request) {
  ASSIGN_OR_RETURN(
      const std::string id,
      rpc::IdOf("organizations", "organization", request.organization()));
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::PageOf(request));
  const auto list =
      [&](db::Tx& tx) -> absl::StatusOr<std::vector<StoredFieldChange>> {
    ASSIGN_OR_RETURN(const Organization organization, LoadStaying(tx, id));
    if (!MayRead(ReaderOf(call), organization)) {
      return NoSuch("organisation", id);
    }
    return LoadFieldSources(tx, organization.row, page.after.key,
                            page.size + 1);
  };
  ASSIGN_OR_RETURN(std::vector<StoredFieldChange> sources,
                   db::Transact(*pool_, call.deadline, list));
  v1::ListFieldSourcesResponse response;
  response.set_next_page_token(
      rpc::CutPage(request, page, sources,
                   [](const StoredFieldChange& s) { return s.change.field; }));
  for (const StoredFieldChange& source : sources) {
    *response.add_field_sources() = ToSourceProto(source);
  }
  return response;
}

}  // namespace lagnet::directory
