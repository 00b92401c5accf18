#ifndef LAGNET_SERVER_DRAW_DIGEST_H_
#define LAGNET_SERVER_DRAW_DIGEST_H_

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace lagnet::draw {

// 32 bytes: a SHA-256, a seed or a salt.
using Digest = std::array<uint8_t, 32>;

// The SHA-256 of the parts, one after the other, with nothing in between.
Digest Sha256(std::initializer_list<absl::string_view> parts);

// The bytes themselves, for Sha256().
absl::string_view Bytes(const Digest& digest);

// The number as eight bytes, the highest first.
std::string BigEndian(uint64_t number);

// Lower-case hexadecimal, 64 characters.
std::string ToHex(const Digest& digest);

// Nothing if `text` is not what ToHex() writes.
std::optional<Digest> DigestFromHex(absl::string_view text);

}  // namespace lagnet::draw

#endif  // LAGNET_SERVER_DRAW_DIGEST_H_
