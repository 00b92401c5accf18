#include "tests/bench/calls.h"

#include <arpa/inet.h>

#include <cstring>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "echo.pb.h"
#include "lagnet/search/v1/search.pb.h"
#include "lagnet/visits/v1/sign_ups.pb.h"
#include "lagnet/visits/v1/study_visits.pb.h"

namespace lagnet::bench {
namespace {

using visits::v1::SignUp;

// Answers of reads that are looked into: parsing all would make the load
// generator the thing that is measured.
constexpr int64_t kLookInto = 64;

// Any number of what is needed at random.
class Dice {
 public:
  const std::string& One(const std::vector<std::string>& of) {
    return of[random_() % of.size()];
  }
  uint64_t Number() { return random_(); }
  std::string Uuid() {
    const uint64_t a = random_(), b = random_();
    return absl::StrFormat("%08x-%04x-4%03x-%04x-%012x", a >> 32,
                           a >> 16 & 0xffff, a & 0xfff,
                           (b >> 48 & 0x3fff) | 0x8000, b & 0xffffffffffff);
  }

 private:
  std::mt19937_64 random_{std::random_device{}()};
};

class SignUps final : public Calls {
 public:
  explicit SignUps(const CallOptions& options)
      : visits_(options.visits),
        organizations_(options.organizations),
        run_(absl::StrCat(absl::Hex(dice_.Number()))),
        acknowledged_(options.acknowledged) {}

  const char* path() const override {
    return "/lagnet.visits.v1.SignUpService/CreateSignUp";
  }

  std::string Next() override {
    ++count_;
    request_.set_parent(dice_.One(visits_));
    request_.set_request_id(dice_.Uuid());
    SignUp& sign_up = *request_.mutable_sign_up();
    sign_up.set_organization(dice_.One(organizations_));
    sign_up.set_standing(SignUp::REPRESENTATIVE);
    sign_up.set_sector(SignUp::CIVIC);
    if (sign_up.members().empty()) sign_up.add_members();
    SignUp::Member& member = *sign_up.mutable_members(0);
    member.set_full_name(absl::StrCat("Guest ", count_));
    member.set_email(absl::StrCat("guest-", run_, "-", count_, "@example.org"));
    member.set_language("en");
    return Framed(request_);
  }

  bool Take(absl::string_view message) override {
    if (!answer_.ParseFromArray(message.data(),
                                static_cast<int>(message.size()))) {
      return false;
    }
    const std::string& state = SignUp::State_Name(answer_.state());
    ++outcomes_[state];
    acknowledged_ << answer_.name() << '\t' << state << '\n';
    return answer_.state() == SignUp::CONFIRMED ||
           (answer_.state() == SignUp::WAITLISTED &&
            answer_.wait_position() > 0);
  }

  std::map<std::string, int64_t> outcomes() const override { return outcomes_; }

 private:
  const std::vector<std::string> visits_;
  const std::vector<std::string> organizations_;
  Dice dice_;
  const std::string run_;
  int64_t count_ = 0;
  visits::v1::CreateSignUpRequest request_;
  SignUp answer_;
  std::map<std::string, int64_t> outcomes_;
  std::ofstream acknowledged_;
};

class Gets final : public Calls {
 public:
  explicit Gets(const CallOptions& options) : visits_(options.visits) {}

  const char* path() const override {
    return "/lagnet.visits.v1.StudyVisitService/GetStudyVisit";
  }

  std::string Next() override {
    visits::v1::GetStudyVisitRequest request;
    request.set_name(dice_.One(visits_));
    return Framed(request);
  }

  bool Take(absl::string_view message) override {
    if (++count_ % kLookInto != 1) return !message.empty();
    visits::v1::StudyVisit visit;
    return visit.ParseFromArray(message.data(),
                                static_cast<int>(message.size())) &&
           visit.state() == visits::v1::StudyVisit::PUBLISHED &&
           visit.days_size() > 0 && visit.seats() > 0;
  }

 private:
  const std::vector<std::string> visits_;
  Dice dice_;
  int64_t count_ = 0;
};

// Pages from anywhere in the year: by the visits' start.
class Lists final : public Calls {
 public:
  explicit Lists(const CallOptions& options) : page_size_(options.page_size) {}

  const char* path() const override {
    return "/lagnet.visits.v1.StudyVisitService/ListStudyVisits";
  }

  std::string Next() override {
    constexpr int64_t kDay = 86400, kFirst = 59, kDays = 300;
    visits::v1::ListStudyVisitsRequest request;
    request.set_page_size(page_size_);
    request.mutable_start_after()->set_seconds(
        std::time(nullptr) + kDay * kFirst +
        static_cast<int64_t>(dice_.Number() % (kDay * kDays)));
    return Framed(request);
  }

  bool Take(absl::string_view message) override {
    if (++count_ % kLookInto != 1) return !message.empty();
    visits::v1::ListStudyVisitsResponse response;
    return response.ParseFromArray(message.data(),
                                   static_cast<int>(message.size())) &&
           response.study_visits_size() == page_size_ &&
           !response.next_page_token().empty();
  }

 private:
  const int page_size_;
  Dice dice_;
  int64_t count_ = 0;
};

// Each of the judged queries, at random.
class Searches final : public Calls {
 public:
  explicit Searches(const CallOptions& options)
      : queries_(options.visits), page_size_(options.page_size) {}

  const char* path() const override {
    return "/lagnet.search.v1.SearchService/Search";
  }

  std::string Next() override {
    search::v1::SearchRequest request;
    request.set_query(dice_.One(queries_));
    request.set_page_size(page_size_);
    request.set_with_facets(true);
    return Framed(request);
  }

  // A query may find nothing: its answer is empty then.
  bool Take(absl::string_view message) override {
    if (++count_ % kLookInto != 1) return true;
    search::v1::SearchResponse response;
    return response.ParseFromArray(message.data(),
                                   static_cast<int>(message.size()));
  }

 private:
  const std::vector<std::string> queries_;
  const int page_size_;
  Dice dice_;
  int64_t count_ = 0;
};

class Echoes final : public Calls {
 public:
  explicit Echoes(const CallOptions& options) : names_(options.visits) {}

  const char* path() const override { return "/lagnet.bench.Echo/Call"; }

  std::string Next() override {
    EchoRequest request;
    request.set_name(dice_.One(names_));
    return Framed(request);
  }

  bool Take(absl::string_view message) override { return !message.empty(); }

 private:
  const std::vector<std::string> names_;
  Dice dice_;
};

}  // namespace

std::string Framed(const google::protobuf::MessageLite& message) {
  std::string frame(5, '\0');
  message.AppendToString(&frame);
  const uint32_t size = htonl(static_cast<uint32_t>(frame.size() - 5));
  std::memcpy(&frame[1], &size, sizeof(size));
  return frame;
}

std::unique_ptr<Calls> MakeCalls(const CallOptions& options) {
  if (options.kind == "sign-up") return std::make_unique<SignUps>(options);
  if (options.kind == "get") return std::make_unique<Gets>(options);
  if (options.kind == "list") return std::make_unique<Lists>(options);
  if (options.kind == "search") return std::make_unique<Searches>(options);
  if (options.kind == "echo") return std::make_unique<Echoes>(options);
  return nullptr;
}

}  // namespace lagnet::bench
