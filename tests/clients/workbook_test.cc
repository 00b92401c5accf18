#include "clients/cpp/exchange/workbook.h"

#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cpp/exchange/workbook_styles.h"
#include "clients/cpp/exchange/zip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/clients/exchange.h"

namespace lagnet::exchange {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

// A workbook as Excel writes it, with `sheet` as the rows of its second sheet.
std::string WorkbookOf(const std::string& sheet, const std::string& more = "") {
  return WriteZip(
      {{"xl/workbook.xml",
        absl::StrCat("<workbook xmlns='m' xmlns:r='r'>", more,
                     "<sheets><sheet name='Notes' r:id='rId3'/>"
                     "<sheet name='LAGs' r:id='rId1'/></sheets></workbook>")},
       {"xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id='rId1' Target='worksheets/two.xml'/>"
        "<Relationship Id='rId3' Target='/xl/worksheets/one.xml'/>"
        "</Relationships>"},
       {"xl/styles.xml",
        "<styleSheet><numFmts><numFmt numFmtId='165' formatCode='dd\\.mm\\."
        "yyyy'/><numFmt numFmtId='166' formatCode='0.0\" days\"'/></numFmts>"
        "<cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>"
        "<cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='165'/>"
        "<xf numFmtId='166'/></cellXfs></styleSheet>"},
       {"xl/sharedStrings.xml",
        "<sst><si><t>kind</t></si><si><r><t>Ła</t></r><r><t>gi</t></r></si>"
        "<si><t>a_x000D_b</t><rPh><t>read so</t></rPh></si></sst>"},
       {"xl/worksheets/one.xml",
        "<worksheet><sheetData><row r='1'><c r='A1' t='str'><v>n</v></c></row>"
        "<row r='2'><c r='A2'><v>1</v></c></row></sheetData></worksheet>"},
       {"xl/worksheets/two.xml",
        absl::StrCat("<x:worksheet xmlns:x='m'><x:sheetData>", sheet,
                     "</x:sheetData></x:worksheet>")}});
}

constexpr char kHeader[] =
    "<x:row r='1'><x:c r='A1' t='s'><x:v>0</x:v></x:c>"
    "<x:c r='B1' t='inlineStr'><x:is><x:t>b</x:t></x:is></x:c>"
    "<x:c r='C1' t='str'><x:v>c</x:v></x:c></x:row>";

absl::StatusOr<Table> ReadSheet(const std::string& rows,
                                const std::string& more = "") {
  return ReadWorkbook(WorkbookOf(absl::StrCat(kHeader, rows), more),
                      {.sheet = "LAGs"});
}

std::string SheetRefusal(const std::string& rows) {
  const auto table = ReadSheet(rows);
  return table.ok() ? "" : std::string(table.status().message());
}

TEST(WorkbookTest, ReadsWhatExcelWrites) {
  const auto table = ReadSheet(
      "<x:row r='3'><x:c r='A3' t='s'><x:v>1</x:v></x:c>"
      "<x:c r='C3'><x:v>42.659999999999997</x:v></x:c></x:row>"
      "<x:row r='7'><x:c r='A7' s='1'><x:v>42401</x:v></x:c>"
      "<x:c r='B7' s='2'><x:v>42401.5</x:v></x:c>"
      "<x:c r='C7' s='3'><x:v>3</x:v></x:c></x:row>"
      "<x:row><x:c t='s'><x:v>2</x:v></x:c><x:c t='b'><x:v>1</x:v></x:c>"
      "<x:c><x:f>SUM(1,2)</x:f><x:v>3</x:v></x:c></x:row>");
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_THAT(table->header, ElementsAre("kind", "b", "c"));
  ASSERT_THAT(table->rows, SizeIs(3));
  EXPECT_EQ(table->rows[0].number, 3);
  EXPECT_THAT(table->rows[0].cells, ElementsAre("Łagi", "", "42.66"));
  EXPECT_EQ(table->rows[1].number, 7);
  EXPECT_THAT(table->rows[1].cells,
              ElementsAre("2016-02-01", "2016-02-01T12:00", "3"));
  EXPECT_EQ(table->rows[2].number, 8);
  EXPECT_THAT(table->rows[2].cells, ElementsAre("a\rb", "TRUE", "3"));
}

TEST(WorkbookTest, ReadsTheFirstSheetUnlessOneIsNamed) {
  const auto first = ReadWorkbook(WorkbookOf(kHeader));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_THAT(first->header, ElementsAre("n"));
  EXPECT_THAT(
      ReadWorkbook(WorkbookOf(kHeader), {.sheet = "x"}).status().message(),
      HasSubstr("has no sheet \"x\", but: Notes, LAGs"));
}

TEST(WorkbookTest, CountsDaysFromBothEpochs) {
  EXPECT_EQ(DateOfSerial(1, false), "1900-01-01");
  EXPECT_EQ(DateOfSerial(59, false), "1900-02-28");
  EXPECT_EQ(DateOfSerial(61, false), "1900-03-01");
  EXPECT_EQ(DateOfSerial(45292, false), "2024-01-01");
  EXPECT_EQ(DateOfSerial(43830, true), "2024-01-01");
  EXPECT_EQ(DateOfSerial(-1, false), "");
  EXPECT_EQ(DateOfSerial(1e18, false), "");
  const auto table =
      ReadSheet("<x:row r='2'><x:c r='A2' s='1'><x:v>43830</x:v></x:c></x:row>",
                "<workbookPr date1904='1'/>");
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_THAT(table->rows[0].cells, ElementsAre("2024-01-01"));
}

TEST(WorkbookTest, KnowsAFormatThatShowsADay) {
  for (const char* format : {"yyyy-mm-dd", "d.m.yy", "[$-415]d mmmm yyyy"}) {
    EXPECT_TRUE(ShowsDate(format)) << format;
  }
  for (const char* format :
       {"0.00", "General", "0\" days\"", "[Red]0", "\\d0", "[h]:mm"}) {
    EXPECT_FALSE(ShowsDate(format)) << format;
  }
}

TEST(WorkbookTest, SaysWhichCellIsWrong) {
  EXPECT_THAT(
      SheetRefusal("<x:row r='2'><x:c r='B2'><x:f>A1</x:f></x:c></x:row>"),
      HasSubstr("a formula without a value in cell B2"));
  EXPECT_THAT(
      SheetRefusal(
          "<x:row r='2'><x:c r='B2' t='e'><x:v>#REF!</x:v></x:c></x:row>"),
      HasSubstr("the error #REF! in cell B2"));
  EXPECT_THAT(SheetRefusal(
                  "<x:row r='2'><x:c r='B2' t='s'><x:v>99</x:v></x:c></x:row>"),
              HasSubstr("cell B2 names no text"));
  EXPECT_THAT(
      SheetRefusal("<x:row r='2'><x:c r='XFD2'><x:v>1</x:v></x:c></x:row>"),
      HasSubstr("more than 500 columns"));
  EXPECT_THAT(SheetRefusal("<x:row r='2'/><x:row r='2'/>"),
              HasSubstr("out of order"));
  EXPECT_THAT(SheetRefusal("<x:row"), HasSubstr("its XML is wrong"));
}

TEST(WorkbookTest, RefusesWhatIsNoWorkbook) {
  EXPECT_THAT(ReadWorkbook("PK\x03\x04 and no more").status().message(),
              HasSubstr("no XLSX file"));
  EXPECT_THAT(ReadWorkbook(WriteZip({{"a.txt", "x"}})).status().message(),
              HasSubstr("no XLSX file"));
  std::string cut = WriteWorkbook({.header = {"a"}}, "s");
  cut.resize(cut.size() / 2);
  EXPECT_FALSE(ReadWorkbook(cut).ok());
}

TEST(WorkbookTest, IsNotHurtByBombs) {
  // A hundred thousand times its own size, in one cell, and in no cell at all.
  const std::string blanks(size_t{300} << 20, ' ');
  EXPECT_THAT(
      ReadWorkbook(WorkbookOf(blanks), {.sheet = "LAGs"}).status().message(),
      HasSubstr("unpacks to more than 256 MiB"));
  EXPECT_THAT(SheetRefusal(absl::StrCat("<x:row r='2'><x:c t='str'><x:v>",
                                        std::string(1 << 20, 'x'),
                                        "</x:v></x:c></x:row>")),
              HasSubstr("a cell that is too long"));
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<x:row>";
  EXPECT_THAT(SheetRefusal(deep), HasSubstr("too deep"));
}

TEST(WorkbookTest, RefusesDocumentTypes) {
  const std::string bytes = WriteZip(
      {{"xl/workbook.xml",
        "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><x>&b;</x>"}});
  EXPECT_THAT(ReadWorkbook(bytes).status().message(),
              HasSubstr("declares a document type"));
}

TEST(WorkbookTest, ReadsBackExactlyWhatItWrote) {
  std::mt19937 random(5);
  for (int round = 0; round < 100; ++round) {
    Table table = RandomTable(random);
    table.numeric.assign(table.header.size(), random() % 2 == 0);
    const std::string bytes = WriteWorkbook(table, "LAGs & co");
    const auto read = ReadWorkbook(bytes, {.sheet = "LAGs & co"});
    ASSERT_TRUE(read.ok()) << read.status();
    if (!table.numeric[0]) ExpectSameCells(table, *read);
    EXPECT_EQ(WriteWorkbook(table, "LAGs & co"), bytes);
  }
}

TEST(WorkbookTest, SurvivesBytesThatChanged) {
  std::mt19937 random(6);
  const std::string good = WriteWorkbook(RandomTable(random), "s");
  for (int round = 0; round < 500; ++round) {
    std::string bytes = good;
    for (int i = 0; i < 3; ++i) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    (void)ReadWorkbook(bytes);
  }
}

}  // namespace
}  // namespace lagnet::exchange
