#include "server/privacy/vault.h"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "server/base/id.h"

namespace lagnet::privacy {
namespace {

constexpr size_t kKeySize = crypto_secretbox_KEYBYTES;

absl::string_view PrefixOf(TokenKind kind) {
  switch (kind) {
    case TokenKind::kHolder:
      return "lagl_";
    case TokenKind::kSession:
      return "lags_";
    case TokenKind::kAttempt:
      return "laga_";
    case TokenKind::kSignIn:
      return "lagi_";
    case TokenKind::kClaim:
      return "lagc_";
  }
  return "";
}

unsigned char* Bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}
const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string Derive(const std::string& master, uint64_t number) {
  if (sodium_init() < 0 || master.size() != kKeySize) std::abort();
  std::string key(kKeySize, '\0');
  crypto_kdf_derive_from_key(Bytes(key), key.size(), number, "lagnet01",
                             Bytes(absl::string_view(master)));
  return key;
}

// Nonce and box in one.
std::string Box(const std::string& key, absl::string_view data) {
  std::string box = RandomBytes(crypto_secretbox_NONCEBYTES);
  box.resize(box.size() + crypto_secretbox_MACBYTES + data.size());
  crypto_secretbox_easy(Bytes(box) + crypto_secretbox_NONCEBYTES, Bytes(data),
                        data.size(), Bytes(absl::string_view(box)),
                        Bytes(absl::string_view(key)));
  return box;
}

std::optional<std::string> Unbox(const std::string& key,
                                 absl::string_view box) {
  constexpr size_t kOverhead =
      crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
  if (box.size() < kOverhead) return std::nullopt;
  std::string data(box.size() - kOverhead, '\0');
  const absl::string_view sealed = box.substr(crypto_secretbox_NONCEBYTES);
  if (crypto_secretbox_open_easy(Bytes(data), Bytes(sealed), sealed.size(),
                                 Bytes(box),
                                 Bytes(absl::string_view(key))) != 0) {
    return std::nullopt;
  }
  return data;
}

std::string Normalised(absl::string_view text) {
  // Letters of other alphabets are left as they are: Georgian has no case,
  // and folding Polish or Czech wrongly would merge two people.
  return absl::AsciiStrToLower(absl::StripAsciiWhitespace(text));
}

absl::StatusOr<std::string> ReadKey(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return absl::ErrnoToStatus(errno, absl::StrCat("open ", path));
  char buffer[128];
  const ssize_t got = read(fd, buffer, sizeof(buffer));
  close(fd);
  const std::string key = absl::HexStringToBytes(absl::StripAsciiWhitespace(
      absl::string_view(buffer, got > 0 ? static_cast<size_t>(got) : 0)));
  if (key.size() != kKeySize) {
    return absl::FailedPreconditionError(
        absl::StrCat(path,
                     " is not a key file of lagnet; restore it from a "
                     "copy, without it personal data cannot be read"));
  }
  return key;
}

}  // namespace

Vault::Vault(const std::string& master)
    : wrap_key_(Derive(master, 1)),
      person_key_(Derive(master, 2)),
      token_key_(Derive(master, 3)),
      fingerprint_key_(Derive(master, 4)),
      proof_key_(Derive(master, 5)),
      seat_key_(Derive(master, 6)) {}

Vault::~Vault() {
  for (std::string* key : {&wrap_key_, &person_key_, &token_key_,
                           &fingerprint_key_, &proof_key_, &seat_key_}) {
    sodium_memzero(key->data(), key->size());
  }
}

absl::StatusOr<std::string> Vault::ReadOrMakeKeyFile(const std::string& path) {
  if (access(path.c_str(), F_OK) == 0) return ReadKey(path);
  // Beside and linked: of two that start at once, one makes the key.
  const std::string building = absl::StrCat(path, ".", RandomId());
  const int fd =
      open(building.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("create ", path));
  }
  const std::string text =
      absl::StrCat(absl::BytesToHexString(RandomBytes(kKeySize)), "\n");
  const bool written = write(fd, text.data(), text.size()) ==
                           static_cast<ssize_t>(text.size()) &&
                       fsync(fd) == 0;
  close(fd);
  const bool linked = written && link(building.c_str(), path.c_str()) == 0;
  const int error = errno;
  unlink(building.c_str());
  if (!linked && error != EEXIST) {
    return absl::ErrnoToStatus(error, absl::StrCat("write ", path));
  }
  return ReadKey(path);
}

