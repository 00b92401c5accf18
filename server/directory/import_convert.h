#ifndef LAGNET_SERVER_DIRECTORY_IMPORT_CONVERT_H_
#define LAGNET_SERVER_DIRECTORY_IMPORT_CONVERT_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lagnet/directory/v1/imports.pb.h"

namespace lagnet::directory {

// Takes over into `entry` what a row of a list says: see
// ImportRow.update_mask. Passed over are output-only fields, the etag, and what
// is set at creation for good. A translation without text goes, and so does a
// message with nothing in it. Fails with INVALID_ARGUMENT / UNKNOWN_FIELD.
absl::Status MergeRow(const v1::ImportRow& row, v1::Organization& entry);

// What the status of a row that failed says to people.
std::vector<v1::ImportRowResult::Problem> ProblemsOf(
    const absl::Status& status);

// FAILED_PRECONDITION / ROWS_REFUSED with a field for each error of `results`.
absl::Status RowsRefused(const std::vector<v1::ImportRowResult>& results);

// What Once() keeps of an import, so that a repeat finds its answer, and back:
// rows, outcomes, names, fields.
std::string ToRecord(const std::vector<v1::ImportRowResult>& results);
absl::StatusOr<v1::ImportOrganizationsResponse> FromRecord(
    const std::string& record);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_IMPORT_CONVERT_H_
