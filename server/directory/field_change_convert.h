#ifndef LAGNET_SERVER_DIRECTORY_FIELD_CHANGE_CONVERT_H_
#define LAGNET_SERVER_DIRECTORY_FIELD_CHANGE_CONVERT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lagnet/directory/v1/field_changes.pb.h"
#include "lagnet/directory/v1/organizations.pb.h"
#include "server/directory/field_change.h"

namespace lagnet::directory {

// The fields in which two states of an entry differ, in the order of the
// proto, each with its whole value; a LocalizedText for each language. Found
// by reflection: a field that is added to the proto is compared from then on.
// Left out are the name and what any change changes (etag, update_time), and
// look_time unless it is all that changed: then it is a look.
std::vector<FieldChange> Compare(const v1::Organization& before,
                                 const v1::Organization& after);

// The fields of the entry that goes that `united` does not have, as changes
// from one to the other: what a merge loses from sight. Lists of which all is
// there and what only the server sets are left out.
std::vector<FieldChange> LeftOut(const v1::Organization& united,
                                 const v1::Organization& goes);

// Of a request with the fields source and as_of. Fails with INVALID_FIELDS.
absl::StatusOr<Provenance> ProvenanceOf(const std::string& source,
                                        const std::string& as_of);

v1::FieldChange ToProto(const StoredFieldChange& change);
v1::FieldSource ToSourceProto(const StoredFieldChange& change);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_FIELD_CHANGE_CONVERT_H_
