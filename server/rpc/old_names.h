#ifndef LAGNET_SERVER_RPC_OLD_NAMES_H_
#define LAGNET_SERVER_RPC_OLD_NAMES_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace lagnet::rpc {

// Puts names that stay in place of old ones in requests, for resources that can
// be merged: whoever has an old name, on paper or in another system, can use it
// for ever. In every field that says `refers_to` the resource, and in every
// `name` and `parent`, also in repeated fields and in messages within messages.
// Thread-safe once all methods are learnt.
class OldNames {
 public:
  struct Source {
    std::string resource;  // "lagnet/Organization".
    // Whether there are old names at all: asked for every call.
    std::function<bool()> any;
    // From memory: the whole name with the one that stays, or nothing.
    std::function<std::optional<std::string>(absl::string_view name)> staying;
  };

  void SetSource(Source source) { source_ = std::move(source); }

  // Looks where requests of a type, and all in them, have names.
  void Learn(const google::protobuf::Descriptor* type);

  // The request with names that stay; null if it has none but those.
  std::unique_ptr<google::protobuf::Message> Replace(
      const google::protobuf::Message& request) const;

 private:
  // Of one type of message: fields that hold names, and messages that do.
  struct Places {
    std::vector<const google::protobuf::FieldDescriptor*> names;
    std::vector<const google::protobuf::FieldDescriptor*> messages;
  };

  bool HoldsName(const google::protobuf::FieldDescriptor* field) const;
  bool HasOld(const google::protobuf::Message& message) const;
  void ReplaceIn(google::protobuf::Message* message) const;

  Source source_;
  absl::flat_hash_map<const google::protobuf::Descriptor*, Places> places_;
};

}  // namespace lagnet::rpc

#endif  // LAGNET_SERVER_RPC_OLD_NAMES_H_
