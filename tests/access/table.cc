#include "tests/access/table.h"

#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace lagnet::access {
namespace {

absl::Status Wrong(int line, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("line ", line, " of the access matrix ", why));
}

std::optional<Place> PlaceOf(absl::string_view word) {
  for (const Place place :
       {Place::kOwn, Place::kOther, Place::kNone, Place::kEmpty}) {
    if (word == NameOf(place)) return place;
  }
  return std::nullopt;
}

absl::StatusOr<Row> ReadRow(int line, const std::string& service,
                            const std::vector<std::string>& words,
                            size_t roles) {
  Row row{.line = line, .method = absl::StrCat(service, "/", words[0])};
  for (size_t i = 1; i < words.size(); ++i) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(words[i], absl::MaxSplits('=', 1));
    if (!absl::StrContains(words[i], '=')) {
      row.cells.push_back(words[i]);
    } else if (const auto place = PlaceOf(parts.second)) {
      row.crossed.emplace_back(parts.first, *place);
    } else {
      return Wrong(line, absl::StrCat("does not say whose in ", words[i]));
    }
  }
  if (row.cells.size() != roles) {
    return Wrong(line, absl::StrCat("has ", row.cells.size(), " cells for ",
                                    roles, " roles"));
  }
  const size_t letters = row.crossed.empty() ? 3 : 1;
  for (const std::string& cell : row.cells) {
    if (cell.size() != letters ||
        cell.find_first_not_of("y-") != std::string::npos) {
      return Wrong(line, absl::StrCat("has the cell ", cell, ", not ", letters,
                                      " letters of y and -"));
    }
  }
  return row;
}

}  // namespace

absl::StatusOr<Table> ReadTable(absl::string_view text) {
  Table table;
  std::string service;
  int line = 0;
  for (const auto content : absl::StrSplit(text, '\n')) {
    ++line;
    const std::vector<std::string> words =
        absl::StrSplit(content, absl::ByAnyChar(" \t"), absl::SkipWhitespace());
    if (words.empty() || words[0][0] == '#') continue;
    if (table.roles.empty()) {
      table.roles.assign(words.begin() + 1, words.end());
      continue;
    }
    if (words[0][0] == '[') {
      service = words[0].substr(1, words[0].size() - 2);
      continue;
    }
    auto row = ReadRow(line, service, words, table.roles.size());
    if (!row.ok()) return row.status();
    table.rows.push_back(*std::move(row));
  }
  return table;
}

std::string NameOf(Place place) {
  switch (place) {
    case Place::kOwn:
      return "own";
    case Place::kOther:
      return "other";
    case Place::kNone:
      return "none";
    case Place::kEmpty:
      return "empty";
  }
  return "";
}

}  // namespace lagnet::access
