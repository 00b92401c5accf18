#ifndef LAGNET_TESTS_VISITS_FIXTURE_H_
#define LAGNET_TESTS_VISITS_FIXTURE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/changes/tailer.h"
#include "server/directory/service.h"
#include "server/projects/service.h"
#include "server/solver/run.h"
#include "server/visits/draw_service.h"
#include "server/visits/place_service.h"
#include "server/visits/service.h"
#include "tests/support/server.h"
#include "tests/visits/world.h"

namespace lagnet::visits {

constexpr char kAdmin[] = "role:NETWORK_ADMIN";
constexpr char kHost[] = "role:HOST_COORDINATOR@organization=lag-kozienice";
constexpr char kManager[] = "role:LAG_MANAGER@organization=lag-kazbegi";

// Where a server reads visits. From memory it may be some moments behind, so
// that only those tests use it that are about it.
enum class Reads { kFromDatabase, kFromMemory };

// One server with all that visits need; several may share a database.
class Node {
 public:
  explicit Node(const std::string& dsn, const privacy::Vault& vault,
                support::TestServer::Options options = {},
                Reads reads = Reads::kFromDatabase, bool mails_links = false,
                const std::string& solver = solver::SolverBesideThis())
      : pool_(dsn, 6),
        tailer_(
            std::make_unique<changes::Tailer>(&pool_, absl::Milliseconds(25))),
        watches_(&pool_, tailer_.get()),
        snapshot_(&pool_),
        desk_({.threads = 2,
               .sends_mail = mails_links,
               .on_commit = [this] { tailer_->Wake(); }},
              &pool_, &vault),
        server_(dsn, std::move(options)) {
    EXPECT_THAT(tailer_->Prepare(), support::IsOk());
    tailer_->Listen([this](const changes::Stretch& stretch) {
      return watches_.Hear(stretch);
    });
    if (reads == Reads::kFromMemory) {
      EXPECT_THAT(snapshot_.Load(tailer_->position()), support::IsOk());
      tailer_->Listen([this](const changes::Stretch& stretch) {
        return snapshot_.Hear(stretch);
      });
    }
    tailer_->Start();
    server_.Add<directory::NetworkService>();
    server_.Add<directory::OrganizationService>();
    server_.Add<projects::ProjectService>();
    server_.Add<StudyVisitService>(
        &watches_, reads == Reads::kFromMemory ? &snapshot_ : nullptr);
    server_.Add<SignUpService>(&desk_, &watches_, &vault, mails_links);
    server_.Add<PlaceService>(&vault, mails_links);
    server_.Add<DrawService>(&vault, solver);
    server_.Start();
    visits_ = v1::StudyVisitService::NewStub(server_.channel());
    sign_ups_ = v1::SignUpService::NewStub(server_.channel());
    places_ = v1::PlaceService::NewStub(server_.channel());
    draws_ = v1::DrawService::NewStub(server_.channel());
  }
  ~Node() {
    server_.Stop();
    tailer_.reset();
  }

  support::TestServer& server() { return server_; }
  changes::Tailer& tailer() { return *tailer_; }
  const Snapshot& snapshot() const { return snapshot_; }
  v1::StudyVisitService::Stub& visits() { return *visits_; }
  v1::SignUpService::Stub& sign_ups() { return *sign_ups_; }
  v1::PlaceService::Stub& places() { return *places_; }
  v1::DrawService::Stub& draws() { return *draws_; }

 private:
  db::Pool pool_;
  std::unique_ptr<changes::Tailer> tailer_;  // Ends before the watches.
  Watches watches_;
  Snapshot snapshot_;
  Desk desk_;
  support::TestServer server_;
  std::unique_ptr<v1::StudyVisitService::Stub> visits_;
  std::unique_ptr<v1::SignUpService::Stub> sign_ups_;
  std::unique_ptr<v1::PlaceService::Stub> places_;
  std::unique_ptr<v1::DrawService::Stub> draws_;
};

// A server with visits and one database for all tests of the suite.
class VisitServiceTest : public World {
 protected:
  using Visits = v1::StudyVisitService::Stub;
  using SignUps = v1::SignUpService::Stub;

  explicit VisitServiceTest(bool mails_links = false)
      : node_(database().dsn(), vault(), {}, Reads::kFromDatabase,
              mails_links) {}

  // A visit with something in every field that clients set.
  static v1::StudyVisit WantedProto() {
    return support::FromText<v1::StudyVisit>(R"pb(
      network: "networks/ksow"
      project: "projects/green-paths"
      hosts: "organizations/lag-kozienice"
      hosts: "organizations/lag-achinos"
      title {
        texts {
          key: "en"
          value { text: "Forest and food" }
        }
      }
      description {
        texts {
          key: "pl"
          value { text: "**Puszcza**" }
        }
      }
      time_zone: "Europe/Warsaw"
      start: "2036-05-01T09:00"
      end: "2036-05-02T16:30"
      sign_up_start: "2026-01-01T00:00"
      sign_up_end: "2036-04-20T23:59"
      seats: 2
      seats_per_organization: 1
      languages: "pl"
      languages: "ka"
      covered: TRANSPORT
      covered: MEALS
      contact_email: "visits@example.org"
      days {
        date: "2036-05-01"
        title {
          texts {
            key: "en"
            value { text: "Day one" }
          }
        }
        stops {
          title {
            texts {
              key: "en"
              value { text: "Bakery" }
            }
          }
          host: "organizations/lag-achinos"
          place: "Kozienice"
          funds: "EAFRD"
        }
      }
      days { date: "2036-05-02" }
    )pb");
  }

