#include "lagnet/uuid.h"

#include <openssl/evp.h>
#include <sys/random.h>

#include <array>
#include <cstdint>
#include <cstdlib>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace lagnet::client {
namespace {

constexpr absl::string_view kOwnNamespace =
    "b6d6c0f4-2a3e-5b1c-9d55-6c61676e6574";

std::string Format(std::array<uint8_t, 16> bytes, uint8_t version) {
  bytes[6] = (bytes[6] & 0x0f) | (version << 4);
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const std::string hex = absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-",
                      hex.substr(12, 4), "-", hex.substr(16, 4), "-",
                      hex.substr(20));
}

}  // namespace

std::string NewUuid() {
  std::array<uint8_t, 16> bytes;
  if (getrandom(bytes.data(), bytes.size(), 0) != 16) std::abort();
  return Format(bytes, 4);
}

std::string UuidFor(absl::string_view text) {
  return UuidV5(kOwnNamespace, text);
}

std::string UuidV5(absl::string_view name_space, absl::string_view text) {
  const std::string input = absl::StrCat(
      absl::HexStringToBytes(absl::StrReplaceAll(name_space, {{"-", ""}})),
      text);
  std::array<uint8_t, EVP_MAX_MD_SIZE> digest;
  EVP_Digest(input.data(), input.size(), digest.data(), nullptr, EVP_sha1(),
             nullptr);
  std::array<uint8_t, 16> bytes;
  std::copy_n(digest.begin(), bytes.size(), bytes.begin());
  return Format(bytes, 5);
}

}  // namespace lagnet::client
