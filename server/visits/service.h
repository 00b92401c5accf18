#ifndef LAGNET_SERVER_VISITS_SERVICE_H_
#define LAGNET_SERVER_VISITS_SERVICE_H_

#include <functional>
#include <memory>
#include <optional>

#include "lagnet/visits/v1/sign_ups.grpc.pb.h"
#include "lagnet/visits/v1/study_visits.grpc.pb.h"
#include "server/db/pool.h"
#include "server/privacy/vault.h"
#include "server/rpc/gate.h"
#include "server/visits/desk.h"
#include "server/visits/snapshot.h"
#include "server/visits/visit.h"
#include "server/visits/watches.h"

namespace lagnet::visits {

// Reads answer with bytes that are ready made (see snapshot.h).
using StudyVisitServiceBase =
    v1::StudyVisitService::WithRawCallbackMethod_GetStudyVisit<
        v1::StudyVisitService::WithRawCallbackMethod_ListStudyVisits<
            v1::StudyVisitService::CallbackService>>;

// See study_visits.proto. Thread-safe, as is the service below.
class StudyVisitService final : public StudyVisitServiceBase {
 public:
  // `snapshot` may be null: then everything is read from the database.
  StudyVisitService(rpc::Gate* gate, db::Pool* pool, Watches* watches,
                    const Snapshot* snapshot = nullptr);

