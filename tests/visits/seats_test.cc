#include "server/visits/seats.h"

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/matchers.h"
#include "tests/visits/plan_text.h"
#include "tests/visits/refusals.h"

namespace lagnet::visits {

namespace {

// What the tests look at in an event.
struct Told {
  std::string sign_up;
  SignUpState state = SignUpState::kUnspecified;
  WaitReason why = WaitReason::kNone;

  bool operator==(const Told&) const = default;
};

void PrintTo(const Told& told, std::ostream* out) {
  *out << told.sign_up << " becomes " << static_cast<int>(told.state)
       << " because " << static_cast<int>(told.why);
}

std::vector<Told> ToldOf(const std::vector<Event>& events) {
  std::vector<Told> told;
  for (const Event& event : events) {
    told.push_back({event.sign_up, event.state, event.obstacle.why});
  }
  return told;
}

using support::IsOk;
using support::MetadataOf;
using support::StatusIs;
using testing::ElementsAre;
using Code = absl::StatusCode;

constexpr SignUpState kConfirmed = SignUpState::kConfirmed;
constexpr SignUpState kWaitlisted = SignUpState::kWaitlisted;

// Sign-up from 100 to 200, the visit ends at 300.
SeatRules Rules(int seats, int share = 0) {
  return {.state = VisitState::kPublished,
          .seats = seats,
          .seats_per_organization = share,
          .sign_up_start = At(100),
          .sign_up_end = At(200),
          .end = At(300)};
}

SignUpCommand SignUpOf(const std::string& id, const std::string& organization) {
  return {.party = {.sign_up = id,
                    .organization = organization,
                    .members = {{.hash = "person of " + id}}}};
}

// A visit on which one decision follows the other.
struct Visit {
  SeatPlan plan;

  explicit Visit(SeatRules rules, std::vector<Party> parties = {})
      : plan(10, std::move(rules), std::move(parties)) {}

