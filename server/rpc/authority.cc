#include "server/rpc/authority.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"

namespace lagnet::rpc {
namespace {

// "studyVisits/a/signUps/b" is in "studyVisits/signUps".
std::string CollectionsOf(absl::string_view name) {
  std::string collections;
  bool collection = true;
  while (!name.empty()) {
    const size_t slash = name.find('/');
    if (collection) {
      absl::StrAppend(&collections, collections.empty() ? "" : "/",
                      name.substr(0, slash));
    }
    collection = !collection;
    if (slash == absl::string_view::npos) break;
    name.remove_prefix(slash + 1);
  }
  return collections;
}

using FieldPath = std::vector<const google::protobuf::FieldDescriptor*>;

// Whether the field names what a call is about, and not what that refers to.
bool IsTarget(const FieldPath& path) {
  return path.empty() || path.back()->name() == "parent" ||
         path.back()->name() == "name";
}

std::string TextOf(const FieldPath& path) {
  return absl::StrJoin(path, ".", [](std::string* text, const auto* field) {
    absl::StrAppend(text, std::string(field->name()));
  });
}

// Whether the caller may learn that a name does not exist.
bool HoldsNetwork(const Caller& caller, const std::vector<Role>& roles,
                  absl::Time now) {
  return std::any_of(
      caller.grants.begin(), caller.grants.end(), [&](const Grant& grant) {
        return (grant.role == Role::NETWORK_ADMIN ||
                grant.role == Role::NETWORK_EDITOR) &&
               grant.region.empty() && now >= grant.start && now < grant.end &&
               std::find(roles.begin(), roles.end(), grant.role) != roles.end();
      });
}

}  // namespace

void Authority::RegisterOwner(const std::string& collections,
                              OwnerResolver resolver) {
  owners_.emplace(collections, std::move(resolver));
}

std::optional<absl::Status> Authority::CheckFromMemory(
    const Method& method, Call& call,
    const google::protobuf::Message& request) const {
  return CheckWith(method, call, request, /*may_block=*/false);
}

absl::Status Authority::Check(const Method& method, Call& call,
                              const google::protobuf::Message& request) const {
  return *CheckWith(method, call, request, /*may_block=*/true);
}

std::optional<absl::Status> Authority::CheckWith(
    const Method& method, Call& call, const google::protobuf::Message& request,
    bool may_block) const {
  if (method.is_public) return absl::OkStatus();
  if (!call.caller.identified()) {
    return Error(absl::StatusCode::kUnauthenticated, "SIGN_IN_NEEDED",
                 "this call needs an API key, a client certificate or a link");
  }
  if (method.signed_in) return absl::OkStatus();
  for (const Method::Allow& allow : method.allow) {
    const std::string name = TextAt(request, allow.path);
    if (name.empty() && !allow.path.empty()) continue;
    if (!call.caller.HasAny(allow.roles)) continue;
    absl::StatusOr<std::optional<Scope>> scope =
        FindScope(name, call, may_block);
    if (absl::IsNotFound(scope.status())) {
      // Whoever has deleted it may ask again. Nobody else gets to the handler:
      // by then, it might be there and somebody else's.
      if (may_block && IsReplay(call)) return absl::OkStatus();
      if (!HoldsNetwork(call.caller, allow.roles, call.now)) continue;
      // They may know.
      return method.reads_only || IsTarget(allow.path)
                 ? scope.status()
                 : UnknownReference(TextOf(allow.path), name);
    }
    if (!scope.ok()) return scope.status();
    if (!scope->has_value()) return std::nullopt;
    AddRegions(call.caller, **scope);
    for (const Grant& grant : call.caller.grants) {
      // Auditors read, whatever a proto says.
      if (grant.role == Role::AUDITOR && !method.reads_only) continue;
      if (std::find(allow.roles.begin(), allow.roles.end(), grant.role) !=
              allow.roles.end() &&
          grant.Covers(**scope, call.now)) {
        call.role = grant.role;
        call.resource = name;
        return absl::OkStatus();
      }
    }
  }
  return Error(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
               "the caller holds no role that allows this here")
      .With("method", method.name)
      .With("caller", call.caller.identity);
}

bool Authority::IsReplay(const Call& call) const {
  if (call.request.request_id.empty() || !replays_) return false;
  return replays_(call.request, call.deadline).value_or(false);
}

absl::Status Authority::Require(const Call& call,
                                std::initializer_list<Role> roles,
                                const std::string& name) const {
  ASSIGN_OR_RETURN(Scope scope, ScopeOf(name, call));
  AddRegions(call.caller, scope);
  if (call.caller.Holds(roles, scope, call.now)) return absl::OkStatus();
  return Error(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
               absl::StrCat("the caller holds no such role over ", name))
      .With("caller", call.caller.identity)
      .With("name", name);
}

absl::StatusOr<Scope> Authority::ScopeOf(const std::string& name,
                                         const Call& call) const {
  ASSIGN_OR_RETURN(std::optional<Scope> scope,
                   FindScope(name, call, /*may_block=*/true));
  return std::move(scope).value();  // There is one if it may block.
}

void Authority::AddRegions(const Caller& caller, Scope& scope) const {
  const bool is_regional =
      std::any_of(caller.grants.begin(), caller.grants.end(),
                  [](const Grant& grant) { return !grant.region.empty(); });
  const auto owner = owners_.find("organizations");
  if (!is_regional || owner == owners_.end() || !owner->second.from_memory) {
    return;
  }
  for (const auto* ids : {&scope.organizations, &scope.hosts}) {
    for (const std::string& id : *ids) {
      const std::optional<Scope> known =
          owner->second.from_memory(absl::StrCat("organizations/", id));
      if (!known) continue;
      scope.regions.insert(scope.regions.end(), known->regions.begin(),
                           known->regions.end());
    }
  }
}

// The scope of a resource; nothing if that is not known without blocking.
absl::StatusOr<std::optional<Scope>> Authority::FindScope(
    const std::string& name, const Call& call, bool may_block) const {
  if (name.empty()) return std::optional<Scope>(Scope{});
  const auto owner = owners_.find(CollectionsOf(name));
  if (owner == owners_.end()) {
    return NoSuch("resource", name);
  }
  if (owner->second.from_memory) {
    std::optional<Scope> scope = owner->second.from_memory(name);
    if (scope) return scope;
  }
  if (!may_block) return std::optional<Scope>();
  ASSIGN_OR_RETURN(Scope scope, owner->second.load(name, call.deadline));
  return std::optional<Scope>(std::move(scope));
}

}  // namespace lagnet::rpc
