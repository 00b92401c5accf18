#ifndef LAGNET_TESTS_ACCESS_WORLD_H_
#define LAGNET_TESTS_ACCESS_WORLD_H_

#include <map>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "grpcpp/grpcpp.h"
#include "lagnet/access/v1/accounts.grpc.pb.h"
#include "lagnet/access/v1/api_keys.grpc.pb.h"
#include "tests/access/requests.h"
#include "tests/access/table.h"
#include "tests/support/server.h"

namespace lagnet::access {

// Two networks that know nothing of each other, A (own) and B (other). Each
// has a LAG and a host, a project of the LAG, a study visit that both run, a
// draft of one that the host runs alone, a party of the LAG that signed up,
// and an account without rights but with a grant and a key to take away. All
// made over the API by the operator.
class World {
 public:
  World(std::shared_ptr<grpc::Channel> channel, std::string operator_key);

  // The name of each type of resource in A, in B, and where nothing is.
  const std::map<Place, Names>& names() const { return names_; }
  const Names& own() const { return names_.at(Place::kOwn); }
  const Names& other() const { return names_.at(Place::kOther); }

  // A key for somebody who holds the role of the matrix' column over what is
  // A's: "admin", "manager"; "" for "public".
  const std::string& token(const std::string& role) const;

  // Makes an account in a network, and a key for it.
  std::string NewAccount(const std::string& id, const std::string& network);
  std::string NewKey(const std::string& account);
  // Gives the account a role; `text` is a Grant in text format. Returns its
  // name.
  std::string NewGrant(const std::string& account, const std::string& text);

  v1::AccountService::Stub& accounts() { return *accounts_; }
  v1::ApiKeyService::Stub& keys() { return *keys_; }
  const support::With& as_operator() const { return as_operator_; }

 private:
  Names Make(const std::string& letter);
  void MakeAccounts();

  const std::shared_ptr<grpc::Channel> channel_;
  const support::With as_operator_;
  const std::unique_ptr<v1::AccountService::Stub> accounts_;
  const std::unique_ptr<v1::ApiKeyService::Stub> keys_;
  std::map<Place, Names> names_;
  std::map<std::string, std::string> tokens_;
  std::string holder_token_;
};

}  // namespace lagnet::access

#endif  // LAGNET_TESTS_ACCESS_WORLD_H_
