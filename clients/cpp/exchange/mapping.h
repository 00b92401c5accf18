#ifndef LAGNET_EXCHANGE_MAPPING_H_
#define LAGNET_EXCHANGE_MAPPING_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cpp/exchange/field.h"

// Which column of somebody's list is which field. The file is JSON; its form
// and an example stand in docs/guide/import.md:
//
//   { "columns": { "Nazwa LGD": { "field": "display_name.pl" },
//                  "Typ": { "field": "kind", "values": { "LGD": "LAG" } } },
//     "constants": { "country": "PL" } }
namespace lagnet::exchange {

// What is made of a cell.
struct Target {
  Field field;
  CellRules rules;
  bool slug = false;  // A name is made out of the cell.
};

struct MappedColumn {
  std::vector<Target> targets;  // None: the column is passed over.
  bool optional = false;        // A file may lack it.
};

struct Mapping {
  std::string encoding;   // See ToUtf8().
  char separator = '\0';  // See CsvOptions.
  std::string sheet;      // See WorkbookOptions.
  int header_row = 1;
  // Whether an empty cell clears the field; otherwise it says nothing.
  bool clear_empty = false;
  // Whether columns that are not named are passed over; otherwise their names
  // must be fields.
  bool ignore_others = false;
  // Whether spaces around a cell count. Not in lists that people keep.
  bool keep_spaces = false;
  std::map<std::string, MappedColumn> columns;  // By their header.
  std::vector<std::pair<Target, std::string>> constants;
};

// What holds without a map: every header is the name of a field, and cells
// are as ToTable() writes them.
Mapping OwnMapping();

// Fails with INVALID_ARGUMENT in words for the map's author.
absl::StatusOr<Mapping> ParseMapping(absl::string_view json);

// A name's last part out of what something is called: `lgd-puszcza-kozienicka`
// of "LGD Puszcza Kozienicka". Latin letters lose their marks, Georgian ones
// are written as the national system of 2002 does; others are left out.
std::string SlugOf(absl::string_view text);

}  // namespace lagnet::exchange

#endif  // LAGNET_EXCHANGE_MAPPING_H_
