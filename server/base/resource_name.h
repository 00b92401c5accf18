#ifndef LAGNET_SERVER_BASE_RESOURCE_NAME_H_
#define LAGNET_SERVER_BASE_RESOURCE_NAME_H_

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace lagnet {

// Resource names are `collection/id` pairs: `studyVisits/s/signUps/u`.

// The id in "collection/id", if `name` is exactly that and the id is one that
// lagnet gives out (lower-case letters, digits, dashes; at most 63).
std::optional<std::string> ParseName(absl::string_view collection,
                                     absl::string_view name);

// The two ids in "parent/id/child/id".
std::optional<std::pair<std::string, std::string>> ParseName(
    absl::string_view parent, absl::string_view child, absl::string_view name);

// "collection/id", or "" for an empty id: an absent reference stays absent.
std::string MakeName(absl::string_view collection, absl::string_view id);

// The part before the first slash: "studyVisits".
absl::string_view CollectionOf(absl::string_view name);

}  // namespace lagnet

#endif  // LAGNET_SERVER_BASE_RESOURCE_NAME_H_
