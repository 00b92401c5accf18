#include "server/access/account.h"

#include <sodium.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
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

// RFC 3986: a scheme, a colon, and no spaces.
bool IsUri(absl::string_view name) {
  const size_t colon = name.find(':');
  return colon != absl::string_view::npos && colon > 0 &&
         absl::ascii_isalpha(static_cast<unsigned char>(name[0])) &&
         std::all_of(name.begin(), name.end(), absl::ascii_isgraph);
}

bool IsHost(absl::string_view name) {
  const std::vector<absl::string_view> labels = absl::StrSplit(name, '.');
  return std::all_of(labels.begin(), labels.end(), [](absl::string_view label) {
    return !label.empty() &&
           std::all_of(label.begin(), label.end(), [](unsigned char c) {
             return absl::ascii_isalnum(c) || c == '-' || c == '_';
           });
  });
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
  if (account.kind != AccountKind::kPerson && !account.email.empty()) {
    return InvalidField("account.email", "is for people only");
  }
  for (const std::string& name : account.certificate_names) {
    if (!IsHost(name) && !IsUri(name)) {
      return InvalidField("account.certificate_names",
                          "must be names of hosts, without wildcards, or URIs");
    }
  }
  return absl::OkStatus();
}

std::string NormalCertificateName(absl::string_view name) {
  return absl::StrContains(name, ":") ? std::string(name)
                                      : absl::AsciiStrToLower(name);
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
