#ifndef LAGNET_SERVER_DIRECTORY_MERGE_H_
#define LAGNET_SERVER_DIRECTORY_MERGE_H_

#include <vector>

#include "absl/status/status.h"
#include "server/directory/organization.h"

namespace lagnet::directory {

// What becomes of the fields when one entry is merged into another.

// The limits of a list are the API's (see organizations.proto); what does not
// fit any more stays readable in the history of the entry that goes.

// The entry that stays, with what it lacks from the one that goes: a field that
// is empty, a language of a text, items of a list, a membership at a time when
// it had none of that network. What both have stays as it is.
Organization Unite(const Organization& stays, const Organization& goes);

// The external ids that the entry that goes keeps: those of another network's
// lists, and what does not fit. No two entries may have one.
std::vector<ExternalId> LeftIds(const Organization& united,
                                const Organization& goes);

// Whether the two may be merged at all. Fails with FAILED_PRECONDITION /
// WRONG_STATE: both names are of one entry, the one that goes was merged
// already, the one that stays is not in the directory.
absl::Status CheckMerge(const Organization& goes, const Organization& stays);

// Fails with FAILED_PRECONDITION / NOT_ONE_KIND if exactly one of the two is a
// LAG (people who live or work in its area sign up with it), or exactly one is
// a municipality or county: they are two organisations, however alike their
// names.
absl::Status CheckOneKind(const Organization& goes, const Organization& stays);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_MERGE_H_
