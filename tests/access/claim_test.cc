// How organisations claim their entries, against a whole server.

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "lagnet/access/v1/claims.grpc.pb.h"
#include "lagnet/directory/v1/field_changes.grpc.pb.h"
#include "lagnet/directory/v1/organizations.grpc.pb.h"
#include "tests/access/fixture.h"
#include "tests/access/requests.h"
#include "tests/support/captured_log.h"

namespace lagnet::access {
namespace {

using directory::v1::Organization;
using support::Call;
using support::HasProto;
using support::IsOk;
using support::IsOkAndHolds;
using support::StatusIs;
using Claims = v1::ClaimService::Stub;
using Code = absl::StatusCode;
using Organizations = directory::v1::OrganizationService::Stub;

class ClaimTest : public AccessTest {
 protected:
  void SetUp() override {
    claims_ = v1::ClaimService::NewStub(server().channel());
    organizations_ =
        directory::v1::OrganizationService::NewStub(server().channel());
    // An entry of its own for each test.
    static int count = 0;
    directory::v1::CreateOrganizationRequest request;
    request.set_organization_id(absl::StrCat("claimed-", ++count));
    support::ParseText(SampleOf("Organization", world().own()),
                       request.mutable_organization());
    request.mutable_organization()->set_email("office@example.org");
    request.set_initial_state(Organization::VERIFIED);
    request.set_allow_likely_doubles(true);
    request.set_request_id(FreshRequestId());
    const auto created =
        Call(*organizations_, &Organizations::CreateOrganization, request,
             world().as_operator());
    ASSERT_THAT(created, IsOk());
    entry_ = created->name();
  }

  v1::StartClaimRequest Starting() const {
    v1::StartClaimRequest request;
    request.set_organization(entry_);
    request.set_request_id(FreshRequestId());
    return request;
  }
  absl::StatusOr<v1::StartClaimResponse> Start(
      const v1::StartClaimRequest& request) {
    return Call(*claims_, &Claims::StartClaim, request,
                {world().token("editor")});
  }
  std::string NewToken() {
    const auto started = Start(Starting());
    EXPECT_THAT(started, IsOk());
    return started.ok() ? started->token() : "";
  }
  absl::StatusOr<v1::AcceptClaimResponse> Accept(const std::string& token,
                                                 const std::string& key) {
    v1::AcceptClaimRequest request;
    request.set_token(token);
    request.set_request_id(FreshRequestId());
    return Call(*claims_, &Claims::AcceptClaim, request, {key});
  }
  absl::StatusOr<Organization> Update(const std::string& email,
                                      const std::string& key) {
    directory::v1::UpdateOrganizationRequest request;
    request.mutable_organization()->set_name(entry_);
    request.mutable_organization()->set_email(email);
    request.mutable_update_mask()->add_paths("email");
    request.set_request_id(FreshRequestId());
    return Call(*organizations_, &Organizations::UpdateOrganization, request,
                {key});
  }
  absl::StatusOr<Organization> Get() {
    directory::v1::GetOrganizationRequest request;
    request.set_name(entry_);
    return Call(*organizations_, &Organizations::GetOrganization, request);
  }
  static std::string Id(const std::string& name) {
    return name.substr(name.rfind('/') + 1);
  }

