#ifndef LAGNET_CLI_IMPORT_FILE_H_
#define LAGNET_CLI_IMPORT_FILE_H_

#include <array>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "nlohmann/json.hpp"

// Files to import:
//
//   { "networks": […], "organizations": […], "projects": […],
//     "studyVisits": […], "signUps": […] }
//
// Each array holds resources in the API's JSON with their full `name`. A
// sign-up has no `name` but a `parent`, the visit. A text `@+60d`, perhaps with
// more behind it (`@+60dT09:00`), stands for the date 60 days from today.
namespace lagnet::cli {

// The kinds, in the order in which one needs the other.
inline constexpr std::array<const char*, 5> kImportKinds = {
    "networks", "organizations", "projects", "studyVisits", "signUps"};

// One resource of a file.
struct ImportItem {
  std::string file;
  std::string kind;  // of kImportKinds
  std::string name;  // of a sign-up: its visit's, and its external id
  std::string parent;
  nlohmann::json json;     // dates filled in, without `parent`
  std::string request_id;  // the same for the same name and content
};

// Replaces a text that starts with `@+Nd` or `@-Nd`; others stay as they are.
std::string ResolveDate(const std::string& text, absl::CivilDay today);

// The items of one file's `text`. Fails with `InvalidArgument` in words for
// the file's author.
absl::StatusOr<std::vector<ImportItem>> ParseImport(const std::string& file,
                                                    const std::string& text,
                                                    absl::CivilDay today);

// The items of files, and of all `*.json` of folders in the order of their
// names; by kind, in the order of kImportKinds. Fails with a UsageError.
absl::StatusOr<std::vector<ImportItem>> LoadImport(
    const std::vector<std::string>& paths, absl::CivilDay today);

}  // namespace lagnet::cli

#endif  // LAGNET_CLI_IMPORT_FILE_H_
