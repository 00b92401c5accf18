#ifndef LAGNET_SERVER_ACCESS_CONVERT_H_
#define LAGNET_SERVER_ACCESS_CONVERT_H_

#include <string>

#include "absl/status/statusor.h"
#include "lagnet/access/v1/accounts.pb.h"
#include "lagnet/access/v1/api_keys.pb.h"
#include "server/access/account.h"
#include "server/rpc/caller.h"

namespace lagnet::access {

// Fields that the server sets are not read. `id` is the last part of the name.
// Fail with INVALID_FIELDS for a reference that is no name.
absl::StatusOr<Account> FromProto(const std::string& id,
                                  const v1::Account& account);
v1::Account ToProto(const Account& account);

absl::StatusOr<RoleGrant> FromProto(const v1::Grant& grant);
v1::Grant ToProto(const RoleGrant& grant);

v1::ApiKey ToProto(const ApiKey& key);

// What a grant is held over, as the gate sees resources: who may grant it must
// hold NETWORK_ADMIN over this.
std::string GrantedOver(const RoleGrant& grant);

}  // namespace lagnet::access

#endif  // LAGNET_SERVER_ACCESS_CONVERT_H_
