#include "server/db/rows.h"

#include <stdexcept>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"

namespace lagnet::db {

std::string Row::Bytes(const char* column) const {
  const pqxx::field field = row_[column];
  if (field.is_null()) return "";
  absl::string_view text = field.c_str();
  if (!absl::StartsWith(text, "\\x")) {
    throw std::invalid_argument(std::string(column) + " is not bytea");
  }
  return absl::HexStringToBytes(text.substr(2));
}

absl::Time Row::TimeOf(const pqxx::field& field) {
  if (field.is_null()) return absl::InfiniteFuture();
  // Sessions run with TimeZone UTC and DateStyle ISO, see connection.cc.
  absl::Time time;
  std::string error;
  if (!absl::ParseTime("%Y-%m-%d %H:%M:%E*S%Ez", field.c_str(), &time,
                       &error)) {
    throw std::invalid_argument(std::string(field.name()) + ": " + error);
  }
  return time;
}

std::vector<std::string> Row::ArrayOf(const pqxx::field& field) {
  std::vector<std::string> items;
  if (field.is_null()) return items;
  const absl::string_view text = field.c_str();
  std::string item;
  bool quoted = false;
  bool any = false;
  for (size_t i = 1; i + 1 < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      items.push_back(std::move(item));
      item.clear();
      continue;
    } else if (c == '\\' && i + 2 < text.size()) {
      item.push_back(text[++i]);
    } else {
      item.push_back(c);
    }
    any = true;
  }
  if (any || !items.empty()) items.push_back(std::move(item));
  return items;
}

}  // namespace lagnet::db
