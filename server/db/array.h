#ifndef LAGNET_SERVER_DB_ARRAY_H_
#define LAGNET_SERVER_DB_ARRAY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "server/db/value.h"

namespace lagnet::db {

// A UUID in its canonical form (see IsUuid()), for a `uuid`.
struct Uuid {
  absl::string_view text;
};

// A parameter that is an array, which the statements take that do many things
// at once. It goes in the form that PostgreSQL itself sends (array_send() and
// the send functions of the types, in its sources): as text a batch of sign-ups
// took the database a third more of its time.
//
// PostgreSQL refuses an array whose elements are of another type than the
// statement says. In C++ and in SQL they are
//
//   bool           boolean        std::string, absl::string_view   text
//   int, an enum   int            Bytes                            bytea
//   int64_t        bigint         Uuid                             uuid
//   double         double precision
//   absl::Time     timestamptz    nlohmann::json                   jsonb
//
// An std::optional may be NULL, an infinite time is. A text ends where a NUL
// is, as it does outside of an array.
class Array {
 public:
  template <typename T>
  explicit Array(const std::vector<T>& items) {
    Begin(TypeOf<T>(), items.size());
    for (auto&& item : items) Put(item);
  }

  std::string TakeBytes() { return std::move(bytes_); }

 private:
  template <typename T>
  static constexpr uint32_t TypeOf() {
    // Of pg_type, where they never change.
    if constexpr (IsOptional<T>::value) return TypeOf<typename T::value_type>();
    if constexpr (std::is_same_v<T, bool>) return 16;
    if constexpr (std::is_same_v<T, Bytes>) return 17;
    if constexpr (std::is_same_v<T, int64_t>) return 20;
    if constexpr (std::is_same_v<T, int> || std::is_enum_v<T>) return 23;
    if constexpr (std::is_same_v<T, std::string>) return 25;
    if constexpr (std::is_same_v<T, absl::string_view>) return 25;
    if constexpr (std::is_same_v<T, double>) return 701;
    if constexpr (std::is_same_v<T, absl::Time>) return 1184;
    if constexpr (std::is_same_v<T, Uuid>) return 2950;
    if constexpr (std::is_same_v<T, nlohmann::json>) return 3802;
  }

  template <typename T>
  struct IsOptional : std::false_type {};
  template <typename T>
  struct IsOptional<std::optional<T>> : std::true_type {};

  void Begin(uint32_t type, size_t count);
  void PutNull();
  void PutJson(absl::string_view json);
  void Put(bool flag);
  void Put(int number);
  void Put(int64_t number);
  void Put(double number);
  void Put(absl::string_view text);
  void Put(Bytes bytes);
  void Put(Uuid uuid);
  void Put(absl::Time time);
  // No text is taken for JSON.
  template <typename T>
  requires std::is_same_v<T, nlohmann::json>
  void Put(const T& json) { PutJson(json.dump()); }
  template <typename T>
  requires std::is_enum_v<T>
  void Put(T value) { Put(static_cast<int>(value)); }
  template <typename T>
  void Put(const std::optional<T>& item) {
    if (item) {
      Put(*item);
    } else {
      PutNull();
    }
  }

  std::string bytes_;
};

// A parameter as the connection takes it.
struct Argument {
  Value value;
  bool is_array = false;
};

inline Argument ToArgument(const Value& value) { return {value}; }
template <typename T>
Argument ToArgument(const T& value) {
  return {ToValue(value)};
}
template <typename T>
Argument ToArgument(const std::vector<T>& items) {
  return {Array(items).TakeBytes(), true};
}
template <typename T>
Argument ToArgument(const std::optional<std::vector<T>>& items) {
  return items ? ToArgument(*items) : Argument();
}

}  // namespace lagnet::db

#endif  // LAGNET_SERVER_DB_ARRAY_H_
