#include "clients/cpp/exchange/workbook.h"

#include <charconv>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "clients/cpp/exchange/encoding.h"
#include "clients/cpp/exchange/workbook_styles.h"
#include "clients/cpp/exchange/xml.h"
#include "clients/cpp/exchange/zip.h"
#include "lagnet/status_macros.h"

namespace lagnet::exchange {
namespace {

constexpr char kWorkbook[] = "xl/workbook.xml";
constexpr char kRelations[] = "xl/_rels/workbook.xml.rels";
constexpr char kStrings[] = "xl/sharedStrings.xml";
constexpr size_t kMostStrings = 2'000'000;

absl::Status Damaged(absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("is damaged: ", why));
}

// Reads a part of the archive with `handler`.
absl::Status Parse(ZipReader& archive, const std::string& part,
                   XmlReader::Handler handler) {
  XmlReader reader(std::move(handler));
  RETURN_IF_ERROR(archive.Read(
      part, [&](absl::string_view piece) { return reader.Take(piece); }));
  return reader.Finish();
}

// XML cannot hold every character: `_x000D_` stands for a carriage return, and
// `_x005F_` for an underscore that would otherwise begin such a thing.
std::string Unescape(absl::string_view text) {
  std::string result;
  while (!text.empty()) {
    int code;
    if (text.size() >= 7 && absl::StartsWith(text, "_x") && text[6] == '_' &&
        absl::SimpleHexAtoi(text.substr(2, 4), &code) &&
        text.substr(2, 4).find_first_of("xX") == absl::string_view::npos) {
      AppendUtf8(static_cast<char32_t>(code), result);
      text.remove_prefix(7);
    } else {
      result.push_back(text[0]);
      text.remove_prefix(1);
    }
  }
  return result;
}

// 0 for A, 26 for AA; -1 if a reference such as `AB12` begins with no column.
int ColumnOf(absl::string_view reference) {
  int column = 0;
  size_t i = 0;
  for (; i < reference.size() && i < 4 && absl::ascii_isupper(reference[i]);
       ++i) {
    column = column * 26 + (reference[i] - 'A' + 1);
  }
  return i == 0 ? -1 : column - 1;
}

// The shortest decimals of a number as Excel writes it: 42.659999999999997.
std::string Shortest(const std::string& text) {
  double number;
  if (!absl::SimpleAtod(text, &number)) return text;
  char buffer[400];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), number,
                                 std::chars_format::fixed);
  return std::string(buffer, end.ptr);
}

// Reads the parts of a workbook, one after the other.
class Workbook {
 public:
  Workbook(ZipReader archive, const WorkbookOptions& options)
      : archive_(std::move(archive)),
        options_(options),
        builder_(options.header_row) {}

  absl::StatusOr<Table> Read() {
    if (!archive_.Has(kWorkbook)) {
      return absl::InvalidArgumentError("is a ZIP file, but no XLSX file");
    }
    ASSIGN_OR_RETURN(const std::string sheet, FindSheet());
    RETURN_IF_ERROR(styles_.Read(archive_));
    RETURN_IF_ERROR(ReadStrings());
    RETURN_IF_ERROR(ReadSheet(sheet));
    return builder_.Finish();
  }

