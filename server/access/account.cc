#include "server/access/account.h"

#include <sodium.h>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/id.h"

namespace lagnet::access {
namespace {

// What a role is held over.
enum class Over { kNetwork, kOrganization, kProject, kSignUp, kNothing };

Over OverOf(RoleKind role) {
  switch (role) {
    case RoleKind::kNetworkAdmin:
    case RoleKind::kNetworkEditor:
    case RoleKind::kBroker:
    case RoleKind::kGateway:
      return Over::kNetwork;
    case RoleKind::kLagManager:
    case RoleKind::kHostCoordinator:
    case RoleKind::kPartnerSystem:
      return Over::kOrganization;
    case RoleKind::kAuditor:
      return Over::kProject;
    case RoleKind::kDelegationHead:
      return Over::kSignUp;
    default:
      return Over::kNothing;
  }
}

absl::Status CheckOver(const std::string& value, absl::string_view field,
                       bool wanted) {
  if (wanted && value.empty()) {
    return InvalidField(field, "is required for this role");
  }
  if (!wanted && !value.empty()) {
    return InvalidField(field, "has no meaning for this role");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckAccount(const Account& account) {
  if (account.kind != AccountKind::kSystem &&
      !account.certificate_names.empty()) {
    return InvalidField("account.certificate_names", "are for systems only");
  }
  return absl::OkStatus();
}

absl::Status CheckGrant(const RoleGrant& grant) {
  const Over over = OverOf(grant.role);
  if (over == Over::kNothing) {
    return InvalidField("grant.role", "cannot be granted");
  }
  for (const absl::Status& status :
       {CheckOver(grant.network, "grant.network", over == Over::kNetwork),
        CheckOver(grant.organization, "grant.organization",
                  over == Over::kOrganization),
        CheckOver(grant.project, "grant.project", over == Over::kProject),
        CheckOver(grant.sign_up, "grant.sign_up", over == Over::kSignUp)}) {
    if (!status.ok()) return status;
  }
  if (!grant.region.empty() && over != Over::kNetwork) {
    return InvalidField("grant.region", "has no meaning for this role");
  }
  if (grant.role == RoleKind::kAuditor && grant.end == absl::InfiniteFuture()) {
    return InvalidField("grant.end_time", "is required for an auditor");
  }
  if (grant.end <= grant.start) {
    return InvalidField("grant.end_time", "must be later than start_time");
  }
  return absl::OkStatus();
}

std::string NewSecret() {
  return absl::StrCat("lagk_", Base32(RandomBytes(5)), "_",
                      Base32(RandomBytes(32)));
}

std::string PrefixOf(absl::string_view secret) {
  return std::string(secret.substr(0, 13));
}

std::string HashOf(absl::string_view secret) {
  std::string hash(32, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                     reinterpret_cast<const unsigned char*>(secret.data()),
                     secret.size(), nullptr, 0);
  return hash;
}

}  // namespace lagnet::access
