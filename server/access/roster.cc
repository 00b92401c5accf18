#include "server/access/roster.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/access/session.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"

namespace lagnet::access {
namespace {

absl::Status Refused() {
  return Error(
      absl::StatusCode::kUnauthenticated, "BAD_CREDENTIALS",
      "the key, session, certificate or link is not known, or not valid any "
      "more");
}

rpc::Grant ToGrant(const RoleGrant& grant) {
  return {.role = static_cast<options::v1::Role>(grant.role),
          .network = grant.network,
          .region = grant.region,
          .organization = grant.organization,
          .project = grant.project,
          .sign_up = grant.sign_up,
          .start = grant.start,
          .end = grant.end};
}

}  // namespace

void Roster::Replace(const std::vector<AccountFacts>& facts) {
  auto everybody = std::make_shared<Everybody>();
  for (const AccountFacts& entry : facts) {
    auto caller = std::make_shared<rpc::Caller>();
    caller->account = entry.account.id;
    caller->identity = absl::StrCat("accounts/", entry.account.id);
    for (const RoleGrant& grant : entry.grants) {
      caller->grants.push_back(ToGrant(grant));
    }
    everybody->accounts[entry.account.id] = {caller, absl::InfiniteFuture()};
    for (const AccountFacts::Key& key : entry.keys) {
      everybody->keys[key.hash] = {caller, key.expire_time};
    }
    for (const std::string& name : entry.account.certificate_names) {
      everybody->certificates[name] = {caller, absl::InfiniteFuture()};
    }
    everybody->ended_sessions.insert(entry.ended_sessions.begin(),
                                     entry.ended_sessions.end());
  }
  absl::MutexLock lock(&mutex_);
  everybody_ = std::move(everybody);
}

absl::Status Roster::Reload(
    absl::FunctionRef<absl::StatusOr<std::vector<AccountFacts>>()> load) {
  absl::MutexLock lock(&reload_mutex_);
  ASSIGN_OR_RETURN(const std::vector<AccountFacts> facts, load());
  Replace(facts);
  return absl::OkStatus();
}

absl::StatusOr<rpc::Caller> Roster::Identify(
    const rpc::Credentials& credentials, absl::Time now) const {
  std::shared_ptr<const Everybody> everybody;
  {
    absl::MutexLock lock(&mutex_);
    everybody = everybody_;
  }
  // A token says more than the certificate of the gateway that forwards it.
  if (absl::StartsWith(credentials.token, "lagl_")) {
    return Holder(credentials.token);
  }
  if (absl::StartsWith(credentials.token, "lags_")) {
    return SignedIn(*everybody, credentials.token, now);
  }
  if (!credentials.token.empty()) {
    return Find(everybody->keys, HashOf(credentials.token), now);
  }
  absl::StatusOr<rpc::Caller> caller = Refused();
  for (const std::string& name : credentials.certificate_names) {
    absl::StatusOr<rpc::Caller> proved =
        Find(everybody->certificates, name, now);
    if (!proved.ok()) continue;
    // Whom it is to stand for nobody could tell.
    if (caller.ok() && caller->identity != proved->identity) return Refused();
    caller = std::move(proved);
  }
  return caller;
}

absl::StatusOr<rpc::Caller> Roster::Find(const Entries& entries,
                                         const std::string& key,
                                         absl::Time now) const {
  // A key's hash is one of 256 random bits: how long the look-up takes tells
  // nothing about any valid key.
  const auto found = entries.find(key);
  if (found == entries.end() || now >= found->second.expire_time) {
    return Refused();
  }
  return *found->second.caller;
}

absl::StatusOr<rpc::Caller> Roster::Holder(const std::string& token) const {
  const std::optional<std::string> link =
      vault_->ReadToken(privacy::TokenKind::kHolder, token);
  if (!link) return Refused();
  rpc::Caller caller;
  caller.identity = link->substr(0, link->find('#'));
  caller.grants.push_back(
      {.role = options::v1::Role::HOLDER, .sign_up = *link});
  return caller;
}

// What a session may do is what its account may do now.
absl::StatusOr<rpc::Caller> Roster::SignedIn(const Everybody& everybody,
                                             const std::string& token,
                                             absl::Time now) const {
  const std::optional<std::string> text =
      vault_->ReadToken(privacy::TokenKind::kSession, token);
  if (!text) return Refused();
  const std::optional<Session> session = UnpackSession(*text);
  if (!session || now >= session->expire_time ||
      everybody.ended_sessions.contains(session->name)) {
    return Refused();
  }
  ASSIGN_OR_RETURN(rpc::Caller caller,
                   Find(everybody.accounts, session->account, now));
  caller.session = session->name;
  return caller;
}

}  // namespace lagnet::access
