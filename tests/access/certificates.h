#ifndef LAGNET_TESTS_ACCESS_CERTIFICATES_H_
#define LAGNET_TESTS_ACCESS_CERTIFICATES_H_

#include <string>

#include "tests/access/whole_server.h"

namespace lagnet::access {

// Makes keys and certificates with the openssl command, in a folder of their
// own. Ends the test program if openssl does not do as it is told.
class Certificates {
 public:
  // With two authorities, "ca" and "other-ca", who do not know each other.
  Certificates();

  // How a certificate may differ from a good one for clients.
  struct Kind {
    std::string san = "DNS:lag.example.org";  // "" for none.
    std::string start = "20200101000000Z";
    std::string end = "20990101000000Z";
    std::string ca = "ca";  // "" signs itself.
    std::string usage = "clientAuth";
    std::string key = "ec -pkeyopt ec_paramgen_curve:P-256";
    std::string digest = "sha256";
  };
  // Makes NAME.pem and NAME.key.
  void Make(const std::string& name, const Kind& kind);

  // Where NAME's certificate and key lie.
  std::string CertPath(const std::string& name) const;
  std::string KeyPath(const std::string& name) const;

 private:
  void MakeAuthority(const std::string& name);
  void Write(const std::string& file, const std::string& text) const;
  void Run(const std::string& command) const;

  const TemporaryFolder folder_;
};

}  // namespace lagnet::access

#endif  // LAGNET_TESTS_ACCESS_CERTIFICATES_H_
