// How organisations claim their entries in the directory; see claim.h.

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/access/claim.h"
#include "server/access/claim_store.h"
#include "server/access/convert.h"
#include "server/access/mailbox_store.h"
#include "server/access/service.h"
#include "server/base/error.h"
#include "server/base/id.h"
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
                                               const privacy::Vault& vault,
                                               const std::string& token) {
  const std::optional<std::string> name =
      vault.ReadToken(privacy::TokenKind::kClaim, token);
  if (!name) return ClaimRefused();
  const std::optional<Claim> claim = TakeClaim(tx, *name);
  if (!claim || claim->expire_time <= tx.now()) return ClaimRefused();
  ASSIGN_OR_RETURN(directory::Organization organization,
                   directory::LockOrganization(tx, claim->organization));
  if (HasEnded(organization) || organization.email != claim->email) {
    return ClaimRefused();
  }
  return organization;
}

}  // namespace

ClaimService::ClaimService(rpc::Gate* gate, db::Pool* pool,
                           const privacy::Vault* vault, bool sends_mail,
                           OnChange on_change)
    : gate_(gate),
      pool_(pool),
      vault_(vault),
      sends_mail_(sends_mail),
      on_change_(std::move(on_change)) {
  gate->RegisterService(
      *v1::StartClaimRequest::descriptor()->file()->service(0));
}

absl::StatusOr<std::string> ClaimService::Put(
    db::Tx& tx, const RequestKey& by, const std::string& id,
    const std::string& language,
    absl::FunctionRef<absl::Status(const std::string&)> check_mailbox) {
  RETURN_IF_ERROR(directory::HoldName(tx, id));
  ASSIGN_OR_RETURN(const directory::Organization organization,
                   directory::LoadOrganization(tx, id));
  RETURN_IF_ERROR(CheckClaimable(organization));
  RETURN_IF_ERROR(check_mailbox(organization.email));
  const Claim claim{.name = RandomId(),
                    .organization = id,
                    .language = language,
                    .email = organization.email,
                    .expire_time = tx.now() + kClaimLasts};
  PutClaim(tx, claim);
  const std::string name = MakeName("claims", claim.name);
  // The entry is as it was; that somebody may claim it is worth a line.
  std::vector<changes::Change> changed = {
      {.network = organization.network,
       .resource = MakeName("organizations", id),
       .version = organization.version}};
  if (sends_mail_) {
    changed.push_back(
        {.network = organization.network, .resource = name, .version = 1});
  }
  changes::Append(tx, by, changed);
  return name;
}

absl::StatusOr<v1::StartClaimResponse> ClaimService::Start(
    const rpc::Call& call, const v1::StartClaimRequest& request) {
  ASSIGN_OR_RETURN(
      const std::string id,
      rpc::IdOf("organizations", "organization", request.organization()));
  const auto start = [&](db::Tx& tx) {
    return Put(tx, call.request, id, /*language=*/"",
               [](const std::string&) { return absl::OkStatus(); });
  };
  const auto render =
      [&](db::Tx& tx,
          const std::string& name) -> absl::StatusOr<v1::StartClaimResponse> {
    v1::StartClaimResponse response;
    const std::optional<Claim> claim =
        LoadClaimByName(tx, *ParseName("claims", name));
    if (!claim) return response;  // A repeat, after it has ended.
    if (!sends_mail_) {
      response.set_token(
          vault_->Token(privacy::TokenKind::kClaim, claim->name));
    }
    response.set_email(claim->email);
    *response.mutable_expire_time() = rpc::ToProto(claim->expire_time);
    return response;
  };
  return db::Once(*pool_, {call.deadline, call.request}, start, render);
}

absl::StatusOr<v1::RequestClaimResponse> ClaimService::Request(
    const rpc::Call& call, const v1::RequestClaimRequest& request) {
  ASSIGN_OR_RETURN(
      const std::string id,
      rpc::IdOf("organizations", "organization", request.organization()));
  if (!sends_mail_) return MailIsOff();
  const auto ask = [&](db::Tx& tx) {
    return Put(tx, call.request, id, request.language(),
               [&](const std::string& email) {
                 return AskForMail(tx, *vault_, email,
                                   request.browser_network());
               });
  };
  const auto render =
      [&](db::Tx& tx,
          const std::string& name) -> absl::StatusOr<v1::RequestClaimResponse> {
    v1::RequestClaimResponse response;
    const std::optional<Claim> claim =
        LoadClaimByName(tx, *ParseName("claims", name));
    *response.mutable_expire_time() =
        rpc::ToProto(claim ? claim->expire_time : tx.now());
    return response;
  };
  return db::Once(*pool_, {call.deadline, call.request}, ask, render);
}

absl::StatusOr<v1::AcceptClaimResponse> ClaimService::Accept(
    const rpc::Call& call, const v1::AcceptClaimRequest& request) {
  if (call.caller.account.empty()) {
    return Error(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                 "a link cannot claim an entry: sign in with an account")
        .With("caller", call.caller.identity);
  }
  // A gateway speaks for nobody: it names who came to it with the link.
  if (call.caller.HasAny({options::v1::Role::GATEWAY}) !=
      request.has_new_account()) {
    return Error(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                 "new_account is for web gateways, and they have to set it")
        .With("caller", call.caller.identity);
  }
  const auto accept = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const directory::Organization organization,
                     Redeem(tx, *vault_, request.token()));
    const v1::AcceptClaimRequest::NewAccount& person = request.new_account();
    ASSIGN_OR_RETURN(const Account account,
                     request.has_new_account()
                         ? AccountFor(tx, call.request, *vault_,
                                      {.network = organization.network,
                                       .display_name = person.display_name(),
                                       .email = person.email(),
                                       .language = person.language()})
                         : LockAccount(tx, call.caller.account));
    directory::MarkClaimed(tx, call.request, organization);
    return absl::StrCat(
        "accounts/", account.id, "/grants/",
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
