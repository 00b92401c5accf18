#include "server/access/service.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/access/convert.h"
#include "server/access/mailbox_store.h"
#include "server/access/session_store.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/db/requests.h"
#include "server/db/transact.h"
#include "server/directory/network_store.h"
#include "server/directory/standing_store.h"
#include "server/rpc/field_mask.h"
#include "server/rpc/page_token.h"
#include "server/rpc/types.h"

namespace lagnet::access {
namespace {

using options::v1::Role;

// The ids in "accounts/a/<child>/c".
absl::StatusOr<std::pair<std::string, std::string>> ParseChild(
    absl::string_view child, const std::string& name) {
  auto ids = ParseName("accounts", child, name);
  if (!ids) {
    return InvalidField(
        "name",
        absl::StrCat("must be a name such as accounts/…/", child, "/…"));
  }
  return *std::move(ids);
}

// Accounts, their grants and their keys belong to the account's network; the
// operator's to the whole installation.
rpc::OwnerResolver OwnerOf(db::Pool* pool) {
  return {.from_memory = {},
          .load = [pool](const std::string& name,
                         absl::Time deadline) -> absl::StatusOr<rpc::Scope> {
            const std::vector<std::string> parts = absl::StrSplit(name, '/');
            const std::string id = parts.size() > 1 ? parts[1] : "";
            ASSIGN_OR_RETURN(const Account account,
                             db::Transact(*pool, deadline, [&](db::Tx& tx) {
                               return LoadAccount(tx, id);
                             }));
            return rpc::Scope{.network = account.network};
          }};
}

absl::Status CheckActive(const Account& account) {
  if (account.state == AccountState::kActive) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
               "the account is disabled")
      .With("state", "DISABLED");
}

// Who makes a key for an account or gives it a mailbox could use it: nobody
// gets more than they hold.
absl::Status CheckMayActAs(const rpc::Gate& gate, db::Pool& pool,
                           const rpc::Call& call, const std::string& account) {
  constexpr int kAll = 1000;
  const auto load = [&](db::Tx& tx) -> absl::StatusOr<std::vector<RoleGrant>> {
    return LoadGrants(tx, account, 0, kAll);
  };
  ASSIGN_OR_RETURN(const std::vector<RoleGrant> grants,
                   db::Transact(pool, call.deadline, load));
  for (const RoleGrant& grant : grants) {
    if (call.now >= grant.end) continue;
    RETURN_IF_ERROR(gate.authority().Require(call, {Role::NETWORK_ADMIN},
                                             GrantedOver(grant)));
  }
  return absl::OkStatus();
}

}  // namespace

AccountService::AccountService(rpc::Gate* gate, db::Pool* pool,
                               const privacy::Vault* vault, OnChange on_change)
    : gate_(gate),
      pool_(pool),
      vault_(vault),
      on_change_(std::move(on_change)) {
  gate->RegisterService(*v1::Account::descriptor()->file()->service(0));
  gate->RegisterOwner("accounts", OwnerOf(pool));
  gate->RegisterOwner("accounts/grants", OwnerOf(pool));
}

absl::StatusOr<v1::Account> AccountService::Render(
    db::Tx& tx, const std::string& name) const {
  ASSIGN_OR_RETURN(Account account,
                   LoadAccount(tx, *ParseName("accounts", name)));
  RETURN_IF_ERROR(LoadEmails(tx, *vault_, {&account}));
  return ToProto(account);
}

absl::StatusOr<v1::GetCallerResponse> AccountService::CallerOf(
    const rpc::Call& call, const v1::GetCallerRequest&) {
  v1::GetCallerResponse response;
  if (call.caller.account.empty()) {  // The holder of a link.
    v1::Grant* grant = response.add_grants();
    grant->set_role(Role::HOLDER);
    grant->set_sign_up(call.caller.identity);
    return response;
  }
  const auto load = [&](db::Tx& tx) -> absl::StatusOr<v1::GetCallerResponse> {
    constexpr int kAll = 1000;
    ASSIGN_OR_RETURN(*response.mutable_account(),
                     Render(tx, call.caller.identity));
    for (const RoleGrant& grant :
         LoadGrants(tx, call.caller.account, 0, kAll)) {
      if (tx.now() < grant.start || tx.now() >= grant.end) continue;
      *response.add_grants() = ToProto(grant);
    }
    return response;
  };
  return db::Transact(*pool_, call.deadline, load);
}

