#ifndef LAGNET_TESTS_CLIENTS_PEER_H_
#define LAGNET_TESTS_CLIENTS_PEER_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/grpcpp.h"
#include "lagnet/client.h"

namespace lagnet::client {

// An error as the server sends it.
inline grpc::Status Refusal(grpc::StatusCode code, const std::string& reason,
                            absl::Duration retry = absl::ZeroDuration()) {
  google::rpc::Status wire;
  wire.set_code(code);
  wire.set_message("refused");
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  info.set_domain("lagnet");
  wire.add_details()->PackFrom(info);
  if (retry > absl::ZeroDuration()) {
    google::rpc::RetryInfo retry_info;
    retry_info.mutable_retry_delay()->set_nanos(
        absl::ToInt64Nanoseconds(retry));
    wire.add_details()->PackFrom(retry_info);
  }
  return grpc::Status(code, wire.message(), wire.SerializeAsString());
}

// A gRPC server in this process that answers as each test says. What it
// receives is kept.
class Peer : public visits::v1::SignUpService::Service {
 public:
  using Response = visits::v1::WatchSignUpsResponse;
  using Writer = grpc::ServerWriter<Response>;

  Peer() { Start(0); }
  ~Peer() override { Stop(); }

  void Start(int port) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:" + std::to_string(port),
                             grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    builder.RegisterService(&visits_);
    server_ = builder.BuildAndStart();
  }
  void Stop() {
    if (server_ != nullptr) {
      server_->Shutdown(absl::ToChronoTime(absl::Now()));
    }
    server_ = nullptr;
  }
  int port() const { return port_; }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  std::unique_ptr<Client> Connect(absl::Duration timeout = absl::Seconds(10),
                                  const std::string& key = "k1") {
    ConnectOptions options;
    options.server = address();
    return std::make_unique<Client>(*OpenChannel(options), key, timeout);
  }

  // The answer to call number N (from 0) of a unary method.
  std::function<grpc::Status(int)> answer = [](int) {
    return grpc::Status::OK;
  };
  // What stream number N (from 0) does.
  std::function<grpc::Status(int, const visits::v1::WatchSignUpsRequest&,
                             grpc::ServerContext*, Writer*)>
      stream;
  // The pages of ListSignUps.
  std::vector<visits::v1::ListSignUpsResponse> pages;

  std::vector<std::string> request_ids() {
    absl::MutexLock lock(&mutex_);
    return request_ids_;
  }
  std::vector<std::string> resume_tokens() {
    absl::MutexLock lock(&mutex_);
    return resume_tokens_;
  }
  // The value that the last call carried under `key`.
  std::string metadata(const std::string& key) {
    absl::MutexLock lock(&mutex_);
    const auto found = metadata_.find(key);
    return found == metadata_.end() ? "" : found->second;
  }

 private:
  int Note(const grpc::ServerContext& context, const std::string& request_id) {
    absl::MutexLock lock(&mutex_);
    metadata_.clear();
    for (const auto& [key, value] : context.client_metadata()) {
      metadata_[{key.data(), key.size()}] = {value.data(), value.size()};
    }
    request_ids_.push_back(request_id);
    return static_cast<int>(request_ids_.size()) - 1;
  }

  grpc::Status CreateSignUp(grpc::ServerContext* context,
                            const visits::v1::CreateSignUpRequest* request,
                            visits::v1::SignUp* response) override {
    const int number = Note(*context, request->request_id());
    context->AddTrailingMetadata("lagnet-revision", std::to_string(number + 9));
    response->set_name(request->parent() + "/signUps/1");
    response->set_state(visits::v1::SignUp::CONFIRMED);
    return answer(number);
  }
  grpc::Status ListSignUps(grpc::ServerContext* context,
                           const visits::v1::ListSignUpsRequest* request,
                           visits::v1::ListSignUpsResponse* response) override {
    Note(*context, "");
    const int page =
        request->page_token().empty() ? 0 : std::stoi(request->page_token());
    *response = pages.at(page);
    return grpc::Status::OK;
  }
  grpc::Status WatchSignUps(grpc::ServerContext* context,
                            const visits::v1::WatchSignUpsRequest* request,
                            Writer* writer) override {
    int number;
    {
      absl::MutexLock lock(&mutex_);
      number = static_cast<int>(resume_tokens_.size());
      resume_tokens_.push_back(request->resume_token());
    }
    return stream(number, *request, context, writer);
  }

  // A visit with 40 seats, whichever is asked for.
  struct Visits : visits::v1::StudyVisitService::Service {
    grpc::Status GetStudyVisit(grpc::ServerContext*,
                               const visits::v1::GetStudyVisitRequest* request,
                               visits::v1::StudyVisit* answer) override {
      answer->set_name(request->name());
      answer->set_seats(40);
      return grpc::Status::OK;
    }
    grpc::Status ListStudyVisits(
        grpc::ServerContext*, const visits::v1::ListStudyVisitsRequest*,
        visits::v1::ListStudyVisitsResponse* answer) override {
      auto* visit = answer->add_study_visits();
      visit->set_name("studyVisits/v");
      visit->set_seats(40);
      visit->set_sign_up_open(true);
      return grpc::Status::OK;
    }
  };

  absl::Mutex mutex_;
  std::vector<std::string> request_ids_;
  std::vector<std::string> resume_tokens_;
  std::map<std::string, std::string> metadata_;
  Visits visits_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace lagnet::client

#endif  // LAGNET_TESTS_CLIENTS_PEER_H_
