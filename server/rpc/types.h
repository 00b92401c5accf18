#ifndef LAGNET_SERVER_RPC_TYPES_H_
#define LAGNET_SERVER_RPC_TYPES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "google/protobuf/timestamp.pb.h"
#include "lagnet/types/v1/types.pb.h"
#include "server/base/localized_text.h"

namespace lagnet::rpc {

// What every slice's convert.cc needs: the types that all of the API shares.

LocalizedText FromProto(const types::v1::LocalizedText& text);
types::v1::LocalizedText ToProto(const LocalizedText& text);

absl::Time FromProto(const google::protobuf::Timestamp& time);
// Infinite times have no form on the wire: leave the field unset.
google::protobuf::Timestamp ToProto(absl::Time time);
inline bool IsFinite(absl::Time time) {
  return time != absl::InfiniteFuture() && time != absl::InfinitePast();
}

// A repeated field and a vector.
template <typename Repeated>
std::vector<typename Repeated::value_type> ToVector(const Repeated& items) {
  return {items.begin(), items.end()};
}
template <typename T, typename Repeated>
void Fill(const std::vector<T>& items, Repeated* repeated) {
  repeated->Assign(items.begin(), items.end());
}

// The id in `name`, which stands in request field `field`. Fails with
// INVALID_ARGUMENT / INVALID_FIELDS if the name is not of `collection`. An
// empty name gives an empty id.
absl::StatusOr<std::string> IdOf(absl::string_view collection,
                                 absl::string_view field,
                                 const std::string& name);
absl::StatusOr<std::vector<std::string>> IdsOf(
    absl::string_view collection, absl::string_view field,
    const google::protobuf::RepeatedPtrField<std::string>& names);

}  // namespace lagnet::rpc

#endif  // LAGNET_SERVER_RPC_TYPES_H_