  std::unique_ptr<Claims> claims_;
  std::unique_ptr<Organizations> organizations_;
  std::string entry_;
};

TEST_F(ClaimTest, MakesWhoReadsTheMailboxItsManager) {
  const Somebody manager = Make(Id(entry_) + "-manager");
  EXPECT_THAT(Update("new@example.org", manager.key),
              StatusIs(Code::kPermissionDenied));
  const auto started = Start(Starting());
  ASSERT_THAT(started, IsOk());
  EXPECT_EQ(started->email(), "office@example.org");
  EXPECT_FALSE(Get()->has_claim_time());
  const auto accepted = Accept(started->token(), manager.key);
  EXPECT_THAT(
      accepted,
      IsOkAndHolds(HasProto(absl::StrCat(
          "grant { role: LAG_MANAGER organization: '", entry_, "' }"))));
  EXPECT_TRUE(Get()->has_claim_time());
  // The role works at once.
  EXPECT_THAT(Update("new@example.org", manager.key), IsOk());
}

TEST_F(ClaimTest, AnswersARepeatWithTheTokenWhileItWorks) {
  const auto request = Starting();
  const auto first = Start(request);
  ASSERT_THAT(first, IsOk());
  const auto again = Start(request);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->token(), first->token());
  EXPECT_EQ(again->email(), first->email());
  const Somebody manager = Make(Id(entry_) + "-manager");
  v1::AcceptClaimRequest accept;
  accept.set_token(first->token());
  accept.set_request_id(FreshRequestId());
  const auto accepted =
      Call(*claims_, &Claims::AcceptClaim, accept, {manager.key});
  ASSERT_THAT(accepted, IsOk());
  EXPECT_THAT(Call(*claims_, &Claims::AcceptClaim, accept, {manager.key}),
              IsOkAndHolds(HasProto(absl::StrCat(
                  "grant { name: '", accepted->grant().name(), "' }"))));
  const auto late = Start(request);
  ASSERT_THAT(late, IsOk()) << "a repeat, after it was accepted";
  EXPECT_EQ(late->token(), "");
}

// Word for word the same answer, so that nobody learns which tokens there are.
TEST_F(ClaimTest, RefusesWhatDoesNotWorkWithoutSayingWhy) {
  const Somebody manager = Make(Id(entry_) + "-manager");
  const auto wrong = Accept("lagc_YWJj.wrong", manager.key).status();
  EXPECT_THAT(wrong, StatusIs(Code::kFailedPrecondition, "CLAIM_REFUSED"));
  const auto same = [&](const std::string& token, const char* why) {
    const auto status = Accept(token, manager.key).status();
    EXPECT_EQ(status.message(), wrong.message()) << why;
    EXPECT_THAT(status, StatusIs(Code::kFailedPrecondition, "CLAIM_REFUSED"));
  };
  const std::string ended = NewToken();
  const std::string used = NewToken();
  same(ended, "ended by the next");
  const Somebody first = Make(Id(entry_) + "-first");
  ASSERT_THAT(Accept(used, first.key), IsOk());
  same(used, "used");
  const std::string expired = NewToken();
  database().Run("UPDATE access.claim SET expire_time = now()");
  same(expired, "expired");
  const std::string elsewhere = NewToken();
  ASSERT_THAT(Update("new@example.org", first.key), IsOk());
  same(elsewhere, "for another mailbox");
  const std::string archived = NewToken();
  directory::v1::ArchiveOrganizationRequest archive;
  archive.set_name(entry_);
  archive.set_request_id(FreshRequestId());
  ASSERT_THAT(Call(*organizations_, &Organizations::ArchiveOrganization,
                   archive, world().as_operator()),
              IsOk());
  same(archived, "no longer in the directory");
  same("lagc_", "no token at all");
  EXPECT_THAT(Start(Starting()),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
}

TEST_F(ClaimTest, NeedsAMailboxAndAnAccount) {
  ASSERT_THAT(Update("", world().token("editor")), IsOk());
  EXPECT_THAT(Start(Starting()),
              StatusIs(Code::kFailedPrecondition, "NO_MAILBOX"));
  ASSERT_THAT(Update("office@example.org", world().token("editor")), IsOk());
  const std::string token = NewToken();
  EXPECT_THAT(Accept(token, world().token("holder")),
              StatusIs(Code::kPermissionDenied));
  EXPECT_THAT(Accept(token, ""), StatusIs(Code::kUnauthenticated));
  EXPECT_THAT(Accept(token, Make(Id(entry_) + "-manager").key), IsOk());
}

TEST_F(ClaimTest, LetsOneOfManyAcceptAToken) {
  std::vector<Somebody> people;
  for (int i = 0; i < 6; ++i) {
    people.push_back(Make(absl::StrCat(Id(entry_), "-racer-", i)));
  }
  const std::string token = NewToken();
  std::vector<absl::Status> answers(people.size());
  std::vector<std::thread> callers;
  for (size_t i = 0; i < people.size(); ++i) {
    callers.emplace_back(
        [&, i] { answers[i] = Accept(token, people[i].key).status(); });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(std::count(answers.begin(), answers.end(), absl::OkStatus()), 1);
  for (const absl::Status& answer : answers) {
    if (!answer.ok()) {
      EXPECT_THAT(answer, StatusIs(Code::kFailedPrecondition, "CLAIM_REFUSED"));
    }
  }
  EXPECT_EQ(database().Ask(absl::StrCat(
                "SELECT count(*) FROM access.grant WHERE organization = '",
                Id(entry_), "'")),
            "1");
}

TEST_F(ClaimTest, GrantsARoleOnceToWhoHasItAlready) {
  const Somebody manager = Make(Id(entry_) + "-manager");
  const auto first = Accept(NewToken(), manager.key);
  ASSERT_THAT(first, IsOk());
  const std::string claimed = Get()->claim_time().DebugString();
  EXPECT_THAT(Accept(NewToken(), manager.key),
              IsOkAndHolds(HasProto(absl::StrCat(
                  "grant { name: '", first->grant().name(), "' }"))));
  EXPECT_EQ(Get()->claim_time().DebugString(), claimed);
}

// By whom it was claimed, the history tells to those who may read it.
TEST_F(ClaimTest, StandsInTheHistory) {
  const Somebody manager = Make(Id(entry_) + "-manager");
  ASSERT_THAT(Accept(NewToken(), manager.key), IsOk());
  const auto stub =
      directory::v1::FieldChangeService::NewStub(server().channel());
  directory::v1::ListFieldChangesRequest request;
  request.set_organization(entry_);
  request.set_field("claim_time");
  const auto changes =
      Call(*stub, &directory::v1::FieldChangeService::Stub::ListFieldChanges,
           request, {manager.key});
  ASSERT_THAT(changes, IsOk());
  ASSERT_EQ(changes->field_changes_size(), 1);
  EXPECT_EQ(changes->field_changes(0).actor(), manager.account);
  EXPECT_FALSE(absl::StrContains(Get()->DebugString(), manager.account));
}

TEST_F(ClaimTest, KeepsTheTokenOutOfTheDatabaseAndTheLog) {
  const support::CapturedLog log;
  const std::string token = NewToken();
  ASSERT_THAT(Accept(token, Make(Id(entry_) + "-manager").key), IsOk());
  EXPECT_THAT(Accept(token, world().token("nobody")),
              StatusIs(Code::kFailedPrecondition));
  log.LineWith("AcceptClaim");
  EXPECT_FALSE(absl::StrContains(log.Text(), token));
  const auto secret_of = [](const std::string& whole) {
    return whole.substr(whole.find('.'));
  };
  const std::string secret = secret_of(token);
  const std::string last = secret_of(NewToken());
  for (const char* table : {"access.claim", "access.grant", "db.request",
                            "changes.change", "directory.field_change"}) {
    for (const std::string& text : {secret, last}) {
      EXPECT_EQ(database().Ask(absl::StrCat("SELECT count(*) FROM ", table,
                                            " AS row WHERE row::text LIKE '%",
                                            text, "%'")),
                "0")
          << table;
    }
  }
}

}  // namespace
}  // namespace lagnet::access
