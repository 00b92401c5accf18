#ifndef LAGNET_SERVER_ACCESS_ACCOUNT_H_
#define LAGNET_SERVER_ACCESS_ACCOUNT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace lagnet::access {

// The numbers are those of accounts.proto and options.proto.
enum class AccountKind { kUnspecified = 0, kPerson = 1, kSystem = 2 };
enum class AccountState { kUnspecified = 0, kActive = 1, kDisabled = 2 };
enum class RoleKind {
  kUnspecified = 0,
  kNetworkAdmin = 1,
  kNetworkEditor = 2,
  kBroker = 3,
  kLagManager = 4,
  kHostCoordinator = 5,
  kDelegationHead = 6,
  kAuditor = 7,
  kPartnerSystem = 8,
  kGateway = 9,
  kHolder = 10,
};

// A person or a system that calls.
struct Account {
  int64_t row = 0;
  std::string id;       // "tbilisi-gateway" of "accounts/tbilisi-gateway".
  std::string network;  // Empty for the operator of the installation.
  AccountKind kind = AccountKind::kUnspecified;
  std::string display_name;
  std::vector<std::string> certificate_names;
  AccountState state = AccountState::kActive;
  std::string email;  // Where it is read with LoadEmails().
  std::string language;
  int64_t version = 0;
  absl::Time create_time;
};

// A role that an account holds over something.
struct RoleGrant {
  int64_t row = 0;
  std::string id;
  std::string account;
  RoleKind role = RoleKind::kUnspecified;
  std::string network;
  std::string region;
  std::string organization;
  std::string project;
  std::string sign_up;  // The whole name.
  absl::Time start = absl::InfinitePast();
  absl::Time end = absl::InfiniteFuture();
};

// A key that proves an account; the secret itself is not kept.
struct ApiKey {
  int64_t row = 0;
  std::string id;
  std::string account;
  std::string prefix;
  absl::Time create_time;
  absl::Time expire_time = absl::InfiniteFuture();
  absl::Time revoke_time = absl::InfiniteFuture();  // Infinite: not revoked.
};

// Fails with INVALID_FIELDS: certificate names for a person, or one that is
// neither the name of a host, without wildcards, nor a URI; a mailbox for a
// system.
absl::Status CheckAccount(const Account& account);

// A certificate name in its one spelling: hosts in small letters, URIs as they
// are.
std::string NormalCertificateName(absl::string_view name);

// Fails with INVALID_FIELDS unless the grant names what its role is held over,
// and nothing else: a network, an organisation, a project with an end, or a
// sign-up.
absl::Status CheckGrant(const RoleGrant& grant);

// A new API key: `lagk_`, 8 characters to know it by, `_`, 256 random bits.
std::string NewSecret();
// The part of a key that may be shown.
std::string PrefixOf(absl::string_view secret);
// What is stored of a key: BLAKE2b, 32 bytes. No slow hash: there is nothing
// to guess in 256 random bits.
std::string HashOf(absl::string_view secret);

}  // namespace lagnet::access

#endif  // LAGNET_SERVER_ACCESS_ACCOUNT_H_
