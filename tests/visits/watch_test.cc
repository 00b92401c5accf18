// Watches over real gRPC.

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/visits/fixture.h"
#include "tests/visits/reader.h"

namespace lagnet::visits {
namespace {

using support::HasProto;
using support::IsOk;
using support::StatusIs;
using support::WrongFields;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Code = absl::StatusCode;

using SignUpReader = Reader<v1::WatchSignUpsResponse>;

class WatchTest : public VisitServiceTest {
 protected:
  static SignUpReader Watch(Node& node, const std::string& visit,
                            const std::string& token = "", int heartbeat = 0,
                            const std::string& caller = kAdmin) {
    v1::WatchSignUpsRequest request;
    request.set_parent("studyVisits/" + visit);
    request.set_resume_token(token);
    request.mutable_heartbeat_interval()->set_seconds(heartbeat);
    return {node.sign_ups(), &SignUps::WatchSignUps, request,
            support::With{.token = caller}};
  }
  SignUpReader Watch(const std::string& visit, const std::string& token = "") {
    return Watch(node_, visit, token);
  }
  VisitReader WatchVisits(const std::string& text,
                          const std::string& token = "") {
    auto request = support::FromText<v1::WatchStudyVisitsRequest>(text);
    request.set_resume_token(token);
    return {node_.visits(), &Visits::WatchStudyVisits, request, {}};
  }

