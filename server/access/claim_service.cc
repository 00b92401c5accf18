// How organisations claim their entries in the directory; see claim.h.

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/access/claim.h"
#include "server/access/claim_store.h"
#include "server/access/convert.h"
#include "server/access/service.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/changes/log.h"
#include "server/db/requests.h"
#include "server/directory/life.h"
#include "server/directory/life_store.h"
#include "server/directory/standing_store.h"
#include "server/directory/store.h"
#include "server/rpc/types.h"

namespace lagnet::access {
namespace {

bool HasEnded(const directory::Organization& organization) {
  return !directory::IsInDirectory(organization.life.state) &&
         !directory::IsUnpublished(organization.life.state);
}

absl::Status CheckClaimable(const directory::Organization& organization) {
  if (HasEnded(organization)) {
    return Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
                 "the organisation is no longer in the directory; restore its "
                 "entry first")
        .With("state", directory::NameOf(organization.life.state));
  }
  if (organization.email.empty()) {
    return Error(absl::StatusCode::kFailedPrecondition, "NO_MAILBOX",
                 "the entry has no mailbox to send the token to; add its "
                 "email first");
  }
  return absl::OkStatus();
}

// The organisation that a token lets its holder speak for.
absl::StatusOr<directory::Organization> Redeem(db::Tx& tx,
                                               const std::string& token) {
  const std::optional<Claim> claim = TakeClaim(tx, HashOf(token));
  if (!claim || claim->expire_time <= tx.now()) return ClaimRefused();
  ASSIGN_OR_RETURN(directory::Organization organization,
                   directory::LockOrganization(tx, claim->organization));
  if (HasEnded(organization) || organization.email != claim->email) {
    return ClaimRefused();
  }
  return organization;
}

// The id of the grant that an account holds, from now on or already.
std::string GrantManager(db::Tx& tx, const RequestKey& by,
                         const Account& account,
                         const std::string& organization) {
  constexpr int kAll = 1000;
  for (const RoleGrant& grant : LoadGrants(tx, account.id, 0, kAll)) {
    if (grant.role == RoleKind::kLagManager &&
        grant.organization == organization && grant.start <= tx.now() &&
        grant.end == absl::InfiniteFuture()) {
      return grant.id;
    }
  }
  return InsertGrant(
      tx, by, account,
      {.role = RoleKind::kLagManager, .organization = organization});
}

}  // namespace

ClaimService::ClaimService(rpc::Gate* gate, db::Pool* pool, OnChange on_change)
    : gate_(gate), pool_(pool), on_change_(std::move(on_change)) {
  gate->RegisterService(
      *v1::StartClaimRequest::descriptor()->file()->service(0));
}

absl::StatusOr<v1::StartClaimResponse> ClaimService::Start(
    const rpc::Call& call, const v1::StartClaimRequest& request) {
  ASSIGN_OR_RETURN(
      const std::string id,
      rpc::IdOf("organizations", "organization", request.organization()));
  const std::string token = NewClaimToken();
  const auto start = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    RETURN_IF_ERROR(directory::HoldName(tx, id));
    ASSIGN_OR_RETURN(const directory::Organization organization,
                     directory::LoadOrganization(tx, id));
    RETURN_IF_ERROR(CheckClaimable(organization));
    PutClaim(tx, {.organization = id,
                  .token_hash = HashOf(token),
                  .email = organization.email,
                  .expire_time = tx.now() + kClaimLasts});
    // The entry is as it was; that somebody may claim it is worth a line.
    changes::Append(tx, call.request,
                    {{.network = organization.network,
                      .resource = request.organization(),
                      .version = organization.version}});
    return request.organization();
  };
  const auto render =
      [&](db::Tx& tx,
          const std::string&) -> absl::StatusOr<v1::StartClaimResponse> {
    v1::StartClaimResponse response;
    const std::optional<Claim> claim = LoadClaim(tx, id);
    if (!claim) return response;  // A repeat, after it was accepted.
    // A rerun after a commit in doubt finds the claim that this call made.
    if (claim->token_hash == HashOf(token)) response.set_token(token);
    response.set_email(claim->email);
    *response.mutable_expire_time() = rpc::ToProto(claim->expire_time);
    return response;
  };
  return db::Once(*pool_, {call.deadline, call.request}, start, render);
}

absl::StatusOr<v1::AcceptClaimResponse> ClaimService::Accept(
    const rpc::Call& call, const v1::AcceptClaimRequest& request) {
  const std::string& account_id = call.caller.account;
  if (account_id.empty()) {
    return Error(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                 "a link cannot claim an entry: sign in with an account")
        .With("caller", call.caller.identity);
  }
  const auto accept = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const directory::Organization organization,
                     Redeem(tx, request.token()));
    ASSIGN_OR_RETURN(const Account account, LockAccount(tx, account_id));
    directory::MarkClaimed(tx, call.request, organization);
    return absl::StrCat(
        "accounts/", account_id, "/grants/",
        GrantManager(tx, call.request, account, organization.id));
  };
  const auto render =
      [&](db::Tx& tx,
          const std::string& name) -> absl::StatusOr<v1::AcceptClaimResponse> {
    v1::AcceptClaimResponse response;
    const auto ids = ParseName("accounts", "grants", name);
    ASSIGN_OR_RETURN(const RoleGrant grant,
                     LoadGrant(tx, ids->first, ids->second));
    *response.mutable_grant() = ToProto(grant);
    return response;
  };
  absl::StatusOr<v1::AcceptClaimResponse> result =
      db::Once(*pool_, {call.deadline, call.request}, accept, render);
  on_change_();  // The role works at once.
  return result;
}

}  // namespace lagnet::access
