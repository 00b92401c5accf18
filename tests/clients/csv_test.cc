#include "clients/cpp/exchange/csv.h"

#include <random>
#include <string>
#include <vector>

#include "clients/cpp/exchange/encoding.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/clients/exchange.h"

namespace lagnet::exchange {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// The cells of a file without its header.
std::vector<std::vector<std::string>> Cells(const std::string& text) {
  const auto table = ReadCsv(text);
  EXPECT_TRUE(table.ok()) << table.status();
  std::vector<std::vector<std::string>> cells;
  if (table.ok()) {
    for (const Table::Row& row : table->rows) cells.push_back(row.cells);
  }
  return cells;
}

std::string CsvRefusal(const std::string& text) {
  const auto table = ReadCsv(text);
  return table.ok() ? "" : std::string(table.status().message());
}

TEST(CsvTest, ReadsWhatSpreadsheetsWrite) {
  EXPECT_THAT(Cells("a,b\n1,2\n"), ElementsAre(ElementsAre("1", "2")));
  EXPECT_THAT(Cells("a;b\r\n1;2"), ElementsAre(ElementsAre("1", "2")));
  EXPECT_THAT(Cells("a\tb\r1,5\t2\r"), ElementsAre(ElementsAre("1,5", "2")));
  EXPECT_THAT(Cells("sep=;\r\na;b\r\n1,5;2"),
              ElementsAre(ElementsAre("1,5", "2")));
  EXPECT_THAT(Cells("a,b\n\"x, y\",\"say \"\"no\"\"\"\n"),
              ElementsAre(ElementsAre("x, y", "say \"no\"")));
  EXPECT_THAT(Cells("a,b\n\"two\r\nlines\",1\n\n,\nx\n"),
              ElementsAre(ElementsAre("two\r\nlines", "1"), ElementsAre("x")));
  EXPECT_THAT(Cells("\"a;1\",b\n5\" pipe,2\n"),
              ElementsAre(ElementsAre("5\" pipe", "2")));
}

TEST(CsvTest, CountsRowsAsASpreadsheetDoes) {
  const auto table =
      ReadCsv("list of LAGs\n\na,b\n\n\"x\ny\",1\nz,2\n", {.header_row = 3});
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_THAT(table->header, ElementsAre("a", "b"));
  ASSERT_THAT(table->rows, SizeIs(2));
  EXPECT_EQ(table->rows[0].number, 5);
  EXPECT_EQ(table->rows[1].number, 6);
}

TEST(CsvTest, LeavesOutColumnsWithoutAName) {
  const auto table = ReadCsv("a,,b,\n1,note,2,note\n,only a note,\n");
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_THAT(table->header, ElementsAre("a", "", "b"));
  ASSERT_THAT(table->rows, SizeIs(2));
  EXPECT_THAT(table->rows[0].cells, ElementsAre("1", "note", "2"));
  EXPECT_EQ(table->rows[0].wrong, "");
}

// "Wine, Nuts and Honey" without quotes is not the name "Wine".
TEST(CsvTest, SaysThatARowHasMoreCellsThanTheHeader) {
  const auto wrong = [](const std::string& text) {
    const auto table = ReadCsv(text);
    EXPECT_TRUE(table.ok()) << table.status();
    EXPECT_THAT(table->rows, SizeIs(1));
    return table->rows[0].wrong;
  };
  EXPECT_EQ(wrong("a,b\nWine, Nuts,GE\n"),
            "has 3 cells, the header has 2; is a quote missing around a cell "
            "with ','?");
  EXPECT_THAT(wrong("a;b\n1;2;;3\n"), HasSubstr("has 4 cells"));
  EXPECT_THAT(wrong("a\tb\n1\t2\t3\n"), HasSubstr("with a tab?"));
  EXPECT_THAT(wrong("a,b\n,,only there\n"), HasSubstr("has 3 cells"));
  // As spreadsheets write rows that once were longer.
  EXPECT_EQ(wrong("a,b\n1,2,,,\n"), "");
}

TEST(CsvTest, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(CsvRefusal(""), HasSubstr("has no header"));
  EXPECT_THAT(CsvRefusal("a,b,a\n"), HasSubstr("two columns \"a\""));
  EXPECT_THAT(CsvRefusal("a\nx\n\"y\n"), HasSubstr("row 3 has a quote that"));
  EXPECT_THAT(CsvRefusal("a\n\"y\"z\n"), HasSubstr("row 2 has a quoted cell"));
}

TEST(CsvTest, BoundsWhatItTakes) {
  const std::string wide(100'000, ',');
  EXPECT_THAT(CsvRefusal("a\n" + wide), HasSubstr("more than 500 columns"));
  EXPECT_THAT(CsvRefusal("a\n" + std::string(1 << 20, 'x')),
              HasSubstr("more than 32767 characters"));
  EXPECT_THAT(CsvRefusal("a\n\"" + std::string(1 << 20, 'x')),
              HasSubstr("a quote that is not closed"));
  EXPECT_THAT(CsvRefusal(std::string(kMostBytes + 1, 'x')),
              HasSubstr("64 MiB"));
  std::string tall = "a\n";
  for (int i = 0; i <= kMostRows; ++i) tall += "x\n";
  EXPECT_THAT(CsvRefusal(tall), HasSubstr("at most 100000 rows"));
}

TEST(CsvTest, WritesNothingThatASpreadsheetRuns) {
  const Table table{.header = {"a"},
                    .rows = {{.cells = {"=1+1"}},
                             {.cells = {"+48 12"}},
                             {.cells = {"@home"}},
                             {.cells = {"-x"}},
                             {.cells = {"-1.5"}},
                             {.cells = {"'=1"}},
                             {.cells = {"'t Gooi"}}}};
  EXPECT_EQ(WriteCsv(table),
            "\xEF\xBB\xBF"
            "a\r\n'=1+1\r\n'+48 12\r\n'@home\r\n'-x\r\n-1.5\r\n''=1\r\n"
            "'t Gooi\r\n");
}

TEST(CsvTest, ReadsBackExactlyWhatItWrote) {
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    const Table table = RandomTable(random);
    const auto text = ToUtf8(WriteCsv(table), "");
    ASSERT_TRUE(text.ok()) << text.status();
    const auto read = ReadCsv(*text);
    ASSERT_TRUE(read.ok()) << read.status();
    ExpectSameCells(table, *read);
    EXPECT_EQ(WriteCsv(*read), WriteCsv(table));
  }
}

TEST(CsvTest, SurvivesAnyBytes) {
  std::mt19937 random(4);
  const std::string pieces = ",;\t\"'\r\n=ab\xC4\x85";
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (unsigned i = random() % 60; i > 0; --i) {
      text.push_back(pieces[random() % pieces.size()]);
    }
    (void)ReadCsv(text);
    (void)ToUtf8(text, "");
  }
}