  // The versions of the next decisions, up to one.
  static std::vector<int64_t> Versions(SignUpReader& reader, int64_t last) {
    std::vector<int64_t> versions;
    while (versions.empty() || versions.back() < last) {
      const auto response = reader.Next();
      if (!response) break;
      if (response->sign_ups().empty()) continue;
      versions.push_back(response->version());
    }
    return versions;
  }
};

TEST_F(WatchTest, StartsWithTheCurrentState) {
  Open("fresh", 2);
  for (const char* person : {"a", "b", "c", "d"}) {
    ASSERT_THAT(SignUp("fresh", person), IsOk());
  }
  SignUpReader reader = Watch("fresh");
  const auto state = reader.Next();
  ASSERT_TRUE(state);
  EXPECT_THAT(*state, HasProto("caught_up: true version: 5 confirmed_count: 2 "
                               "waitlisted_count: 2 "
                               "sign_ups { state: CONFIRMED } "
                               "sign_ups { state: CONFIRMED } "
                               "sign_ups { state: WAITLISTED wait_position: 1 }"
                               "sign_ups { state: WAITLISTED wait_position: 2 "
                               "  wait_reason: VISIT_FULL }"));
  EXPECT_THAT(state->sign_ups(0).members(), IsEmpty());
  Open("fresh-empty", 2);
  const auto nothing = Watch("fresh-empty").Next();
  ASSERT_TRUE(nothing);
  EXPECT_TRUE(nothing->caught_up());
  EXPECT_THAT(nothing->sign_ups(), IsEmpty());
}

TEST_F(WatchTest, CarriesEachDecisionWhole) {
  Open("whole", 1);
  SignUpReader reader = Watch("whole");
  ASSERT_TRUE(reader.Next());
  ASSERT_OK_AND_ASSIGN(const v1::SignUp a, SignUp("whole", "a"));
  ASSERT_OK_AND_ASSIGN(const v1::SignUp b, SignUp("whole", "b"));
  ASSERT_THAT(Withdraw(a.name()), IsOk());
  ASSERT_THAT(SetSeats("whole", 3), IsOk());
  ASSERT_THAT(Cancel("whole"), IsOk());
  EXPECT_THAT(*reader.Next(), HasProto("version: 2 confirmed_count: 1 "
                                       "sign_ups { state: CONFIRMED }"));
  EXPECT_THAT(*reader.Next(), HasProto("version: 3 waitlisted_count: 1 "
                                       "sign_ups { state: WAITLISTED }"));
  // Who leaves and who moves up arrive together.
  EXPECT_THAT(*reader.Next(),
              HasProto("version: 4 confirmed_count: 1 "
                       "sign_ups { state: WITHDRAWN name: '" +
                       a.name() + "' } sign_ups { state: CONFIRMED name: '" +
                       b.name() + "' }"));
  const auto changed = reader.Next();
  EXPECT_EQ(changed->version(), 5);
  EXPECT_THAT(changed->sign_ups(), IsEmpty());
  EXPECT_THAT(*reader.Next(),
              HasProto("version: 6 sign_ups { state: CANCELLED }"));
}

TEST_F(WatchTest, GoesOnWhereItWasCutOff) {
  Open("cut", 5);
  SignUpReader reader = Watch("cut");
  std::string token = reader.Next()->resume_token();
  for (const char* person : {"a", "b", "c"}) {
    ASSERT_THAT(SignUp("cut", person), IsOk());
  }
  const auto first = reader.Next();
  reader.Cut();
  EXPECT_EQ(first->version(), 2);
  SignUpReader resumed = Watch("cut", first->resume_token());
  EXPECT_THAT(Versions(resumed, 4), ElementsAre(3, 4));
  SignUpReader from_state = Watch("cut", token);
  EXPECT_THAT(Versions(from_state, 4), ElementsAre(2, 3, 4));
}

TEST_F(WatchTest, CatchesUpFromFarBehind) {
  constexpr int kDecisions = 1400;
  Open("far", 5);
  const std::string token = Watch("far").Next()->resume_token();
  Desk desk({.threads = 1}, &pool(), &vault());
  std::vector<Later> answers;
  for (int i = 0; i < kDecisions; ++i) {
    answers.emplace_back(desk, SignUpWish("far", absl::StrCat("p", i)));
  }
  for (const Later& answer : answers) ASSERT_THAT(answer.Get(), IsOk());
  // More than a stream may have queued: the rest waits in the database.
  SignUpReader reader = Watch("far", token);
  absl::SleepFor(absl::Milliseconds(300));
  const std::vector<int64_t> versions = Versions(reader, kDecisions + 1);
  ASSERT_THAT(versions, SizeIs(kDecisions));
  for (int i = 0; i < kDecisions; ++i) ASSERT_EQ(versions[i], i + 2);
}

TEST_F(WatchTest, TakesTokensOfItsOwnOnly) {
  Open("own", 5);
  Open("others", 5);
  const std::string token = Watch("own").Next()->resume_token();
  const auto mismatch =
      StatusIs(Code::kInvalidArgument, "RESUME_TOKEN_MISMATCH");
  EXPECT_THAT(Watch("others", token).End(), mismatch);
  EXPECT_THAT(Watch("own", "no token").End(), mismatch);
  EXPECT_THAT(WatchVisits("", token).End(), mismatch);
  EXPECT_THAT(Watch("nowhere").End(), StatusIs(Code::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(Watch(node_, "own", "", 0, kManager).End(),
              StatusIs(Code::kPermissionDenied, "PERMISSION_DENIED"));
  const absl::Status status = Watch(node_, "own", "", 301).End();
  EXPECT_THAT(status, StatusIs(Code::kInvalidArgument, "INVALID_FIELDS"));
  EXPECT_THAT(WrongFields(status), ElementsAre("heartbeat_interval"));
}

TEST_F(WatchTest, EndsTokensThatAreAheadOfTheDatabase) {
  Open("ahead", 5);
  SignUpReader reader = Watch("ahead");
  ASSERT_TRUE(reader.Next());
  ASSERT_THAT(SignUp("ahead", "a"), IsOk());
  const std::string token = reader.Next()->resume_token();
  database().Run(
      "DELETE FROM visits.decision WHERE visit_id = "
      "(SELECT visit_id FROM visits.visit WHERE name = 'ahead');"
      "UPDATE visits.visit SET version = version - 1 WHERE name = 'ahead'");
  EXPECT_THAT(Watch("ahead", token).End(),
              StatusIs(Code::kOutOfRange, "RESUME_TOKEN_EXPIRED"));
}

TEST_F(WatchTest, EndsTheTokensOfARestoredDatabase) {
  Open("restored", 5);
  const std::string sign_ups = Watch("restored").Next()->resume_token();
  std::string visits;
  VisitReader reader = WatchVisits("study_visit: 'studyVisits/restored'");
  NextVisits(reader, &visits);
  database().Run("UPDATE changes.change SET xid = '9000000000000'");
  Node restored(database().dsn(), vault());
  const auto expired = StatusIs(Code::kOutOfRange, "RESUME_TOKEN_EXPIRED");
  EXPECT_THAT(Watch(restored, "restored", sign_ups).End(), expired);
  v1::WatchStudyVisitsRequest request;
  request.set_study_visit("studyVisits/restored");
  request.set_resume_token(visits);
  EXPECT_THAT(VisitReader(restored.visits(), &Visits::WatchStudyVisits, request,
                          support::With{})
                  .End(),
              expired);
}

TEST_F(WatchTest, BeatsWhileNothingHappens) {
  Open("beat", 5);
  SignUpReader reader = Watch(node_, "beat", "", 1);
  ASSERT_TRUE(reader.Next()->caught_up());
  const absl::Time start = absl::Now();
  const auto beat = reader.Next();
  EXPECT_THAT(*beat, HasProto("version: 1"));
  EXPECT_THAT(beat->sign_ups(), IsEmpty());
  EXPECT_FALSE(beat->caught_up());
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(900));
  ASSERT_THAT(SignUp("beat", "a"), IsOk());
  SignUpReader resumed = Watch("beat", beat->resume_token());
  EXPECT_THAT(Versions(resumed, 2), ElementsAre(2));
}

TEST_F(WatchTest, HearsWhatOtherServersDecide) {
  Open("shared", 5);
  Node other(database().dsn(), vault());
  SignUpReader here = Watch("shared");
  SignUpReader there = Watch(other, "shared");
  ASSERT_TRUE(here.Next() && there.Next());
  ASSERT_THAT(SignUp("shared", "a"), IsOk());
  ASSERT_THAT(support::Call(other.sign_ups(), &SignUps::CreateSignUp,
                            SignUpRequest("shared", "b"), {kAdmin}),
              IsOk());
  EXPECT_THAT(Versions(here, 3), ElementsAre(2, 3));
  EXPECT_THAT(Versions(there, 3), ElementsAre(2, 3));
}

TEST_F(WatchTest, CarriesTheStatesOfVisits) {
  ASSERT_THAT(Create("states-draft", WantedProto()), IsOk());
  Open("states", 5);
  std::string token;
  VisitReader all = WatchVisits("network: 'networks/ksow'");
  EXPECT_THAT(NextVisits(all, &token), testing::Contains("studyVisits/states "
                                                         "0"));
  VisitReader one = WatchVisits("study_visit: 'studyVisits/states'");
  EXPECT_THAT(NextVisits(one), ElementsAre("studyVisits/states 0"));
  VisitReader elsewhere = WatchVisits(
      "network: 'networks/elsewhere' "
      "heartbeat_interval { seconds: 1 }");
  EXPECT_THAT(NextVisits(elsewhere), IsEmpty());

  ASSERT_THAT(SignUp("states", "a"), IsOk());
  EXPECT_THAT(HearUntil(one, "studyVisits/states 1"),
              testing::Each(testing::StartsWith("studyVisits/states ")));
  EXPECT_THAT(HearUntil(all, "studyVisits/states 1"),
              testing::Not(testing::Contains(testing::HasSubstr("draft"))));
  // A draft's changes are nobody's business until it is published.
  ASSERT_THAT(SetSeats("states-draft", 7), IsOk());
  ASSERT_THAT(Publish("states-draft"), IsOk());
  EXPECT_FALSE(HearUntil(all, "studyVisits/states-draft 0").empty());
  VisitReader resumed = WatchVisits("network: 'networks/ksow'", token);
  EXPECT_THAT(NextVisits(resumed),
              testing::IsSupersetOf(
                  {"studyVisits/states 1", "studyVisits/states-draft 0"}));
  EXPECT_THAT(elsewhere.Next()->study_visits(), IsEmpty());
}

TEST_F(WatchTest, ServesManyWatchersWhileManySignUp) {
  constexpr int kWatchers = 8;
  constexpr int kPeople = 60;
  Open("busy", 20);
  std::vector<std::thread> threads;
  for (int w = 0; w < kWatchers; ++w) {
    threads.emplace_back([&, w] {
      std::string token;
      int64_t version = 0;
      // Some are cut off all the time, some never.
      while (version < kPeople + 1) {
        SignUpReader reader = Watch("busy", token);
        for (int i = 0; version < kPeople + 1 && (w % 2 == 0 || i < 5); ++i) {
          const auto response = reader.Next();
          ASSERT_TRUE(response);
          if (version > 0 && !response->sign_ups().empty()) {
            ASSERT_EQ(response->version(), version + 1);
          }
          version = response->version();
          token = response->resume_token();
        }
      }
    });
  }
  for (int p = 0; p < kPeople; ++p) {
    ASSERT_THAT(SignUp("busy", absl::StrCat("p", p)), IsOk());
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(WatchTest, EndsWithTheServer) {
  Open("ending", 5);
  auto other = std::make_unique<Node>(database().dsn(), vault());
  SignUpReader reader = Watch(*other, "ending");
  ASSERT_TRUE(reader.Next());
  other->server().Stop();
  EXPECT_THAT(reader.End(), StatusIs(Code::kUnavailable));
}

}  // namespace
}  // namespace lagnet::visits
