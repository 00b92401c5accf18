#ifndef LAGNET_SERVER_ACCESS_COLLEAGUE_SERVICE_H_
#define LAGNET_SERVER_ACCESS_COLLEAGUE_SERVICE_H_

#include "lagnet/access/v1/colleagues.grpc.pb.h"
#include "server/access/service.h"
#include "server/privacy/vault.h"

namespace lagnet::access {

// See colleagues.proto. Thread-safe.
class ColleagueService final : public v1::ColleagueService::CallbackService {
 public:
  ColleagueService(rpc::Gate* gate, db::Pool* pool, const privacy::Vault* vault,
                   OnChange on_change);

  grpc::ServerUnaryReactor* ListColleagues(
      grpc::CallbackServerContext* context,
      const v1::ListColleaguesRequest* request,
      v1::ListColleaguesResponse* response) override {
    return gate_->Run(context, request, response, this,
                      &ColleagueService::List);
  }
  grpc::ServerUnaryReactor* InviteColleague(
      grpc::CallbackServerContext* context,
      const v1::InviteColleagueRequest* request,
      v1::Account* response) override {
    return gate_->Run(context, request, response, this,
                      &ColleagueService::Invite);
  }
  grpc::ServerUnaryReactor* RemoveColleague(
      grpc::CallbackServerContext* context,
      const v1::RemoveColleagueRequest* request,
      v1::Account* response) override {
    return gate_->Run(context, request, response, this,
                      &ColleagueService::Remove);
  }

 private:
  absl::StatusOr<v1::ListColleaguesResponse> List(
      const rpc::Call& call, const v1::ListColleaguesRequest& request);
  absl::StatusOr<v1::Account> Invite(const rpc::Call& call,
                                     const v1::InviteColleagueRequest& request);
  absl::StatusOr<v1::Account> Remove(const rpc::Call& call,
                                     const v1::RemoveColleagueRequest& request);
  absl::StatusOr<v1::Account> Render(db::Tx& tx, const std::string& name) const;

  rpc::Gate* const gate_;
  db::Pool* const pool_;
  const privacy::Vault* const vault_;
  const OnChange on_change_;
};

}  // namespace lagnet::access

#endif  // LAGNET_SERVER_ACCESS_COLLEAGUE_SERVICE_H_
