#include "server/draw/digest.h"

#include <sodium/crypto_hash_sha256.h>

#include <algorithm>

#include "absl/strings/escaping.h"

namespace lagnet::draw {

Digest Sha256(std::initializer_list<absl::string_view> parts) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  for (const absl::string_view part : parts) {
    crypto_hash_sha256_update(
        &state, reinterpret_cast<const unsigned char*>(part.data()),
        part.size());
  }
  Digest digest;
  static_assert(sizeof(digest) == crypto_hash_sha256_BYTES);
  crypto_hash_sha256_final(&state, digest.data());
  return digest;
}

absl::string_view Bytes(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string BigEndian(uint64_t number) {
  std::string bytes(8, '\0');
  for (size_t i = 0; i < 8; ++i) {
    bytes[7 - i] = static_cast<char>(number >> (8 * i) & 0xff);
  }
  return bytes;
}

std::string ToHex(const Digest& digest) {
  return absl::BytesToHexString(Bytes(digest));
}

std::optional<Digest> DigestFromHex(absl::string_view text) {
  constexpr absl::string_view kDigits = "0123456789abcdef";
  Digest digest;
  if (text.size() != 2 * digest.size() ||
      text.find_first_not_of(kDigits) != absl::string_view::npos) {
    return std::nullopt;
  }
  const std::string bytes = absl::HexStringToBytes(text);
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

}  // namespace lagnet::draw
