#include "server/base/id.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "absl/random/random.h"
#include "absl/strings/ascii.h"

namespace lagnet {

namespace {

void FillWithRandomness(char* bytes, size_t size) {
  size_t done = 0;
  while (done < size) {
    const ssize_t got = getrandom(bytes + done, size - done, 0);
    if (got < 0 && errno != EINTR) std::abort();  // No kernel does this.
    if (got > 0) done += static_cast<size_t>(got);
  }
}

}  // namespace

std::string RandomBytes(size_t size) {
  // Asks the kernel for many at once: each call of it costs a microsecond.
  thread_local std::array<char, 512> stock;
  thread_local size_t left = 0;
  std::string bytes(size, '\0');
  if (size > stock.size()) {
    FillWithRandomness(bytes.data(), size);
    return bytes;
  }
  if (left < size) {
    FillWithRandomness(stock.data(), stock.size());
    left = stock.size();
  }
  left -= size;
  // What was given out does not stay here.
  std::memcpy(bytes.data(), stock.data() + left, size);
  explicit_bzero(stock.data() + left, size);
  return bytes;
}

std::string Base32(absl::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdefghjkmnpqrstvwxyz";
  std::string text;
  unsigned buffer = 0;
  int bits = 0;
  for (const unsigned char byte : bytes) {
    buffer = (buffer << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) {
      text.push_back(kDigits[(buffer >> (bits - 5)) & 31]);
    }
  }
  if (bits > 0) text.push_back(kDigits[(buffer << (5 - bits)) & 31]);
  return text;
}

std::string RandomId() { return Base32(RandomBytes(16)); }

std::string PassingId() {
  thread_local absl::InsecureBitGen random;
  const uint64_t bits = absl::Uniform<uint64_t>(random);
  return Base32({reinterpret_cast<const char*>(&bits), sizeof(bits)});
}

bool IsSlug(absl::string_view text) {
  if (text.size() < 4 || text.size() > 63) return false;
  if (!absl::ascii_islower(text.front()) || text.back() == '-') return false;
  for (const char c : text) {
    if (!absl::ascii_islower(c) && !absl::ascii_isdigit(c) && c != '-') {
      return false;
    }
  }
  return true;
}

bool IsUuid(absl::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !absl::ascii_isxdigit(text[i])) return false;
  }
  return true;
}

}  // namespace lagnet
