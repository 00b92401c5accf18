#ifndef LAGNET_TESTS_ACCESS_TLS_FIXTURE_H_
#define LAGNET_TESTS_ACCESS_TLS_FIXTURE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "lagnet/access/v1/accounts.grpc.pb.h"
#include "tests/access/whole_server.h"
#include "tests/access/world.h"
#include "tests/support/certificates.h"
#include "tests/support/database.h"
#include "tests/support/server.h"

namespace lagnet::access {

// A whole server with TLS that believes clients' certificates of "ca", for all
// tests of a suite. Its files, "live" and "deny", are the suite's to change.
class TlsTest : public support::DatabaseTest {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  using Kind = support::Certificates::Kind;
  static support::Certificates& certificates();
  static WholeServer& server();
  static World& world();
  // For a server whose certificate is "server"'s and whose files are those.
  static Config FreshConfig();

  // Makes an account that the name in a certificate proves.
  static void MakeSystem(const std::string& id, const std::string& name);

  // A new connection each time, which shows the certificate (none for "") and
  // trusts `ca`.
  static std::shared_ptr<grpc::Channel> Channel(const std::string& certificate,
                                                const std::string& ca = "ca");
  static std::shared_ptr<grpc::Channel> ChannelTo(
      const std::string& address, const std::string& certificate,
      const std::string& ca = "ca");

  // Who calls over this channel.
  static absl::StatusOr<v1::GetCallerResponse> Ask(
      const std::shared_ptr<grpc::Channel>& channel,
      const std::string& token = "");

  // Whether the server shakes hands with an `openssl s_client`.
  static bool HandshakeWorks(const std::string& options);
  // The same for one that shows a certificate, however weak.
  static bool HandshakeWorksWith(const std::string& certificate);
};

}  // namespace lagnet::access

#endif  // LAGNET_TESTS_ACCESS_TLS_FIXTURE_H_
