#include "tests/access/world.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "lagnet/directory/v1/networks.grpc.pb.h"
#include "lagnet/directory/v1/organizations.grpc.pb.h"
#include "lagnet/projects/v1/projects.grpc.pb.h"
#include "lagnet/visits/v1/sign_ups.grpc.pb.h"
#include "lagnet/visits/v1/study_visits.grpc.pb.h"
#include "tests/support/matchers.h"

namespace lagnet::access {
namespace {

using Networks = directory::v1::NetworkService;
using Organizations = directory::v1::OrganizationService;
using Projects = projects::v1::ProjectService;
using Visits = visits::v1::StudyVisitService;
using SignUps = visits::v1::SignUpService;

// Without its world no test can say anything.
template <typename T>
T Must(absl::StatusOr<T> result) {
  if (!result.ok()) {
    std::fprintf(stderr, "the world of the access tests cannot be made: %s\n",
                 result.status().ToString().c_str());
    std::abort();
  }
  return *std::move(result);
}

// A Create… request from the sample of its resource.
template <typename Request>
Request Creation(const std::string& resource, const std::string& id,
                 const Names& names, const std::string& more = "") {
  auto request = support::FromText<Request>(absl::StrCat(
      resource, "_id: '", id, "' request_id: '", FreshRequestId(), "'"));
  const auto* field = Request::descriptor()->FindFieldByName(resource);
  support::ParseText(
      absl::StrCat(SampleOf(field->message_type()->name(), names), more),
      request.GetReflection()->MutableMessage(&request, field));
  return request;
}

Names Nowhere() {
  return {{"Network", "networks/nowhere"},
          {"Organization", "organizations/nobody"},
          {"Territory", "territories/nuts-2021-pl999"},
          {"Project", "projects/nothing"},
          {"StudyVisit", "studyVisits/never"},
          {"SignUp", "studyVisits/never/signUps/none"},
          {"Place", "studyVisits/never/signUps/none/places/1"},
          {"Account", "accounts/no-one"},
          {"Grant", "accounts/no-one/grants/none"},
          {"ApiKey", "accounts/no-one/apiKeys/none"}};
}

}  // namespace

World::World(std::shared_ptr<grpc::Channel> channel, std::string operator_key)
    : channel_(std::move(channel)),
      as_operator_{.token = operator_key},
      accounts_(v1::AccountService::NewStub(channel_)),
      keys_(v1::ApiKeyService::NewStub(channel_)) {
  names_[Place::kOther] = Make("b");
  names_[Place::kOwn] = Make("a");  // Last: its link is the one kept.
  names_[Place::kNone] = Nowhere();
  tokens_ = {
      {"operator", operator_key}, {"holder", holder_token_}, {"public", ""}};
  MakeAccounts();
}

const std::string& World::token(const std::string& role) const {
  const auto found = tokens_.find(role);
  if (found == tokens_.end()) {
    std::fprintf(stderr, "the world of the access tests has no %s\n",
                 role.c_str());
    std::abort();
  }
  return found->second;
}

std::string World::NewAccount(const std::string& id,
                              const std::string& network) {
  const auto request =
      Creation<v1::CreateAccountRequest>("account", id, {{"Network", network}});
  return Must(support::Call(*accounts_,
                            &v1::AccountService::Stub::CreateAccount, request,
                            as_operator_))
      .name();
}

std::string World::NewKey(const std::string& account) {
  v1::CreateApiKeyRequest request;
  request.set_parent(account);
  request.set_request_id(FreshRequestId());
  return Must(support::Call(*keys_, &v1::ApiKeyService::Stub::CreateApiKey,
                            request, as_operator_))
      .secret();
}

std::string World::NewGrant(const std::string& account,
                            const std::string& text) {
  v1::CreateGrantRequest request;
  request.set_parent(account);
  support::ParseText(text, request.mutable_grant());
  request.set_request_id(FreshRequestId());
  return Must(support::Call(*accounts_, &v1::AccountService::Stub::CreateGrant,
                            request, as_operator_))
      .name();
}

// Everything that a network has, from the network down.
Names World::Make(const std::string& letter) {
  using support::Call;
  Names names;
  const auto networks = Networks::NewStub(channel_);
  names["Network"] = Must(Call(*networks, &Networks::Stub::CreateNetwork,
                               Creation<directory::v1::CreateNetworkRequest>(
                                   "network", "network-" + letter, names),
                               as_operator_))
                         .name();
  const auto organizations = Organizations::NewStub(channel_);
  for (const auto& [type, id] :
       {std::pair("Organization", "lag-"), std::pair("Host", "host-")}) {
    auto organization = Creation<directory::v1::CreateOrganizationRequest>(
        "organization", id + letter, names);
    organization.set_initial_state(directory::v1::Organization::VERIFIED);
    organization.set_allow_likely_doubles(true);
    names[type] =
        Must(Call(*organizations, &Organizations::Stub::CreateOrganization,
                  organization, as_operator_))
            .name();
  }
  names["Territory"] = "territories/nuts-2021-pl815";
  const auto projects = Projects::NewStub(channel_);
  names["Project"] = Must(Call(*projects, &Projects::Stub::CreateProject,
                               Creation<projects::v1::CreateProjectRequest>(
                                   "project", "project-" + letter, names),
                               as_operator_))
                         .name();

  const auto visits = Visits::NewStub(channel_);
  const std::string in_project =
      absl::StrCat("project: '", names["Project"], "'");
  auto visit = Creation<visits::v1::CreateStudyVisitRequest>(
      "study_visit", "visit-" + letter, names, in_project);
  visit.mutable_study_visit()->add_hosts(names["Host"]);
  names["StudyVisit"] =
      Must(Call(*visits, &Visits::Stub::CreateStudyVisit, visit, as_operator_))
          .name();
  visits::v1::PublishStudyVisitRequest publish;
  publish.set_name(names["StudyVisit"]);
  publish.set_request_id(FreshRequestId());
  Must(Call(*visits, &Visits::Stub::PublishStudyVisit, publish, as_operator_));

  auto draft = Creation<visits::v1::CreateStudyVisitRequest>(
      "study_visit", "draft-" + letter, names, in_project);
  draft.mutable_study_visit()->set_hosts(0, names["Host"]);
  names["Draft"] =
      Must(Call(*visits, &Visits::Stub::CreateStudyVisit, draft, as_operator_))
          .name();

  visits::v1::CreateSignUpRequest sign_up;
  sign_up.set_parent(names["StudyVisit"]);
  support::ParseText(SampleOf("SignUp", names), sign_up.mutable_sign_up());
  sign_up.mutable_sign_up()->mutable_members(0)->set_full_name("First");
  sign_up.mutable_sign_up()->add_members()->set_email("invited@example.org");
  sign_up.set_request_id(FreshRequestId());
  const auto signed_up =
      Must(Call(*SignUps::NewStub(channel_), &SignUps::Stub::CreateSignUp,
                sign_up, as_operator_));
  names["SignUp"] = signed_up.name();
  const std::string version(
      absl::StripPrefix(absl::StripSuffix(signed_up.etag(), "\""), "\""));
  // As sign_up.cc gives places.
  names["Place"] =
      absl::StrCat(names["SignUp"], "/places/", std::stoll(version) * 64 + 1);
  holder_token_ = signed_up.holder_token();

  names["Account"] = NewAccount("target-" + letter, names["Network"]);
  names["Grant"] =
      NewGrant(names["Account"],
               absl::StrCat("role: BROKER network: '", names["Network"], "'"));
  v1::CreateApiKeyRequest key;
  key.set_parent(names["Account"]);
  key.set_request_id(FreshRequestId());
  names["ApiKey"] = Must(Call(*keys_, &v1::ApiKeyService::Stub::CreateApiKey,
                              key, as_operator_))
                        .name();
  return names;
}

// One account for each role, over what is A's. It is kept by B, so that where
// an account is kept gives it no rights.
void World::MakeAccounts() {
  const std::string network =
      absl::StrCat("network: '", own().at("Network"), "'");
  const std::string lag =
      absl::StrCat("organization: '", own().at("Organization"), "'");
  const std::string host =
      absl::StrCat("organization: '", own().at("Host"), "'");
  const std::pair<const char*, std::string> roles[] = {
      {"admin", "role: NETWORK_ADMIN " + network},
      {"editor", "role: NETWORK_EDITOR " + network},
      {"broker", "role: BROKER " + network},
      {"manager", "role: LAG_MANAGER " + lag},
      {"coordinator", "role: HOST_COORDINATOR " + host},
      {"head", absl::StrCat("role: DELEGATION_HEAD sign_up: '",
                            own().at("SignUp"), "'")},
      {"auditor", absl::StrCat("role: AUDITOR project: '", own().at("Project"),
                               "' end_time { seconds: 4000000000 }")},
      {"partner", "role: PARTNER_SYSTEM " + lag},
      {"gateway", "role: GATEWAY " + network},
      {"nobody", ""}};
  for (const auto& [role, grant] : roles) {
    const std::string account =
        NewAccount(absl::StrCat("the-", role), other().at("Network"));
    if (!grant.empty()) NewGrant(account, grant);
    tokens_[role] = NewKey(account);
  }
}

}  // namespace lagnet::access
