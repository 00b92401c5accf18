#ifndef LAGNET_SERVER_DIRECTORY_FIELD_CHANGE_H_
#define LAGNET_SERVER_DIRECTORY_FIELD_CHANGE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/directory/profile.h"

namespace lagnet::directory {

// That one field of an entry changes. Values are the API's JSON; nothing if
// the field is not set.
struct FieldChange {
  std::string field;  // "themes", "display_name.texts.pl".
  std::optional<std::string> old_value;
  std::optional<std::string> new_value;

  bool operator==(const FieldChange&) const = default;
};

// Where facts come from, as the caller says.
struct Provenance {
  std::string source;
  Day as_of;
};

// What a change of an entry does to its fields.
struct Edit {
  std::vector<FieldChange> changes;
  Provenance provenance;
  std::string reason;  // For the change log, where a method takes one.
};

// A change as it was stored.
struct StoredFieldChange {
  int64_t row = 0;
  FieldChange change;
  Provenance provenance;
  std::string actor;  // Empty for what the server does by itself.
  std::string method;
  int64_t version = 0;  // Of the organisation, after it.
  absl::Time time;
  // Of the entry that it was a change of, if that was merged into this one.
  std::string old_name;
};

// Fails with INVALID_FIELDS if a day lies in the future: where on earth the
// day is the latest, it has not begun at `now`.
absl::Status CheckNotInFuture(absl::string_view field, const Day& day,
                              absl::Time now);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_FIELD_CHANGE_H_
