#ifndef LAGNET_SERVER_RPC_CALLER_H_
#define LAGNET_SERVER_RPC_CALLER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "lagnet/options/v1/options.pb.h"
#include "server/base/request_key.h"

namespace lagnet::rpc {

using options::v1::Role;

// What a resource belongs to: what a role must be held over to touch it. Ids
// without their collection; what does not apply is empty.
struct Scope {
  std::string network;
  std::vector<std::string> organizations;  // Whose record it is.
  std::vector<std::string> hosts;          // Who runs the visit it is part of.
  std::vector<std::string> regions;        // Territory codes.
  std::string project;
  std::string sign_up;  // The whole name.
  // What the link of a sign-up says: another when its head is another.
  std::string link;
};

// A role held over something, within a time.
struct Grant {
  Role role = Role::ROLE_UNSPECIFIED;
  std::string network;  // Empty for NETWORK_ADMIN: the whole installation.
  std::string region;   // Also covers finer codes: PL81 covers PL815.
  std::string organization;
  std::string project;
  std::string sign_up;  // For HOLDER what the link says.
  absl::Time start = absl::InfinitePast();
  absl::Time end = absl::InfiniteFuture();

  // Whether the role is held over `scope` at `now`.
  bool Covers(const Scope& scope, absl::Time now) const;
};

// Who calls.
struct Caller {
  // Stable over key rotation: "accounts/x", a sign-up's name for the holder
  // of its link, "" for the public.
  std::string identity;
  std::string account;  // The account's id, if it is one.
  std::string session;  // The session's name, if somebody signed in.
  std::vector<Grant> grants;

  bool identified() const { return !identity.empty(); }

  // Whether one of `roles` is held over anything.
  bool HasAny(const std::vector<Role>& roles) const;

  // Whether one of `roles` is held over `scope`.
  bool Holds(std::initializer_list<Role> roles, const Scope& scope,
             absl::Time now) const;
};

// What a handler knows about the call that it runs for.
struct Call {
  Caller caller;
  absl::Time now;       // This machine's clock at arrival.
  absl::Time deadline;  // At most 30 seconds after arrival.
  uint64_t revision;    // A read must show what this transaction did; or 0.
  RequestKey request;   // Without a request id for reads.
  Role role = Role::ROLE_UNSPECIFIED;  // What let it in, if a role did,
  std::string resource;                // and over what.
  std::string id;                      // In the log and in masked errors.
  // The request as it was sent, with old names in it maybe: a repeat is known
  // by it. For unary calls, until they are answered.
  const google::protobuf::Message* sent = nullptr;
};

}  // namespace lagnet::rpc

#endif  // LAGNET_SERVER_RPC_CALLER_H_
