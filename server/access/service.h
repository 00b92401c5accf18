#ifndef LAGNET_SERVER_ACCESS_SERVICE_H_
#define LAGNET_SERVER_ACCESS_SERVICE_H_

#include <functional>
#include <string>

#include "absl/functional/function_ref.h"
#include "lagnet/access/v1/accounts.grpc.pb.h"
#include "lagnet/access/v1/api_keys.grpc.pb.h"
#include "lagnet/access/v1/claims.grpc.pb.h"
#include "server/access/store.h"
#include "server/db/pool.h"
#include "server/privacy/vault.h"
#include "server/rpc/gate.h"

namespace lagnet::access {

// Runs when accounts changed on this server, so that a new key works at once.
using OnChange = std::function<void()>;

// See accounts.proto. Thread-safe, as is the service below.
class AccountService final : public v1::AccountService::CallbackService {
 public:
  AccountService(rpc::Gate* gate, db::Pool* pool, const privacy::Vault* vault,
                 OnChange on_change);

  grpc::ServerUnaryReactor* GetCaller(
      grpc::CallbackServerContext* context, const v1::GetCallerRequest* request,
      v1::GetCallerResponse* response) override {
    return gate_->Run(context, request, response, this,
                      &AccountService::CallerOf);
  }
  grpc::ServerUnaryReactor* GetAccount(grpc::CallbackServerContext* context,
                                       const v1::GetAccountRequest* request,
                                       v1::Account* response) override {
    return gate_->Run(context, request, response, this, &AccountService::Get);
  }
  grpc::ServerUnaryReactor* ListAccounts(
      grpc::CallbackServerContext* context,
      const v1::ListAccountsRequest* request,
      v1::ListAccountsResponse* response) override {
    return gate_->Run(context, request, response, this, &AccountService::List);
  }
  grpc::ServerUnaryReactor* CreateAccount(
      grpc::CallbackServerContext* context,
      const v1::CreateAccountRequest* request, v1::Account* response) override {
    return gate_->Run(context, request, response, this,
                      &AccountService::Create);
  }
  grpc::ServerUnaryReactor* UpdateAccount(
      grpc::CallbackServerContext* context,
      const v1::UpdateAccountRequest* request, v1::Account* response) override {
    return gate_->Run(context, request, response, this,
                      &AccountService::Update);
  }
  grpc::ServerUnaryReactor* DisableAccount(
      grpc::CallbackServerContext* context,
      const v1::DisableAccountRequest* request,
      v1::Account* response) override {
    return gate_->Run(context, request, response, this,
                      &AccountService::Disable);
  }
  grpc::ServerUnaryReactor* ListGrants(
      grpc::CallbackServerContext* context,
      const v1::ListGrantsRequest* request,
      v1::ListGrantsResponse* response) override {
    return gate_->Run(context, request, response, this,
                      &AccountService::Grants);
  }
  grpc::ServerUnaryReactor* CreateGrant(grpc::CallbackServerContext* context,
                                        const v1::CreateGrantRequest* request,
                                        v1::Grant* response) override {
    return gate_->Run(context, request, response, this, &AccountService::Grant);
  }
  grpc::ServerUnaryReactor* DeleteGrant(grpc::CallbackServerContext* context,
                                        const v1::DeleteGrantRequest* request,
                                        v1::Grant* response) override {
    return gate_->Run(context, request, response, this,
                      &AccountService::Revoke);
  }

 private:
  absl::StatusOr<v1::GetCallerResponse> CallerOf(
      const rpc::Call& call, const v1::GetCallerRequest& request);
  absl::StatusOr<v1::Account> Get(const rpc::Call& call,
                                  const v1::GetAccountRequest& request);
  absl::StatusOr<v1::ListAccountsResponse> List(
      const rpc::Call& call, const v1::ListAccountsRequest& request);
  absl::StatusOr<v1::Account> Create(const rpc::Call& call,
                                     const v1::CreateAccountRequest& request);
  absl::StatusOr<v1::Account> Update(const rpc::Call& call,
                                     const v1::UpdateAccountRequest& request);
  absl::StatusOr<v1::Account> Disable(const rpc::Call& call,
                                      const v1::DisableAccountRequest& request);
  absl::StatusOr<v1::ListGrantsResponse> Grants(
      const rpc::Call& call, const v1::ListGrantsRequest& request);
  absl::StatusOr<v1::Grant> Grant(const rpc::Call& call,
                                  const v1::CreateGrantRequest& request);
  absl::StatusOr<v1::Grant> Revoke(const rpc::Call& call,
                                   const v1::DeleteGrantRequest& request);
  absl::StatusOr<v1::Account> Render(db::Tx& tx, const std::string& name) const;

