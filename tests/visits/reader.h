#ifndef LAGNET_TESTS_VISITS_READER_H_
#define LAGNET_TESTS_VISITS_READER_H_

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "grpcpp/grpcpp.h"
#include "lagnet/visits/v1/study_visits.pb.h"
#include "tests/support/server.h"

namespace lagnet::visits {

// An open watch: Next() waits for a response, nothing at the end.
template <typename Response>
class Reader {
 public:
  template <typename Stub, typename Request>
  Reader(Stub& stub,
         std::unique_ptr<grpc::ClientReader<Response>> (Stub::*method)(
             grpc::ClientContext*, const Request&),
         const Request& request, const support::With& with)
      : context_(std::make_unique<grpc::ClientContext>()) {
    support::Prepare(with, context_.get());
    reader_ = (stub.*method)(context_.get(), request);
  }
  ~Reader() { Cut(); }
  Reader(Reader&&) = default;

  std::optional<Response> Next() {
    Response response;
    if (!reader_->Read(&response)) return std::nullopt;
    return response;
  }
  // How the watch ended, which it must do by itself.
  absl::Status End() {
    while (Next()) {
    }
    return Finish();
  }
  void Cut() {
    if (context_ == nullptr || finished_) return;
    context_->TryCancel();
    (void)End();
  }

 private:
  absl::Status Finish() {
    finished_ = true;
    return support::FromWire(reader_->Finish());
  }

  std::unique_ptr<grpc::ClientContext> context_;
  std::unique_ptr<grpc::ClientReader<Response>> reader_;
  bool finished_ = false;
};

using VisitReader = Reader<v1::WatchStudyVisitsResponse>;

// The visits of the next response that has some.
inline std::vector<std::string> NextVisits(VisitReader& reader,
                                           std::string* token = nullptr) {
  std::vector<std::string> texts;
  while (const auto response = reader.Next()) {
    if (token != nullptr) *token = response->resume_token();
    for (const v1::StudyVisit& visit : response->study_visits()) {
      texts.push_back(absl::StrCat(visit.name(), " ", visit.confirmed_count()));
    }
    if (!texts.empty() || response->caught_up()) break;
  }
  return texts;
}

// All visits that are heard of until one is as it should be. A state may
// come again: the log is a little behind the state that a watch starts with.
inline std::vector<std::string> HearUntil(VisitReader& reader,
                                          const std::string& wanted) {
  std::vector<std::string> heard;
  while (std::find(heard.begin(), heard.end(), wanted) == heard.end()) {
    const std::vector<std::string> next = NextVisits(reader);
    if (next.empty()) break;
    heard.insert(heard.end(), next.begin(), next.end());
  }
  return heard;
}

}  // namespace lagnet::visits

#endif  // LAGNET_TESTS_VISITS_READER_H_
