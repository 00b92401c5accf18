#ifndef LAGNET_TESTS_PROJECTS_FIXTURE_H_
#define LAGNET_TESTS_PROJECTS_FIXTURE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/status_macros.h"
#include "server/db/transact.h"
#include "server/directory/network_store.h"
#include "server/directory/service.h"
#include "server/directory/store.h"
#include "server/projects/service.h"
#include "tests/support/database.h"
#include "tests/support/matchers.h"
#include "tests/support/server.h"

namespace lagnet::projects {

constexpr char kAdmin[] = "role:NETWORK_ADMIN";

inline std::string NewRequestId() {
  static int count = 0;
  return absl::StrFormat("00000000-0000-4000-8000-%012d", ++count);
}

// A project with something in every field that clients set.
inline v1::Project Wanted() {
  return support::FromText<v1::Project>(R"pb(
    network: "networks/ksow"
    title {
      texts {
        key: "en"
        value { text: "Green paths" }
      }
    }
    description {
      texts {
        key: "en"
        value { text: "To learn" }
      }
    }
    programme: "RDP 2014-2020"
    priority: "6"
    goal: "networking"
    action: "8"
    agreement_number: "ROW-1/2026"
    partners { organization: "organizations/lag-kozienice" role: LEAD }
    partners { organization: "organizations/lag-kazbegi" role: PARTNER }
    start_date: "2026-05-01"
    end_date: "2026-09-30"
    budget {
      title: "transport"
      year: 2026
      partner: "organizations/lag-kozienice"
      amount { minor_units: 17607220 currency: "PLN" }
    }
    budget {
      title: "lunches"
      amount { minor_units: 500 currency: "PLN" }
    }
    indicators { title: "visits" unit: "visits" target: 2 actual: 1 }
    indicators { title: "participants" target: 9007199254740993 }
    credit_line {
      texts {
        key: "en"
        value { text: "Paid by \"EAFRD\"" }
      }
    }
    logo_urls: "https://example.org/a,b.svg"
    logo_urls: "https://example.org/c.svg"
  )pb");
}

// What projects refer to.
inline absl::Status FillDirectory(db::Tx& tx) {
  const RequestKey by;
  for (const char* network : {"ksow", "elsewhere", "listed"}) {
    RETURN_IF_ERROR(directory::InsertNetwork(
        tx, by,
        {.id = network, .currency = "PLN", .time_zone = "Europe/Warsaw"}));
  }
  for (const char* id : {"lag-kozienice", "lag-kazbegi", "lag-achinos"}) {
    RETURN_IF_ERROR(directory::InsertOrganization(
        tx, by,
        {.id = id,
         .network = "ksow",
         .country = "PL",
         .life = {.state = directory::OrganizationState::kVerified,
                  .look_time = tx.now()}},
        {}));
  }
  return absl::OkStatus();
}

// A server with projects and one database for all tests of the suite.
class ProjectServiceTest : public support::DatabaseTest {
 protected:
  using Stub = v1::ProjectService::Stub;

  static void SetUpTestSuite() {
    DatabaseTest::SetUpTestSuite();
    ASSERT_THAT(Transact(FillDirectory), support::IsOk());
  }

  ProjectServiceTest() : server_(database().dsn()) {
    server_.Add<directory::NetworkService>();
    server_.Add<ProjectService>();
    server_.Start();
    stub_ = v1::ProjectService::NewStub(server_.channel());
  }

  static absl::Status Transact(absl::FunctionRef<absl::Status(db::Tx&)> body) {
    return db::Transact(pool(), absl::Now() + absl::Seconds(20), body);
  }

  absl::StatusOr<v1::Project> Create(const std::string& id,
                                     const v1::Project& project,
                                     const std::string& token = kAdmin) {
    v1::CreateProjectRequest request;
    request.set_project_id(id);
    *request.mutable_project() = project;
    request.set_request_id(NewRequestId());
    return Send(request, token);
  }
  absl::StatusOr<v1::Project> Send(const v1::CreateProjectRequest& request,
                                   const std::string& token = kAdmin) {
    return support::Call(*stub_, &Stub::CreateProject, request, {token});
  }

  absl::StatusOr<v1::Project> Get(const std::string& id,
                                  const std::string& token = kAdmin) {
    v1::GetProjectRequest request;
    request.set_name("projects/" + id);
    return support::Call(*stub_, &Stub::GetProject, request, {token});
  }

  absl::StatusOr<v1::Project> Update(v1::Project project,
                                     const std::vector<std::string>& paths,
                                     const std::string& token = kAdmin) {
    v1::UpdateProjectRequest request;
    *request.mutable_project() = std::move(project);
    for (const std::string& path : paths) {
      request.mutable_update_mask()->add_paths(path);
    }
    request.set_request_id(NewRequestId());
    return support::Call(*stub_, &Stub::UpdateProject, request, {token});
  }

  absl::StatusOr<v1::Project> Advance(const std::string& id,
                                      v1::Project::State state,
                                      const std::string& etag = "",
                                      const std::string& token = kAdmin) {
    v1::AdvanceProjectRequest request;
    request.set_name("projects/" + id);
    request.set_state(state);
    request.set_etag(etag);
    request.set_request_id(NewRequestId());
    return support::Call(*stub_, &Stub::AdvanceProject, request, {token});
  }

  // The ids on one page; the token of the next one replaces the request's.
  std::vector<std::string> List(v1::ListProjectsRequest& request,
                                const std::string& token = kAdmin) {
    const auto page =
        support::Call(*stub_, &Stub::ListProjects, request, {token});
    EXPECT_THAT(page, support::IsOk());
    std::vector<std::string> names;
    if (!page.ok()) return names;
    for (const v1::Project& p : page->projects()) names.push_back(p.name());
    request.set_page_token(page->next_page_token());
    return names;
  }
  std::vector<std::string> List(const std::string& text,
                                const std::string& token = kAdmin) {
    auto request = support::FromText<v1::ListProjectsRequest>(text);
    return List(request, token);
  }

  support::TestServer server_;
  std::unique_ptr<Stub> stub_;
};

}  // namespace lagnet::projects

#endif  // LAGNET_TESTS_PROJECTS_FIXTURE_H_
