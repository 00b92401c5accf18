#include "server/visits/why.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/matchers.h"
#include "tests/visits/plan_text.h"

namespace lagnet::visits {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Plays a visit and keeps what the database would.
class Chronicle {
 public:
  explicit Chronicle(SeatRules rules) : plan_(1, rules, {}) {
    history_.rules.emplace(1, std::move(rules));
  }
  // A version of the rules as their texts have it, which know of no draw.
  void Change(SeatRules rules, int now = 100) {
    SeatRules text = rules;
    text.is_drawn = false;
    history_.rules.emplace(plan_.version() + 1, std::move(text));
    rules.is_drawn = plan_.rules().is_drawn;
    Do(ChangeRulesCommand{std::move(rules)}, "", now);
  }
  void Do(const Command& command, const std::string& reason = "",
          int now = 100) {
    auto decision = Decide(plan_, command, At(now));
    ASSERT_THAT(decision, support::IsOk());
    Keep(*decision, reason, now);
  }
  void Pass(int now) {
    if (const auto settled = Settle(plan_, At(now))) Keep(*settled, "", now);
  }
  void SignUp(const std::string& id, int count = 1, Traits traits = {},
              bool is_unverified = false) {
    Party party{.sign_up = id, .is_unverified = is_unverified};
    for (int i = 0; i < count; ++i) {
      party.members.push_back({.hash = absl::StrCat(id, i), .traits = traits});
    }
    SignUp(std::move(party));
  }
  void SignUp(Party party) {
    history_.parties[party.sign_up] = party;
    Do(SignUpCommand{.party = std::move(party)});
  }
  void Verify(const std::string& id) {
    Do(VerifyCommand{id});
    history_.parties[id].is_unverified = false;
  }
  Explanation Why(const std::string& id) const { return Explain(history_, id); }
  const Party& Kept(const std::string& id) const {
    return history_.parties.at(id);
  }

 private:
  // Of each party there is its last state only: who was left out is gone, and
  // of a party that has ended nobody is known.
  void Keep(const Decision& decision, const std::string& reason, int now) {
    history_.decisions.push_back({.version = decision.version,
                                  .command = KindOf(decision.command),
                                  .events = decision.events,
                                  .reason = reason,
                                  .time = At(now)});
    for (const Event& event : decision.events) {
      std::vector<Person>& members = history_.parties[event.sign_up].members;
      if (const Party* party = plan_.Find(event.sign_up)) {
        members = party->members;
        continue;
      }
      for (Person& person : members) person.hash = "";
    }
  }

