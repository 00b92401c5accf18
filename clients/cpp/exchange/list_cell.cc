#include "clients/cpp/exchange/list_cell.h"

#include <cstddef>

#include "absl/strings/ascii.h"

namespace lagnet::exchange {

std::vector<std::string> SplitListCell(absl::string_view cell, char separator) {
  std::vector<std::string> values;
  std::string value;
  size_t kept = 0;  // So much of the value is not space at its end.
  const auto end_value = [&] {
    value.resize(kept);
    if (!value.empty()) values.push_back(value);
    value.clear();
    kept = 0;
  };
  for (size_t i = 0; i < cell.size(); ++i) {
    const bool escaped = cell[i] == '\\' && i + 1 < cell.size();
    if (escaped) ++i;
    const char c = cell[i];
    if (!escaped && c == separator) {
      end_value();
    } else if (escaped || !absl::ascii_isspace(static_cast<unsigned char>(c))) {
      value.push_back(c);
      kept = value.size();
    } else if (!value.empty()) {
      value.push_back(c);
    }
  }
  end_value();
  return values;
}

std::string JoinListCell(const std::vector<std::string>& values,
                         char separator) {
  std::string cell;
  for (const std::string& value : values) {
    if (value.empty()) continue;
    if (!cell.empty()) {
      cell.push_back(separator);
      cell.push_back(' ');
    }
    for (size_t i = 0; i < value.size(); ++i) {
      const char c = value[i];
      const bool at_edge = i == 0 || i + 1 == value.size();
      if (c == '\\' || c == separator ||
          (at_edge && absl::ascii_isspace(static_cast<unsigned char>(c)))) {
        cell.push_back('\\');
      }
      cell.push_back(c);
    }
  }
  return cell;
}

}  // namespace lagnet::exchange
