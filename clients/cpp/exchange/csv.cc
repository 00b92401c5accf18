#include "clients/cpp/exchange/csv.h"

#include <array>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "lagnet/status_macros.h"

namespace lagnet::exchange {
namespace {

bool BeginsFormula(char c) {
  return c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' || c == '\r';
}

bool IsNumber(absl::string_view text) {
  absl::ConsumePrefix(&text, "-");
  double number;
  return !text.empty() && absl::ascii_isdigit(text[0]) &&
         text.find_first_not_of("0123456789.") == absl::string_view::npos &&
         absl::SimpleAtod(text, &number);
}

bool NeedsApostrophe(absl::string_view text) {
  if (text.empty()) return false;
  if (BeginsFormula(text[0])) return !IsNumber(text);
  return text.size() > 1 && text[0] == '\'' &&
         (text[1] == '\'' || BeginsFormula(text[1]));
}

std::string WithoutApostrophe(std::string cell) {
  if (cell.size() > 1 && cell[0] == '\'' &&
      (cell[1] == '\'' || BeginsFormula(cell[1]))) {
    cell.erase(0, 1);
  }
  return cell;
}

// The separator that stands most often outside quotes in the first line.
char FindSeparator(absl::string_view text) {
  std::array<std::pair<char, int>, 3> counts = {
      {{',', 0}, {';', 0}, {'\t', 0}}};
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n' || c == '\r') break;
    for (auto& [separator, count] : counts) count += c == separator ? 1 : 0;
  }
  auto best = counts[0];
  for (const auto& entry : counts) {
    if (entry.second > best.second) best = entry;
  }
  return best.first;
}

// Reads cell after cell.
class Reader {
 public:
  Reader(absl::string_view text, char separator)
      : text_(text), separator_(separator) {}

  bool AtEnd() const { return at_ == text_.size(); }

  // The next cell, of row `row`. Afterwards the reader stands at what ends it.
  absl::StatusOr<std::string> Cell(int row) {
    if (!AtEnd() && text_[at_] == '"') return Quoted(row);
    const size_t begin = at_;
    while (!AtEnd() && !Ends(text_[at_])) ++at_;
    return std::string(text_.substr(begin, at_ - begin));
  }

  // Goes on behind a cell; whether the row has another one.
  bool NextInRow() {
    if (AtEnd()) return false;
    const char c = text_[at_++];
    if (c == separator_) return true;
    if (c == '\r' && !AtEnd() && text_[at_] == '\n') ++at_;
    return false;
  }

 private:
  bool Ends(char c) const { return c == separator_ || c == '\n' || c == '\r'; }

  absl::StatusOr<std::string> Quoted(int row) {
    std::string cell;
    for (++at_; !AtEnd(); ++at_) {
      if (text_[at_] != '"') {
        cell.push_back(text_[at_]);
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        cell.push_back(text_[++at_]);
      } else {
        ++at_;
        if (AtEnd() || Ends(text_[at_])) return cell;
        return absl::InvalidArgumentError(
            absl::StrCat("row ", row,
                         " has a quoted cell with text behind its "
                         "quote; write a quote inside a cell twice"));
      }
      if (cell.size() > kMostCellBytes) break;
    }
    return absl::InvalidArgumentError(
        absl::StrCat("row ", row, " has a quote that is not closed"));
  }

  const absl::string_view text_;
  const char separator_;
  size_t at_ = 0;
};

}  // namespace

absl::StatusOr<Table> ReadCsv(absl::string_view text,
                              const CsvOptions& options) {
  if (text.size() > kMostBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("is larger than ", kMostBytes >> 20, " MiB; split it"));
  }
  char separator = options.separator;
  if (absl::StartsWithIgnoreCase(text, "sep=") && text.size() > 5 &&
      (text[5] == '\n' || text[5] == '\r')) {
    if (separator == '\0') separator = text[4];
    text.remove_prefix(text.substr(5, 2) == "\r\n" ? 7 : 6);
  }
  if (separator == '\0') separator = FindSeparator(text);
  Reader reader(text, separator);
  TableBuilder builder(options.header_row, separator);
  for (int row = 1; !reader.AtEnd(); ++row) {
    int column = 0;
    do {
      ASSIGN_OR_RETURN(std::string cell, reader.Cell(row));
      RETURN_IF_ERROR(
          builder.Add(row, column++, WithoutApostrophe(std::move(cell))));
    } while (reader.NextInRow());
  }
  return builder.Finish();
}

std::string WriteCsv(const Table& table) {
  std::string text = "\xEF\xBB\xBF";
  const auto write = [&](const std::string& cell, bool last) {
    const std::string safe =
        NeedsApostrophe(cell) ? absl::StrCat("'", cell) : cell;
    const bool quote =
        safe.find_first_of("\",;\t\r\n") != std::string::npos ||
        (!safe.empty() && (safe.front() == ' ' || safe.back() == ' '));
    if (quote) {
      absl::StrAppend(&text, "\"", absl::StrReplaceAll(safe, {{"\"", "\"\""}}),
                      "\"");
    } else {
      text += safe;
    }
    text += last ? "\r\n" : ",";
  };
  const auto write_row = [&](const Table::Row& row) {
    for (size_t i = 0; i < table.header.size(); ++i) {
      write(Table::Cell(row, i), i + 1 == table.header.size());
    }
  };
  write_row({.cells = table.header});
  for (const Table::Row& row : table.rows) write_row(row);
  return text;
}

}  // namespace lagnet::exchange
