// The life of an entry over gRPC: who may take which step, who sees what.

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "server/db/transact.h"
#include "server/directory/life_store.h"
#include "tests/directory/fixture.h"

namespace lagnet::directory {
namespace {

using support::MetadataOf;
using Code = absl::StatusCode;

constexpr char kRegional[] = "role:NETWORK_EDITOR@network=georgia,region=GE-MM";
constexpr char kOtherRegion[] =
    "role:NETWORK_EDITOR@network=georgia,region=GE-KA";
constexpr char kGateway[] = "role:GATEWAY@network=georgia";
constexpr char kSystem[] = "role:PARTNER_SYSTEM@organization=lag-keda";

class LifeServiceTest : public DirectoryTest {
 protected:
  static v1::CreateOrganizationRequest DraftOf(const std::string& id) {
    auto request = CreationOf(id);
    request.set_initial_state(v1::Organization::DRAFT);
    return request;
  }
  void MakeSubmitted() {
    auto request = CreationOf("lag-kazbegi");
    request.set_initial_state(v1::Organization::SUBMITTED);
    ASSERT_THAT(Create(request), IsOk());
  }
  // As if nobody had looked at the entry for so long.
  void LookedAt(const std::string& ago) {
    database().Run(
        "UPDATE directory.organization SET look_time = now() - "
        "interval '" +
        ago + "'");
  }
  int MarkStaleAtMost(int limit) {
    int done = 0;
    const auto run = [&](db::Tx& tx) -> absl::Status {
      done = MarkStale(tx, limit);
      return absl::OkStatus();
    };
    EXPECT_THAT(db::Transact(pool(), absl::Now() + absl::Seconds(10),
                             absl::FunctionRef<absl::Status(db::Tx&)>(run)),
                IsOk());
    return done;
  }
};

TEST_F(LifeServiceTest, LeadsFromADraftIntoTheDirectory) {
  EXPECT_THAT(Create(DraftOf("lag-kazbegi")),
              IsOkAndHolds(HasProto("state: DRAFT")));
  EXPECT_THAT(List(""), IsEmpty());
  EXPECT_THAT(Take(&Organizations::VerifyOrganization),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  EXPECT_THAT(Take(&Organizations::SubmitOrganization, kManager),
              IsOkAndHolds(HasProto("state: SUBMITTED")));
  const auto returned = Take(&Organizations::ReturnOrganization, kRegional,
                             "reason: 'Whose mailbox is this?'");
  EXPECT_THAT(returned, IsOkAndHolds(HasProto(
                            "state: DRAFT "
                            "return_reason: 'Whose mailbox is this?'")));
  EXPECT_THAT(
      Get(kName, kManager),
      IsOkAndHolds(HasProto("return_reason: 'Whose mailbox is this?'")));
  ASSERT_THAT(Take(&Organizations::SubmitOrganization, kManager), IsOk());
  const auto verified = Take(&Organizations::VerifyOrganization, kRegional);
  EXPECT_THAT(verified, IsOkAndHolds(HasProto("state: VERIFIED")));
  EXPECT_TRUE(verified->has_look_time());
  EXPECT_EQ(verified->return_reason(), "");
  EXPECT_THAT(List(""), ElementsAre("lag-kazbegi"));
}

TEST_F(LifeServiceTest, TakesEachStepFromThoseWhoMay) {
  MakeSubmitted();
  for (const char* token :
       {kManager, kGateway, kOtherRegion, "role:NETWORK_EDITOR@network=ksow"}) {
    EXPECT_THAT(Take(&Organizations::VerifyOrganization, token),
                StatusIs(Code::kPermissionDenied));
    EXPECT_THAT(Take(&Organizations::ReturnOrganization, token, "reason: 'x'"),
                StatusIs(Code::kPermissionDenied));
    EXPECT_THAT(Take(&Organizations::DissolveOrganization, token),
                StatusIs(Code::kPermissionDenied));
    EXPECT_THAT(Take(&Organizations::RestoreOrganization, token),
                StatusIs(Code::kPermissionDenied));
  }
  ASSERT_THAT(Take(&Organizations::VerifyOrganization, kRegional), IsOk());
  EXPECT_THAT(Take(&Organizations::ConfirmOrganization, kOtherRegion),
              StatusIs(Code::kPermissionDenied));
  EXPECT_THAT(Take(&Organizations::ConfirmOrganization, kManager), IsOk());
}

TEST_F(LifeServiceTest, LetsOnlyStaffEnterWhatIsVerified) {
  auto request = CreationOf("lag-kazbegi");
  EXPECT_THAT(Create(request, kGateway), StatusIs(Code::kPermissionDenied));
  request.set_initial_state(v1::Organization::STALE);
  EXPECT_THAT(WrongFields(Create(request).status()),
              ElementsAre("initial_state"));
  request.clear_initial_state();
  EXPECT_THAT(Create(request, kGateway),
              IsOkAndHolds(HasProto("state: DRAFT")));
}

TEST_F(LifeServiceTest, LetsGatewaysHandInWhatTheyCreated) {
  ASSERT_THAT(Create(DraftOf("lag-kazbegi"), kGateway), IsOk());
  EXPECT_THAT(Get(kName, kGateway), IsOk());
  // Another gateway of the network: as if there were no such entry.
  constexpr char kTwin[] = "role:GATEWAY@network=georgia,region=GE-MM";
  EXPECT_THAT(Get(kName, kTwin), StatusIs(Code::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(Take(&Organizations::SubmitOrganization, kTwin),
              StatusIs(Code::kPermissionDenied));
  EXPECT_THAT(Take(&Organizations::SubmitOrganization, kGateway),
              IsOkAndHolds(HasProto("state: SUBMITTED")));
  EXPECT_THAT(Update(UpdateOf("email: 'a@x.org'", {"email"}), kGateway),
              StatusIs(Code::kPermissionDenied));
}

TEST_F(LifeServiceTest, LetsPartnerSystemsProposeToTheirOwnNetwork) {
  ASSERT_THAT(Create(CreationOf("lag-keda")), IsOk());
  ASSERT_THAT(CreateNetwork("ksow", kGeo), IsOk());
  auto request = DraftOf("lag-kazbegi");
  EXPECT_THAT(Create(request, kSystem), StatusIs(Code::kPermissionDenied))
      << "it does not say for whom it speaks";
  request.set_proposer("organizations/lag-keda");
  request.set_initial_state(v1::Organization::SUBMITTED);
  EXPECT_THAT(Create(request, kSystem),
              IsOkAndHolds(HasProto("state: SUBMITTED")));
  EXPECT_THAT(Get(kName, kSystem), IsOk());
  auto elsewhere = DraftOf("lag-elsewhere");
  elsewhere.set_proposer("organizations/lag-keda");
  elsewhere.mutable_organization()->set_network("networks/ksow");
  EXPECT_THAT(Create(elsewhere, kSystem), StatusIs(Code::kPermissionDenied));
  elsewhere.mutable_organization()->set_network("networks/georgia");
  elsewhere.set_initial_state(v1::Organization::VERIFIED);
  EXPECT_THAT(Create(elsewhere, kSystem), StatusIs(Code::kPermissionDenied));
}

// Get and List show the same drafts, to whoever asks.
TEST_F(LifeServiceTest, HidesDraftsFromThoseWhomTheyDoNotConcern) {
  ASSERT_THAT(CreateNetwork("ksow", kGeo), IsOk());
  ASSERT_THAT(Create(DraftOf("lag-kazbegi"), kGateway), IsOk());
  auto submitted = DraftOf("lag-keda");
  submitted.set_initial_state(v1::Organization::SUBMITTED);
  submitted.mutable_organization()->clear_territories();
  ASSERT_THAT(Create(submitted), IsOk());
  auto foreign = DraftOf("lag-kotla");
  foreign.mutable_organization()->set_network("networks/ksow");
  ASSERT_THAT(Create(foreign, kAdmin), IsOk());
  ASSERT_THAT(Create(CreationOf("lag-khulo")), IsOk());
  struct Case {
    const char* token;
    std::vector<std::string> seen;
  };
  const Case cases[] = {
      {"", {}},
      {"role:NONE", {}},
      {"role:BROKER@network=georgia", {}},
      {"role:AUDITOR@project=paths", {}},
      {kSystem, {}},
      {kGateway, {"lag-kazbegi"}},
      {kManager, {"lag-kazbegi"}},
      {"role:LAG_MANAGER@organization=lag-keda", {"lag-keda"}},
      {kRegional, {"lag-kazbegi"}},
      {kOtherRegion, {}},
      {kEditor, {"lag-kazbegi", "lag-keda"}},
      {"role:NETWORK_ADMIN@network=georgia", {"lag-kazbegi", "lag-keda"}},
      {"role:NETWORK_EDITOR@network=ksow", {"lag-kotla"}},
      {kAdmin, {"lag-kazbegi", "lag-keda", "lag-kotla"}},
  };
  for (const Case& c : cases) {
    EXPECT_THAT(List("states: DRAFT states: SUBMITTED", c.token),
                testing::ElementsAreArray(c.seen))
        << c.token;
    EXPECT_THAT(List("", c.token), ElementsAre("lag-khulo")) << c.token;
    for (const char* id : {"lag-kazbegi", "lag-keda", "lag-kotla"}) {
      const auto got = Get(absl::StrCat("organizations/", id), c.token);
      if (std::find(c.seen.begin(), c.seen.end(), id) != c.seen.end()) {
        EXPECT_THAT(got, IsOk()) << c.token << " " << id;
      } else {
        // Word for word as for what does not exist.
        const auto ghost = Get("organizations/ghost", c.token);
        EXPECT_THAT(got, StatusIs(Code::kNotFound, "NOT_FOUND"))
            << c.token << " " << id;
        EXPECT_EQ(absl::StrReplaceAll(std::string(got.status().message()),
                                      {{id, "ghost"}}),
                  ghost.status().message());
      }
    }
  }
}

TEST_F(LifeServiceTest, GoesStaleAfterAYearWithoutALook) {
  for (const char* id : {"lag-kazbegi", "lag-keda", "lag-khulo"}) {
    ASSERT_THAT(Create(CreationOf(id)), IsOk());
  }
  LookedAt("364 days 23 hours");
  EXPECT_EQ(MarkStaleAtMost(10), 0);
  LookedAt("365 days");
  ASSERT_THAT(Take(&Organizations::ConfirmOrganization, kManager), IsOk());
  // In small batches; what is left is done the next time.
  EXPECT_EQ(MarkStaleAtMost(1), 1);
  EXPECT_EQ(MarkStaleAtMost(10), 1);
  EXPECT_EQ(MarkStaleAtMost(10), 0);
  EXPECT_THAT(List("states: STALE"), ElementsAre("lag-keda", "lag-khulo"));
  EXPECT_THAT(List(""), SizeIs(3)) << "what is stale stays in the directory";
  EXPECT_THAT(Get("organizations/lag-keda"),
              IsOkAndHolds(HasProto("state: STALE etag: '\"2\"'")));
  EXPECT_EQ(database().Ask("SELECT string_agg(concat_ws(' ', resource, version,"
                           " actor, method), '; ' ORDER BY resource)"
                           " FROM changes.change WHERE method LIKE 'jobs%'"),
            "organizations/lag-keda 2  jobs/mark_stale; "
            "organizations/lag-khulo 2  jobs/mark_stale");
  EXPECT_EQ(database().Ask("SELECT string_agg(concat_ws(' ', field, old_value,"
                           " new_value, version), '; ')"
                           " FROM directory.field_change"
                           " WHERE method LIKE 'jobs%'"),
            "state \"VERIFIED\" \"STALE\" 2; state \"VERIFIED\" \"STALE\" 2");
}

TEST_F(LifeServiceTest, CountsALookFromThoseWhoKnow) {
  ASSERT_THAT(Create(CreationOf("lag-kazbegi")), IsOk());
  const auto make_stale = [&] {
    LookedAt("400 days");
    ASSERT_EQ(MarkStaleAtMost(10), 1);
  };
  make_stale();
  EXPECT_THAT(Take(&Organizations::ConfirmOrganization, kManager),
              IsOkAndHolds(HasProto("state: VERIFIED")));
  EXPECT_EQ(MarkStaleAtMost(10), 0);
  make_stale();
  EXPECT_THAT(Update(UpdateOf("email: 'b@x.org'", {"email"})),
              IsOkAndHolds(HasProto("state: VERIFIED")));
  EXPECT_EQ(MarkStaleAtMost(10), 0);
  make_stale();
  EXPECT_THAT(Take(&Organizations::ConfirmOrganization, kRegional),
              IsOkAndHolds(HasProto("state: VERIFIED")));
  LookedAt("10 days");
  ASSERT_THAT(Create(CreationOf("lag-keda")), IsOk());
  const std::string since = absl::FormatTime(
      "%s", absl::Now() - absl::Hours(24), absl::UTCTimeZone());
  EXPECT_THAT(
      List(absl::StrCat("not_looked_at_since { seconds: ", since, " }")),
      ElementsAre("lag-kazbegi"));
}

TEST_F(LifeServiceTest, RestoresWithoutALook) {
  ASSERT_THAT(Create(CreationOf("lag-kazbegi")), IsOk());
  ASSERT_THAT(Archive(), IsOk());
  EXPECT_THAT(Update(UpdateOf("email: 'b@x.org'", {"email"})),
              StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  EXPECT_THAT(Take(&Organizations::RestoreOrganization),
              IsOkAndHolds(HasProto("state: VERIFIED")));
  ASSERT_THAT(Archive(), IsOk());
  LookedAt("400 days");
  EXPECT_EQ(MarkStaleAtMost(10), 0) << "what is archived does not age";
  EXPECT_THAT(Take(&Organizations::RestoreOrganization),
              IsOkAndHolds(HasProto("state: STALE")));
}

TEST_F(LifeServiceTest, DissolvesWithASuccessor) {
  ASSERT_THAT(Create(CreationOf("lag-kazbegi")), IsOk());
  ASSERT_THAT(Create(CreationOf("lag-mtskheta")), IsOk());
  ASSERT_THAT(Create(DraftOf("lag-draft")), IsOk());
  const auto dissolve = [&](const std::string& text) {
    return Take(&Organizations::DissolveOrganization, kEditor, text);
  };
  EXPECT_THAT(
      WrongFields(dissolve("successor: 'organizations/lag-kazbegi'").status()),
      ElementsAre("successor"));
  EXPECT_THAT(WrongFields(dissolve("dissolved_on: '2999-01-01'").status()),
              ElementsAre("dissolved_on"));
  for (const char* unknown :
       {"organizations/ghost", "organizations/lag-draft"}) {
    EXPECT_THAT(dissolve(absl::StrCat("successor: '", unknown, "'")),
                StatusIs(Code::kInvalidArgument, "UNKNOWN_REFERENCE"));
  }
  EXPECT_THAT(dissolve("successor: 'organizations/lag-mtskheta'"
                       " dissolved_on: '2020-03-01'"),
              IsOkAndHolds(HasProto("state: DISSOLVED"
                                    " successor: 'organizations/lag-mtskheta'"
                                    " dissolved_on: '2020-03-01'")));
  EXPECT_THAT(List(""), ElementsAre("lag-mtskheta"));
  EXPECT_THAT(List("states: DISSOLVED"), ElementsAre("lag-kazbegi"));
  EXPECT_THAT(Get(kName), IsOk());
  // Who is dissolved carries nothing on.
  v1::DissolveOrganizationRequest other;
  other.set_name("organizations/lag-mtskheta");
  other.set_successor(kName);
  other.set_request_id(FreshRequestId());
  const auto circle = Call(
      *organizations_, &Organizations::DissolveOrganization, other, {kEditor});
  EXPECT_THAT(circle, StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  EXPECT_EQ(MetadataOf(circle.status(), "state"), "DISSOLVED");
  EXPECT_THAT(WrongFields(circle.status()), ElementsAre("successor"));
  // A mistake can be mended.
  const auto restored = Take(&Organizations::RestoreOrganization);
  EXPECT_THAT(restored, IsOkAndHolds(HasProto("state: VERIFIED")));
  EXPECT_EQ(restored->successor(), "");
  EXPECT_EQ(restored->dissolved_on(), "");
}

TEST_F(LifeServiceTest, LetsOnlyTheNetworkSayWhoIsItsPartner) {
  ASSERT_THAT(Create(CreationOf("lag-kazbegi")), IsOk());
  const auto registration = [](const char* field) {
    return UpdateOf(
        R"pb(partner_registrations { network: "networks/georgia" status: ENDED }
             memberships { network: "networks/georgia" })pb",
        {field});
  };
  for (const char* field : {"partner_registrations", "memberships"}) {
    EXPECT_THAT(Update(registration(field), kManager),
                StatusIs(Code::kPermissionDenied));
    EXPECT_THAT(Update(registration(field), kRegional), IsOk());
  }
  // The whole entry, with what the network says as it is, is theirs to send.
  const auto entry = Get(kName);
  v1::UpdateOrganizationRequest whole;
  *whole.mutable_organization() = *entry;
  whole.mutable_update_mask()->add_paths("*");
  whole.set_request_id(FreshRequestId());
  EXPECT_THAT(Update(whole, kManager), IsOk());
}

TEST_F(LifeServiceTest, RefusesAProfileThatRefersToNothing) {
  auto request = CreationOf("lag-kazbegi");
  request.mutable_organization()->mutable_memberships(0)->set_network(
      "networks/ghost");
  EXPECT_THAT(Create(request),
              StatusIs(Code::kInvalidArgument, "UNKNOWN_REFERENCE"));
  request = CreationOf("lag-kazbegi");
  request.mutable_organization()->mutable_strategy()->add_themes("alchemy");
  EXPECT_THAT(Create(request),
              StatusIs(Code::kInvalidArgument, "UNKNOWN_THEME"));
  request = CreationOf("lag-kazbegi");
  request.mutable_organization()->mutable_member_counts()->set_total(70);
  EXPECT_THAT(WrongFields(Create(request).status()),
              ElementsAre("organization.member_counts.total"));
}

// One of many who verify at once does it; the history has one line of it.
TEST_F(LifeServiceTest, IsVerifiedOnceByManyAtOnce) {
  MakeSubmitted();
  std::vector<absl::StatusOr<v1::Organization>> answers(8);
  std::vector<std::thread> callers;
  for (auto& answer : answers) {
    callers.emplace_back(
        [&] { answer = Take(&Organizations::VerifyOrganization); });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(std::count_if(answers.begin(), answers.end(),
                          [](const auto& answer) { return answer.ok(); }),
            1);
  EXPECT_EQ(database().Ask("SELECT count(*) FROM directory.field_change"
                           " WHERE new_value = '\"VERIFIED\"'"),
            "1");
}

}  // namespace
}  // namespace lagnet::directory
