#ifndef LAGNET_CLIENT_UUID_H_
#define LAGNET_CLIENT_UUID_H_

#include <string>

#include "absl/strings/string_view.h"

// UUIDs (RFC 9562) for the `request_id` of calls that change something.
// Thread-safe.
namespace lagnet::client {

// A random one (version 4).
std::string NewUuid();

// The one that always belongs to `text` (version 5, in lagnet's own
// namespace): who repeats the same work sends the same id.
std::string UuidFor(absl::string_view text);

// Version 5 in a namespace given in canonical form, which must be a UUID.
std::string UuidV5(absl::string_view name_space, absl::string_view text);

}  // namespace lagnet::client

#endif  // LAGNET_CLIENT_UUID_H_