  absl::StatusOr<v1::StudyVisit> Create(const std::string& id,
                                        const v1::StudyVisit& visit,
                                        const std::string& token = kAdmin) {
    v1::CreateStudyVisitRequest request;
    request.set_study_visit_id(id);
    *request.mutable_study_visit() = visit;
    request.set_request_id(NewRequestId());
    return support::Call(node_.visits(), &Visits::CreateStudyVisit, request,
                         {token});
  }
  absl::StatusOr<v1::StudyVisit> Get(const std::string& id,
                                     const std::string& token = "") {
    v1::GetStudyVisitRequest request;
    request.set_name("studyVisits/" + id);
    return support::Call(node_.visits(), &Visits::GetStudyVisit, request,
                         {token});
  }
  absl::StatusOr<v1::StudyVisit> Update(const v1::StudyVisit& visit,
                                        const std::vector<std::string>& paths,
                                        const std::string& token = kAdmin,
                                        const std::string& reason = "Room") {
    v1::UpdateStudyVisitRequest request;
    *request.mutable_study_visit() = visit;
    request.set_rules_change_reason(reason);
    for (const auto& p : paths) request.mutable_update_mask()->add_paths(p);
    request.set_request_id(NewRequestId());
    return support::Call(node_.visits(), &Visits::UpdateStudyVisit, request,
                         {token});
  }
  // Sets the seats and the share of a visit.
  absl::StatusOr<v1::StudyVisit> SetSeats(const std::string& id, int seats,
                                          int share = 0) {
    v1::StudyVisit visit;
    visit.set_name("studyVisits/" + id);
    visit.set_seats(seats);
    visit.set_seats_per_organization(share);
    return Update(visit, {"seats", "seats_per_organization"});
  }

  // Any of the methods that take a name (and perhaps an etag) and change it.
  template <typename Request>
  absl::StatusOr<v1::StudyVisit> Do(
      grpc::Status (Visits::*method)(grpc::ClientContext*, const Request&,
                                     v1::StudyVisit*),
      const std::string& id, const std::string& token = kAdmin,
      const std::string& etag = "") {
    Request request;
    request.set_name("studyVisits/" + id);
    request.set_etag(etag);
    request.set_request_id(NewRequestId());
    if constexpr (requires { request.set_reason(""); }) {
      request.set_reason("flood");
    }
    return support::Call(node_.visits(), method, request, {token});
  }
  absl::StatusOr<v1::StudyVisit> Publish(const std::string& id,
                                         const std::string& token = kAdmin,
                                         const std::string& etag = "") {
    return Do(&Visits::PublishStudyVisit, id, token, etag);
  }
  absl::StatusOr<v1::StudyVisit> Cancel(const std::string& id,
                                        const std::string& token = kAdmin) {
    return Do(&Visits::CancelStudyVisit, id, token);
  }

  // A request to sign one person up.
  static v1::CreateSignUpRequest SignUpRequest(
      const std::string& visit, const std::string& person,
      const std::string& organization = "lag-kazbegi") {
    v1::CreateSignUpRequest request;
    request.set_parent("studyVisits/" + visit);
    v1::SignUp* const sign_up = request.mutable_sign_up();
    sign_up->set_organization("organizations/" + organization);
    sign_up->set_standing(v1::SignUp::REPRESENTATIVE);
    sign_up->set_sector(v1::SignUp::CIVIC);
    v1::SignUp::Member* const member = sign_up->add_members();
    member->set_full_name(person);
    member->set_email(person + "@example.org");
    request.set_request_id(NewRequestId());
    return request;
  }
  absl::StatusOr<v1::SignUp> Send(const v1::CreateSignUpRequest& request,
                                  const std::string& token = kAdmin) {
    return support::Call(node_.sign_ups(), &SignUps::CreateSignUp, request,
                         {token});
  }
  absl::StatusOr<v1::SignUp> SignUp(
      const std::string& visit, const std::string& person,
      const std::string& organization = "lag-kazbegi") {
    return Send(SignUpRequest(visit, person, organization));
  }
  absl::StatusOr<v1::SignUp> GetSignUp(const std::string& name,
                                       const std::string& token = kAdmin) {
    v1::GetSignUpRequest request;
    request.set_name(name);
    return support::Call(node_.sign_ups(), &SignUps::GetSignUp, request,
                         {token});
  }
  absl::StatusOr<v1::SignUp> Withdraw(const std::string& name,
                                      const std::string& token = kAdmin,
                                      const std::string& etag = "") {
    v1::WithdrawSignUpRequest request;
    request.set_name(name);
    request.set_etag(etag);
    request.set_request_id(NewRequestId());
    return support::Call(node_.sign_ups(), &SignUps::WithdrawSignUp, request,
                         {token});
  }

  Node node_;
};

}  // namespace lagnet::visits

#endif  // LAGNET_TESTS_VISITS_FIXTURE_H_
