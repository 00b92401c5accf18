#ifndef LAGNET_EXCHANGE_WORKBOOK_H_
#define LAGNET_EXCHANGE_WORKBOOK_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cpp/exchange/table.h"

// Workbooks of spreadsheets: XLSX (ECMA-376, ISO/IEC 29500).
namespace lagnet::exchange {

struct WorkbookOptions {
  std::string sheet;  // By name; the first, if empty.
  int header_row = 1;
};

// Whether `bytes` begin as an XLSX file does.
bool LooksLikeWorkbook(absl::string_view bytes);

// Reads one sheet: numbers as the shortest decimals (`1081.7`), dates as
// `2016-01-31`, of a formula the value that was saved with it; none is ever
// computed. Fails with INVALID_ARGUMENT in words for the file's author.
absl::StatusOr<Table> ReadWorkbook(absl::string_view bytes,
                                   const WorkbookOptions& options = {});

// Columns that are `numeric` as numbers, all else as text, which no
// spreadsheet takes for a formula. The same bytes for the same table.
std::string WriteWorkbook(const Table& table, const std::string& sheet);

}  // namespace lagnet::exchange

#endif  // LAGNET_EXCHANGE_WORKBOOK_H_
