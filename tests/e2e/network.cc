#include "tests/e2e/network.h"

#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "lagnet/error.h"
#include "lagnet/status_macros.h"
#include "lagnet/uuid.h"
#include "tests/support/seats_wrong.h"

namespace lagnet::e2e {
namespace {

namespace v1 = visits::v1;

void SetText(types::v1::LocalizedText* text, const std::string& english) {
  (*text->mutable_texts())["en"].set_text(english);
}

std::string CompleteOrDie(const std::string& dsn) {
  const auto complete = db::CompleteDsn(dsn);
  if (!complete.ok()) std::abort();
  return *complete;
}

template <typename Method, typename Request>
absl::StatusOr<v1::SignUp> Repeat(client::Client& client, Method method,
                                  const Request& request) {
  const absl::Time give_up = absl::Now() + absl::Minutes(2);
  for (;;) {
    const auto answer = client.Call(method, request);
    const absl::StatusCode code = answer.status().code();
    const bool is_lost = code == absl::StatusCode::kUnavailable ||
                         code == absl::StatusCode::kUnknown ||
                         code == absl::StatusCode::kInternal ||
                         code == absl::StatusCode::kCancelled ||
                         code == absl::StatusCode::kDeadlineExceeded;
    // What the server itself refuses for good stays refused.
    const bool is_final =
        !is_lost || client::Decode(answer.status()).reason == "INTERNAL";
    if (answer.ok() || is_final || absl::Now() > give_up) return answer;
    absl::SleepFor(absl::Milliseconds(20));
  }
}

}  // namespace

absl::Status FillDirectory(client::Client& client) {
  directory::v1::CreateNetworkRequest network;
  network.set_network_id("ksow");
  auto* ksow = network.mutable_network();
  ksow->set_kind(directory::v1::Network::NATIONAL);
  SetText(ksow->mutable_display_name(), "KSOW");
  ksow->add_countries("PL");
  ksow->add_languages("pl");
  ksow->set_currency("PLN");
  ksow->set_time_zone("Europe/Warsaw");
  RETURN_IF_ERROR(
      client.Call(&client::Networks::CreateNetwork, network).status());
  directory::v1::CreateOrganizationRequest organization;
  organization.set_organization_id("lag-kozienice");
  organization.set_initial_state(directory::v1::Organization::VERIFIED);
  auto* lag = organization.mutable_organization();
  lag->set_network("networks/ksow");
  lag->set_kind(directory::v1::Organization::LAG);
  SetText(lag->mutable_display_name(), "LAG Puszcza Kozienicka");
  lag->set_country("PL");
  return client.Call(&client::Organizations::CreateOrganization, organization)
      .status();
}

absl::Status OpenVisit(client::Client& client, const std::string& id,
                       int seats) {
  v1::CreateStudyVisitRequest request;
  request.set_study_visit_id(id);
  v1::StudyVisit* const visit = request.mutable_study_visit();
  visit->set_network("networks/ksow");
  visit->add_hosts("organizations/lag-kozienice");
  SetText(visit->mutable_title(), "Visit");
  visit->set_time_zone("Europe/Warsaw");
  visit->set_start("2036-05-01T09:00");
  visit->set_end("2036-05-02T16:00");
  visit->set_seats(seats);
  RETURN_IF_ERROR(
      client.Call(&client::Visits::CreateStudyVisit, request).status());
  v1::PublishStudyVisitRequest publish;
  publish.set_name(absl::StrCat("studyVisits/", id));
  return client.Call(&client::Visits::PublishStudyVisit, publish).status();
}

v1::CreateSignUpRequest SignUpRequest(const std::string& visit,
                                      const std::string& person) {
  v1::CreateSignUpRequest request;
  request.set_parent(absl::StrCat("studyVisits/", visit));
  v1::SignUp* const sign_up = request.mutable_sign_up();
  sign_up->set_organization("organizations/lag-kozienice");
  sign_up->set_standing(v1::SignUp::REPRESENTATIVE);
  sign_up->set_sector(v1::SignUp::CIVIC);
  v1::SignUp::Member* const member = sign_up->add_members();
  member->set_full_name(person);
  member->set_email(absl::StrCat(person, "@example.org"));
  request.set_request_id(client::NewUuid());
  return request;
}

v1::WithdrawSignUpRequest WithdrawRequest(const std::string& sign_up) {
  v1::WithdrawSignUpRequest request;
  request.set_name(sign_up);
  request.set_request_id(client::NewUuid());
  return request;
}

absl::StatusOr<v1::SignUp> Insist(client::Client& client,
                                  const v1::CreateSignUpRequest& request) {
  return Repeat(client, &client::SignUps::CreateSignUp, request);
}

absl::StatusOr<v1::SignUp> Insist(client::Client& client,
                                  const v1::WithdrawSignUpRequest& request) {
  return Repeat(client, &client::SignUps::WithdrawSignUp, request);
}

Database::Database(const std::string& dsn) : connection_(CompleteOrDie(dsn)) {}

std::string Database::Ask(const std::string& sql) {
  // Statements are prepared under their names: each text needs its own.
  const std::string name =
      absl::StrCat("test.", absl::Hex(std::hash<std::string>{}(sql)));
  const std::string text = absl::StrCat("SELECT (SELECT x::text FROM (", sql,
                                        ") AS t (x) LIMIT 1) AS x");
  const db::Rows rows = connection_.Execute({name.c_str(), text.c_str()}, {});
  return rows[0].Get<std::string>("x");
}

std::string Database::Wrong() { return Ask(support::kSeatsWrong); }

}  // namespace lagnet::e2e
