#ifndef LAGNET_SERVER_DIRECTORY_TERRITORY_ROWS_H_
#define LAGNET_SERVER_DIRECTORY_TERRITORY_ROWS_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "server/directory/place.h"

namespace lagnet::directory {

// The files of server/directory/territories, read. They are a part of the
// program and checked by tests, so what is wrong with them is not reported.

using Fields = std::vector<absl::string_view>;

// The columns of territories.tsv.
enum TerritoryColumn {
  kCodesColumn,
  kLevelColumn,
  kParentColumn,
  kLatitudeColumn,
  kLongitudeColumn,
  kSourceColumn,
  kNamesColumn
};

// The rows of a file, without the line that names the columns.
std::vector<Fields> RowsOf(absl::string_view tsv);

// A row of territories.tsv; without parent, country and outline.
Place ParsePlace(const Fields& row);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_TERRITORY_ROWS_H_