  absl::StatusOr<std::vector<Told>> Do(const Command& command, int now = 150) {
    SeatPlan before = plan;
    const auto decision = Decide(plan, command, At(now));
    if (!decision.ok()) {
      EXPECT_EQ(TextOf(plan), TextOf(before)) << "a refusal changes nothing";
      return decision.status();
    }
    EXPECT_EQ(decision->version, before.version() + 1);
    Apply(*decision, before);
    EXPECT_EQ(TextOf(plan), TextOf(before)) << "what is kept tells all";
    return ToldOf(decision->events);
  }
  std::vector<Told> SettleAt(int now) {
    const auto decision = Settle(plan, At(now));
    return decision ? ToldOf(decision->events) : std::vector<Told>();
  }
  absl::StatusOr<std::vector<Told>> SignUp(const std::string& id,
                                           const std::string& organization,
                                           int now = 150) {
    return Do(SignUpOf(id, organization), now);
  }
  absl::StatusOr<std::vector<Told>> Withdraw(const std::string& id,
                                             int now = 150) {
    return Do(WithdrawCommand{id}, now);
  }
};

auto Holds(std::vector<Told> events) {
  return support::IsOkAndHolds(testing::ElementsAreArray(events));
}

TEST(SeatsTest, TakesSignUpsInTheWindowOfAPublishedVisitOnly) {
  struct Case {
    VisitState state;
    int now;
    bool open;
  };
  for (const Case& c : {Case{VisitState::kPublished, 99, false},
                        Case{VisitState::kPublished, 100, true},
                        Case{VisitState::kPublished, 199, true},
                        Case{VisitState::kPublished, 200, false},
                        Case{VisitState::kDraft, 150, false},
                        Case{VisitState::kCompleted, 150, false},
                        Case{VisitState::kCancelled, 150, false}}) {
    SeatRules rules = Rules(5);
    rules.state = c.state;
    Visit visit(rules);
    const auto result = visit.SignUp("a", "x", c.now);
    if (c.open) {
      EXPECT_THAT(result, IsOk());
      continue;
    }
    EXPECT_THAT(result, kClosed) << static_cast<int>(c.state) << c.now;
    EXPECT_EQ(MetadataOf(result.status(), "signUpStartTime"),
              "1970-01-01T00:01:40+00:00");
    EXPECT_EQ(MetadataOf(result.status(), "signUpEndTime"),
              "1970-01-01T00:03:20+00:00");
  }
}

TEST(SeatsTest, OpensAtPublicationIfNoStartIsSet) {
  SeatRules rules = Rules(1);
  rules.sign_up_start = absl::InfinitePast();
  Visit visit(rules);
  EXPECT_THAT(visit.SignUp("a", "x", 0), IsOk());
  const auto late = visit.SignUp("b", "x", 200);
  EXPECT_THAT(late, kClosed);
  EXPECT_EQ(MetadataOf(late.status(), "signUpStartTime"), "");
}

TEST(SeatsTest, GivesExactlyTheSeatsThereAre) {
  Visit visit(Rules(2));
  EXPECT_THAT(visit.SignUp("a", "x"), Holds({{"a", kConfirmed}}));
  EXPECT_THAT(visit.SignUp("b", "x"), Holds({{"b", kConfirmed}}));
  EXPECT_THAT(visit.SignUp("c", "y"),
              Holds({{"c", kWaitlisted, WaitReason::kVisitFull}}));
  EXPECT_THAT(visit.SignUp("d", "y"),
              Holds({{"d", kWaitlisted, WaitReason::kVisitFull}}));
  EXPECT_EQ(visit.plan.confirmed(), 2);
  EXPECT_EQ(visit.plan.PositionOf("c"), 1);
  EXPECT_EQ(visit.plan.PositionOf("d"), 2);
}

TEST(SeatsTest, KeepsAnOrganizationWithinItsShare) {
  Visit visit(Rules(3, 1));
  EXPECT_THAT(visit.SignUp("a", "x"), Holds({{"a", kConfirmed}}));
  EXPECT_THAT(visit.SignUp("b", "x"),
              Holds({{"b", kWaitlisted, WaitReason::kOrganizationShare}}));
  EXPECT_THAT(visit.SignUp("c", "y"), Holds({{"c", kConfirmed}}));
  EXPECT_THAT(visit.SignUp("d", "z"), Holds({{"d", kConfirmed}}));
  // Full and out of its share: the share is what an organisation can change.
  EXPECT_THAT(visit.SignUp("e", "z"),
              Holds({{"e", kWaitlisted, WaitReason::kOrganizationShare}}));
  EXPECT_THAT(visit.SignUp("f", "w"),
              Holds({{"f", kWaitlisted, WaitReason::kVisitFull}}));
}

TEST(SeatsTest, SignsNobodyUpTwice) {
  Visit visit(Rules(1));
  SignUpCommand again = SignUpOf("b", "y");
  again.party.members = {{.hash = "person of a"}};
  const auto twice = StatusIs(Code::kAlreadyExists, "ALREADY_SIGNED_UP");
  ASSERT_THAT(visit.SignUp("a", "x"), IsOk());
  EXPECT_THAT(visit.Do(again), twice);
  ASSERT_THAT(visit.SignUp("c", "x"), IsOk());
  again.party.members = {{.hash = "person of c"}};
  EXPECT_THAT(visit.Do(again), twice) << "who waits is on it too";
  ASSERT_THAT(visit.Withdraw("c"), IsOk());
  EXPECT_THAT(visit.Do(again), IsOk()) << "who has left may come back";
}

TEST(SeatsTest, MovesTheLongestWaitingUpThatFits) {
  Visit visit(Rules(2, 1));
  for (const auto& [id, organization] :
       std::vector<std::pair<std::string, std::string>>{
           {"a", "x"}, {"b", "y"}, {"c", "x"}, {"d", "z"}, {"e", "y"}}) {
    ASSERT_THAT(visit.SignUp(id, organization), IsOk());
  }
  // c is first, but its organisation has its share.
  EXPECT_THAT(visit.Withdraw("b"),
              Holds({{"b", SignUpState::kWithdrawn}, {"d", kConfirmed}}));
  EXPECT_THAT(QueueOf(visit.plan), ElementsAre("c", "e"));
  EXPECT_THAT(visit.Withdraw("a"),
              Holds({{"a", SignUpState::kWithdrawn}, {"c", kConfirmed}}));
  EXPECT_THAT(visit.Withdraw("e"), Holds({{"e", SignUpState::kWithdrawn}}));
  EXPECT_EQ(visit.plan.waiting(), 0);
}

TEST(SeatsTest, WithdrawsUntilTheVisitIsOver) {
  Visit visit(Rules(1));
  ASSERT_THAT(visit.SignUp("a", "x"), IsOk());
  ASSERT_THAT(visit.SignUp("b", "x"), IsOk());
  EXPECT_THAT(visit.Withdraw("nobody"), kWrongState);
  EXPECT_THAT(visit.Withdraw("a", 300), kWrongState);
  // The sign-up window is over, yet who waits still moves up.
  EXPECT_THAT(visit.Withdraw("a", 299),
              Holds({{"a", SignUpState::kWithdrawn}, {"b", kConfirmed}}));
  EXPECT_THAT(visit.Withdraw("a", 299), kWrongState) << "it has ended";
}

TEST(SeatsTest, MovesUpWhenSeatsOrShareAreRaised) {
  Visit visit(Rules(2, 1));
  for (const auto& [id, organization] :
       std::vector<std::pair<std::string, std::string>>{
           {"a", "x"}, {"b", "y"}, {"c", "x"}, {"d", "z"}, {"e", "z"}}) {
    ASSERT_THAT(visit.SignUp(id, organization), IsOk());
  }
  EXPECT_THAT(visit.Do(ChangeRulesCommand{Rules(4, 1)}),
              Holds({{"d", kConfirmed}}));
  EXPECT_THAT(visit.Do(ChangeRulesCommand{Rules(4, 2)}),
              Holds({{"c", kConfirmed}}));
  EXPECT_THAT(visit.Do(ChangeRulesCommand{Rules(9, 0)}),
              Holds({{"e", kConfirmed}}));
  EXPECT_EQ(visit.plan.rules().seats, 9);
}

TEST(SeatsTest, LowersSeatsToTheConfirmedPeopleAndNotBelow) {
  Visit visit(Rules(3));
  ASSERT_THAT(visit.SignUp("a", "x"), IsOk());
  ASSERT_THAT(visit.SignUp("b", "x"), IsOk());
  const auto refused = visit.Do(ChangeRulesCommand{Rules(1)});
  EXPECT_THAT(refused, StatusIs(Code::kFailedPrecondition, "SEATS_TAKEN"));
  EXPECT_EQ(MetadataOf(refused.status(), "takenCount"), "2");
  EXPECT_THAT(visit.Do(ChangeRulesCommand{Rules(2)}), Holds({}));
  // A lower share takes nobody's seat; it binds those who come.
  EXPECT_THAT(visit.Do(ChangeRulesCommand{Rules(3, 1)}), Holds({}));
  EXPECT_EQ(visit.plan.taken_of("x"), 2);
  EXPECT_THAT(visit.SignUp("c", "x"),
              Holds({{"c", kWaitlisted, WaitReason::kOrganizationShare}}));
  // Two of x against a share of one: a withdrawal does not make room for c.
  EXPECT_THAT(visit.Withdraw("a"), Holds({{"a", SignUpState::kWithdrawn}}));
  EXPECT_THAT(visit.Withdraw("b"),
              Holds({{"b", SignUpState::kWithdrawn}, {"c", kConfirmed}}));
}

TEST(SeatsTest, EndsEverySignUpWithTheVisit) {
  Visit visit(Rules(1));
  ASSERT_THAT(visit.SignUp("a", "x"), IsOk());
  ASSERT_THAT(visit.SignUp("b", "x"), IsOk());
  EXPECT_THAT(
      visit.Do(CancelCommand{}),
      Holds({{"a", SignUpState::kCancelled}, {"b", SignUpState::kCancelled}}));
  EXPECT_EQ(visit.plan.rules().state, VisitState::kCancelled);
  EXPECT_EQ(visit.plan.confirmed() + visit.plan.waiting(), 0);
  EXPECT_TRUE(visit.plan.parties().empty());
  EXPECT_THAT(visit.Do(CancelCommand{}), kWrongState);
  EXPECT_THAT(visit.Do(ChangeRulesCommand{Rules(9)}), kWrongState);
  EXPECT_THAT(visit.Withdraw("a"), kWrongState);
}

TEST(SeatsTest, ChangesNothingOnceCompleted) {
  Visit visit(Rules(1));
  ASSERT_THAT(visit.SignUp("a", "x"), IsOk());
  ASSERT_THAT(visit.SignUp("b", "x"), IsOk());
  SeatRules over = Rules(5);
  over.state = VisitState::kCompleted;
  EXPECT_THAT(visit.Do(ChangeRulesCommand{over}), Holds({}))
      << "nobody moves up on a visit that is over";
  EXPECT_THAT(visit.Withdraw("a"), kWrongState);
  EXPECT_THAT(visit.Do(CancelCommand{}), kWrongState);
  EXPECT_THAT(visit.Do(ChangeRulesCommand{Rules(9)}), kWrongState);
}

Party PartyOf(const std::string& id, const std::string& organization,
              SignUpState state, int64_t arrival) {
  return {.sign_up = id,
          .organization = organization,
          .members = {{.hash = "person of " + id}},
          .state = state,
          .seats = state == kConfirmed ? 1 : 0,
          .arrival = arrival};
}

TEST(SeatsTest, MovesSignUpsToTheOrganizationThatStays) {
  Visit visit(
      Rules(3, 2),
      {PartyOf("a", "old", kConfirmed, 1), PartyOf("b", "new", kConfirmed, 2),
       PartyOf("c", "third", kConfirmed, 3),
       PartyOf("d", "new", kWaitlisted, 4), PartyOf("e", "old", kWaitlisted, 5),
       PartyOf("f", "third", kWaitlisted, 6)});
  const Event gone{.sign_up = "g", .state = SignUpState::kWithdrawn};
  // Those who move, in the order of arrival.
  EXPECT_THAT(visit.Do(ReassignCommand{"old", "new", {gone}}),
              Holds({{"a", kConfirmed},
                     {"e", kWaitlisted, WaitReason::kOrganizationShare},
                     {"g", SignUpState::kWithdrawn}}));
  EXPECT_EQ(visit.plan.taken_of("old"), 0);
  EXPECT_EQ(visit.plan.taken_of("new"), 2);
  EXPECT_EQ(QueueOf(visit.plan), (std::vector<std::string>{"d", "e", "f"}));
  // The seat that is free next is not for the two, who have their share.
  EXPECT_THAT(visit.Withdraw("c"),
              Holds({{"c", SignUpState::kWithdrawn}, {"f", kConfirmed}}));
}

TEST(SeatsTest, RefusesToMakeOneOfTwoThatHaveMoreThanAShare) {
  struct Case {
    const char* why;
    int old_ones;
    int new_ones;
    int share;
    int now;
    bool good;
  };
  const Case cases[] = {
      {"no share", 3, 3, 0, 150, true},
      {"the share exactly", 2, 1, 3, 150, true},
      {"one more", 2, 2, 3, 150, false},
      {"alone above a share that was lowered", 3, 0, 2, 150, true},
      {"the other so", 0, 3, 2, 150, true},
      {"sign-up is over, the visit is not", 2, 2, 3, 250, false},
      {"all is over", 2, 2, 3, 300, true},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.why);
    std::vector<Party> parties;
    for (int i = 0; i < c.old_ones + c.new_ones; ++i) {
      parties.push_back(PartyOf(absl::StrCat("p", i),
                                i < c.old_ones ? "old" : "new", kConfirmed, i));
    }
    Visit visit(Rules(9, c.share), std::move(parties));
    const absl::Status status =
        visit.Do(ReassignCommand{"old", "new", {}}, c.now).status();
    if (c.good) {
      EXPECT_THAT(status, IsOk());
      continue;
    }
    EXPECT_THAT(status, StatusIs(Code::kFailedPrecondition, "SHARE_EXCEEDED"));
    EXPECT_EQ(MetadataOf(status, "confirmedCount"), "4");
    EXPECT_EQ(MetadataOf(status, "seatsPerOrganization"), "3");
  }
}

TEST(SeatsTest, RefusesToMakeOneOfTwoThatHaveMoreThanAShareOfTheRules) {
  struct Case {
    const char* why;
    int old_ones;
    int new_ones;
    std::vector<Share> before;
    std::vector<Share> after;
    int now;
    bool good;
  };
  const auto of = [](const char* organization, int max) {
    return Share{.group = {.organization = organization}, .max = max};
  };
  const Case cases[] = {
      {"both full, joined",
       3,
       3,
       {of("old", 3), of("new", 3)},
       {of("new", 6)},
       150,
       true},
      {"one has no share", 3, 1, {of("old", 3)}, {of("new", 3)}, 150, false},
      {"the other has none", 1, 3, {of("new", 3)}, {of("new", 3)}, 150, false},
      {"one alone above it", 4, 0, {of("old", 3)}, {of("new", 3)}, 150, true},
      {"all is over", 3, 1, {of("old", 3)}, {of("new", 3)}, 300, true},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.why);
    std::vector<Party> parties;
    for (int i = 0; i < c.old_ones + c.new_ones; ++i) {
      const std::string of_whom = i < c.old_ones ? "old" : "new";
      parties.push_back(PartyOf(absl::StrCat("p", i), of_whom, kConfirmed, i));
      parties.back().members[0].traits.organization = of_whom;
    }
    SeatRules rules = Rules(9);
    rules.shares = ShareBook(c.before);
    Visit visit(rules, std::move(parties));
    const absl::Status status =
        visit.Do(ReassignCommand{"old", "new", {}, c.after}, c.now).status();
    if (c.good) {
      EXPECT_THAT(status, IsOk());
      EXPECT_EQ(visit.plan.rules().shares.shares(), c.after);
      continue;
    }
    EXPECT_THAT(status, StatusIs(Code::kFailedPrecondition, "SHARE_EXCEEDED"));
  }
}

