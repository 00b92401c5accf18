#include "clients/cpp/exchange/table.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace lagnet::exchange {
namespace {

bool IsEmpty(const std::vector<std::string>& cells) {
  return std::all_of(cells.begin(), cells.end(), [](const std::string& cell) {
    return absl::StripAsciiWhitespace(cell).empty();
  });
}

}  // namespace

const std::string& Table::Cell(const Row& row, size_t column) {
  static const auto* const nothing = new std::string;
  return column < row.cells.size() ? row.cells[column] : *nothing;
}

absl::Status TableBuilder::Add(int row, int column, std::string text) {
  if (row < header_row_) return absl::OkStatus();
  if (row != row_.number) {
    EndRow();
    row_.number = row;
  }
  if (row == header_row_) header_columns_ = column + 1;
  const absl::Status fits = CheckLimits(row, column, text);
  if (!fits.ok()) return fits;
  if (text.empty()) return absl::OkStatus();
  const size_t at = static_cast<size_t>(column);
  if (row_.cells.size() <= at) row_.cells.resize(at + 1);
  row_.cells[at] = std::move(text);
  return absl::OkStatus();
}

absl::Status TableBuilder::CheckLimits(int row, int column,
                                       const std::string& text) {
  const auto fail = [row](auto... what) {
    return absl::InvalidArgumentError(absl::StrCat("row ", row, " ", what...));
  };
  if (column >= kMostColumns) {
    return fail("has more than ", kMostColumns,
                " columns; take out those that are not imported");
  }
  if (text.size() > kMostCellBytes) {
    return fail(
        "has a cell with more than 32767 characters; is a quote "
        "missing?");
  }
  if (static_cast<int>(table_.rows.size()) >= kMostRows) {
    return fail("is one too many: a file has at most ", kMostRows,
                " rows; split it");
  }
  bytes_ += text.size();
  cells_ += text.empty() ? 0 : 1;
  if (bytes_ > kMostBytes || cells_ > kMostCells) {
    return fail("is one too many: the file is too large; split it");
  }
  return absl::OkStatus();
}

std::string TableBuilder::WhatIsWrong() const {
  // A cell without text has grown no row.
  const size_t columns = row_.cells.size();
  if (separator_ == '\0' || columns <= static_cast<size_t>(header_columns_)) {
    return "";
  }
  return absl::StrCat(
      "has ", columns, " cells, the header has ", header_columns_,
      "; is a quote missing around a cell with ",
      separator_ == '\t' ? "a tab"
                         : absl::StrCat("'", std::string(1, separator_), "'"),
      "?");
}

void TableBuilder::EndRow() {
  if (row_.number == header_row_) {
    table_.header = std::move(row_.cells);
  } else if (row_.number > header_row_ && !IsEmpty(row_.cells)) {
    row_.wrong = WhatIsWrong();
    row_.cells.resize(std::min(row_.cells.size(), table_.header.size()));
    if (!IsEmpty(row_.cells) || !row_.wrong.empty()) {
      table_.rows.push_back(std::move(row_));
    }
  }
  row_ = {};
}

absl::StatusOr<Table> TableBuilder::Finish() {
  EndRow();
  if (IsEmpty(table_.header)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "has no header: row ", header_row_, " must name the columns"));
  }
  std::set<std::string> names;
  for (std::string& name : table_.header) {
    // A heading that a person broke into lines is the same heading.
    absl::RemoveExtraAsciiWhitespace(&name);
    if (!name.empty() && !names.insert(name).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("has two columns \"", name, "\"; rename one"));
    }
  }
  return std::move(table_);
}

}  // namespace lagnet::exchange
