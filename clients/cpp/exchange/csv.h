#ifndef LAGNET_EXCHANGE_CSV_H_
#define LAGNET_EXCHANGE_CSV_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clients/cpp/exchange/table.h"

// Comma-separated values as RFC 4180 has them and as spreadsheets write them.
//
// A cell that a spreadsheet could take for a formula and run is written with
// an apostrophe before it: one that begins with = + - @, a tab or a carriage
// return and is no plain number, or with an apostrophe before one of these or
// another apostrophe. Reading takes one apostrophe away where there is one
// before such a character: what was written is read back exactly.
namespace lagnet::exchange {

struct CsvOptions {
  char separator = '\0';  // `,`, `;` or tab; found out if not set.
  int header_row = 1;
};

// `text` is UTF-8. Line breaks may be \n, \r\n or \r, and stand in quoted
// cells. A first line `sep=;`, as Excel writes it, names the separator. Fails
// with INVALID_ARGUMENT in words for the file's author.
absl::StatusOr<Table> ReadCsv(absl::string_view text,
                              const CsvOptions& options = {});

// With a byte order mark, as Excel takes it for another encoding without.
std::string WriteCsv(const Table& table);

}  // namespace lagnet::exchange

#endif  // LAGNET_EXCHANGE_CSV_H_
