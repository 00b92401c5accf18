#ifndef LAGNET_TESTS_E2E_NETWORK_H_
#define LAGNET_TESTS_E2E_NETWORK_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lagnet/client.h"
#include "server/db/connection.h"

// A small network to test on: what the demo has, in small.
namespace lagnet::e2e {

// Fills a new server.
absl::Status FillDirectory(client::Client& client);

// Makes a visit and publishes it.
absl::Status OpenVisit(client::Client& client, const std::string& id,
                       int seats);

// A request to sign somebody up, with a request id of its own.
visits::v1::CreateSignUpRequest SignUpRequest(const std::string& visit,
                                              const std::string& person);
visits::v1::WithdrawSignUpRequest WithdrawRequest(const std::string& sign_up);

// Sends the request until the server has answered it, however often the server
// goes away meanwhile: the request id makes that safe.
absl::StatusOr<visits::v1::SignUp> Insist(
    client::Client& client, const visits::v1::CreateSignUpRequest& request);
absl::StatusOr<visits::v1::SignUp> Insist(
    client::Client& client, const visits::v1::WithdrawSignUpRequest& request);

// Asks the database itself: the first column of the first row, as text.
class Database {
 public:
  explicit Database(const std::string& dsn);
  std::string Ask(const std::string& sql);

  // What is wrong with what it holds of all visits; "" if nothing: oversold,
  // counters that are not the counts, a free seat while somebody waits, a
  // person twice, decisions with gaps.
  std::string Wrong();

 private:
  db::Connection connection_;
};

}  // namespace lagnet::e2e

#endif  // LAGNET_TESTS_E2E_NETWORK_H_