std::string Vault::Proof() const {
  return Mac(proof_key_, "lagnet's server key", 16);
}

Sealed Vault::Seal(absl::string_view data) const {
  const std::string key = RandomBytes(kKeySize);
  return {.wrapped_key = Box(wrap_key_, key), .data = Box(key, data)};
}

absl::StatusOr<std::string> Vault::Open(const Sealed& sealed) const {
  const std::optional<std::string> key = Unbox(wrap_key_, sealed.wrapped_key);
  if (!key || key->size() != kKeySize) {
    return absl::DataLossError("a seal does not fit this server's key file");
  }
  const std::optional<std::string> data = Unbox(*key, sealed.data);
  if (!data) return absl::DataLossError("sealed data is damaged");
  return *data;
}

std::string Vault::Mac(const std::string& key, absl::string_view text,
                       size_t size) const {
  std::string mac(size, '\0');
  crypto_generichash(Bytes(mac), mac.size(), Bytes(text), text.size(),
                     Bytes(absl::string_view(key)), key.size());
  return mac;
}

std::string Vault::PersonHash(absl::string_view scope, absl::string_view email,
                              absl::string_view full_name) const {
  return Mac(
      person_key_,
      absl::StrCat(scope, "\n", Normalised(email), "\n", Normalised(full_name)),
      16);
}

std::string Vault::SeatPersonHash(absl::string_view network,
                                  absl::string_view email,
                                  absl::string_view full_name) const {
  return Mac(seat_key_,
             absl::StrCat("person\n", network, "\n", Normalised(email), "\n",
                          Normalised(full_name)),
             16);
}

std::string Vault::SeatSignUpHash(absl::string_view sign_up) const {
  return Mac(seat_key_, absl::StrCat("sign-up\n", sign_up), 16);
}

std::string Vault::AddressHash(absl::string_view email) const {
  return Mac(person_key_, absl::StrCat("mail\n", Normalised(email)), 16);
}

std::string Vault::NetworkHash(absl::string_view visit,
                               absl::string_view network) const {
  return Mac(person_key_, absl::StrCat("network\n", visit, "\n", network), 16);
}

std::string Vault::Token(TokenKind kind, absl::string_view text) const {
  const absl::string_view prefix = PrefixOf(kind);
  return absl::StrCat(prefix, absl::WebSafeBase64Escape(text), ".",
                      absl::WebSafeBase64Escape(
                          Mac(token_key_, absl::StrCat(prefix, text), 32)));
}

std::optional<std::string> Vault::ReadToken(TokenKind kind,
                                            absl::string_view token) const {
  absl::string_view rest = token;
  std::string text;
  if (!absl::ConsumePrefix(&rest, PrefixOf(kind)) ||
      !absl::WebSafeBase64Unescape(rest.substr(0, rest.find('.')), &text)) {
    return std::nullopt;
  }
  // Compared as text: base 64 can spell the same bytes in several ways.
  const std::string right = Token(kind, text);
  if (token.size() != right.size() ||
      sodium_memcmp(token.data(), right.data(), right.size()) != 0) {
    return std::nullopt;
  }
  return text;
}

std::string Vault::LetterId(absl::string_view name,
                            absl::string_view email) const {
  return absl::StrCat(
      name, ".",
      Base32(Mac(token_key_,
                 absl::StrCat("letter\n", name, "\n", Normalised(email)), 16)));
}

std::optional<std::string> Vault::ReadLetterId(absl::string_view id,
                                               absl::string_view email) const {
  const absl::string_view name = id.substr(0, id.find('.'));
  const std::string right = LetterId(name, email);
  if (id.size() != right.size() ||
      sodium_memcmp(id.data(), right.data(), right.size()) != 0) {
    return std::nullopt;
  }
  return std::string(name);
}

std::string Vault::Code(absl::string_view text) const {
  const std::string mac = Mac(token_key_, absl::StrCat("code\n", text), 16);
  uint64_t number = 0;
  for (size_t i = 0; i < sizeof number; ++i) {
    number = number << 8 | static_cast<unsigned char>(mac[i]);
  }
  return absl::StrFormat("%06d", number % 1'000'000);
}

}  // namespace lagnet::privacy
