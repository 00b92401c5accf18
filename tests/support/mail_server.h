#ifndef LAGNET_TESTS_SUPPORT_MAIL_SERVER_H_
#define LAGNET_TESTS_SUPPORT_MAIL_SERVER_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "nlohmann/json.hpp"

namespace lagnet::support {

// A real SMTP server (Python's aiosmtpd), which keeps what it takes.
class MailServer {
 public:
  // `options` are those of mail_server.py beside --folder and --port. Ends the
  // program if it does not start.
  explicit MailServer(std::vector<std::string> options = {});
  ~MailServer();
  MailServer(const MailServer&) = delete;
  MailServer& operator=(const MailServer&) = delete;

  int port() const { return port_; }
  std::string Url() const;  // "smtp://127.0.0.1:PORT".

  // Ends it and starts it again on the same port, with what it has.
  void Stop();
  void Start();

  // All messages so far, as mail_server.py writes them: "to" (a list),
  // "headers" by small names, "parts" by type.
  std::vector<nlohmann::json> Messages() const;
  // The same as soon as there are so many; fewer if that takes too long.
  std::vector<nlohmann::json> WaitFor(
      size_t count, absl::Duration timeout = absl::Seconds(30)) const;

 private:
  std::vector<std::string> options_;
  std::string folder_;
  int port_ = 0;
  int round_ = 0;
  int input_ = -1;  // Its standard input: it ends with that.
  pid_t pid_ = -1;
};

}  // namespace lagnet::support

#endif  // LAGNET_TESTS_SUPPORT_MAIL_SERVER_H_