absl::StatusOr<v1::Account> AccountService::Get(
    const rpc::Call& call, const v1::GetAccountRequest& request) {
  RETURN_IF_ERROR(rpc::IdOf("accounts", "name", request.name()).status());
  return db::Transact(*pool_, call.deadline,
                      [&](db::Tx& tx) { return Render(tx, request.name()); });
}

absl::StatusOr<v1::ListAccountsResponse> AccountService::List(
    const rpc::Call& call, const v1::ListAccountsRequest& request) {
  ASSIGN_OR_RETURN(const std::string network,
                   rpc::IdOf("networks", "network", request.network()));
  ASSIGN_OR_RETURN(
      const std::string organization,
      rpc::IdOf("organizations", "organization", request.organization()));
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::PageOf(request));
  const auto list = [&](db::Tx& tx) -> absl::StatusOr<std::vector<Account>> {
    std::vector<Account> found =
        LoadAccounts(tx, network, organization, page.after.key, page.size + 1);
    RETURN_IF_ERROR(LoadEmails(tx, *vault_, PointersTo(found)));
    return found;
  };
  ASSIGN_OR_RETURN(std::vector<Account> accounts,
                   db::Transact(*pool_, call.deadline, list));
  v1::ListAccountsResponse response;
  response.set_next_page_token(rpc::CutPage(
      request, page, accounts, [](const Account& a) { return a.id; }));
  for (const Account& account : accounts) {
    *response.add_accounts() = ToProto(account);
  }
  return response;
}

absl::StatusOr<v1::Account> AccountService::Create(
    const rpc::Call& call, const v1::CreateAccountRequest& request) {
  ASSIGN_OR_RETURN(const Account account,
                   FromProto(request.account_id(), request.account()));
  RETURN_IF_ERROR(CheckAccount(account));
  const auto insert = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    RETURN_IF_ERROR(
        directory::CheckNetworkExists(tx, "account.network", account.network));
    RETURN_IF_ERROR(InsertAccount(tx, call.request, account));
    if (!account.email.empty()) PutEmail(tx, *vault_, account);
    return MakeName("accounts", account.id);
  };
  absl::StatusOr<v1::Account> result = db::Once(
      *pool_, {call.deadline, call.request}, insert,
      [&](db::Tx& tx, const std::string& name) { return Render(tx, name); });
  on_change_();  // Its certificates work at once.
  return result;
}

absl::StatusOr<v1::Account> AccountService::Update(
    const rpc::Call& call, const v1::UpdateAccountRequest& request) {
  ASSIGN_OR_RETURN(const std::string id, rpc::IdOf("accounts", "account.name",
                                                   request.account().name()));
  RETURN_IF_ERROR(CheckMayActAs(*gate_, *pool_, call, id));
  const auto update = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(Account account, LockAccount(tx, id));
    RETURN_IF_ERROR(LoadEmails(tx, *vault_, {&account}));
    RETURN_IF_ERROR(
        rpc::CheckEtag(request.account().etag(), rpc::EtagOf(account.version)));
    v1::Account wanted = ToProto(account);
    RETURN_IF_ERROR(
        rpc::ApplyMask(request.update_mask(), request.account(), wanted));
    const bool moves = wanted.email() != account.email;
    account.display_name = wanted.display_name();
    account.language = wanted.language();
    account.email = wanted.email();
    RETURN_IF_ERROR(CheckAccount(account));
    if (moves) {
      PutEmail(tx, *vault_, account);
      // Whoever reads the mailbox of before is not whose account it is now.
      EndSessions(tx, call.request, account, /*name=*/"");
    }
    access::UpdateAccount(tx, call.request, account);
    return request.account().name();
  };
  absl::StatusOr<v1::Account> result = db::Once(
      *pool_, {call.deadline, call.request}, update,
      [&](db::Tx& tx, const std::string& name) { return Render(tx, name); });
  on_change_();
  return result;
}

