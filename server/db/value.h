#ifndef LAGNET_SERVER_DB_VALUE_H_
#define LAGNET_SERVER_DB_VALUE_H_

#include <concepts>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"

namespace lagnet::db {

// A parameter on its way to PostgreSQL, as text; nothing means NULL.
using Value = std::optional<std::string>;

// Bytes for a `bytea`.
struct Bytes {
  absl::string_view data;
};

Value ToValue(bool flag);
Value ToValue(absl::Time time);  // Infinite times become NULL.
Value ToValue(Bytes bytes);
Value ToValue(const nlohmann::json& json);
// It is an Array, and would become JSON here.
template <typename T>
Value ToValue(const std::vector<T>& items) = delete;

template <typename T>
requires std::integral<T> &&(!std::same_as<T, bool>)Value ToValue(T number) {
  return absl::StrCat(number);
}

template <typename T>
requires std::floating_point<T> Value ToValue(T number) {
  return nlohmann::json(number).dump();  // Shortest text that reads back equal.
}

template <typename T>
requires std::is_enum_v<T> Value ToValue(T value) {
  return absl::StrCat(static_cast<int>(value));
}

template <typename T>
requires std::convertible_to<T, absl::string_view> Value
ToValue(const T& text) {
  return std::string(absl::string_view(text));
}

template <typename T>
Value ToValue(const std::optional<T>& value) {
  return value ? ToValue(*value) : Value();
}

// An empty text is stored as NULL: the API does not tell them apart, and
// references must be NULL to be absent.
inline Value NullIfEmpty(absl::string_view text) {
  return text.empty() ? Value() : Value(text);
}

}  // namespace lagnet::db

#endif  // LAGNET_SERVER_DB_VALUE_H_
