#include "server/db/array.h"

#include <bit>
#include <stdexcept>

#include "absl/strings/escaping.h"
#include "absl/strings/str_replace.h"
#include "server/base/id.h"

namespace lagnet::db {
namespace {

template <typename T>
void Append(T number, std::string& to) {
  for (size_t shift = 8 * sizeof(T); shift > 0; shift -= 8) {
    to.push_back(static_cast<char>(number >> (shift - 8)));
  }
}

// An element: how long it is, and what it is.
template <typename T>
void AppendNumber(T number, std::string& to) {
  Append(static_cast<uint32_t>(sizeof(T)), to);
  Append(number, to);
}

void AppendBytes(absl::string_view bytes, std::string& to) {
  Append(static_cast<uint32_t>(bytes.size()), to);
  to.append(bytes.data(), bytes.size());
}

// From when PostgreSQL counts: the year 2000.
constexpr int64_t kEpochMicros = 946'684'800'000'000;

}  // namespace

void Array::Begin(uint32_t type, size_t count) {
  Append(uint32_t{1}, bytes_);  // Dimensions.
  Append(uint32_t{1}, bytes_);  // There may be NULLs.
  Append(type, bytes_);
  Append(static_cast<uint32_t>(count), bytes_);
  Append(uint32_t{1}, bytes_);  // From where SQL counts.
}

void Array::PutNull() { Append(~uint32_t{0}, bytes_); }

void Array::Put(bool flag) { AppendNumber(uint8_t{flag}, bytes_); }

void Array::Put(int number) {
  AppendNumber(static_cast<uint32_t>(number), bytes_);
}

void Array::Put(int64_t number) {
  AppendNumber(static_cast<uint64_t>(number), bytes_);
}

void Array::Put(double number) {
  AppendNumber(std::bit_cast<uint64_t>(number), bytes_);
}

void Array::Put(absl::string_view text) {
  AppendBytes(text.substr(0, text.find('\0')), bytes_);
}

void Array::Put(Bytes bytes) { AppendBytes(bytes.data, bytes_); }

void Array::Put(Uuid uuid) {
  if (!IsUuid(uuid.text)) throw std::invalid_argument("not a UUID");
  AppendBytes(
      absl::HexStringToBytes(absl::StrReplaceAll(uuid.text, {{"-", ""}})),
      bytes_);
}

void Array::Put(absl::Time time) {
  if (time == absl::InfiniteFuture() || time == absl::InfinitePast()) {
    return PutNull();
  }
  Put(absl::ToUnixMicros(time) - kEpochMicros);
}

void Array::PutJson(absl::string_view json) {
  constexpr char kVersion = 1;  // Of what jsonb is sent as.
  Append(static_cast<uint32_t>(json.size() + 1), bytes_);
  bytes_.push_back(kVersion);
  bytes_.append(json.data(), json.size());
}

}  // namespace lagnet::db