// Places 1, 3 and 4 of the queue are its own; place 2 is another's.
TEST(SeatsTest, LetsAnOrganizationRankItsOwn) {
  Visit visit(Rules(1));
  ASSERT_THAT(visit.SignUp("seated", "lag"), IsOk());
  for (const char* id : {"a", "b", "c"}) {
    ASSERT_THAT(visit.SignUp(id, "lag"), IsOk());
    if (*id != 'a') continue;
    ASSERT_THAT(visit.SignUp("other", "elsewhere"), IsOk());
  }
  ASSERT_THAT(visit.Do(RankCommand{"lag", {"c", "a"}}),
              Holds({{"c", kWaitlisted, WaitReason::kVisitFull},
                     {"a", kWaitlisted, WaitReason::kVisitFull},
                     {"b", kWaitlisted, WaitReason::kVisitFull}}));
  EXPECT_THAT(QueueOf(visit.plan), ElementsAre("c", "other", "a", "b"));
  EXPECT_EQ(visit.plan.Find("seated")->seats, 1);
  ASSERT_THAT(visit.SignUp("later", "lag"), IsOk());
  EXPECT_THAT(QueueOf(visit.plan),
              ElementsAre("c", "other", "a", "b", "later"));
  ASSERT_THAT(visit.Do(RankCommand{"lag", {"b"}}), IsOk());
  EXPECT_THAT(QueueOf(visit.plan),
              ElementsAre("b", "other", "c", "a", "later"));
  ASSERT_THAT(visit.Do(ReassignCommand{"elsewhere", "lag", {}}), IsOk());
  ASSERT_THAT(visit.Do(RankCommand{"lag", {"later", "other"}}), IsOk());
  EXPECT_THAT(QueueOf(visit.plan),
              ElementsAre("later", "other", "b", "c", "a"));
  EXPECT_THAT(
      visit.Withdraw("seated"),
      Holds({{"seated", SignUpState::kWithdrawn}, {"later", kConfirmed}}));
}

