// The steps of an entry's life; see life.h.

#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/db/requests.h"
#include "server/directory/convert.h"
#include "server/directory/field_change_convert.h"
#include "server/directory/life.h"
#include "server/directory/profile_convert.h"
#include "server/directory/service.h"
#include "server/directory/standing_store.h"
#include "server/directory/store.h"
#include "server/rpc/field_mask.h"
#include "server/rpc/types.h"

namespace lagnet::directory {
namespace {

using options::v1::Role;

// A call that takes a step and changes nothing else.
auto Stepping(LifeStep step) {
  return [step](db::Tx& tx, Organization& organization) {
    return Take(step, tx.now(), organization.life);
  };
}

// A gateway hands in what it created itself.
absl::Status CheckMaySubmit(const rpc::Call& call,
                            const Organization& organization) {
  if (call.caller.Holds(
          {Role::NETWORK_ADMIN, Role::NETWORK_EDITOR, Role::LAG_MANAGER},
          ScopeOf(organization), call.now) ||
      call.caller.identity == organization.life.creator) {
    return absl::OkStatus();
  }
  return Error(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
               "a gateway submits the drafts that it created only")
      .With("caller", call.caller.identity);
}

}  // namespace

absl::StatusOr<v1::Organization> OrganizationService::Render(
    db::Tx& tx, const std::string& name) {
  ASSIGN_OR_RETURN(const Organization organization,
                   LoadStaying(tx, *ParseName("organizations", name)));
  return ToProto(organization);
}

absl::StatusOr<v1::Organization> OrganizationService::Change(
    const rpc::Call& call, const Wish& wish,
    absl::FunctionRef<absl::Status(db::Tx&, Organization&)> change) {
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("organizations", wish.field, wish.name));
  ASSIGN_OR_RETURN(const Provenance provenance,
                   ProvenanceOf(wish.source, wish.as_of));
  const auto act = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    RETURN_IF_ERROR(CheckNotInFuture("as_of", provenance.as_of, tx.now()));
    ASSIGN_OR_RETURN(Organization organization, LockOrganization(tx, id));
    if (wish.may) RETURN_IF_ERROR(wish.may(organization));
    RETURN_IF_ERROR(
        rpc::CheckEtag(wish.etag, rpc::EtagOf(organization.version)));
    const v1::Organization before = ToProto(organization);
    RETURN_IF_ERROR(change(tx, organization));
    RETURN_IF_ERROR(SaveOrganization(
        tx, call.request, organization,
        {Compare(before, ToProto(organization)), provenance, wish.reason}));
    return wish.name;
  };
  return db::Once(*pool_, {call.deadline, call.request, wish.validate_only},
                  act, Render);
}

absl::StatusOr<v1::Organization> OrganizationService::Submit(
    const rpc::Call& call, const v1::SubmitOrganizationRequest& request) {
  const auto may = [&](const Organization& organization) {
    return CheckMaySubmit(call, organization);
  };
  return Change(call,
                {.name = request.name(), .etag = request.etag(), .may = may},
                Stepping(LifeStep::kSubmit));
}

absl::StatusOr<v1::Organization> OrganizationService::Verify(
    const rpc::Call& call, const v1::VerifyOrganizationRequest& request) {
  return Change(call,
                {.name = request.name(),
                 .etag = request.etag(),
                 .source = request.source(),
                 .as_of = request.as_of()},
                Stepping(LifeStep::kVerify));
}

absl::StatusOr<v1::Organization> OrganizationService::Return(
    const rpc::Call& call, const v1::ReturnOrganizationRequest& request) {
  const auto give_back = [&](db::Tx& tx,
                             Organization& organization) -> absl::Status {
    RETURN_IF_ERROR(Take(LifeStep::kReturn, tx.now(), organization.life));
    organization.life.return_reason = request.reason();
    return absl::OkStatus();
  };
  return Change(call,
                {.name = request.name(),
                 .etag = request.etag(),
                 .reason = request.reason()},
                give_back);
}

absl::StatusOr<v1::Organization> OrganizationService::Confirm(
    const rpc::Call& call, const v1::ConfirmOrganizationRequest& request) {
  return Change(call,
                {.name = request.name(),
                 .etag = request.etag(),
                 .source = request.source(),
                 .as_of = request.as_of()},
                Stepping(LifeStep::kConfirm));
}

absl::StatusOr<v1::Organization> OrganizationService::Archive(
    const rpc::Call& call, const v1::ArchiveOrganizationRequest& request) {
  return Change(call, {.name = request.name(), .etag = request.etag()},
                Stepping(LifeStep::kArchive));
}

absl::StatusOr<v1::Organization> OrganizationService::Restore(
    const rpc::Call& call, const v1::RestoreOrganizationRequest& request) {
  return Change(call, {.name = request.name(), .etag = request.etag()},
                Stepping(LifeStep::kRestore));
}

absl::StatusOr<v1::Organization> OrganizationService::Dissolve(
    const rpc::Call& call, const v1::DissolveOrganizationRequest& request) {
  ASSIGN_OR_RETURN(
      const std::string successor,
      rpc::IdOf("organizations", "successor", request.successor()));
  ASSIGN_OR_RETURN(const Day day,
                   DayFromText("dissolved_on", request.dissolved_on()));
  const auto dissolve = [&](db::Tx& tx,
                            Organization& organization) -> absl::Status {
    if (successor == organization.id) {
      return InvalidField("successor", "must be another organisation");
    }
    RETURN_IF_ERROR(CheckNotInFuture("dissolved_on", day, tx.now()));
    RETURN_IF_ERROR(CheckInDirectory(tx, "successor", {successor}));
    RETURN_IF_ERROR(Take(LifeStep::kDissolve, tx.now(), organization.life));
    organization.life.successor = successor;
    organization.life.dissolved_on = day;
    return absl::OkStatus();
  };
  return Change(call,
                {.name = request.name(),
                 .etag = request.etag(),
                 .source = request.source(),
                 .as_of = request.as_of()},
                dissolve);
}

}  // namespace lagnet::directory
