#include "server/access/colleague_service.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "server/access/convert.h"
#include "server/access/mailbox_store.h"
#include "server/access/store.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/db/requests.h"
#include "server/db/transact.h"
#include "server/directory/standing_store.h"
#include "server/directory/store.h"
#include "server/rpc/page_token.h"
#include "server/rpc/types.h"

namespace lagnet::access {

ColleagueService::ColleagueService(rpc::Gate* gate, db::Pool* pool,
                                   const privacy::Vault* vault,
                                   OnChange on_change)
    : gate_(gate),
      pool_(pool),
      vault_(vault),
      on_change_(std::move(on_change)) {
  gate->RegisterService(
      *v1::InviteColleagueRequest::descriptor()->file()->service(0));
}

absl::StatusOr<v1::Account> ColleagueService::Render(
    db::Tx& tx, const std::string& name) const {
  ASSIGN_OR_RETURN(Account account,
                   LoadAccount(tx, *ParseName("accounts", name)));
  RETURN_IF_ERROR(LoadEmails(tx, *vault_, {&account}));
  return ToProto(account);
}

absl::StatusOr<v1::ListColleaguesResponse> ColleagueService::List(
    const rpc::Call& call, const v1::ListColleaguesRequest& request) {
  ASSIGN_OR_RETURN(
      const std::string organization,
      rpc::IdOf("organizations", "organization", request.organization()));
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::PageOf(request));
  v1::ListColleaguesResponse response;
  const auto list = [&](db::Tx& tx) -> absl::StatusOr<std::vector<Account>> {
    std::vector<Account> accounts = LoadAccounts(
        tx, /*network=*/"", organization, page.after.key, page.size + 1);
    response.set_next_page_token(rpc::CutPage(
        request, page, accounts, [](const Account& a) { return a.id; }));
    RETURN_IF_ERROR(LoadEmails(tx, *vault_, PointersTo(accounts)));
    return accounts;
  };
  ASSIGN_OR_RETURN(const std::vector<Account> accounts,
                   db::Transact(*pool_, call.deadline, list));
  for (const Account& account : accounts) {
    *response.add_accounts() = ToProto(account);
  }
  return response;
}

absl::StatusOr<v1::Account> ColleagueService::Invite(
    const rpc::Call& call, const v1::InviteColleagueRequest& request) {
  ASSIGN_OR_RETURN(
      const std::string id,
      rpc::IdOf("organizations", "organization", request.organization()));
  const auto invite = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    RETURN_IF_ERROR(directory::HoldName(tx, id));
    ASSIGN_OR_RETURN(const directory::Organization organization,
                     directory::LoadOrganization(tx, id));
    ASSIGN_OR_RETURN(const Account account,
                     AccountFor(tx, call.request, *vault_,
                                {.network = organization.network,
                                 .display_name = request.display_name(),
                                 .email = request.email(),
                                 .language = request.language()}));
    GrantManager(tx, call.request, account, id);
    return MakeName("accounts", account.id);
  };
  absl::StatusOr<v1::Account> result = db::Once(
      *pool_, {call.deadline, call.request}, invite,
      [&](db::Tx& tx, const std::string& name) { return Render(tx, name); });
  on_change_();
  return result;
}

absl::StatusOr<v1::Account> ColleagueService::Remove(
    const rpc::Call& call, const v1::RemoveColleagueRequest& request) {
  constexpr int kAll = 1000;
  ASSIGN_OR_RETURN(
      const std::string organization,
      rpc::IdOf("organizations", "organization", request.organization()));
  ASSIGN_OR_RETURN(const std::string id,
                   rpc::IdOf("accounts", "account", request.account()));
  const auto remove = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    const absl::Status holds_none =
        Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
              "the account holds no role over the organisation")
            .With("state", "NO_ROLE");
    const absl::StatusOr<Account> account = LockAccount(tx, id);
    // Which accounts there are is nothing that the caller may learn.
    if (!account.ok()) return holds_none;
    std::vector<RoleGrant> grants = LoadGrants(tx, id, 0, kAll);
    std::erase_if(grants, [&](const RoleGrant& grant) {
      return grant.organization != organization;
    });
    if (grants.empty()) return holds_none;
    for (const RoleGrant& grant : grants) {
      DeleteGrant(tx, call.request, *account, grant);
    }
    return request.account();
  };
  absl::StatusOr<v1::Account> result = db::Once(
      *pool_, {call.deadline, call.request}, remove,
      [&](db::Tx& tx, const std::string& name) { return Render(tx, name); });
  on_change_();
  return result;
}

}  // namespace lagnet::access
