// Merging two entries; see docs/adr/0018-merging.md.

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/db/requests.h"
#include "server/directory/convert.h"
#include "server/directory/double_service.h"
#include "server/directory/field_change_convert.h"
#include "server/directory/merge.h"
#include "server/directory/store.h"
#include "server/rpc/field_mask.h"
#include "server/rpc/types.h"
#include "server/rpc/validate.h"

namespace lagnet::directory {
namespace {

using options::v1::Role;

std::string NameOfEntry(const std::string& id) {
  return MakeName("organizations", id);
}

absl::Status ReferenceUnknown(const std::string& id,
                              const std::vector<std::string>& columns) {
  return Error(absl::StatusCode::kFailedPrecondition, "REFERENCE_UNKNOWN",
               absl::StrCat("something refers to ", NameOfEntry(id),
                            " that this server does not know how to move (",
                            absl::StrJoin(columns, ", "),
                            "): update the server, or remove it first"))
      .With("references", absl::StrJoin(columns, ","));
}

// The first conflict is the merge's failure; the preview tells all of them.
absl::Status FailureOf(const std::vector<Conflict>& conflicts) {
  const Conflict& first = conflicts.front();
  return Error(first.status.code(), ReasonOf(first.status),
               absl::StrCat(first.resource, ": ", first.status.message()))
      .With("resource", first.resource)
      .With("conflicts", absl::StrCat(conflicts.size()));
}

// Writes the entry that stays with what it takes over; a conflict if the two
// together are no entry that anybody could enter.
absl::Status SaveUnited(db::Tx& tx, const Move& move, const Organization& stays,
                        const Organization& united, Merge& merge) {
  const v1::Organization after = ToProto(united);
  absl::Status wrong = rpc::Validate(after);
  if (wrong.ok()) wrong = CheckOrganization(united);
  if (!wrong.ok()) {
    merge.conflicts.push_back({NameOfEntry(stays.id), std::move(wrong)});
    return absl::OkStatus();
  }
  merge.taken = Compare(ToProto(stays), after);
  return SaveOrganization(tx, move.by, united,
                          {.changes = merge.taken,
                           .provenance = {.source = NameOfEntry(move.from)}});
}

absl::Status SaveMerged(db::Tx& tx, const Move& move,
                        const Organization& united, Organization goes) {
  const v1::Organization before = ToProto(goes);
  goes.external_ids = LeftIds(united, goes);
  RETURN_IF_ERROR(Take(LifeStep::kMerge, tx.now(), goes.life));
  goes.life.merged_into = move.to;
  return SaveOrganization(tx, move.by, goes,
                          {.changes = Compare(before, ToProto(goes))});
}

v1::MergeOrganizationsResponse ToProto(const Merge& merge) {
  v1::MergeOrganizationsResponse response;
  response.set_old_name(NameOfEntry(merge.goes));
  for (const Moved& moved : merge.moved) {
    auto* entry = response.add_moved();
    entry->set_kind(moved.kind);
    entry->set_count(moved.count);
  }
  for (const FieldChange& change : merge.taken) {
    auto* entry = response.add_taken();
    entry->set_field(change.field);
    entry->set_old_value(change.old_value.value_or(""));
    entry->set_new_value(change.new_value.value_or(""));
  }
  for (const FieldChange& change : merge.left) {
    auto* entry = response.add_left();
    entry->set_field(change.field);
    entry->set_kept_value(change.old_value.value_or(""));
    entry->set_left_value(change.new_value.value_or(""));
  }
  for (const Conflict& conflict : merge.conflicts) {
    auto* entry = response.add_conflicts();
    entry->set_resource(conflict.resource);
    entry->set_reason(ReasonOf(conflict.status));
    entry->set_description(std::string(conflict.status.message()));
  }
  return response;
}

}  // namespace

absl::StatusOr<Merge> DoubleService::MoveAll(db::Tx& tx, const Move& move) {
  const std::vector<std::string> unknown =
      UnknownReferences(tx, move.from, movers_);
  if (!unknown.empty()) return ReferenceUnknown(move.from, unknown);
  Merge merge{.goes = move.from, .stays = move.to};
  for (const Mover& mover : movers_) {
    MoveResult result = mover.move(tx, move);
    for (Moved& moved : result.moved) {
      if (moved.count > 0) merge.moved.push_back(std::move(moved));
    }
    for (Conflict& conflict : result.conflicts) {
      merge.conflicts.push_back(std::move(conflict));
    }
  }
  return merge;
}

absl::StatusOr<Merge> DoubleService::MergeNow(
    db::Tx& tx, const Move& move,
    const v1::MergeOrganizationsRequest& request) {
  // What refers to organisations before organisations, as everybody does.
  for (const Mover& mover : movers_) mover.lock(tx, move);
  LockForMerge(tx, move.from, move.to);
  ASSIGN_OR_RETURN(const Organization goes, LoadOrganization(tx, move.from));
  ASSIGN_OR_RETURN(const Organization stays, LoadOrganization(tx, move.to));
  RETURN_IF_ERROR(CheckMerge(goes, stays));
  RETURN_IF_ERROR(rpc::CheckEtag(request.etag(), rpc::EtagOf(goes.version)));
  RETURN_IF_ERROR(
      rpc::CheckEtag(request.into_etag(), rpc::EtagOf(stays.version)));
  ASSIGN_OR_RETURN(Merge merge, MoveAll(tx, move));
  if (absl::Status kinds = CheckOneKind(goes, stays); !kinds.ok()) {
    merge.conflicts.push_back({NameOfEntry(goes.id), std::move(kinds)});
  }
  // The one that goes first: what only one entry may have is free then.
  const Organization united = Unite(stays, goes);
  merge.left = LeftOut(ToProto(united), ToProto(goes));
  RETURN_IF_ERROR(SaveMerged(tx, move, united, goes));
  RETURN_IF_ERROR(SaveUnited(tx, move, stays, united, merge));
  InsertMerge(tx, move.by, merge);
  return merge;
}

absl::StatusOr<v1::MergeOrganizationsResponse> DoubleService::MergeTwo(
    const rpc::Call& call, const v1::MergeOrganizationsRequest& request) {
  Move move{.by = call.request};
  ASSIGN_OR_RETURN(move.from,
                   rpc::IdOf("organizations", "name", request.name()));
  ASSIGN_OR_RETURN(move.to, rpc::IdOf("organizations", "into", request.into()));
  // The gate has asked about the other one.
  RETURN_IF_ERROR(gate_->authority().Require(
      call, {Role::NETWORK_ADMIN, Role::NETWORK_EDITOR}, request.into()));
  Merge preview;
  const auto act = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(Merge merge, MergeNow(tx, move, request));
    if (!merge.conflicts.empty() && !request.validate_only()) {
      return FailureOf(merge.conflicts);
    }
    preview = request.validate_only() ? std::move(merge) : Merge();
    return NameOfEntry(move.from);
  };
  const auto render = [&](db::Tx& tx, const std::string& name)
      -> absl::StatusOr<v1::MergeOrganizationsResponse> {
    ASSIGN_OR_RETURN(Merge merge,
                     LoadMerge(tx, *ParseName("organizations", name)));
    ASSIGN_OR_RETURN(const Organization organization,
                     LoadStaying(tx, merge.goes));
    merge.left = std::move(preview.left);
    merge.conflicts = std::move(preview.conflicts);
    v1::MergeOrganizationsResponse response = ToProto(merge);
    *response.mutable_organization() = directory::ToProto(organization);
    return response;
  };
  auto response =
      db::Once(*pool_, {call.deadline, call.request, request.validate_only()},
               act, render);
  if (response.ok() && !request.validate_only() && move.from != move.to) {
    // A repeat may come after that one was merged, too.
    on_merge_(move.from,
              *ParseName("organizations", response->organization().name()));
  }
  return response;
}

}  // namespace lagnet::directory