absl::StatusOr<v1::Account> AccountService::Disable(
    const rpc::Call& call, const v1::DisableAccountRequest& request) {
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("accounts", "name", request.name()));
  const auto disable = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const Account account, LockAccount(tx, id));
    RETURN_IF_ERROR(
        rpc::CheckEtag(request.etag(), rpc::EtagOf(account.version)));
    RETURN_IF_ERROR(CheckActive(account));
    access::DisableAccount(tx, call.request, account);
    return request.name();
  };
  absl::StatusOr<v1::Account> result = db::Once(
      *pool_, {call.deadline, call.request}, disable,
      [&](db::Tx& tx, const std::string& name) { return Render(tx, name); });
  on_change_();
  return result;
}

absl::StatusOr<v1::ListGrantsResponse> AccountService::Grants(
    const rpc::Call& call, const v1::ListGrantsRequest& request) {
  ASSIGN_OR_RETURN(const std::string account,
                   rpc::IdOf("accounts", "parent", request.parent()));
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::PageOf(request));
  const auto list = [&](db::Tx& tx) -> absl::StatusOr<std::vector<RoleGrant>> {
    return LoadGrants(tx, account, page.after.id, page.size + 1);
  };
  ASSIGN_OR_RETURN(std::vector<RoleGrant> grants,
                   db::Transact(*pool_, call.deadline, list));
  v1::ListGrantsResponse response;
  if (static_cast<int>(grants.size()) > page.size) {
    grants.resize(static_cast<size_t>(page.size));
    response.set_next_page_token(
        rpc::NextPageToken(request, {.id = grants.back().row}));
  }
  for (const RoleGrant& grant : grants) *response.add_grants() = ToProto(grant);
  return response;
}

absl::StatusOr<v1::Grant> AccountService::Grant(
    const rpc::Call& call, const v1::CreateGrantRequest& request) {
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("accounts", "parent", request.parent()));
  ASSIGN_OR_RETURN(const RoleGrant grant, FromProto(request.grant()));
  RETURN_IF_ERROR(CheckGrant(grant));
  // Nobody grants more than they hold.
  RETURN_IF_ERROR(gate_->authority().Require(call, {Role::NETWORK_ADMIN},
                                             GrantedOver(grant)));
  const auto insert = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const Account account, LockAccount(tx, id));
    RETURN_IF_ERROR(directory::HoldName(tx, grant.organization));
    return absl::StrCat(request.parent(), "/grants/",
                        InsertGrant(tx, call.request, account, grant));
  };
  const auto render =
      [&](db::Tx& tx, const std::string& name) -> absl::StatusOr<v1::Grant> {
    ASSIGN_OR_RETURN(const auto ids, ParseChild("grants", name));
    ASSIGN_OR_RETURN(const RoleGrant stored,
                     LoadGrant(tx, ids.first, ids.second));
    return ToProto(stored);
  };
  absl::StatusOr<v1::Grant> result =
      db::Once(*pool_, {call.deadline, call.request}, insert, render);
  on_change_();
  return result;
}

absl::StatusOr<v1::Grant> AccountService::Revoke(
    const rpc::Call& call, const v1::DeleteGrantRequest& request) {
  ASSIGN_OR_RETURN(const auto ids, ParseChild("grants", request.name()));
  v1::Grant gone;
  gone.set_name(request.name());
  const auto remove = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const Account account, LockAccount(tx, ids.first));
    ASSIGN_OR_RETURN(const RoleGrant grant,
                     LoadGrant(tx, ids.first, ids.second));
    gone = ToProto(grant);
    access::DeleteGrant(tx, call.request, account, grant);
    return request.name();
  };
  const auto render = [&](db::Tx&,
                          const std::string&) -> absl::StatusOr<v1::Grant> {
    return gone;
  };
  absl::StatusOr<v1::Grant> result =
      db::Once(*pool_, {call.deadline, call.request}, remove, render);
  on_change_();
  return result;
}

