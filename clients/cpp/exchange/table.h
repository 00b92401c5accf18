#ifndef LAGNET_EXCHANGE_TABLE_H_
#define LAGNET_EXCHANGE_TABLE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace lagnet::exchange {

// What a file may hold at most. Far above any directory, and low enough that a
// hostile file takes no more memory than a program has.
inline constexpr size_t kMostBytes = size_t{64} << 20;
inline constexpr int kMostColumns = 500;
inline constexpr int kMostRows = 100'000;
inline constexpr int kMostCells = 2'000'000;
// As a spreadsheet has it.
inline constexpr size_t kMostCellBytes = 4 * size_t{32'767};

// A sheet of a spreadsheet: text in cells, and what each column is called.
struct Table {
  struct Row {
    int number = 0;  // As a spreadsheet counts: the header is mostly row 1.
    std::vector<std::string> cells;  // At most as many as the header has.
    std::string wrong;  // Why it makes no sense as a whole; mostly "".

    bool operator==(const Row&) const = default;
  };

  std::vector<std::string> header;
  std::vector<bool> numeric;  // For writing: columns of numbers. May be empty.
  std::vector<Row> rows;

  // The cell of a row; "" where the row is shorter.
  static const std::string& Cell(const Row& row, size_t column);
};

// Puts a table together cell by cell, row after row, within the limits above.
// What stands above the header, rows without content and columns without a
// name are left out. Not thread-safe.
class TableBuilder {
 public:
  // `separator` is what parts the cells of a text, 0 in a workbook. In a text,
  // a row with more cells than its header is wrong: most likely a cell that has
  // the separator in it was not quoted, and has become two.
  explicit TableBuilder(int header_row, char separator = '\0')
      : header_row_(header_row), separator_(separator) {}

  // Columns count from 0. `row` must not be less than before. Fails with
  // INVALID_ARGUMENT in words for the file's author, as Finish() does.
  absl::Status Add(int row, int column, std::string text);
  absl::StatusOr<Table> Finish();

 private:
  absl::Status CheckLimits(int row, int column, const std::string& text);
  void EndRow();
  std::string WhatIsWrong() const;

  const int header_row_;
  const char separator_;
  int header_columns_ = 0;  // Also those without a name.
  Table table_;
  Table::Row row_;
  size_t bytes_ = 0;
  int cells_ = 0;
};

}  // namespace lagnet::exchange

#endif  // LAGNET_EXCHANGE_TABLE_H_
