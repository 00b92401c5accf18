#include "tests/access/fixture.h"

namespace lagnet::access {
namespace {

using support::Call;

WholeServer* the_server = nullptr;
World* the_world = nullptr;

}  // namespace

void AccessTest::SetUpTestSuite() {
  DatabaseTest::SetUpTestSuite();
  the_server = new WholeServer(database().dsn());
  the_world = new World(the_server->channel(), the_server->operator_key());
}

void AccessTest::TearDownTestSuite() {
  delete the_world;
  delete the_server;
  DatabaseTest::TearDownTestSuite();
}

WholeServer& AccessTest::server() { return *the_server; }

World& AccessTest::world() { return *the_world; }

absl::StatusOr<v1::GetCallerResponse> AccessTest::CallerOf(
    const std::string& token) {
  return CallerOn(server(), token);
}

absl::StatusOr<v1::GetCallerResponse> AccessTest::CallerOn(
    const WholeServer& server, const std::string& token) {
  return Call(*v1::AccountService::NewStub(server.channel()),
              &Accounts::GetCaller, v1::GetCallerRequest(), {token});
}

AccessTest::Somebody AccessTest::Make(const std::string& id,
                                      const std::string& grant) {
  Somebody somebody;
  somebody.account = world().NewAccount(id, world().own().at("Network"));
  if (!grant.empty()) world().NewGrant(somebody.account, grant);
  somebody.key = world().NewKey(somebody.account);
  return somebody;
}

absl::StatusOr<v1::ApiKey> AccessTest::CreateKey(const std::string& account,
                                                 const std::string& token) {
  v1::CreateApiKeyRequest request;
  request.set_parent(account);
  request.set_request_id(FreshRequestId());
  return Call(world().keys(), &Keys::CreateApiKey, request, {token});
}

absl::StatusOr<v1::ApiKey> AccessTest::RevokeKey(const std::string& name,
                                                 const std::string& token) {
  v1::RevokeApiKeyRequest request;
  request.set_name(name);
  request.set_request_id(FreshRequestId());
  return Call(world().keys(), &Keys::RevokeApiKey, request, {token});
}

absl::StatusOr<v1::ListApiKeysResponse> AccessTest::ListKeys(
    const std::string& account) {
  v1::ListApiKeysRequest request;
  request.set_parent(account);
  return Call(world().keys(), &Keys::ListApiKeys, request,
              world().as_operator());
}

absl::StatusOr<v1::Grant> AccessTest::Grant(const std::string& account,
                                            const std::string& grant,
                                            const std::string& token) {
  v1::CreateGrantRequest request;
  request.set_parent(account);
  support::ParseText(grant, request.mutable_grant());
  request.set_request_id(FreshRequestId());
  return Call(world().accounts(), &Accounts::CreateGrant, request, {token});
}

absl::StatusOr<v1::Account> AccessTest::Get(const std::string& account,
                                            const std::string& token) {
  v1::GetAccountRequest request;
  request.set_name(account);
  return Call(world().accounts(), &Accounts::GetAccount, request, {token});
}

absl::StatusOr<v1::Account> AccessTest::Disable(const std::string& account) {
  v1::DisableAccountRequest request;
  request.set_name(account);
  request.set_request_id(FreshRequestId());
  return Call(world().accounts(), &Accounts::DisableAccount, request,
              world().as_operator());
}

}  // namespace lagnet::access