  grpc::ServerUnaryReactor* GetStudyVisit(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override {
    return gate_->RunFromMemory(context, request, response, this,
                                &StudyVisitService::GetFromMemory,
                                &StudyVisitService::Get);
  }
  grpc::ServerUnaryReactor* ListStudyVisits(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* request,
      grpc::ByteBuffer* response) override {
    return gate_->RunFromMemory(context, request, response, this,
                                &StudyVisitService::ListFromMemory,
                                &StudyVisitService::List);
  }
  grpc::ServerUnaryReactor* CreateStudyVisit(
      grpc::CallbackServerContext* context,
      const v1::CreateStudyVisitRequest* request,
      v1::StudyVisit* response) override {
    return gate_->Run(context, request, response, this,
                      &StudyVisitService::Create);
  }
  grpc::ServerUnaryReactor* UpdateStudyVisit(
      grpc::CallbackServerContext* context,
      const v1::UpdateStudyVisitRequest* request,
      v1::StudyVisit* response) override {
    return gate_->Run(context, request, response, this,
                      &StudyVisitService::Update);
  }
  grpc::ServerUnaryReactor* PublishStudyVisit(
      grpc::CallbackServerContext* context,
      const v1::PublishStudyVisitRequest* request,
      v1::StudyVisit* response) override {
    return gate_->Run(context, request, response, this,
                      &StudyVisitService::Publish);
  }
  grpc::ServerUnaryReactor* CancelStudyVisit(
      grpc::CallbackServerContext* context,
      const v1::CancelStudyVisitRequest* request,
      v1::StudyVisit* response) override {
    return gate_->Run(context, request, response, this,
                      &StudyVisitService::Cancel);
  }
  grpc::ServerUnaryReactor* CompleteStudyVisit(
      grpc::CallbackServerContext* context,
      const v1::CompleteStudyVisitRequest* request,
      v1::StudyVisit* response) override {
    return gate_->Run(context, request, response, this,
                      &StudyVisitService::Complete);
  }
  grpc::ServerUnaryReactor* DeleteStudyVisit(
      grpc::CallbackServerContext* context,
      const v1::DeleteStudyVisitRequest* request,
      v1::StudyVisit* response) override {
    return gate_->Run(context, request, response, this,
                      &StudyVisitService::Delete);
  }
  grpc::ServerUnaryReactor* DescribeSeatRules(
      grpc::CallbackServerContext* context,
      const v1::DescribeSeatRulesRequest* request,
      v1::DescribeSeatRulesResponse* response) override {
    return gate_->Run(context, request, response, this,
                      &StudyVisitService::DescribeRules);
  }
  grpc::ServerUnaryReactor* PreviewLetters(
      grpc::CallbackServerContext* context,
      const v1::PreviewLettersRequest* request,
      v1::PreviewLettersResponse* response) override {
    return gate_->Run(context, request, response, this,
                      &StudyVisitService::Preview);
  }
  grpc::ServerUnaryReactor* SuggestSeatRules(
      grpc::CallbackServerContext* context,
      const v1::SuggestSeatRulesRequest* request,
      v1::SeatRules* response) override {
    return gate_->Run(context, request, response, this,
                      &StudyVisitService::SuggestRules);
  }
  grpc::ServerUnaryReactor* ListSeatRulesVersions(
      grpc::CallbackServerContext* context,
      const v1::ListSeatRulesVersionsRequest* request,
      v1::ListSeatRulesVersionsResponse* response) override {
    return gate_->Run(context, request, response, this,
                      &StudyVisitService::ListRules);
  }
  grpc::ServerWriteReactor<v1::WatchStudyVisitsResponse>* WatchStudyVisits(
      grpc::CallbackServerContext* context,
      const v1::WatchStudyVisitsRequest* request) override {
    return gate_->RunStream(context, request, this, &StudyVisitService::Watch);
  }

 private:
  // Drafts concern their hosts and the network.
  bool MaySee(const rpc::Call& call, const StudyVisit& visit) const;
  // Whether the snapshot shows what the caller has written.
  bool IsInMemory(const rpc::Call& call) const;

  // From the snapshot; nothing if the database has to be asked.
  std::optional<absl::Status> GetFromMemory(
      const rpc::Call& call, const v1::GetStudyVisitRequest& request,
      std::string* answer);
  std::optional<absl::Status> ListFromMemory(
      const rpc::Call& call, const v1::ListStudyVisitsRequest& request,
      std::string* answer);

  absl::StatusOr<v1::StudyVisit> Get(const rpc::Call& call,
                                     const v1::GetStudyVisitRequest& request);
  absl::StatusOr<v1::ListStudyVisitsResponse> List(
      const rpc::Call& call, const v1::ListStudyVisitsRequest& request);
  absl::StatusOr<v1::StudyVisit> Create(
      const rpc::Call& call, const v1::CreateStudyVisitRequest& request);
  absl::StatusOr<v1::StudyVisit> Update(
      const rpc::Call& call, const v1::UpdateStudyVisitRequest& request);
  absl::StatusOr<v1::StudyVisit> Publish(
      const rpc::Call& call, const v1::PublishStudyVisitRequest& request);
  absl::StatusOr<v1::StudyVisit> Cancel(
      const rpc::Call& call, const v1::CancelStudyVisitRequest& request);
  absl::StatusOr<v1::StudyVisit> Complete(
      const rpc::Call& call, const v1::CompleteStudyVisitRequest& request);
  absl::StatusOr<v1::StudyVisit> Delete(
      const rpc::Call& call, const v1::DeleteStudyVisitRequest& request);
  absl::StatusOr<v1::DescribeSeatRulesResponse> DescribeRules(
      const rpc::Call& call, const v1::DescribeSeatRulesRequest& request);
  absl::StatusOr<v1::PreviewLettersResponse> Preview(
      const rpc::Call& call, const v1::PreviewLettersRequest& request);
  absl::StatusOr<v1::SeatRules> SuggestRules(
      const rpc::Call& call, const v1::SuggestSeatRulesRequest& request);
  absl::StatusOr<v1::ListSeatRulesVersionsResponse> ListRules(
      const rpc::Call& call, const v1::ListSeatRulesVersionsRequest& request);

  absl::Status Watch(
      const rpc::Call& call, const v1::WatchStudyVisitsRequest& request,
      std::shared_ptr<rpc::Feed<v1::WatchStudyVisitsResponse>> feed);

  // Changes a visit once, under its lock, through a decision about its seats.
  // `edit` changes the visit and returns the command to decide.
  absl::StatusOr<v1::StudyVisit> Change(
      const rpc::Call& call, const std::string& name, const std::string& etag,
      bool validate_only, const std::string& rules_change_reason,
      const std::function<absl::StatusOr<Command>(StudyVisit& visit,
                                                  absl::Time now)>& edit);

  rpc::Gate* const gate_;
  db::Pool* const pool_;
  Watches* const watches_;
  const Snapshot* const snapshot_;
};

// See sign_ups.proto.
class SignUpService final : public v1::SignUpService::CallbackService {
 public:
  // `mails_links`: whoever signs up through a web gateway gets the link by
  // mail, and confirms the address by it.
  SignUpService(rpc::Gate* gate, db::Pool* pool, Desk* desk, Watches* watches,
                const privacy::Vault* vault, bool mails_links = false);