TEST(EncodingTest, TakesUtf8WithAndWithoutAMark) {
  EXPECT_EQ(*ToUtf8("\xEF\xBB\xBFłódź", ""), "łódź");
  EXPECT_EQ(*ToUtf8("ლაგი", ""), "ლაგი");
  EXPECT_EQ(*ToUtf8("a", "UTF-8"), "a");
}

TEST(EncodingTest, ReadsWindows1250WhenItIsSaid) {
  EXPECT_EQ(*ToUtf8("Wojew\xF3"
                    "dztwo \x8Cl\xB9skie",
                    "windows-1250"),
            "Województwo Śląskie");
  EXPECT_EQ(*ToUtf8("P\xF8\xEDsn\xFD \x9Elu\x9Dou\xE8k\xFD k\xF9\xF2",
                    "windows-1250"),
            "Přísný žluťoučký kůň");
  EXPECT_FALSE(ToUtf8("a\x81", "windows-1250").ok());
}

TEST(EncodingTest, SaysWhatToDoAboutOtherBytes) {
  const auto refusal = [](const std::string& bytes, const char* encoding) {
    return std::string(ToUtf8(bytes, encoding).status().message());
  };
  EXPECT_EQ(refusal("a\n\x8Cl\xB9skie\nb", ""),
            "is not UTF-8 (line 2). Save it as \"CSV UTF-8\", or give the "
            "encoding windows-1250 if this reads well: Śląskie");
  EXPECT_THAT(refusal("\xFF\xFE\x61", ""), HasSubstr("is UTF-16"));
  EXPECT_THAT(refusal(std::string("a\0b", 3), ""), HasSubstr("no text file"));
  EXPECT_THAT(refusal("a", "latin-9"), HasSubstr("latin-9 is not known"));
  // Surrogates, too long forms, what lies beyond, what is cut off.
  for (const char* bytes : {"\xED\xA0\x80", "\xC0\xAF", "\xE0\x80\xAF",
                            "\xF4\x90\x80\x80", "\xC4", "\xFF"}) {
    EXPECT_FALSE(IsUtf8(bytes)) << bytes;
  }
}

}  // namespace
}  // namespace lagnet::exchange
