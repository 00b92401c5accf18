#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/cpp/exchange/workbook.h"
#include "clients/cpp/exchange/xml.h"
#include "clients/cpp/exchange/zip.h"

namespace lagnet::exchange {
namespace {

constexpr char kHead[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr char kMain[] =
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
constexpr char kTypes[] =
    "application/vnd.openxmlformats-officedocument."
    "spreadsheetml.";
constexpr char kOffice[] =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
constexpr char kPackage[] = "http://schemas.openxmlformats.org/package/2006/";

// `AB` for 27.
std::string NameOfColumn(size_t column) {
  std::string name;
  for (size_t n = column + 1; n > 0; n = (n - 1) / 26) {
    name.insert(name.begin(), static_cast<char>('A' + (n - 1) % 26));
  }
  return name;
}

// See Unescape() in workbook.cc.
std::string Escape(absl::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    const absl::string_view rest = text.substr(i);
    int code;
    if (text[i] == '\r') {
      result += "_x000D_";
    } else if (rest.size() >= 7 && absl::StartsWith(rest, "_x") &&
               rest[6] == '_' &&
               absl::SimpleHexAtoi(rest.substr(2, 4), &code)) {
      result += "_x005F_";
    } else {
      result.push_back(text[i]);
    }
  }
  return XmlEscape(result);
}

void AppendCell(const std::string& reference, const std::string& text,
                bool numeric, std::string& xml) {
  double number;
  if (text.empty()) return;
  if (numeric && absl::SimpleAtod(text, &number)) {
    absl::StrAppend(&xml, "<c r=\"", reference, "\"><v>", XmlEscape(text),
                    "</v></c>");
  } else {
    absl::StrAppend(&xml, "<c r=\"", reference,
                    "\" t=\"inlineStr\"><is><t xml:space=\"preserve\">",
                    Escape(text), "</t></is></c>");
  }
}

std::string SheetOf(const Table& table) {
  std::string xml =
      absl::StrCat(kHead, "<worksheet xmlns=\"", kMain, "\"><sheetData>");
  const auto append_row = [&](int number, const Table::Row& row, bool header) {
    absl::StrAppend(&xml, "<row r=\"", number, "\">");
    for (size_t i = 0; i < table.header.size(); ++i) {
      AppendCell(absl::StrCat(NameOfColumn(i), number), Table::Cell(row, i),
                 !header && i < table.numeric.size() && table.numeric[i], xml);
    }
    xml += "</row>";
  };
  append_row(1, {.cells = table.header}, true);
  int number = 1;
  for (const Table::Row& row : table.rows) append_row(++number, row, false);
  return xml + "</sheetData></worksheet>";
}

std::string Relations(absl::string_view kind, absl::string_view target) {
  return absl::StrCat(kHead, "<Relationships xmlns=\"", kPackage,
                      "relationships\"><Relationship Id=\"rId1\" Type=\"",
                      kOffice, "/", kind, "\" Target=\"", target,
                      "\"/></Relationships>");
}

std::string ContentTypes() {
  return absl::StrCat(
      kHead, "<Types xmlns=\"", kPackage, "content-types\">",
      "<Default Extension=\"rels\" ContentType=\"application/"
      "vnd.openxmlformats-package.relationships+xml\"/>",
      "<Default Extension=\"xml\" ContentType=\"application/xml\"/>",
      "<Override PartName=\"/xl/workbook.xml\" ContentType=\"", kTypes,
      "sheet.main+xml\"/>",
      "<Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"", kTypes,
      "worksheet+xml\"/></Types>");
}

}  // namespace

std::string WriteWorkbook(const Table& table, const std::string& sheet) {
  const std::string workbook =
      absl::StrCat(kHead, "<workbook xmlns=\"", kMain, "\" xmlns:r=\"", kOffice,
                   "\"><sheets><sheet name=\"", XmlEscape(sheet),
                   "\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>");
  return WriteZip(
      {{"[Content_Types].xml", ContentTypes()},
       {"_rels/.rels", Relations("officeDocument", "xl/workbook.xml")},
       {"xl/workbook.xml", workbook},
       {"xl/_rels/workbook.xml.rels",
        Relations("worksheet", "worksheets/sheet1.xml")},
       {"xl/worksheets/sheet1.xml", SheetOf(table)}});
}

}  // namespace lagnet::exchange
