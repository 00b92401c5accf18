#include "server/access/convert.h"

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/rpc/field_mask.h"
#include "server/rpc/types.h"

namespace lagnet::access {
namespace {

static_assert(v1::Account::SYSTEM == static_cast<int>(AccountKind::kSystem));
static_assert(v1::Account::DISABLED ==
              static_cast<int>(AccountState::kDisabled));
static_assert(options::v1::NETWORK_ADMIN ==
              static_cast<int>(RoleKind::kNetworkAdmin));
static_assert(options::v1::HOLDER == static_cast<int>(RoleKind::kHolder));

}  // namespace

absl::StatusOr<Account> FromProto(const std::string& id,
                                  const v1::Account& account) {
  Account result{.id = id,
                 .kind = static_cast<AccountKind>(account.kind()),
                 .display_name = account.display_name(),
                 .email = account.email(),
                 .language = account.language()};
  for (const std::string& name : account.certificate_names()) {
    result.certificate_names.push_back(NormalCertificateName(name));
  }
  ASSIGN_OR_RETURN(result.network,
                   rpc::IdOf("networks", "account.network", account.network()));
  return result;
}

v1::Account ToProto(const Account& account) {
  v1::Account result;
  result.set_name(MakeName("accounts", account.id));
  result.set_network(MakeName("networks", account.network));
  result.set_kind(static_cast<v1::Account::Kind>(account.kind));
  result.set_display_name(account.display_name);
  rpc::Fill(account.certificate_names, result.mutable_certificate_names());
  result.set_state(static_cast<v1::Account::State>(account.state));
  result.set_email(account.email);
  result.set_language(account.language);
  *result.mutable_create_time() = rpc::ToProto(account.create_time);
  result.set_etag(rpc::EtagOf(account.version));
  return result;
}

absl::StatusOr<RoleGrant> FromProto(const v1::Grant& grant) {
  RoleGrant result{.role = static_cast<RoleKind>(grant.role()),
                   .region = grant.region(),
                   .sign_up = grant.sign_up()};
  ASSIGN_OR_RETURN(result.network,
                   rpc::IdOf("networks", "grant.network", grant.network()));
  ASSIGN_OR_RETURN(
      result.organization,
      rpc::IdOf("organizations", "grant.organization", grant.organization()));
  ASSIGN_OR_RETURN(result.project,
                   rpc::IdOf("projects", "grant.project", grant.project()));
  if (!grant.sign_up().empty() &&
      !ParseName("studyVisits", "signUps", grant.sign_up())) {
    return InvalidField("grant.sign_up",
                        "must be a name such as studyVisits/…/signUps/…");
  }
  if (grant.has_start_time()) {
    result.start = rpc::FromProto(grant.start_time());
  }
  if (grant.has_end_time()) result.end = rpc::FromProto(grant.end_time());
  return result;
}

v1::Grant ToProto(const RoleGrant& grant) {
  v1::Grant result;
  result.set_name(
      absl::StrCat("accounts/", grant.account, "/grants/", grant.id));
  result.set_role(static_cast<options::v1::Role>(grant.role));
  result.set_network(MakeName("networks", grant.network));
  result.set_region(grant.region);
  result.set_organization(MakeName("organizations", grant.organization));
  result.set_project(MakeName("projects", grant.project));
  result.set_sign_up(grant.sign_up);
  if (rpc::IsFinite(grant.start)) {
    *result.mutable_start_time() = rpc::ToProto(grant.start);
  }
  if (rpc::IsFinite(grant.end)) {
    *result.mutable_end_time() = rpc::ToProto(grant.end);
  }
  return result;
}

v1::ApiKey ToProto(const ApiKey& key) {
  v1::ApiKey result;
  result.set_name(absl::StrCat("accounts/", key.account, "/apiKeys/", key.id));
  result.set_prefix(key.prefix);
  *result.mutable_create_time() = rpc::ToProto(key.create_time);
  if (rpc::IsFinite(key.expire_time)) {
    *result.mutable_expire_time() = rpc::ToProto(key.expire_time);
  }
  if (rpc::IsFinite(key.revoke_time)) {
    *result.mutable_revoke_time() = rpc::ToProto(key.revoke_time);
  }
  return result;
}

std::string GrantedOver(const RoleGrant& grant) {
  if (!grant.network.empty()) return MakeName("networks", grant.network);
  if (!grant.organization.empty()) {
    return MakeName("organizations", grant.organization);
  }
  if (!grant.project.empty()) return MakeName("projects", grant.project);
  return grant.sign_up;  // Or nothing: the whole installation.
}

}  // namespace lagnet::access
