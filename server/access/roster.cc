#include "server/access/roster.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"

namespace lagnet::access {
namespace {

absl::Status Refused() {
  return Error(absl::StatusCode::kUnauthenticated, "BAD_CREDENTIALS",
               "the key, certificate or link is not known, or not valid any "
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
  auto keys = std::make_shared<Entries>();
  auto certificates = std::make_shared<Entries>();
  for (const AccountFacts& entry : facts) {
    auto caller = std::make_shared<rpc::Caller>();
    caller->account = entry.account.id;
    caller->identity = absl::StrCat("accounts/", entry.account.id);
    for (const RoleGrant& grant : entry.grants) {
      caller->grants.push_back(ToGrant(grant));
    }
    for (const AccountFacts::Key& key : entry.keys) {
      (*keys)[key.hash] = {caller, key.expire_time};
    }
    for (const std::string& name : entry.account.certificate_names) {
      (*certificates)[name] = {caller, absl::InfiniteFuture()};
    }
  }
  absl::MutexLock lock(&mutex_);
  keys_ = std::move(keys);
  certificates_ = std::move(certificates);
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
  std::shared_ptr<const Entries> keys;
  std::shared_ptr<const Entries> certificates;
  {
    absl::MutexLock lock(&mutex_);
    keys = keys_;
    certificates = certificates_;
  }
  // A token says more than the certificate of the gateway that forwards it.
  if (absl::StartsWith(credentials.token, "lagl_")) {
    return Holder(credentials.token);
  }
  if (!credentials.token.empty()) {
    return Find(*keys, HashOf(credentials.token), now);
  }
  absl::StatusOr<rpc::Caller> caller = Refused();
  for (const std::string& name : credentials.certificate_names) {
    absl::StatusOr<rpc::Caller> proved = Find(*certificates, name, now);
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
  // The key is a hash of 256 random bits: how long the look-up takes tells
  // nothing about any valid key.
  const auto found = entries.find(key);
  if (found == entries.end() || now >= found->second.expire_time) {
    return Refused();
  }
  return *found->second.caller;
}

absl::StatusOr<rpc::Caller> Roster::Holder(const std::string& token) const {
  const std::optional<std::string> name = vault_->ReadHolderToken(token);
  if (!name) return Refused();
  rpc::Caller caller;
  caller.identity = *name;
  caller.grants.push_back(
      {.role = options::v1::Role::HOLDER, .sign_up = *name});
  return caller;
}

}  // namespace lagnet::access