ApiKeyService::ApiKeyService(rpc::Gate* gate, db::Pool* pool,
                             OnChange on_change)
    : gate_(gate), pool_(pool), on_change_(std::move(on_change)) {
  gate->RegisterService(*v1::ApiKey::descriptor()->file()->service(0));
  gate->RegisterOwner("accounts/apiKeys", OwnerOf(pool));
}

absl::StatusOr<v1::ListApiKeysResponse> ApiKeyService::List(
    const rpc::Call& call, const v1::ListApiKeysRequest& request) {
  ASSIGN_OR_RETURN(const std::string account,
                   rpc::IdOf("accounts", "parent", request.parent()));
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::PageOf(request));
  const auto list = [&](db::Tx& tx) -> absl::StatusOr<std::vector<ApiKey>> {
    return LoadApiKeys(tx, account, page.after.id, page.size + 1);
  };
  ASSIGN_OR_RETURN(std::vector<ApiKey> keys,
                   db::Transact(*pool_, call.deadline, list));
  v1::ListApiKeysResponse response;
  if (static_cast<int>(keys.size()) > page.size) {
    keys.resize(static_cast<size_t>(page.size));
    response.set_next_page_token(
        rpc::NextPageToken(request, {.id = keys.back().row}));
  }
  for (const ApiKey& key : keys) *response.add_api_keys() = ToProto(key);
  return response;
}

absl::StatusOr<v1::ApiKey> ApiKeyService::Create(
    const rpc::Call& call, const v1::CreateApiKeyRequest& request) {
  ASSIGN_OR_RETURN(const std::string account_id,
                   rpc::IdOf("accounts", "parent", request.parent()));
  const absl::Time expire_time =
      request.api_key().has_expire_time()
          ? rpc::FromProto(request.api_key().expire_time())
          : absl::InfiniteFuture();
  RETURN_IF_ERROR(CheckMayActAs(*gate_, *pool_, call, account_id));
  const std::string secret = NewSecret();
  bool created = false;
  const auto insert = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    if (expire_time <= tx.now()) {
      return InvalidField("api_key.expire_time", "lies in the past");
    }
    ASSIGN_OR_RETURN(const Account account, LockAccount(tx, account_id));
    RETURN_IF_ERROR(CheckActive(account));
    ASSIGN_OR_RETURN(
        const std::string id,
        InsertApiKey(tx, call.request, account, secret, expire_time));
    created = true;
    return absl::StrCat(request.parent(), "/apiKeys/", id);
  };
  const auto render =
      [&](db::Tx& tx, const std::string& name) -> absl::StatusOr<v1::ApiKey> {
    ASSIGN_OR_RETURN(const auto ids, ParseChild("apiKeys", name));
    ASSIGN_OR_RETURN(const ApiKey key, LoadApiKey(tx, ids.first, ids.second));
    v1::ApiKey result = ToProto(key);
    // A rerun after a commit in doubt finds the key that this call made.
    if (created && key.prefix == PrefixOf(secret)) result.set_secret(secret);
    return result;
  };
  absl::StatusOr<v1::ApiKey> result =
      db::Once(*pool_, {call.deadline, call.request}, insert, render);
  on_change_();
  return result;
}

absl::StatusOr<v1::ApiKey> ApiKeyService::Revoke(
    const rpc::Call& call, const v1::RevokeApiKeyRequest& request) {
  ASSIGN_OR_RETURN(const auto ids, ParseChild("apiKeys", request.name()));
  const auto revoke = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const Account account, LockAccount(tx, ids.first));
    ASSIGN_OR_RETURN(const ApiKey key, LoadApiKey(tx, ids.first, ids.second));
    RETURN_IF_ERROR(access::RevokeApiKey(tx, call.request, account, key));
    return request.name();
  };
  const auto render = [&](db::Tx& tx,
                          const std::string&) -> absl::StatusOr<v1::ApiKey> {
    ASSIGN_OR_RETURN(const ApiKey key, LoadApiKey(tx, ids.first, ids.second));
    return ToProto(key);
  };
  absl::StatusOr<v1::ApiKey> result =
      db::Once(*pool_, {call.deadline, call.request}, revoke, render);
  on_change_();
  return result;
}

}  // namespace lagnet::access