TEST(SeatsTest, RanksOnlyThoseWhoWaitForTheOrganization) {
  const auto is_wrong_state =
      StatusIs(Code::kFailedPrecondition, "WRONG_STATE");
  Visit visit(Rules(1));
  ASSERT_THAT(visit.SignUp("seated", "lag"), IsOk());
  ASSERT_THAT(visit.SignUp("a", "lag"), IsOk());
  ASSERT_THAT(visit.SignUp("other", "elsewhere"), IsOk());
  for (const auto& ids : std::vector<std::vector<std::string>>{
           {"seated"}, {"other"}, {"nobody"}, {"a", "a"}}) {
    EXPECT_THAT(visit.Do(RankCommand{"lag", ids}), is_wrong_state) << ids[0];
  }
  EXPECT_THAT(visit.Do(RankCommand{"lag", {"a"}}, 300), is_wrong_state);
  SeatRules drawn = Rules(1);
  drawn.policy = Policy::kDraw;
  Visit draw(drawn);
  ASSERT_THAT(draw.SignUp("a", "lag"), IsOk());
  EXPECT_THAT(draw.Do(RankCommand{"lag", {"a"}}), is_wrong_state);
}

// A priority group is the visit's, not the organisation's.
TEST(SeatsTest, RanksWithinEachPriorityGroup) {
  SeatRules rules = Rules(1);
  rules.policy = Policy::kPriorityGroups;
  rules.priority_groups = {{.staff = true}};
  Visit visit(rules);
  for (const char* id : {"a", "b", "c", "d"}) {
    SignUpCommand command = SignUpOf(id, "lag");
    command.party.members[0].traits.staff = *id > 'b';
    ASSERT_THAT(visit.Do(command), IsOk());
  }
  EXPECT_THAT(QueueOf(visit.plan), ElementsAre("c", "d", "a", "b"));
  ASSERT_THAT(visit.Do(RankCommand{"lag", {"b", "d"}}), IsOk());
  EXPECT_THAT(QueueOf(visit.plan), ElementsAre("d", "c", "b", "a"));
}

}  // namespace
}  // namespace lagnet::visits