  SeatPlan plan_;
  History history_;
};

SeatRules Open(int seats) {
  return {.state = VisitState::kPublished,
          .seats = seats,
          .sign_up_end = At(200),
          .end = At(900)};
}

TEST(WhyTest, TellsWhereOneStoodAndThatNobodyWentAhead) {
  Chronicle record(Open(1));
  for (const char* id : {"a", "b", "c"}) record.SignUp(id);
  record.Do(WithdrawCommand{"a"});
  const Explanation why = record.Why("c");
  EXPECT_EQ(why.first_position, 2);
  EXPECT_EQ(why.first_obstacle.why, WaitReason::kVisitFull);
  EXPECT_THAT(why.overtaken, IsEmpty()) << "b was first";
  EXPECT_EQ(record.Why("a").first_position, 0) << "had a seat at once";
}

TEST(WhyTest, TellsWhatOthersCouldHaveAndOneself) {
  SeatRules rules = Open(6);
  rules.shares = ShareBook({{.group = {.sector = Sector::kCivic}, .min = 5}});
  Chronicle record(rules);
  record.SignUp("public", 1, {.sector = Sector::kPublic});
  record.SignUp("me", 1, {.sector = Sector::kPublic});
  for (int i = 0; i < 5; ++i) {
    record.SignUp(absl::StrCat("civic", i), 1, {.sector = Sector::kCivic});
  }
  const Explanation why = record.Why("me");
  ASSERT_THAT(why.overtaken, SizeIs(1));
  EXPECT_EQ(why.overtaken[0].obstacle, (Obstacle{WaitReason::kSeatsKept, 0}));
  EXPECT_EQ(why.overtaken[0].people, 5);
}

// The first seat that was gone ahead for was kept for two, the others for one.
TEST(WhyTest, TellsAllSharesThatKeptSeats) {
  SeatRules rules = Open(7);
  rules.shares = ShareBook({{.group = {.sector = Sector::kCivic}, .min = 5},
                            {.group = {.sector = Sector::kPrivate}, .min = 1},
                            {.group = {.staff = true}, .max = 7}});
  Chronicle record(rules);
  record.SignUp("public", 1, {.sector = Sector::kPublic});
  record.SignUp("me", 1, {.sector = Sector::kPublic});
  record.SignUp("private", 1, {.sector = Sector::kPrivate});
  for (int i = 0; i < 4; ++i) {
    record.SignUp(absl::StrCat("civic", i), 1, {.sector = Sector::kCivic});
  }
  const Explanation why = record.Why("me");
  ASSERT_THAT(why.overtaken, SizeIs(1));
  EXPECT_EQ(why.overtaken[0].people, 5);
  EXPECT_EQ(why.overtaken[0].obstacle, (Obstacle{WaitReason::kSeatsKept, 0}));
  EXPECT_THAT(why.overtaken[0].groups,
              ElementsAre(Group{.sector = Sector::kCivic},
                          Group{.sector = Sector::kPrivate}));
}

TEST(WhyTest, NamesNoGroupOfFewerThanFive) {
  Chronicle record(Open(5));
  record.SignUp("a", 3);
  record.SignUp("me", 4);
  record.SignUp("b", 2);
  const Explanation why = record.Why("me");
  ASSERT_THAT(why.overtaken, SizeIs(1));
  EXPECT_EQ(why.overtaken[0].obstacle.why, WaitReason::kGroupTooLarge);
  EXPECT_EQ(why.overtaken[0].people, 0) << "two, which is not told";
}

TEST(WhyTest, TellsTheReasonOfAPromotion) {
  SeatRules rules = Open(2);
  rules.shares = ShareBook({{.group = {.sector = Sector::kCivic}, .min = 1}});
  Chronicle record(rules);
  for (const char* id : {"a", "me", "c"}) record.SignUp(id);
  record.Do(PromoteCommand{"c"}, "Interprets");
  const Explanation why = record.Why("me");
  ASSERT_THAT(why.overtaken, SizeIs(1));
  EXPECT_TRUE(why.overtaken[0].by_hand);
  EXPECT_THAT(why.promote_reasons, ElementsAre("Interprets"));
  EXPECT_THAT(record.Why("a").overtaken, IsEmpty());
}

TEST(WhyTest, TellsThatTheOrganizationRankedOthersAhead) {
  Chronicle record(Open(5));
  record.SignUp("seated", 5);
  record.SignUp("me");
  record.SignUp("group", 5);
  record.SignUp("late");
  EXPECT_FALSE(record.Why("me").is_outranked);
  record.Do(RankCommand{"", {"late"}});
  EXPECT_TRUE(record.Why("me").is_outranked);
  EXPECT_EQ(record.Why("me").ranked_people, 0) << "one, which is not told";
  record.Do(RankCommand{"", {"group"}});
  EXPECT_EQ(record.Why("me").ranked_people, 6);
  EXPECT_FALSE(record.Why("late").is_outranked) << "the group was first";
  record.Do(RankCommand{"", {"me", "group"}});
  EXPECT_FALSE(record.Why("me").is_outranked) << "it is where it was";
  EXPECT_FALSE(record.Why("late").is_outranked);
}

TEST(WhyTest, TellsThatTheAddressWasNotConfirmedInTime) {
  SeatRules rules = Open(6);
  rules.unverified_per_organization = 1;
  Chronicle record(rules);
  record.SignUp("other", 1, {}, /*is_unverified=*/true);
  record.SignUp("me", 1, {}, /*is_unverified=*/true);
  record.SignUp("group", 5);
  for (const bool is_confirmed : {false, true}) {
    if (is_confirmed) record.Verify("me");
    const Explanation why = record.Why("me");
    EXPECT_EQ(why.first_obstacle.why, WaitReason::kAddressUnverified);
    ASSERT_THAT(why.overtaken, SizeIs(1));
    EXPECT_EQ(why.overtaken[0].obstacle.why, WaitReason::kAddressUnverified);
    EXPECT_EQ(why.overtaken[0].people, 5);
  }
  record.SignUp("late");
  record.Do(WithdrawCommand{"other"});
  EXPECT_THAT(record.Why("me").overtaken, SizeIs(1)) << "its turn came first";
}

// There was no queue before it: nobody stood behind anybody.
TEST(WhyTest, TellsOfNobodyAheadByADraw) {
  SeatRules rules = Open(6);
  rules.policy = Policy::kDraw;
  Chronicle record(rules);
  for (const char* id : {"me", "a", "b", "group"}) {
    record.SignUp(id, id == std::string("group") ? 5 : 1);
  }
  record.Do(DrawCommand{{"group", "a"}, {"me", "b"}}, "", 250);
  EXPECT_THAT(record.Why("me").overtaken, IsEmpty());
  // A change of the rules does not undo it.
  rules.shares = ShareBook(
      {{.group = {.staff = true}, .max = 1},
       {.group = {.sector = Sector::kCivic}, .min = 1, .min_until = At(800)}});
  record.Change(rules, 260);
  record.Do(WithdrawCommand{"a"}, "", 260);
  record.Do(PromoteCommand{"b"}, "Interprets", 270);
  const Explanation why = record.Why("me");
  ASSERT_THAT(why.overtaken, SizeIs(1)) << "its turn was next";
  EXPECT_TRUE(why.overtaken[0].by_hand);
}

// What was in the way then need not be in the rules any more, or elsewhere.
TEST(WhyTest, TellsWhichGroupItWasWhateverTheRulesAreNow) {
  const Group civic{.sector = Sector::kCivic};
  const Group staff{.staff = true};
  SeatRules rules = Open(6);
  rules.shares =
      ShareBook({{.group = staff, .min = 1}, {.group = civic, .max = 1}});
  Chronicle record(rules);
  record.SignUp("first", 1, {.sector = Sector::kCivic});
  record.SignUp("me", 1, {.sector = Sector::kCivic});
  EXPECT_EQ(record.Why("me").first_obstacle,
            (Obstacle{WaitReason::kShareFull, 1}));
  record.SignUp("others", 2);
  rules.shares = ShareBook({{.group = civic, .max = 1}});
  record.Change(rules);
  record.SignUp("more", 3);
  const Explanation why = record.Why("me");
  ASSERT_THAT(why.overtaken, SizeIs(1)) << "by two versions of the rules";
  EXPECT_EQ(why.overtaken[0].people, 5);
  EXPECT_EQ(why.overtaken[0].obstacle, (Obstacle{WaitReason::kShareFull, 0}));
  EXPECT_THAT(why.overtaken[0].groups, ElementsAre(civic));
  EXPECT_EQ(why.first_obstacle, (Obstacle{WaitReason::kShareFull, 0}));
  rules.shares = ShareBook({{.group = staff, .max = 3}});
  rules.seats = 7;
  record.Change(rules);
  const Explanation later = record.Why("me");
  ASSERT_THAT(later.overtaken, SizeIs(1));
  EXPECT_EQ(later.overtaken[0].obstacle.share, -1) << "there is none any more";
  EXPECT_THAT(later.overtaken[0].groups, ElementsAre(civic));
  EXPECT_EQ(later.first_obstacle.share, -1);
}

// The head, somebody who was never named, and one or two others.
Party WithPlaceholder(const std::string& id, int others) {
  Party party{.sign_up = id, .min_members = 2};
  party.members = {{.hash = id + " head"}, {}};
  for (int i = 0; i < others; ++i) {
    party.members.push_back({.hash = absl::StrCat(id, i)});
  }
  return party;
}

TEST(WhyTest, KnowsWhoLostMembersOnTheWay) {
  SeatRules rules = Open(3);
  rules.placeholders_end = At(150);
  rules.start = At(800);
  rules.shares = ShareBook({{.group = {.staff = true}, .min = 1}});
  Chronicle record(rules);
  record.SignUp("me", 2, {.staff = true});
  record.Do(WithdrawCommand{"me"});
  record.SignUp(WithPlaceholder("one", 1));
  record.SignUp("staff", 1, {.staff = true});
  record.SignUp(WithPlaceholder("two", 2));
  record.Pass(150);
  ASSERT_EQ(record.Kept("two").size(), 3);
  record.Do(
      SubstituteCommand{
          .sign_up = "two", .member = 2, .person = {.has_left = true}},
      "", 160);
  record.Pass(160);
  ASSERT_EQ(record.Kept("two").size(), 2);
  record.Do(WithdrawCommand{"two"}, "", 170);
  for (const char* id : {"me", "one", "staff", "two"}) record.Why(id);
  EXPECT_EQ(record.Why("two").first_position, 2);
}

TEST(WhyTest, KnowsWhoHadMoreSeatsThanMembersAreKept) {
  SeatRules rules = Open(5);
  rules.placeholders_end = At(150);
  Chronicle record(rules);
  record.SignUp(WithPlaceholder("a", 1));
  record.SignUp("me", 5);
  record.SignUp("small", 2);
  record.Pass(150);
  ASSERT_EQ(record.Kept("a").size(), 2);
  const Explanation why = record.Why("me");
  ASSERT_THAT(why.overtaken, SizeIs(1));
  EXPECT_EQ(why.overtaken[0].obstacle.why, WaitReason::kGroupTooLarge);
}

}  // namespace
}  // namespace lagnet::visits
