#include "server/rpc/caller.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace lagnet::rpc {
namespace {

bool Contains(const std::vector<std::string>& items, const std::string& item) {
  return !item.empty() &&
         std::find(items.begin(), items.end(), item) != items.end();
}

bool InRegion(const Scope& scope, const std::string& region) {
  return std::any_of(
      scope.regions.begin(), scope.regions.end(),
      [&](const std::string& code) { return absl::StartsWith(code, region); });
}

bool Equal(const std::string& granted, const std::string& of_resource) {
  return !granted.empty() && granted == of_resource;
}

}  // namespace

bool Grant::Covers(const Scope& scope, absl::Time now) const {
  if (now < start || now >= end) return false;
  switch (role) {
    case Role::NETWORK_ADMIN:
      if (network.empty()) return true;
      [[fallthrough]];
    case Role::NETWORK_EDITOR:
    case Role::BROKER:
    case Role::GATEWAY:
      return Equal(network, scope.network) &&
             (region.empty() || InRegion(scope, region));
    case Role::LAG_MANAGER:
    case Role::PARTNER_SYSTEM:
      return Contains(scope.organizations, organization);
    case Role::HOST_COORDINATOR:
      return Contains(scope.hosts, organization);
    case Role::AUDITOR:
      return Equal(project, scope.project);
    case Role::DELEGATION_HEAD:
      return Equal(sign_up, scope.sign_up);
    case Role::HOLDER:
      return Equal(sign_up, scope.link);
    default:
      return false;
  }
}

bool Caller::HasAny(const std::vector<Role>& roles) const {
  return std::any_of(grants.begin(), grants.end(), [&](const Grant& grant) {
    return std::find(roles.begin(), roles.end(), grant.role) != roles.end();
  });
}

bool Caller::Holds(std::initializer_list<Role> roles, const Scope& scope,
                   absl::Time now) const {
  return std::any_of(grants.begin(), grants.end(), [&](const Grant& grant) {
    return std::find(roles.begin(), roles.end(), grant.role) != roles.end() &&
           grant.Covers(scope, now);
  });
}

}  // namespace lagnet::rpc
