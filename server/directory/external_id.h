#ifndef LAGNET_SERVER_DIRECTORY_EXTERNAL_ID_H_
#define LAGNET_SERVER_DIRECTORY_EXTERNAL_ID_H_

#include <string>
#include <vector>

#include "server/base/error.h"

namespace lagnet::directory {

// What another list calls an organisation.
struct ExternalId {
  std::string source;  // The list: "ksow-lgd".
  std::string id;      // As the list writes it.

  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes <=> for it.
  auto operator<=>(const ExternalId&) const = default;
};

// All that is wrong, each INVALID_FIELDS: a source with other characters than
// ASCII letters, digits, `-`, `_` and `.`; an id that is named twice.
Errors CheckExternalIds(const std::vector<ExternalId>& ids);

// ALREADY_EXISTS / EXTERNAL_ID_TAKEN: another organisation of the network has
// `id`, which is number `position` of those wanted.
Error ExternalIdTaken(size_t position, const ExternalId& id);

// The last part of a name for an organisation of which no more is known:
// "ksow-lgd-042". "" if the id does not give one.
std::string SlugOf(const ExternalId& id);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_EXTERNAL_ID_H_
