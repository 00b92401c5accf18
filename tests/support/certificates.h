#ifndef LAGNET_TESTS_SUPPORT_CERTIFICATES_H_
#define LAGNET_TESTS_SUPPORT_CERTIFICATES_H_

#include <string>
#include <utility>

namespace lagnet::support {

// Makes keys and certificates with the openssl command. Everybody may read
// them. Ends the test program if openssl does not do as it is told.
class Certificates {
 public:
  // In a folder, which is made if need be. With two authorities, "ca" and
  // "other-ca", who do not know each other.
  explicit Certificates(std::string folder);

  // How a certificate may differ from a good one for clients.
  struct Kind {
    std::string san = "DNS:lag.example.org";  // "" for none.
    std::string start = "20200101000000Z";
    std::string end = "20990101000000Z";
    std::string ca = "ca";  // "" signs itself.
    std::string usage = "clientAuth";
    std::string key = "ec -pkeyopt ec_paramgen_curve:P-256";
    std::string digest = "sha256";
    bool authority = false;  // May sign others.
  };
  // Makes NAME.pem and NAME.key.
  void Make(const std::string& name, const Kind& kind);

  // Where NAME's certificate and key lie.
  std::string CertPath(const std::string& name) const;
  std::string KeyPath(const std::string& name) const;
  // NAME's serial number, as `openssl x509 -serial` prints it.
  std::string Serial(const std::string& name) const;

  // Puts a text into a file of the folder, which takes the place of an older
  // one at once. Returns its path.
  std::string Write(const std::string& file, const std::string& text) const;
  // The text of NAME's certificate or key.
  std::string Cert(const std::string& name) const;
  std::string Key(const std::string& name) const;

 private:
  void MakeAuthority(const std::string& name);
  void Run(const std::string& command) const;

  const std::string folder_;
};

}  // namespace lagnet::support

#endif  // LAGNET_TESTS_SUPPORT_CERTIFICATES_H_
