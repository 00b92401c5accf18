#ifndef LAGNET_SERVER_MAIL_SMTP_H_
#define LAGNET_SERVER_MAIL_SMTP_H_

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "server/mail/letter.h"

namespace lagnet::mail {

// What became of a message that was handed to the mail server.
struct Delivery {
  enum class Outcome {
    kTaken,
    // It may be taken later: the same message again.
    kLater,
    // Never.
    kRefused,
    // Never, and nothing else to this address either.
    kNoSuchAddress,
    // The server takes nothing at all now: out of reach, no certificate that
    // we trust, a wrong password, a sender that it does not want.
    kNoServer,
  };
  Outcome outcome = Outcome::kTaken;
  std::string failure;  // What was wrong, without addresses.
};

// Hands messages to a mail server by SMTP, through libcurl, over one
// connection that is kept. Not thread-safe.
class Smtp {
 public:
  struct Options {
    // "smtp://HOST:PORT" (TLS by STARTTLS, required) or "smtps://HOST:PORT".
    std::string server;
    bool plaintext = false;  // On this machine only.
    std::string user;        // Empty: none.
    std::string password;
    std::string ca;    // PEM file to trust; empty: the system's.
    std::string from;  // An address, or "Name <address>".
  };

  explicit Smtp(Options options);
  ~Smtp();
  Smtp(const Smtp&) = delete;
  Smtp& operator=(const Smtp&) = delete;

  // `id` is the same whenever the same letter is sent to the same address.
  Delivery Send(const Message& message, const std::string& id, absl::Time now);

 private:
  class Easy;

  const Options options_;
  const std::string address_;  // In `from`.
  std::unique_ptr<Easy> easy_;
};

// The address in "Name <address>".
std::string AddressIn(const std::string& from);

}  // namespace lagnet::mail

#endif  // LAGNET_SERVER_MAIL_SMTP_H_
