#include "server/access/session_service.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/access/convert.h"
#include "server/access/mailbox_store.h"
#include "server/access/session_store.h"
#include "server/base/error.h"
#include "server/base/id.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/db/requests.h"
#include "server/db/transact.h"
#include "server/rpc/types.h"

namespace lagnet::access {
namespace {

using privacy::TokenKind;

// Whoever calls holds the role over some network: which one, does not matter.
absl::Status CheckGateway(const rpc::Call& call) {
  if (call.caller.HasAny({options::v1::Role::GATEWAY})) {
    return absl::OkStatus();
  }
  return Error(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
               "signing in is for web gateways: it takes the role GATEWAY")
      .With("caller", call.caller.identity);
}

bool IsRight(const privacy::Vault& vault, const SignIn& sign_in,
             const std::string& secret) {
  return vault.ReadToken(TokenKind::kSignIn, secret) == sign_in.name ||
         DigitsOf(secret) == vault.Code(sign_in.name);
}

bool Works(const SignIn& sign_in, absl::Time now) {
  return now < sign_in.expire_time && sign_in.wrong_codes < kMostWrongCodes;
}

}  // namespace

SessionService::SessionService(rpc::Gate* gate, db::Pool* pool,
                               const privacy::Vault* vault, bool sends_mail,
                               OnChange on_change)
    : gate_(gate),
      pool_(pool),
      vault_(vault),
      sends_mail_(sends_mail),
      on_change_(std::move(on_change)) {
  gate->RegisterService(
      *v1::StartSignInRequest::descriptor()->file()->service(0));
}

// The same work for addresses that an account has and for others: the letter
// is written, or not, when nobody waits for it.
absl::StatusOr<v1::StartSignInResponse> SessionService::Start(
    const rpc::Call& call, const v1::StartSignInRequest& request) {
  RETURN_IF_ERROR(CheckGateway(call));
  if (!sends_mail_) return MailIsOff();
  const auto start = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    RETURN_IF_ERROR(
        AskForMail(tx, *vault_, request.email(), request.browser_network()));
    const SignIn sign_in{.name = RandomId(),
                         .address_hash = vault_->AddressHash(request.email()),
                         .language = request.language(),
                         .expire_time = tx.now() + kSignInLasts};
    InsertSignIn(tx, call.request, sign_in);
    return MakeName("signIns", sign_in.name);
  };
  const auto render =
      [&](db::Tx& tx,
          const std::string& name) -> absl::StatusOr<v1::StartSignInResponse> {
    const std::string id = *ParseName("signIns", name);
    v1::StartSignInResponse response;
    response.set_attempt(vault_->Token(TokenKind::kAttempt, id));
    // Gone: somebody has signed in with it.
    const std::optional<SignIn> sign_in = LoadSignIn(tx, id);
    *response.mutable_expire_time() =
        rpc::ToProto(sign_in ? sign_in->expire_time : tx.now());
    return response;
  };
  return db::Once(*pool_, {call.deadline, call.request}, start, render);
}

absl::StatusOr<std::vector<Account>> SessionService::Prove(
    const rpc::Call& call, const std::string& name, const std::string& secret) {
  const auto prove = [&](db::Tx& tx) -> absl::StatusOr<std::vector<Account>> {
    const std::optional<SignIn> sign_in = LockSignIn(tx, name);
    if (!sign_in || !Works(*sign_in, tx.now())) return std::vector<Account>();
    if (!IsRight(*vault_, *sign_in, secret)) {
      CountWrongCode(tx, *sign_in);  // Which must not be rolled back.
      return std::vector<Account>();
    }
    return LoadAccountsOf(tx, sign_in->address_hash);
  };
  return db::Transact(*pool_, call.deadline, prove);
}

absl::StatusOr<v1::CreateSessionResponse> SessionService::Create(
    const rpc::Call& call, const v1::CreateSessionRequest& request) {
  RETURN_IF_ERROR(CheckGateway(call));
  ASSIGN_OR_RETURN(const std::string wanted,
                   rpc::IdOf("accounts", "account", request.account()));
  const std::optional<std::string> name =
      vault_->ReadToken(TokenKind::kAttempt, request.attempt());
  if (!name) return SignInRefused();
  ASSIGN_OR_RETURN(const std::vector<Account> accounts,
                   Prove(call, *name, request.secret()));
  if (wanted.empty() && accounts.size() > 1) {
    v1::CreateSessionResponse response;
    for (const Account& account : accounts) {
      *response.add_choices() = ToProto(account);
    }
    return response;
  }
  const auto create = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    const auto account = std::find_if(
        accounts.begin(), accounts.end(), [&](const Account& candidate) {
          return wanted.empty() || candidate.id == wanted;
        });
    // Of several at once one finds it still there.
    const std::optional<SignIn> sign_in = LockSignIn(tx, *name);
    if (!sign_in || account == accounts.end()) return SignInRefused();
    DeleteSignIn(tx, *sign_in);
    const Session session{.name = RandomId(),
                          .account = account->id,
                          // Whole seconds, as the token has them.
                          .expire_time = absl::FromUnixSeconds(
                              absl::ToUnixSeconds(tx.now() + kSessionLasts))};
    InsertSession(tx, *account, session);
    return absl::StrCat("accounts/", account->id, "/sessions/", session.name);
  };
  const auto render = [&](db::Tx& tx, const std::string& made)
      -> absl::StatusOr<v1::CreateSessionResponse> {
    const auto ids = ParseName("accounts", "sessions", made);
    const std::optional<Session> session = LoadSession(tx, ids->second);
    if (!session) return SignInRefused();  // A repeat, long after.
    ASSIGN_OR_RETURN(const Account account, LoadAccount(tx, ids->first));
    v1::CreateSessionResponse response;
    response.set_token(vault_->Token(TokenKind::kSession, Pack(*session)));
    *response.mutable_expire_time() = rpc::ToProto(session->expire_time);
    *response.mutable_account() = ToProto(account);
    return response;
  };
  return db::Once(*pool_, {call.deadline, call.request}, create, render);
}

absl::StatusOr<v1::EndSessionResponse> SessionService::End(
    const rpc::Call& call, const v1::EndSessionRequest& request) {
  if (call.caller.session.empty()) {
    return Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
                 "the call is not made with a session")
        .With("state", "NO_SESSION");
  }
  v1::EndSessionResponse response;
  const auto end = [&](db::Tx& tx) -> absl::StatusOr<std::string> {
    ASSIGN_OR_RETURN(const Account account,
                     LockAccount(tx, call.caller.account));
    response.set_ended(
        EndSessions(tx, call.request, account,
                    request.everywhere() ? "" : call.caller.session));
    return call.caller.identity;
  };
  const auto render = [&](db::Tx&, const std::string&)
      -> absl::StatusOr<v1::EndSessionResponse> { return response; };
  absl::StatusOr<v1::EndSessionResponse> result =
      db::Once(*pool_, {call.deadline, call.request}, end, render);
  on_change_();
  return result;
}

}  // namespace lagnet::access
