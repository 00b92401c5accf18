#ifndef LAGNET_TESTS_CLIENTS_EXCHANGE_H_
#define LAGNET_TESTS_CLIENTS_EXCHANGE_H_

#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "clients/cpp/exchange/table.h"
#include "gtest/gtest.h"

// Tables of cells that files get wrong.
namespace lagnet::exchange {

inline std::string RandomText(std::mt19937& random) {
  static const char* const kPieces[] = {
      "a", "Z",     "0", "-1.5", ",",      ";",       "\t",    "\"",
      "'", "=",     "+", "@",    "-",      "\n",      "\r",    "\r\n",
      " ", "\\",    "&", "<",    "]]>",    "_x000D_", "_x",    "_",
      "ą", "ჯგუფი", "ř", "😀",    "\u00A0", "&#10;",   "sep=;", ":"};
  std::string text;
  for (unsigned i = random() % 6; i > 0; --i) {
    text += kPieces[random() % std::size(kPieces)];
  }
  return text;
}

inline Table RandomTable(std::mt19937& random) {
  Table table;
  const unsigned columns = 1 + random() % 30;
  for (unsigned i = 0; i < columns; ++i) {
    table.header.push_back(absl::StrCat("c", i));
  }
  for (unsigned r = random() % 5; r > 0; --r) {
    Table::Row row{.cells = {absl::StrCat("row ", r)}};
    for (unsigned i = 1; i < columns; ++i) {
      row.cells.push_back(RandomText(random));
    }
    table.rows.push_back(row);
  }
  return table;
}

inline void ExpectSameCells(const Table& wanted, const Table& read) {
  EXPECT_EQ(wanted.header, read.header);
  ASSERT_EQ(wanted.rows.size(), read.rows.size());
  for (size_t r = 0; r < wanted.rows.size(); ++r) {
    for (size_t c = 0; c < wanted.header.size(); ++c) {
      EXPECT_EQ(Table::Cell(wanted.rows[r], c), Table::Cell(read.rows[r], c));
    }
  }
}

}  // namespace lagnet::exchange

#endif  // LAGNET_TESTS_CLIENTS_EXCHANGE_H_