  grpc::ServerUnaryReactor* GetSignUp(grpc::CallbackServerContext* context,
                                      const v1::GetSignUpRequest* request,
                                      v1::SignUp* response) override {
    return gate_->Run(context, request, response, this, &SignUpService::Get);
  }
  grpc::ServerUnaryReactor* ListSignUps(
      grpc::CallbackServerContext* context,
      const v1::ListSignUpsRequest* request,
      v1::ListSignUpsResponse* response) override {
    return gate_->Run(context, request, response, this, &SignUpService::List);
  }
  grpc::ServerUnaryReactor* CreateSignUp(grpc::CallbackServerContext* context,
                                         const v1::CreateSignUpRequest* request,
                                         v1::SignUp* response) override {
    return gate_->RunLater(context, request, response, this,
                           &SignUpService::Create);
  }
  grpc::ServerUnaryReactor* BatchCreateSignUps(
      grpc::CallbackServerContext* context,
      const v1::BatchCreateSignUpsRequest* request,
      v1::BatchCreateSignUpsResponse* response) override {
    return gate_->RunLater(context, request, response, this,
                           &SignUpService::BatchCreate);
  }
  grpc::ServerUnaryReactor* WithdrawSignUp(
      grpc::CallbackServerContext* context,
      const v1::WithdrawSignUpRequest* request, v1::SignUp* response) override {
    return gate_->RunLater(context, request, response, this,
                           &SignUpService::Withdraw);
  }
  grpc::ServerUnaryReactor* VerifySignUp(grpc::CallbackServerContext* context,
                                         const v1::VerifySignUpRequest* request,
                                         v1::SignUp* response) override {
    return gate_->RunLater(context, request, response, this,
                           &SignUpService::Verify);
  }
  grpc::ServerUnaryReactor* ConfirmSignUp(
      grpc::CallbackServerContext* context,
      const v1::ConfirmSignUpRequest* request, v1::SignUp* response) override {
    return gate_->RunLater(context, request, response, this,
                           &SignUpService::Confirm);
  }
  grpc::ServerUnaryReactor* RefuseSignUp(grpc::CallbackServerContext* context,
                                         const v1::RefuseSignUpRequest* request,
                                         v1::SignUp* response) override {
    return gate_->RunLater(context, request, response, this,
                           &SignUpService::Refuse);
  }
  grpc::ServerUnaryReactor* AcceptSignUp(grpc::CallbackServerContext* context,
                                         const v1::AcceptSignUpRequest* request,
                                         v1::SignUp* response) override {
    return gate_->RunLater(context, request, response, this,
                           &SignUpService::Accept);
  }
  grpc::ServerUnaryReactor* DeclineSignUp(
      grpc::CallbackServerContext* context,
      const v1::DeclineSignUpRequest* request, v1::SignUp* response) override {
    return gate_->RunLater(context, request, response, this,
                           &SignUpService::Decline);
  }
  grpc::ServerUnaryReactor* SubstituteMember(
      grpc::CallbackServerContext* context,
      const v1::SubstituteMemberRequest* request,
      v1::SignUp* response) override {
    return gate_->RunLater(context, request, response, this,
                           &SignUpService::Substitute);
  }
  grpc::ServerUnaryReactor* PromoteSignUp(
      grpc::CallbackServerContext* context,
      const v1::PromoteSignUpRequest* request, v1::SignUp* response) override {
    return gate_->RunLater(context, request, response, this,
                           &SignUpService::Promote);
  }
  grpc::ServerUnaryReactor* EraseSignUp(grpc::CallbackServerContext* context,
                                        const v1::EraseSignUpRequest* request,
                                        v1::SignUp* response) override {
    return gate_->Run(context, request, response, this, &SignUpService::Erase);
  }
  grpc::ServerUnaryReactor* RankSignUps(
      grpc::CallbackServerContext* context,
      const v1::RankSignUpsRequest* request,
      v1::RankSignUpsResponse* response) override {
    return gate_->Run(context, request, response, this, &SignUpService::Rank);
  }
  grpc::ServerUnaryReactor* ExplainSignUp(
      grpc::CallbackServerContext* context,
      const v1::ExplainSignUpRequest* request,
      v1::SignUpExplanation* response) override {
    return gate_->Run(context, request, response, this,
                      &SignUpService::Explain);
  }
  grpc::ServerWriteReactor<v1::WatchSignUpsResponse>* WatchSignUps(
      grpc::CallbackServerContext* context,
      const v1::WatchSignUpsRequest* request) override {
    return gate_->RunStream(context, request, this, &SignUpService::Watch);
  }

