#ifndef LAGNET_SERVER_DIRECTORY_IMPORT_CONVERT_H_
#define LAGNET_SERVER_DIRECTORY_IMPORT_CONVERT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lagnet/directory/v1/imports.pb.h"
#include "server/base/error.h"
#include "server/directory/organization.h"

namespace lagnet::directory {

// Takes over into `entry` what a row of a list says: see
// ImportRow.update_mask. Passed over are output-only fields, the etag, and what
// is set at creation for good. A translation without text goes, and so does a
// message with nothing in it. Fails with INVALID_ARGUMENT / UNKNOWN_FIELD.
absl::Status MergeRow(const v1::ImportRow& row, v1::Organization& entry);

// The entry that a row makes. A field that cannot be read is an error, and left
// out, so that all else can be checked.
Organization ReadRow(const std::string& id, v1::Organization merged,
                     Errors& errors);

// What is wrong with a row, in words for people.
std::vector<v1::ImportRowResult::Problem> ProblemsOf(const Errors& errors);

// FAILED_PRECONDITION / ROWS_REFUSED with a field for each error of `results`.
absl::Status RowsRefused(const std::vector<v1::ImportRowResult>& results);

// What Once() keeps of an import, so that a repeat finds its answer, and back:
// rows, outcomes, names, fields.
std::string ToRecord(const std::vector<v1::ImportRowResult>& results);
absl::StatusOr<v1::ImportOrganizationsResponse> FromRecord(
    const std::string& record);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_IMPORT_CONVERT_H_
