#include "server/draw/reader.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"

namespace lagnet::draw {
namespace {

using nlohmann::json;

const json& Nothing() {
  static const json* const nothing = new json();
  return *nothing;
}

bool HasFraction(const json& value) {
  if (!value.is_structured()) return value.is_number_float();
  return std::any_of(value.begin(), value.end(), HasFraction);
}

}  // namespace

Reader::Reader(const json& object, std::string where)
    : json_(&object), where_(std::move(where)) {
  if (!json_->is_object()) Fail("is not an object");
}

void Reader::Fail(absl::string_view what) {
  if (!status_.ok()) return;
  status_ = absl::InvalidArgumentError(absl::StrCat(where_, " ", what));
}

bool Reader::Has(const char* key) const {
  return json_->is_object() && json_->contains(key);
}

const json& Reader::Get(const char* key) {
  if (!status_.ok()) return Nothing();
  if (!Has(key)) {
    Fail(absl::StrCat("has no ", key));
    return Nothing();
  }
  ++asked_;
  return (*json_)[key];
}

const json& Reader::Array(const char* key) {
  const json& value = Get(key);
  if (!value.is_array()) Fail(absl::StrCat("has no list ", key));
  return value.is_array() ? value : Nothing();
}

Reader Reader::Part(const char* key) {
  return Reader(Get(key), absl::StrCat(where_, ".", key));
}

std::vector<Reader> Reader::Parts(const char* key) {
  std::vector<Reader> parts;
  for (const json& item : Array(key)) {
    parts.emplace_back(item,
                       absl::StrCat(where_, ".", key, "[", parts.size(), "]"));
  }
  return parts;
}

int64_t Reader::IntOf(const json& value, const char* key, int64_t least,
                      int64_t most) {
  constexpr auto kMost =
      static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  if (value.is_number_integer() &&
      !(value.is_number_unsigned() && value.get<uint64_t>() > kMost)) {
    const auto number = value.get<int64_t>();
    if (number >= least && number <= most) return number;
  }
  Fail(absl::StrCat("has as ", key, " no whole number from ", least, " to ",
                    most));
  return least;
}

int64_t Reader::Int(const char* key, int64_t least, int64_t most) {
  return IntOf(Get(key), key, least, most);
}

bool Reader::Bool(const char* key) {
  const json& value = Get(key);
  if (!value.is_boolean()) Fail(absl::StrCat("has no true or false ", key));
  return value.is_boolean() && value.get<bool>();
}

std::string Reader::Text(const char* key) {
  const json& value = Get(key);
  if (!value.is_string()) Fail(absl::StrCat("has no text ", key));
  return value.is_string() ? value.get<std::string>() : "";
}

Digest Reader::HashOf(const json& value, const char* key) {
  if (value.is_string()) {
    if (const auto digest = DigestFromHex(value.get<std::string>())) {
      return *digest;
    }
  }
  Fail(absl::StrCat("has as ", key, " not 64 hexadecimal digits"));
  return {};
}

Digest Reader::Hash(const char* key) { return HashOf(Get(key), key); }

std::vector<Digest> Reader::Hashes(const char* key) {
  std::vector<Digest> hashes;
  for (const json& item : Array(key)) hashes.push_back(HashOf(item, key));
  return hashes;
}

std::vector<int64_t> Reader::Ints(const char* key, int64_t least,
                                  int64_t most) {
  std::vector<int64_t> numbers;
  for (const json& item : Array(key)) {
    numbers.push_back(IntOf(item, key, least, most));
  }
  return numbers;
}

std::vector<std::string> Reader::Texts(const char* key) {
  std::vector<std::string> texts;
  for (const json& item : Array(key)) {
    if (!item.is_string()) Fail(absl::StrCat("has as ", key, " no texts"));
    texts.push_back(item.is_string() ? item.get<std::string>() : "");
  }
  return texts;
}

json Reader::Object(const char* key) {
  const json& value = Get(key);
  if (!value.is_object() || HasFraction(value)) {
    Fail(absl::StrCat("has no object ", key, " without fractions"));
  }
  return value.is_object() ? value : json::object();
}

std::vector<int64_t> Reader::Sparse(const char* key, size_t size, int64_t least,
                                    int64_t most) {
  std::vector<int64_t> numbers(size, 0);
  int64_t next = 0;
  for (const json& item : Array(key)) {
    if (!item.is_array() || item.size() != 2) {
      Fail(absl::StrCat("has as ", key, " no pairs"));
      return numbers;
    }
    const int64_t index =
        IntOf(item[0], key, next, static_cast<int64_t>(size) - 1);
    if (!status_.ok()) return numbers;
    numbers[static_cast<size_t>(index)] = IntOf(item[1], key, least, most);
    next = index + 1;
  }
  return numbers;
}

absl::Status Reader::status() {
  if (status_.ok() && json_->size() != asked_) {
    Fail("has members that this format does not know");
  }
  return status_;
}

absl::Status FirstError(std::initializer_list<absl::Status> statuses) {
  for (const absl::Status& status : statuses) {
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace lagnet::draw