  rpc::Gate* const gate_;
  db::Pool* const pool_;
  const privacy::Vault* const vault_;
  const OnChange on_change_;
};

// See api_keys.proto.
class ApiKeyService final : public v1::ApiKeyService::CallbackService {
 public:
  ApiKeyService(rpc::Gate* gate, db::Pool* pool, OnChange on_change);

  grpc::ServerUnaryReactor* ListApiKeys(
      grpc::CallbackServerContext* context,
      const v1::ListApiKeysRequest* request,
      v1::ListApiKeysResponse* response) override {
    return gate_->Run(context, request, response, this, &ApiKeyService::List);
  }
  grpc::ServerUnaryReactor* CreateApiKey(grpc::CallbackServerContext* context,
                                         const v1::CreateApiKeyRequest* request,
                                         v1::ApiKey* response) override {
    return gate_->Run(context, request, response, this, &ApiKeyService::Create);
  }
  grpc::ServerUnaryReactor* RevokeApiKey(grpc::CallbackServerContext* context,
                                         const v1::RevokeApiKeyRequest* request,
                                         v1::ApiKey* response) override {
    return gate_->Run(context, request, response, this, &ApiKeyService::Revoke);
  }

 private:
  absl::StatusOr<v1::ListApiKeysResponse> List(
      const rpc::Call& call, const v1::ListApiKeysRequest& request);
  absl::StatusOr<v1::ApiKey> Create(const rpc::Call& call,
                                    const v1::CreateApiKeyRequest& request);
  absl::StatusOr<v1::ApiKey> Revoke(const rpc::Call& call,
                                    const v1::RevokeApiKeyRequest& request);

  rpc::Gate* const gate_;
  db::Pool* const pool_;
  const OnChange on_change_;
};

// See claims.proto.
class ClaimService final : public v1::ClaimService::CallbackService {
 public:
  ClaimService(rpc::Gate* gate, db::Pool* pool, const privacy::Vault* vault,
               bool sends_mail, OnChange on_change);

  grpc::ServerUnaryReactor* StartClaim(
      grpc::CallbackServerContext* context,
      const v1::StartClaimRequest* request,
      v1::StartClaimResponse* response) override {
    return gate_->Run(context, request, response, this, &ClaimService::Start);
  }
  grpc::ServerUnaryReactor* RequestClaim(
      grpc::CallbackServerContext* context,
      const v1::RequestClaimRequest* request,
      v1::RequestClaimResponse* response) override {
    return gate_->Run(context, request, response, this, &ClaimService::Request);
  }
  grpc::ServerUnaryReactor* AcceptClaim(
      grpc::CallbackServerContext* context,
      const v1::AcceptClaimRequest* request,
      v1::AcceptClaimResponse* response) override {
    return gate_->Run(context, request, response, this, &ClaimService::Accept);
  }

 private:
  absl::StatusOr<v1::StartClaimResponse> Start(
      const rpc::Call& call, const v1::StartClaimRequest& request);
  absl::StatusOr<v1::RequestClaimResponse> Request(
      const rpc::Call& call, const v1::RequestClaimRequest& request);
  absl::StatusOr<v1::AcceptClaimResponse> Accept(
      const rpc::Call& call, const v1::AcceptClaimRequest& request);
  // Begins a claim of an organisation whose mailbox passes, and returns its
  // name.
  absl::StatusOr<std::string> Put(
      db::Tx& tx, const RequestKey& by, const std::string& id,
      const std::string& language,
      absl::FunctionRef<absl::Status(const std::string&)> check_mailbox);

  rpc::Gate* const gate_;
  db::Pool* const pool_;
  const privacy::Vault* const vault_;
  const bool sends_mail_;
  const OnChange on_change_;
};

}  // namespace lagnet::access

#endif  // LAGNET_SERVER_ACCESS_SERVICE_H_
