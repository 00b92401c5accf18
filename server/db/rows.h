#ifndef LAGNET_SERVER_DB_ROWS_H_
#define LAGNET_SERVER_DB_ROWS_H_

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/time/time.h"
#include "nlohmann/json.hpp"
#include "pqxx/result"

namespace lagnet::db {

// One row of a result. Reading a column that does not exist or holds another
// type throws; Transact() turns that into INTERNAL.
class Row {
 public:
  explicit Row(pqxx::row row) : row_(std::move(row)) {}

  // T: bool, an integer, double, an enum, std::string (also for bytea, see
  // Bytes()), absl::Time, nlohmann::json, std::vector<std::string>, or
  // std::optional of these for a column that may be NULL. NULL reads as "" for
  // std::string, as an infinite future for absl::Time.
  template <typename T>
  T Get(const char* column) const {
    return Convert<T>(row_[column]);
  }

  // The bytes of a `bytea`.
  std::string Bytes(const char* column) const;

 private:
  template <typename T>
  struct IsOptional : std::false_type {};
  template <typename T>
  struct IsOptional<std::optional<T>> : std::true_type {};

  template <typename T>
  static T Convert(const pqxx::field& field) {
    if constexpr (IsOptional<T>::value) {
      if (field.is_null()) return std::nullopt;
      return Convert<typename T::value_type>(field);
    } else if constexpr (std::is_enum_v<T>) {
      return static_cast<T>(field.as<int>());
    } else if constexpr (std::is_same_v<T, std::string>) {
      return field.is_null() ? std::string() : field.as<std::string>();
    } else if constexpr (std::is_same_v<T, absl::Time>) {
      return TimeOf(field);
    } else if constexpr (std::is_same_v<T, nlohmann::json>) {
      return nlohmann::json::parse(field.c_str());
    } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
      return ArrayOf(field);
    } else {
      return field.as<T>();
    }
  }

  static absl::Time TimeOf(const pqxx::field& field);
  static std::vector<std::string> ArrayOf(const pqxx::field& field);

  pqxx::row row_;
};

// What a statement returned.
class Rows {
 public:
  explicit Rows(pqxx::result result) : result_(std::move(result)) {}

  bool empty() const { return result_.empty(); }
  int size() const { return static_cast<int>(result_.size()); }
  Row operator[](int i) const {
    return Row(result_[static_cast<pqxx::result::size_type>(i)]);
  }
  // How many rows an INSERT, UPDATE or DELETE touched.
  int affected() const { return static_cast<int>(result_.affected_rows()); }

  class Iterator {
   public:
    Iterator(const Rows* rows, int i) : rows_(rows), i_(i) {}
    Row operator*() const { return (*rows_)[i_]; }
    Iterator& operator++() {
      ++i_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return i_ != other.i_; }

   private:
    const Rows* rows_;
    int i_;
  };
  Iterator begin() const { return Iterator(this, 0); }
  Iterator end() const { return Iterator(this, size()); }

 private:
  pqxx::result result_;
};

}  // namespace lagnet::db

#endif  // LAGNET_SERVER_DB_ROWS_H_