 private:
  // The part that holds the sheet that is asked for.
  absl::StatusOr<std::string> FindSheet() {
    std::string id;
    std::vector<std::string> names;
    const auto end = [](absl::string_view) { return absl::OkStatus(); };
    RETURN_IF_ERROR(
        Parse(archive_, kWorkbook,
              {.begin =
                   [&](absl::string_view name, const XmlAttributes& values) {
                     if (name == "workbookPr") {
                       const absl::string_view is_1904 = values.Get("date1904");
                       from_1904_ = is_1904 == "1" || is_1904 == "true";
                     }
                     if (name == "sheet" && names.size() < 1000) {
                       names.emplace_back(values.Get("name"));
                       const bool wanted = options_.sheet.empty()
                                               ? names.size() == 1
                                               : names.back() == options_.sheet;
                       if (wanted) id = std::string(values.Get("id"));
                     }
                     return absl::OkStatus();
                   },
               .end = end}));
    if (id.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("has no sheet \"", options_.sheet,
                       "\", but: ", absl::StrJoin(names, ", ")));
    }
    std::string target;
    RETURN_IF_ERROR(
        Parse(archive_, kRelations,
              {.begin =
                   [&](absl::string_view name, const XmlAttributes& values) {
                     if (name == "Relationship" && values.Get("Id") == id) {
                       target = std::string(values.Get("Target"));
                     }
                     return absl::OkStatus();
                   },
               .end = end}));
    // From the root, or from where the workbook is.
    return absl::StartsWith(target, "/") ? target.substr(1)
                                         : absl::StrCat("xl/", target);
  }

  absl::Status ReadStrings() {
    if (!archive_.Has(kStrings)) return absl::OkStatus();
    std::string text;
    bool in_text = false, in_reading = false;
    size_t bytes = 0;
    const auto begin = [&](absl::string_view name, const XmlAttributes&) {
      if (name == "si") text.clear();
      if (name == "rPh") in_reading = true;  // How to say it, in Japanese.
      in_text = name == "t" && !in_reading;
      return absl::OkStatus();
    };
    const auto end = [&](absl::string_view name) -> absl::Status {
      in_text = false;
      if (name == "rPh") in_reading = false;
      if (name != "si") return absl::OkStatus();
      bytes += text.size();
      if (bytes > kMostBytes || strings_.size() >= kMostStrings) {
        return absl::InvalidArgumentError("is too large; split it");
      }
      strings_.push_back(Unescape(text));
      return absl::OkStatus();
    };
    return Parse(archive_, kStrings,
                 {.begin = begin, .end = end, .text = [&](absl::string_view t) {
                    if (in_text) text.append(t.data(), t.size());
                    return CheckLength(text);
                  }});
  }

  static absl::Status CheckLength(const std::string& text) {
    if (text.size() <= 4 * kMostCellBytes) return absl::OkStatus();
    return absl::InvalidArgumentError("has a cell that is too long");
  }

  struct Cell {
    std::string reference;
    std::string type;
    std::string style;
    std::string text;
    bool has_formula = false;
    bool has_value = false;
  };

  absl::Status ReadSheet(const std::string& part) {
    Cell cell;
    int row = 0, column = 0;
    bool in_value = false;
    const auto begin = [&](absl::string_view name,
                           const XmlAttributes& values) -> absl::Status {
      if (name == "row") {
        column = 0;
        int number = row + 1;
        if (!values.Get("r").empty() &&
            !absl::SimpleAtoi(values.Get("r"), &number)) {
          return Damaged("a row has no number");
        }
        if (number <= row) return Damaged("its rows are out of order");
        row = number;
      } else if (name == "c") {
        cell = {.reference = std::string(values.Get("r")),
                .type = std::string(values.Get("t")),
                .style = std::string(values.Get("s"))};
      } else if (name == "f") {
        cell.has_formula = true;
      }
      in_value = name == "v" || (name == "t" && cell.type == "inlineStr");
      cell.has_value = cell.has_value || in_value;
      return absl::OkStatus();
    };
    const auto end = [&](absl::string_view name) -> absl::Status {
      in_value = false;
      if (name != "c") return absl::OkStatus();
      if (const int own = ColumnOf(cell.reference); own >= 0) column = own;
      ASSIGN_OR_RETURN(std::string text, ValueOf(cell, row));
      return builder_.Add(row, column++, std::move(text));
    };
    return Parse(archive_, part,
                 {.begin = begin, .end = end, .text = [&](absl::string_view t) {
                    if (in_value) cell.text.append(t.data(), t.size());
                    return CheckLength(cell.text);
                  }});
  }

  absl::StatusOr<std::string> ValueOf(const Cell& cell, int row) const {
    // What stands above the header is nobody's business.
    if (row < options_.header_row) return "";
    if (cell.has_formula && !cell.has_value) {
      return absl::InvalidArgumentError(
          absl::StrCat("has a formula without a value in cell ", cell.reference,
                       "; open it in a spreadsheet and save it again"));
    }
    if (cell.type == "e") {
      return absl::InvalidArgumentError(
          absl::StrCat("has the error ", cell.text, " in cell ", cell.reference,
                       "; mend or empty the cell"));
    }
    if (cell.type == "s") {
      size_t index;
      if (!absl::SimpleAtoi(cell.text, &index) || index >= strings_.size()) {
        return Damaged(absl::StrCat("cell ", cell.reference, " names no text"));
      }
      return strings_[index];
    }
    if (cell.type == "inlineStr" || cell.type == "str") {
      return Unescape(cell.text);
    }
    if (cell.type == "b") return cell.text == "1" ? "TRUE" : "FALSE";
    if (cell.type == "d" || cell.text.empty()) return cell.text;
    double serial;
    if (styles_.IsDate(cell.style) && absl::SimpleAtod(cell.text, &serial)) {
      return DateOfSerial(serial, from_1904_);
    }
    return Shortest(cell.text);
  }

  ZipReader archive_;
  const WorkbookOptions options_;
  TableBuilder builder_;
  WorkbookStyles styles_;
  std::vector<std::string> strings_;
  bool from_1904_ = false;
};

}  // namespace

bool LooksLikeWorkbook(absl::string_view bytes) {
  return absl::StartsWith(bytes, "PK\x03\x04");
}

absl::StatusOr<Table> ReadWorkbook(absl::string_view bytes,
                                   const WorkbookOptions& options) {
  if (bytes.size() > kMostBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("is larger than ", kMostBytes >> 20, " MiB; split it"));
  }
  ASSIGN_OR_RETURN(ZipReader archive, ZipReader::Open(bytes));
  return Workbook(std::move(archive), options).Read();
}

}  // namespace lagnet::exchange
