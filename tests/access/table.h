#ifndef LAGNET_TESTS_ACCESS_TABLE_H_
#define LAGNET_TESTS_ACCESS_TABLE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lagnet::access {

// Whose thing a request names: the callers' own, somebody else's, or nobody's
// (a name that nothing has, or no name where the request may leave it out).
enum class Place { kOwn = 0, kOther = 1, kNone = 2, kEmpty = 3 };

// One line of matrix.txt.
struct Row {
  int line = 0;
  std::string method;  // "lagnet.visits.v1.SignUpService/GetSignUp"
  // Fields that name another thing than the rest of the request; empty in the
  // one row that each method must have.
  std::vector<std::pair<std::string, Place>> crossed;
  // For each role, whether it may: over own, other, nothing. One letter in a
  // crossed row.
  std::vector<std::string> cells;
};

// Who may call what, as people decided it.
struct Table {
  std::vector<std::string> roles;
  std::vector<Row> rows;
};

// Reads matrix.txt. Fails with a sentence that names the line.
absl::StatusOr<Table> ReadTable(absl::string_view text);

// "own", "other", "none" or "empty".
std::string NameOf(Place place);

}  // namespace lagnet::access

#endif  // LAGNET_TESTS_ACCESS_TABLE_H_