 private:
  template <typename Response>
  using Done = std::function<void(absl::StatusOr<Response>)>;

  absl::StatusOr<v1::SignUp> Get(const rpc::Call& call,
                                 const v1::GetSignUpRequest& request);
  absl::StatusOr<v1::ListSignUpsResponse> List(
      const rpc::Call& call, const v1::ListSignUpsRequest& request);
  void Create(const rpc::Call& call, const v1::CreateSignUpRequest& request,
              Done<v1::SignUp> done);
  void BatchCreate(const rpc::Call& call,
                   const v1::BatchCreateSignUpsRequest& request,
                   Done<v1::BatchCreateSignUpsResponse> done);
  void Withdraw(const rpc::Call& call, const v1::WithdrawSignUpRequest& request,
                Done<v1::SignUp> done);
  void Verify(const rpc::Call& call, const v1::VerifySignUpRequest& request,
              Done<v1::SignUp> done);
  void Confirm(const rpc::Call& call, const v1::ConfirmSignUpRequest& request,
               Done<v1::SignUp> done);
  void Refuse(const rpc::Call& call, const v1::RefuseSignUpRequest& request,
              Done<v1::SignUp> done);
  void Accept(const rpc::Call& call, const v1::AcceptSignUpRequest& request,
              Done<v1::SignUp> done);
  void Decline(const rpc::Call& call, const v1::DeclineSignUpRequest& request,
               Done<v1::SignUp> done);
  void Substitute(const rpc::Call& call,
                  const v1::SubstituteMemberRequest& request,
                  Done<v1::SignUp> done);
  void Promote(const rpc::Call& call, const v1::PromoteSignUpRequest& request,
               Done<v1::SignUp> done);
  absl::StatusOr<v1::SignUp> Erase(const rpc::Call& call,
                                   const v1::EraseSignUpRequest& request);
  absl::StatusOr<v1::RankSignUpsResponse> Rank(
      const rpc::Call& call, const v1::RankSignUpsRequest& request);
  absl::StatusOr<v1::SignUpExplanation> Explain(
      const rpc::Call& call, const v1::ExplainSignUpRequest& request);
  absl::Status Watch(const rpc::Call& call,
                     const v1::WatchSignUpsRequest& request,
                     std::shared_ptr<rpc::Feed<v1::WatchSignUpsResponse>> feed);

  // Asks the desk for what `Command` does with the sign-up that `request`
  // names; `fill` adds to the wish.
  template <typename Command, typename Request>
  void Ask(const rpc::Call& call, const Request& request, Done<v1::SignUp> done,
           const std::function<absl::Status(Wish&)>& fill = nullptr);

  // What `request` asks the desk for, without `done`.
  absl::StatusOr<Wish> WishOf(const rpc::Call& call,
                              const v1::CreateSignUpRequest& request);

  // Whether the caller's link goes to the person by mail, and not back.
  bool MailsLinkFor(const rpc::Call& call) const {
    return mails_links_ &&
           (call.role == rpc::Role::GATEWAY || call.role == rpc::Role::HOLDER);
  }
  v1::SignUp WithLink(const SignUp& sign_up) const;

  rpc::Gate* const gate_;
  db::Pool* const pool_;
  Desk* const desk_;
  Watches* const watches_;
  const privacy::Vault* const vault_;
  const bool mails_links_;
};

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_SERVICE_H_
