#ifndef LAGNET_TESTS_ACCESS_FIXTURE_H_
#define LAGNET_TESTS_ACCESS_FIXTURE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "tests/access/whole_server.h"
#include "tests/access/world.h"
#include "tests/support/database.h"
#include "tests/support/matchers.h"
#include "tests/support/server.h"

namespace lagnet::access {

using Accounts = v1::AccountService::Stub;
using Keys = v1::ApiKeyService::Stub;

// A whole server with two networks, for all tests of a suite.
class AccessTest : public support::DatabaseTest {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();

  static WholeServer& server();
  static World& world();

  // Who calls with this key, or why nobody does.
  static absl::StatusOr<v1::GetCallerResponse> CallerOf(
      const std::string& token);
  static absl::StatusOr<v1::GetCallerResponse> CallerOn(
      const WholeServer& server, const std::string& token);

  // An account of network A, by its id, with a key and what `grant` (text of a
  // Grant; "" for nothing) gives it.
  struct Somebody {
    std::string account;
    std::string key;
  };
  static Somebody Make(const std::string& id, const std::string& grant = "");

  static absl::StatusOr<v1::ApiKey> CreateKey(const std::string& account,
                                              const std::string& token);
  static absl::StatusOr<v1::ApiKey> RevokeKey(const std::string& name,
                                              const std::string& token);
  static absl::StatusOr<v1::ListApiKeysResponse> ListKeys(
      const std::string& account);
  static absl::StatusOr<v1::Grant> Grant(const std::string& account,
                                         const std::string& grant,
                                         const std::string& token);
  static absl::StatusOr<v1::Account> Get(const std::string& account,
                                         const std::string& token);
  static absl::StatusOr<v1::Account> Disable(const std::string& account);
};

}  // namespace lagnet::access

#endif  // LAGNET_TESTS_ACCESS_FIXTURE_H_
