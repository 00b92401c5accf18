#ifndef LAGNET_SERVER_ACCESS_SESSION_SERVICE_H_
#define LAGNET_SERVER_ACCESS_SESSION_SERVICE_H_

#include <string>
#include <vector>

#include "lagnet/access/v1/sessions.grpc.pb.h"
#include "server/access/service.h"
#include "server/privacy/vault.h"

namespace lagnet::access {

// See sessions.proto. Thread-safe.
class SessionService final : public v1::SessionService::CallbackService {
 public:
  SessionService(rpc::Gate* gate, db::Pool* pool, const privacy::Vault* vault,
                 bool sends_mail, OnChange on_change);

  grpc::ServerUnaryReactor* StartSignIn(
      grpc::CallbackServerContext* context,
      const v1::StartSignInRequest* request,
      v1::StartSignInResponse* response) override {
    return gate_->Run(context, request, response, this, &SessionService::Start);
  }
  grpc::ServerUnaryReactor* CreateSession(
      grpc::CallbackServerContext* context,
      const v1::CreateSessionRequest* request,
      v1::CreateSessionResponse* response) override {
    return gate_->Run(context, request, response, this,
                      &SessionService::Create);
  }
  grpc::ServerUnaryReactor* EndSession(
      grpc::CallbackServerContext* context,
      const v1::EndSessionRequest* request,
      v1::EndSessionResponse* response) override {
    return gate_->Run(context, request, response, this, &SessionService::End);
  }

 private:
  absl::StatusOr<v1::StartSignInResponse> Start(
      const rpc::Call& call, const v1::StartSignInRequest& request);
  absl::StatusOr<v1::CreateSessionResponse> Create(
      const rpc::Call& call, const v1::CreateSessionRequest& request);
  absl::StatusOr<v1::EndSessionResponse> End(
      const rpc::Call& call, const v1::EndSessionRequest& request);

  // The accounts that whoever knows the secret may use; none if it is wrong.
  absl::StatusOr<std::vector<Account>> Prove(const rpc::Call& call,
                                             const std::string& name,
                                             const std::string& secret);

  rpc::Gate* const gate_;
  db::Pool* const pool_;
  const privacy::Vault* const vault_;
  const bool sends_mail_;
  const OnChange on_change_;
};

}  // namespace lagnet::access

#endif  // LAGNET_SERVER_ACCESS_SESSION_SERVICE_H_
