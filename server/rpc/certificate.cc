#include "server/rpc/certificate.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <ctime>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"

namespace lagnet::rpc {
namespace {

// 112 bits: RSA from 2048 bits on, no SHA-1.
constexpr int kSecurityLevel = 2;

template <typename T, void (*Free)(T*)>
struct Freed {
  void operator()(T* object) const { Free(object); }
};
template <typename T, void (*Free)(T*)>
using Owned = std::unique_ptr<T, Freed<T, Free>>;

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

struct FreeStack {  // Not what it holds.
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};
using Stack = std::unique_ptr<STACK_OF(X509), FreeStack>;

Bio BioOf(absl::string_view text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// A key with a passphrase is refused; nobody is asked at a terminal.
int NoPassphrase(char*, int, int, void*) { return -1; }

absl::Time TimeOf(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return absl::InfinitePast();
  return absl::FromTM(parts, absl::UTCTimeZone());
}

absl::Status Refused(absl::string_view why) {
  return Error(
      absl::StatusCode::kUnauthenticated, "BAD_CREDENTIALS",
      absl::StrCat("the client certificate proves nobody here: ", why));
}

}  // namespace

absl::StatusOr<std::vector<Certificate>> Certificate::ReadAll(
    absl::string_view pem) {
  std::vector<Certificate> all;
  ERR_clear_error();
  const Bio bio = BioOf(pem);
  while (X509* const x509 =
             PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr)) {
    all.push_back(Certificate(x509));
  }
  const bool at_end =
      ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!at_end) return absl::InvalidArgumentError("a certificate is damaged");
  return all;
}

std::string Certificate::serial() const {
  const Owned<BIGNUM, BN_free> number(
      ASN1_INTEGER_to_BN(X509_get0_serialNumber(get()), nullptr));
  char* const hex = BN_bn2hex(number.get());
  std::string result = hex == nullptr ? "" : hex;
  OPENSSL_free(hex);
  return result;
}

absl::Time Certificate::start() const {
  return TimeOf(X509_get0_notBefore(get()));
}

absl::Time Certificate::end() const {
  return TimeOf(X509_get0_notAfter(get()));
}

// By doing what gRPC does when it takes them, so that it takes them.
absl::Status CheckKeyPair(const std::string& chain_pem,
                          const std::string& key_pem) {
  ASSIGN_OR_RETURN(const std::vector<Certificate> chain,
                   Certificate::ReadAll(chain_pem));
  if (chain.empty()) {
    return absl::InvalidArgumentError("there is no certificate");
  }
  const Owned<EVP_PKEY, EVP_PKEY_free> key(PEM_read_bio_PrivateKey(
      BioOf(key_pem).get(), nullptr, NoPassphrase, nullptr));
  const Owned<SSL_CTX, SSL_CTX_free> context(SSL_CTX_new(TLS_server_method()));
  absl::Status status;
  if (key == nullptr) {
    status = absl::InvalidArgumentError(
        "the private key is damaged, or locked with a passphrase");
  } else if (SSL_CTX_use_certificate(context.get(), chain[0].get()) != 1) {
    status = absl::InvalidArgumentError(
        "the certificate is too weak: RSA takes 2048 bits, and SHA-1 is over");
  } else if (SSL_CTX_use_PrivateKey(context.get(), key.get()) != 1 ||
             SSL_CTX_check_private_key(context.get()) != 1) {
    status = absl::InvalidArgumentError(
        "the private key does not belong to the certificate");
  }
  for (size_t i = 1; i < chain.size() && status.ok(); ++i) {
    if (SSL_CTX_add1_chain_cert(context.get(), chain[i].get()) != 1) {
      status = absl::InvalidArgumentError(
          absl::StrCat("certificate ", i + 1, " of the chain cannot be used"));
    }
  }
  ERR_clear_error();
  return status;
}

absl::StatusOr<Authorities> Authorities::Read(absl::string_view pem) {
  ASSIGN_OR_RETURN(const std::vector<Certificate> all,
                   Certificate::ReadAll(pem));
  if (all.empty()) return absl::InvalidArgumentError("there is no certificate");
  Authorities authorities(X509_STORE_new());
  for (const Certificate& authority : all) {
    X509_STORE_add_cert(authorities.store_.get(), authority.get());
  }
  return authorities;
}

absl::StatusOr<absl::Time> Authorities::Verify(
    const std::vector<Certificate>& shown, const DenyList& denied,
    absl::Time now) const {
  const Stack untrusted(sk_X509_new_null());
  for (const Certificate& other : shown) {
    sk_X509_push(untrusted.get(), other.get());
  }
  const Owned<X509_STORE_CTX, X509_STORE_CTX_free> check(X509_STORE_CTX_new());
  X509_STORE_CTX_init(check.get(), store_.get(), shown[0].get(),
                      untrusted.get());
  X509_STORE_CTX_set_default(check.get(), "ssl_client");
  X509_VERIFY_PARAM* const rules = X509_STORE_CTX_get0_param(check.get());
  X509_VERIFY_PARAM_set_auth_level(rules, kSecurityLevel);
  X509_VERIFY_PARAM_set_time(rules, absl::ToTimeT(now));
  const bool good = X509_verify_cert(check.get()) == 1;
  ERR_clear_error();
  if (!good) {
    return Refused(
        X509_verify_cert_error_string(X509_STORE_CTX_get_error(check.get())));
  }
  absl::Time end = absl::InfiniteFuture();
  STACK_OF(X509)* const chain = X509_STORE_CTX_get0_chain(check.get());
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    X509_up_ref(sk_X509_value(chain, i));
    const Certificate link(sk_X509_value(chain, i));
    end = std::min(end, link.end());
    if (denied.Contains(link.serial())) {
      return Error(absl::StatusCode::kUnauthenticated, "CERTIFICATE_DENIED",
                   "the client certificate was withdrawn; ask the network's "
                   "staff for a new one")
          .With("serial", link.serial());
    }
  }
  return end;
}

}  // namespace lagnet::rpc
