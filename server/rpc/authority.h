#ifndef LAGNET_SERVER_RPC_AUTHORITY_H_
#define LAGNET_SERVER_RPC_AUTHORITY_H_

#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "server/rpc/caller.h"
#include "server/rpc/method.h"

namespace lagnet::rpc {

// Tells what a resource of one collection belongs to.
struct OwnerResolver {
  // From memory, without blocking; nothing if it is not there. May be empty.
  std::function<std::optional<Scope>(const std::string& name)> from_memory;
  // From the database. Fails with NOT_FOUND.
  std::function<absl::StatusOr<Scope>(const std::string& name,
                                      absl::Time deadline)>
      load;
};

// Whether a call with this request id was answered already.
using Replays = std::function<absl::StatusOr<bool>(const RequestKey& request,
                                                   absl::Time deadline)>;

// Says who may call what: holds what a method declares (the `access` of its
// proto) against the roles that the caller has over what the request names.
// Thread-safe once all owners are registered.
class Authority {
 public:
  // `replays` may be empty: then no repeat of a deletion gets through.
  explicit Authority(Replays replays) : replays_(std::move(replays)) {}

  // `collections` as in names: "organizations", "studyVisits/signUps".
  void RegisterOwner(const std::string& collections, OwnerResolver resolver);

  // Whether the call may go on; notes in it by which role. Fails with
  // UNAUTHENTICATED / SIGN_IN_NEEDED, PERMISSION_DENIED / PERMISSION_DENIED
  // and, towards who runs a network, NOT_FOUND / NOT_FOUND or INVALID_ARGUMENT
  // / UNKNOWN_REFERENCE. May block.
  absl::Status Check(const Method& method, Call& call,
                     const google::protobuf::Message& request) const;

  // The same without blocking; nothing if it takes the database to decide.
  std::optional<absl::Status> CheckFromMemory(
      const Method& method, Call& call,
      const google::protobuf::Message& request) const;

  // For a handler whose declaration cannot say all: fails with
  // PERMISSION_DENIED unless the caller holds one of `roles` over `name`, with
  // NOT_FOUND if there is no such thing. May block.
  absl::Status Require(const Call& call, std::initializer_list<Role> roles,
                       const std::string& name) const;

  // What a resource belongs to. Fails with NOT_FOUND. May block.
  absl::StatusOr<Scope> ScopeOf(const std::string& name,
                                const Call& call) const;

  // Adds the regions of the organisations that a scope names, if the caller
  // has a role over a region at all. From memory.
  void AddRegions(const Caller& caller, Scope& scope) const;

 private:
  std::optional<absl::Status> CheckWith(
      const Method& method, Call& call,
      const google::protobuf::Message& request, bool may_block) const;
  bool IsReplay(const Call& call) const;
  absl::StatusOr<std::optional<Scope>> FindScope(const std::string& name,
                                                 const Call& call,
                                                 bool may_block) const;

  const Replays replays_;
  std::map<std::string, OwnerResolver, std::less<>> owners_;
};

}  // namespace lagnet::rpc

#endif  // LAGNET_SERVER_RPC_AUTHORITY_H_
