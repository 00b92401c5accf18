#ifndef LAGNET_SERVER_RPC_CERTIFICATE_H_
#define LAGNET_SERVER_RPC_CERTIFICATE_H_

#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/rpc/deny_list.h"

namespace lagnet::rpc {

// An X.509 certificate. Cannot change; copies share it. Thread-safe.
class Certificate {
 public:
  // All certificates of a PEM text, in its order: none if there is none. Fails
  // with INVALID_ARGUMENT if one of them is damaged.
  static absl::StatusOr<std::vector<Certificate>> ReadAll(
      absl::string_view pem);

  // In hex, as `openssl x509 -serial` prints it.
  std::string serial() const;
  // From when and until when it is valid.
  absl::Time start() const;
  absl::Time end() const;

  X509* get() const { return x509_.get(); }

 private:
  friend class Authorities;
  explicit Certificate(X509* x509) : x509_(x509, X509_free) {}

  std::shared_ptr<X509> x509_;
};

// Fails with INVALID_ARGUMENT unless a server can show the certificates of
// `chain_pem`, its own first, with the private key `key_pem`.
absl::Status CheckKeyPair(const std::string& chain_pem,
                          const std::string& key_pem);

// The authorities that may sign certificates of clients. Cannot change.
// Thread-safe.
class Authorities {
 public:
  // Fails with INVALID_ARGUMENT if the PEM text holds no certificate, or a
  // damaged one.
  static absl::StatusOr<Authorities> Read(absl::string_view pem);

  // Until when the first of the certificates that a client showed proves who
  // it is: until one of those between it and the authority ends. The others
  // are what may lie between.
  //
  // Fails with UNAUTHENTICATED: BAD_CREDENTIALS if it was not signed for
  // clients by an authority, if its time has not come or is over, or if it is
  // weak (RSA below 2048 bits, SHA-1), whatever the machine's settings of
  // OpenSSL say; CERTIFICATE_DENIED if it, or one of those between, is denied.
  absl::StatusOr<absl::Time> Verify(const std::vector<Certificate>& shown,
                                    const DenyList& denied,
                                    absl::Time now) const;

 private:
  explicit Authorities(X509_STORE* store) : store_(store, X509_STORE_free) {}

  std::shared_ptr<X509_STORE> store_;
};

}  // namespace lagnet::rpc

#endif  // LAGNET_SERVER_RPC_CERTIFICATE_H_
