#ifndef LAGNET_SERVER_PRIVACY_VAULT_H_
#define LAGNET_SERVER_PRIVACY_VAULT_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lagnet::privacy {

// Personal data on its way into the database.
struct Sealed {
  std::string wrapped_key;  // The person's key, sealed with the server's.
  std::string data;         // The data, sealed with the person's key.
};

// What a token proves, by which it begins.
enum class TokenKind {
  kHolder,   // "lagl_": the link of a sign-up.
  kSession,  // "lags_": that somebody signed in.
  kAttempt,  // "laga_": the browser that a sign-in was started in.
  kSignIn,   // "lagi_": the link to sign in.
  kClaim,    // "lagc_": the link to claim an organisation's entry.
};

// Keeps what may be read only by who holds the server's key file, which lies
// outside the database and its backups. libsodium: secretbox (XSalsa20 and
// Poly1305) for sealing, BLAKE2b with a key for hashes and tokens, each with a
// key of its own derived from the file's. Thread-safe.
class Vault {
 public:
  // `master` has 32 bytes.
  explicit Vault(const std::string& master);
  ~Vault();
  Vault(const Vault&) = delete;
  Vault& operator=(const Vault&) = delete;

  // Reads the key file, or makes one (0600) if there is none. Several servers
  // on one database need the same file.
  static absl::StatusOr<std::string> ReadOrMakeKeyFile(const std::string& path);

  // Seals data with a new key. Deleting the wrapped key erases the data,
  // wherever copies of it lie.
  Sealed Seal(absl::string_view data) const;

  // Fails with DATA_LOSS if key and data do not fit this server's key.
  absl::StatusOr<std::string> Open(const Sealed& sealed) const;

  // 16 bytes that are equal for the same person in the same scope: the
  // mailbox and the name, both without regard to case and outer spaces.
  // Without the server's key it cannot be guessed by trying names.
  std::string PersonHash(absl::string_view scope, absl::string_view email,
                         absl::string_view full_name) const;

  // The same for one who had a seat on a visit of a network, and for the
  // sign-up that had it: by a key of their own, so that they fit no other hash.
  std::string SeatPersonHash(absl::string_view network, absl::string_view email,
                             absl::string_view full_name) const;
  std::string SeatSignUpHash(absl::string_view sign_up) const;

  // 16 bytes that are equal for the same mailbox, without regard to case.
  std::string AddressHash(absl::string_view email) const;

  // 16 bytes that are equal for the same network of browsers on the same visit.
  std::string NetworkHash(absl::string_view visit,
                          absl::string_view network) const;

  // Keys the hashes by which a repeated request is known: they are kept, and
  // must not tell who guesses people whether they guessed right.
  const std::string& fingerprint_key() const { return fingerprint_key_; }

  // Equal for servers with the same key file.
  std::string Proof() const;

  // What proves that this server gave it out for `text`, which it shows: a name
  // that is hard to guess, or that says enough by itself. It is computed, not
  // stored, so that a repeated call can show it again.
  std::string Token(TokenKind kind, absl::string_view text) const;

  // The text in a token of the kind that this server gave out.
  std::optional<std::string> ReadToken(TokenKind kind,
                                       absl::string_view token) const;

  // The id of the letter `name` to an address, for its Message-ID: lower-case
  // letters, digits and a dot. It shows the name, and proves that this server
  // has written the letter, and to whom.
  std::string LetterId(absl::string_view name, absl::string_view email) const;

  // The name of the letter, if `id` is what LetterId() gave for the address.
  std::optional<std::string> ReadLetterId(absl::string_view id,
                                          absl::string_view email) const;

  // Six digits that go with `text`, to be typed. Whoever checks them counts the
  // wrong ones.
  std::string Code(absl::string_view text) const;

 private:
  std::string Mac(const std::string& key, absl::string_view text,
                  size_t size) const;

  std::string wrap_key_;
  std::string person_key_;
  std::string token_key_;
  std::string fingerprint_key_;
  std::string proof_key_;
  std::string seat_key_;
};

}  // namespace lagnet::privacy

#endif  // LAGNET_SERVER_PRIVACY_VAULT_H_
