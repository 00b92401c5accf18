// Parties of several people, shares, holds, offers, confirmations.

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/visits/fit.h"
#include "server/visits/seats.h"
#include "tests/support/matchers.h"
#include "tests/visits/plan_text.h"

namespace lagnet::visits {
namespace {

using support::IsOk;
using support::StatusIs;
using support::WrongFields;
using testing::ElementsAre;
using Code = absl::StatusCode;
using State = SignUpState;

// Sign-up from 0 to 200, the visit ends at 900.
SeatRules Open(int seats) {
  return {.state = VisitState::kPublished,
          .seats = seats,
          .sign_up_end = At(200),
          .end = At(900)};
}

Share ShareOf(Group group, int min, int max = kNoLimit, int until = 200) {
  return {.group = std::move(group),
          .min = min,
          .max = max,
          .min_until = At(until)};
}

// A visit on which one decision follows the other; what became of whom is read
// as "a CONFIRMED 3".
class Game {
 public:
  explicit Game(SeatRules rules) : plan_(1, std::move(rules), {}) {}

  struct Members {
    int count = 1;
    int least = 0;
    Traits traits;
    int named = 100;
    bool needs_confirmation = false;
  };
  std::string SignUp(const std::string& id, Members members, int now = 100) {
    SignUpCommand command{.party = {.sign_up = id,
                                    .organization = members.traits.organization,
                                    .min_members = members.least},
                          .needs_confirmation = members.needs_confirmation};
    for (int i = 0; i < members.count; ++i) {
      command.party.members.push_back(
          {.hash = i < members.named ? absl::StrCat(id, i) : "",
           .traits = members.traits});
    }
    return Do(std::move(command), now);
  }
  std::string SignUp(const std::string& id, int count = 1, int least = 0) {
    return SignUp(id, Members{.count = count, .least = least});
  }
  std::string Withdraw(const std::string& id, int now = 100) {
    return Do(WithdrawCommand{id}, now);
  }
  std::string Do(const Command& command, int now = 100) {
    SeatPlan before = plan_;
    if (const auto settled = Settle(plan_, At(now))) {
      Apply(*settled, before);
    }
    last_ = Decide(plan_, command, At(now)).status();
    if (!last_.ok()) return std::string(last_.message());
    return "";
  }
  std::string Pass(int now) {
    Settle(plan_, At(now));
    return Show();
  }
  // Who is on the visit and with how many seats, in the order of arrival.
  std::string Show() const {
    static const char* const kNames[] = {
        "",          "PENDING",     "HELD",      "OFFERED",
        "CONFIRMED", "WAITS",       "DECLINED",  "EXPIRED",
        "WITHDRAWN", "SUBSTITUTED", "CANCELLED", "REFUSED"};
    std::string text;
    for (const Party* party : plan_.parties()) {
      absl::StrAppend(&text, text.empty() ? "" : ", ", party->sign_up, " ",
                      kNames[static_cast<int>(party->state)]);
      if (party->size() > 1 && party->seats > 0) {
        absl::StrAppend(&text, " ", party->seats);
      }
    }
    return text;
  }
  WaitReason Why(const std::string& id, int now = 100) const {
    return WhyWaiting(plan_, *plan_.Find(id), At(now)).why;
  }
  const absl::Status& last() const { return last_; }
  const SeatPlan& plan() const { return plan_; }

 private:
  SeatPlan plan_;
  absl::Status last_;
};

TEST(DelegationsTest, GiveAllOrNothing) {
  Game game(Open(5));
  game.SignUp("a", 3);
  game.SignUp("b", 3);
  EXPECT_EQ(game.Show(), "a CONFIRMED 3, b WAITS");
  EXPECT_EQ(game.Why("b"), WaitReason::kGroupTooLarge);
  game.SignUp("c", 2);
  EXPECT_EQ(game.Show(), "a CONFIRMED 3, b WAITS, c CONFIRMED 2")
      << "no seats are held, so a smaller party goes ahead";
  EXPECT_EQ(game.Why("b"), WaitReason::kVisitFull);
  game.Withdraw("a");
  EXPECT_EQ(game.Show(), "b CONFIRMED 3, c CONFIRMED 2");
}

TEST(DelegationsTest, GiveAtLeastAsManyAsAskedAndTheOthersLater) {
  Game game(Open(4));
  game.SignUp("a", 2);
  game.SignUp("b", 4, 2);
  EXPECT_EQ(game.Show(), "a CONFIRMED 2, b CONFIRMED 2");
  EXPECT_EQ(game.plan().waiting(), 2) << "its other two wait on";
  EXPECT_EQ(game.plan().PositionOf("b"), 1);
  game.SignUp("c");
  game.Withdraw("a");
  EXPECT_EQ(game.Show(), "b CONFIRMED 4, c WAITS") << "b was first";
}

TEST(DelegationsTest, RefuseWhatCouldNeverCome) {
  SeatRules rules = Open(5);
  rules.seats_per_organization = 3;
  Game game(rules);
  game.SignUp("a", 4);
  EXPECT_THAT(game.last(), StatusIs(Code::kInvalidArgument, "PARTY_TOO_LARGE"));
  EXPECT_THAT(WrongFields(game.last()), ElementsAre("sign_up.members"));
  game.SignUp("b", 4, 3);
  EXPECT_EQ(game.Show(), "b CONFIRMED 3") << "it comes with three, too";
}

TEST(DelegationsTest, HoldSeatsForAGroupOnceAndForATime) {
  SeatRules rules = Open(4);
  rules.hold_for = absl::Seconds(50);
  rules.largest_hold = 3;
  Game game(rules);
  game.SignUp("a", 2);
  game.SignUp("b", 3);
  game.SignUp("c");
  EXPECT_EQ(game.Show(), "a CONFIRMED 2, b WAITS, c WAITS");
  EXPECT_EQ(game.Why("c"), WaitReason::kHeldForGroup);
  EXPECT_EQ(game.Pass(149), "a CONFIRMED 2, b WAITS, c WAITS");
  EXPECT_EQ(game.Pass(150), "a CONFIRMED 2, b WAITS, c CONFIRMED")
      << "the hold is over";
  game.Withdraw("a", 160);
  EXPECT_EQ(game.Show(), "b CONFIRMED 3, c CONFIRMED");
}

TEST(DelegationsTest, HoldNothingForAGroupThatIsTooLargeForIt) {
  SeatRules rules = Open(4);
  rules.hold_for = absl::Seconds(50);
  rules.largest_hold = 2;
  Game game(rules);
  game.SignUp("a", 2);
  game.SignUp("b", 3);
  game.SignUp("c");
  EXPECT_EQ(game.Show(), "a CONFIRMED 2, b WAITS, c CONFIRMED");
}

TEST(DelegationsTest, HoldNoSeatThatIsKeptForAShare) {
  SeatRules rules = Open(6);
  rules.hold_for = absl::Seconds(50);
  rules.largest_hold = 3;
  rules.shares = ShareBook({ShareOf({.sector = Sector::kCivic}, 2)});
  Game game(rules);
  game.SignUp("a", 3);
  game.SignUp("b", 3);
  game.SignUp("c");
  EXPECT_EQ(game.Why("b"), WaitReason::kSeatsKept);
  EXPECT_EQ(game.Why("c"), WaitReason::kHeldForGroup);
  game.SignUp("d", {.traits = {.sector = Sector::kCivic}});
  game.SignUp("e", {.traits = {.sector = Sector::kCivic}});
  game.SignUp("f", {.traits = {.sector = Sector::kCivic}});
  EXPECT_EQ(game.Show(),
            "a CONFIRMED 3, b WAITS, c WAITS, d CONFIRMED, e CONFIRMED, "
            "f WAITS");
  EXPECT_EQ(game.Why("f"), WaitReason::kHeldForGroup);
}

TEST(DelegationsTest, KeepSeatsForASharesMinimumUntilItEnds) {
  SeatRules rules = Open(3);
  rules.shares = ShareBook({ShareOf({.sector = Sector::kCivic}, 2)});
  Game game(rules);
  game.SignUp("a", {.traits = {.sector = Sector::kPublic}});
  game.SignUp("b", {.traits = {.sector = Sector::kPublic}});
  game.SignUp("c", {.traits = {.sector = Sector::kCivic}});
  EXPECT_EQ(game.Show(), "a CONFIRMED, b WAITS, c CONFIRMED");
  EXPECT_EQ(game.Why("b"), WaitReason::kSeatsKept);
  EXPECT_EQ(game.Pass(200), "a CONFIRMED, b CONFIRMED, c CONFIRMED");
}

TEST(DelegationsTest, SayThatTheVisitIsOverToWhoStillWaits) {
  Game game(Open(1));
  game.SignUp("a");
  game.SignUp("b");
  EXPECT_EQ(game.Why("b", 899), WaitReason::kVisitFull);
  EXPECT_EQ(game.Why("b", 900), WaitReason::kVisitOver);
  SeatRules over = Open(1);
  over.state = VisitState::kCompleted;
  game.Do(ChangeRulesCommand{over}, 800);
  EXPECT_EQ(game.Why("b", 800), WaitReason::kVisitOver);
}

TEST(DelegationsTest, SayForWhomAllSeatsAreKept) {
  SeatRules rules = Open(3);
  rules.shares =
      ShareBook({{.group = {.sector = Sector::kCivic}, .min = 1},
                 {.group = {.sector = Sector::kPublic}, .min = 1},
                 {.group = {.sector = Sector::kPrivate}, .min = 1},
                 {.group = {.staff = true}, .min = 1, .min_until = At(150)}});
  Party party{.sign_up = "me", .state = SignUpState::kWaitlisted};
  party.members.push_back({.hash = "me", .traits = {.sector = Sector::kCivic}});
  Party other{.sign_up = "other", .state = SignUpState::kWaitlisted};
  other.members.push_back(
      {.hash = "other", .traits = {.sector = Sector::kIndividual}});
  const SeatPlan plan(1, rules, {party, other});
  EXPECT_EQ(KeepersOf(plan, *plan.Find("me"), At(150)), 0b0110u);
  EXPECT_EQ(KeepersOf(plan, *plan.Find("other"), At(150)), 0b0111u);
  EXPECT_EQ(KeepersOf(plan, *plan.Find("other"), At(149)), 0b1111u);
  EXPECT_EQ(WhyWaiting(plan, *plan.Find("other"), At(150)),
            (Obstacle{WaitReason::kSeatsKept, 0}));
}

TEST(DelegationsTest, KeepToASharesMaximum) {
  SeatRules rules = Open(3);
  rules.shares = ShareBook({ShareOf({.sector = Sector::kCivic}, 0, 1)});
  Game game(rules);
  game.SignUp("a", {.traits = {.sector = Sector::kCivic}});
  game.SignUp("b", {.traits = {.sector = Sector::kCivic}});
  EXPECT_EQ(game.Show(), "a CONFIRMED, b WAITS");
  EXPECT_EQ(game.Why("b"), WaitReason::kShareFull);
  game.Withdraw("a");
  EXPECT_EQ(game.Show(), "b CONFIRMED");
}

TEST(DelegationsTest, CountOneSeatForASectorAndATerritory) {
  SeatRules rules = Open(2);
  rules.shares = ShareBook({ShareOf({.sector = Sector::kCivic}, 1),
                            ShareOf({.territory = "PL81"}, 1),
                            ShareOf({.territory = "PL92"}, 1)});
  EXPECT_EQ(rules.shares.MostAsked().seats, 2);
  Game game(rules);
  game.SignUp("a", {.traits = {.territories = {"PL81"}}});
  EXPECT_EQ(game.Show(), "a CONFIRMED");
  game.SignUp("b", {.traits = {.territories = {"PL92"}}});
  EXPECT_EQ(game.Why("b"), WaitReason::kSeatsKept) << "for the civic one";
  game.SignUp("c",
              {.traits = {.territories = {"PL92"}, .sector = Sector::kCivic}});
  EXPECT_EQ(game.Show(), "a CONFIRMED, b WAITS, c CONFIRMED");
}

TEST(DelegationsTest, GiveSeatsThatWhoCountsTwiceSetsFree) {
  SeatRules rules = Open(3);
  rules.shares = ShareBook(
      {ShareOf({.territory = "PL81"}, 1), ShareOf({.territory = "PL92"}, 1)});
  Game game(rules);
  game.SignUp("a");
  game.SignUp("w");
  EXPECT_EQ(game.Why("w"), WaitReason::kSeatsKept);
  game.SignUp("p", {.traits = {.territories = {"PL81", "PL92"}}});
  EXPECT_EQ(game.Show(), "a CONFIRMED, w CONFIRMED, p CONFIRMED");
  game.SignUp("n");
  EXPECT_EQ(game.Show(), "a CONFIRMED, w CONFIRMED, p CONFIRMED, n WAITS");
}

TEST(DelegationsTest, KeepSeatsOfAGroupWithinAnother) {
  // Fifteen for the partner, two of them for its staff.
  ShareBook book({ShareOf({.organization = "kozienice"}, 3),
                  ShareOf({.organization = "kozienice", .staff = true}, 1),
                  ShareOf({.organization = "kotla"}, 2)});
  EXPECT_EQ(book.MostAsked().seats, 5);
  EXPECT_EQ(book.Kept({0, 0, 0}, At(0)), 5);
  EXPECT_EQ(book.Kept({3, 0, 1}, At(0)), 2) << "one of staff, one of kotla";
  EXPECT_EQ(book.Kept({3, 1, 2}, At(0)), 0);
  EXPECT_EQ(book.Kept({0, 0, 0}, At(200)), 0) << "released";
}

TEST(DelegationsTest, OfferSeatsThatBecomeFree) {
  SeatRules rules = Open(1);
  rules.offer_for = absl::Seconds(100);
  Game game(rules);
  for (const char* id : {"a", "b", "c", "d"}) game.SignUp(id);
  game.Withdraw("a", 110);
  EXPECT_EQ(game.Show(), "b OFFERED, c WAITS, d WAITS");
  EXPECT_EQ(game.Pass(209), "b OFFERED, c WAITS, d WAITS");
  EXPECT_EQ(game.Pass(210), "c OFFERED, d WAITS") << "b did not answer";
  game.Do(DeclineCommand{"c"}, 220);
  EXPECT_EQ(game.Show(), "d OFFERED");
  game.Do(AcceptCommand{"d"}, 230);
  EXPECT_EQ(game.Pass(800), "d CONFIRMED");
  game.Do(AcceptCommand{"d"}, 800);
  EXPECT_THAT(game.last(), StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
}

TEST(DelegationsTest, WaitForTheOrganizationToConfirm) {
  SeatRules rules = Open(1);
  rules.confirm_within = absl::Seconds(50);
  Game game(rules);
  const Game::Members pending{.needs_confirmation = true};
  game.SignUp("a", pending);
  game.SignUp("b", pending, 110);
  game.SignUp("c", pending, 120);
  EXPECT_EQ(game.Show(), "a HELD, b PENDING, c PENDING");
  game.Do(ConfirmCommand{"b"}, 130);
  EXPECT_EQ(game.Show(), "a HELD, b WAITS, c PENDING");
  game.Do(RefuseCommand{"a"}, 140);
  EXPECT_EQ(game.Show(), "a REFUSED, b CONFIRMED, c PENDING");
  game.Do(ConfirmCommand{"a"}, 150);
  EXPECT_EQ(game.Show(), "a WAITS, b CONFIRMED, c PENDING")
      << "corrected in time: it waits where it stood, and nobody loses a seat";
  EXPECT_EQ(game.plan().PositionOf("a"), 1);
  EXPECT_EQ(game.Pass(170), "a WAITS, b CONFIRMED") << "c lapsed";
  game.Do(RefuseCommand{"b"}, 180);
  EXPECT_THAT(game.last(), StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
}

TEST(DelegationsTest, TakePlacesWithoutANameAwayInTime) {
  SeatRules rules = Open(4);
  rules.placeholders_end = At(150);
  Game game(rules);
  game.SignUp("a", {.count = 3, .least = 1, .named = 2});
  game.SignUp("b", {.count = 1});
  game.SignUp("c", {.count = 2, .named = 1});
  EXPECT_EQ(game.Show(), "a CONFIRMED 3, b CONFIRMED, c WAITS");
  game.Do(SubstituteCommand{"c", 1, {.hash = "late"}}, 140);
  EXPECT_EQ(game.Pass(150), "a CONFIRMED 2, b CONFIRMED, c WAITS");
  EXPECT_EQ(game.plan().taken(), 3);
  Game whole(rules);
  whole.SignUp("a", {.count = 3, .named = 2});
  EXPECT_EQ(whole.Pass(150), "") << "all or nothing: nothing";
}

TEST(DelegationsTest, SubstituteWithoutLosingThePlace) {
  SeatRules rules = Open(2);
  rules.shares = ShareBook({ShareOf({.sector = Sector::kCivic}, 1, 1)});
  Game game(rules);
  game.SignUp("a", {.traits = {.sector = Sector::kCivic}});
  game.SignUp("b", {.traits = {.sector = Sector::kPublic}});
  const auto person = [](const char* hash, Sector sector) {
    return Person{.hash = hash, .traits = {.sector = sector}};
  };
  game.Do(SubstituteCommand{"a", 0, person("new", Sector::kCivic)});
  EXPECT_THAT(game.last(), IsOk());
  EXPECT_EQ(game.Show(), "a CONFIRMED, b CONFIRMED");
  game.Do(SubstituteCommand{"a", 0, person("b0", Sector::kCivic)});
  EXPECT_THAT(game.last(), StatusIs(Code::kAlreadyExists, "ALREADY_SIGNED_UP"));
  const auto exceeded = StatusIs(Code::kFailedPrecondition, "SHARE_EXCEEDED");
  game.Do(SubstituteCommand{"b", 0, person("x", Sector::kCivic)});
  EXPECT_THAT(game.last(), exceeded) << "one too many";
  game.Do(SubstituteCommand{"a", 0, person("x", Sector::kPublic)});
  EXPECT_THAT(game.last(), exceeded) << "one too few";
  game.Do(SubstituteCommand{"a", 1, person("x", Sector::kPublic)});
  EXPECT_THAT(WrongFields(game.last()), ElementsAre("member"));
  game.SignUp("c", {.traits = {.sector = Sector::kPublic}});
  game.Withdraw("a");
  game.SignUp("d", {.traits = {.sector = Sector::kCivic}});
  EXPECT_EQ(game.Show(), "b CONFIRMED, c WAITS, d CONFIRMED")
      << "whoever left may come back under the same name: a0 is free";
}

TEST(DelegationsTest, LetTheHostPromoteWithinSeatsAndMaximums) {
  SeatRules rules = Open(3);
  rules.shares = ShareBook({ShareOf({.sector = Sector::kCivic}, 2, 2),
                            ShareOf({.sector = Sector::kPublic}, 0, 1)});
  Game game(rules);
  game.SignUp("a", {.traits = {.sector = Sector::kPrivate}});
  game.SignUp("b", {.traits = {.sector = Sector::kPrivate}});
  EXPECT_EQ(game.Why("b"), WaitReason::kSeatsKept);
  game.Do(PromoteCommand{"b"});
  EXPECT_EQ(game.Show(), "a CONFIRMED, b CONFIRMED") << "a kept seat";
  game.SignUp("c", {.traits = {.sector = Sector::kPublic}});
  game.Do(PromoteCommand{"c"});
  game.SignUp("d", {.traits = {.sector = Sector::kCivic}});
  game.Do(PromoteCommand{"d"});
  EXPECT_THAT(game.last(), StatusIs(Code::kFailedPrecondition, "SEATS_TAKEN"));
  game.Withdraw("a");
  EXPECT_EQ(game.Show(), "b CONFIRMED, c CONFIRMED, d CONFIRMED");
  game.SignUp("e", {.traits = {.sector = Sector::kPublic}});
  game.Withdraw("b");
  game.Do(PromoteCommand{"e"});
  EXPECT_THAT(game.last(),
              StatusIs(Code::kFailedPrecondition, "SHARE_EXCEEDED"));
}

TEST(DelegationsTest, GiveSeatsByPriorityWhenSignUpHasEnded) {
  SeatRules rules = Open(2);
  rules.policy = Policy::kPriorityGroups;
  rules.priority_groups = {{.first_timers = true}, {.sector = Sector::kCivic}};
  Game game(rules);
  game.SignUp("a");
  game.SignUp("b", {.traits = {.sector = Sector::kCivic}});
  game.SignUp("c", {.traits = {.first_timer = true}});
  EXPECT_EQ(game.Show(), "a WAITS, b WAITS, c WAITS");
  EXPECT_EQ(game.Why("c"), WaitReason::kNotYetAllocated);
  EXPECT_EQ(game.plan().PositionOf("a"), 3);
  EXPECT_EQ(game.Pass(200), "a WAITS, b CONFIRMED, c CONFIRMED");
}

TEST(DelegationsTest, TakeTheDrawsOrder) {
  SeatRules rules = Open(2);
  rules.policy = Policy::kDraw;
  Game game(rules);
  for (const char* id : {"a", "b", "c", "d"}) game.SignUp(id);
  EXPECT_EQ(game.Pass(250), "a WAITS, b WAITS, c WAITS, d WAITS");
  game.Do(DrawCommand{{"c", "d"}, {"b"}}, 250);
  EXPECT_THAT(game.last(), StatusIs(Code::kFailedPrecondition, "WRONG_STATE"))
      << "of other sign-ups";
  game.Do(DrawCommand{{"c", "d"}, {"b", "a"}}, 250);
  EXPECT_EQ(game.Show(), "a WAITS, b WAITS, c CONFIRMED, d CONFIRMED");
  game.Withdraw("c", 260);
  EXPECT_EQ(game.Show(), "a WAITS, b CONFIRMED, d CONFIRMED");
  game.Do(DrawCommand{{"a"}, {}}, 270);
  EXPECT_THAT(game.last(), StatusIs(Code::kFailedPrecondition, "WRONG_STATE"))
      << "it is held once";
}

TEST(DelegationsTest, PromoteNobodyAheadOfADraw) {
  SeatRules rules = Open(2);
  rules.policy = Policy::kDraw;
  Game game(rules);
  for (const char* id : {"a", "b", "c"}) game.SignUp(id);
  game.Do(PromoteCommand{"a"});
  EXPECT_THAT(game.last(), StatusIs(Code::kFailedPrecondition, "WRONG_STATE"));
  game.Pass(250);
  game.Do(DrawCommand{{"b", "c"}, {"a"}}, 250);
  SeatRules larger = game.plan().rules();
  larger.seats = 3;
  larger.shares = ShareBook({ShareOf({.staff = true}, 1, kNoLimit, 800)});
  game.Do(ChangeRulesCommand{larger}, 260);
  EXPECT_EQ(game.Show(), "a WAITS, b CONFIRMED, c CONFIRMED");
  game.Do(PromoteCommand{"a"}, 260);
  EXPECT_EQ(game.Show(), "a CONFIRMED, b CONFIRMED, c CONFIRMED");
}

TEST(DelegationsTest, LetWaitAtTheDrawnRankWhoFitsNoLonger) {
  SeatRules rules = Open(2);
  rules.policy = Policy::kDraw;
  Game game(rules);
  for (const char* id : {"a", "b", "c", "d"}) {
    game.SignUp(id, {.traits = {.sector = *id < 'c' ? Sector::kCivic
                                                    : Sector::kPublic}});
  }
  // Two civic ones were drawn, and may not both come any more.
  rules.shares = ShareBook({ShareOf({.sector = Sector::kCivic}, 0, 1)});
  game.Do(ChangeRulesCommand{rules}, 250);
  game.Do(DrawCommand{{"a", "b"}, {"d", "c"}}, 250);
  EXPECT_EQ(game.Show(), "a CONFIRMED, b WAITS, c WAITS, d CONFIRMED");
  EXPECT_EQ(game.plan().PositionOf("b"), 1);
  game.Withdraw("a", 260);
  EXPECT_EQ(game.Show(), "b CONFIRMED, c WAITS, d CONFIRMED");
}

TEST(DelegationsTest, TakeOnlyWholePartiesIntoADraw) {
  SeatRules rules = Open(5);
  rules.seats_per_organization = 3;
  rules.policy = Policy::kDraw;
  Game game(rules);
  game.SignUp("a", 5, 2);
  EXPECT_THAT(game.last(), StatusIs(Code::kInvalidArgument, "PARTY_TOO_LARGE"));
  game.SignUp("b", 3, 2);
  EXPECT_EQ(game.Show(), "b WAITS");
}

TEST(DelegationsTest, LetOnlyThoseComeWhoMay) {
  SeatRules rules = Open(2);
  rules.who = {.territories = {"PL81", "PL92"}, .sectors = {Sector::kCivic}};
  Game game(rules);
  game.SignUp("a", {.traits = {.territories = {"PL22", "PL"},
                               .sector = Sector::kCivic}});
  EXPECT_THAT(game.last(), StatusIs(Code::kFailedPrecondition, "NOT_ELIGIBLE"));
  EXPECT_EQ(support::MetadataOf(game.last(), "criterion"), "territory");
  game.SignUp("b", {.traits = {.territories = {"PL812", "PL81", "PL"}}});
  EXPECT_EQ(support::MetadataOf(game.last(), "criterion"), "sector");
  game.SignUp("c", {.traits = {.territories = {"PL812", "PL81", "PL"},
                               .sector = Sector::kCivic}});
  EXPECT_EQ(game.Show(), "c CONFIRMED");
}

TEST(DelegationsTest, LetAMemberLeaveWhateverTheSharesAsk) {
  SeatRules rules = Open(3);
  rules.placeholders_end = At(150);
  rules.shares = ShareBook({ShareOf({.sector = Sector::kCivic}, 2)});
  Game game(rules);
  game.SignUp("a",
              {.count = 3, .least = 2, .traits = {.sector = Sector::kCivic}});
  EXPECT_EQ(game.Show(), "a CONFIRMED 3");
  const auto leaves = [](int member) {
    return SubstituteCommand{
        .sign_up = "a", .member = member, .person = {.has_left = true}};
  };
  game.Do(leaves(1));
  game.Do(leaves(2));
  EXPECT_EQ(game.Show(), "a CONFIRMED 3") << "others may be named until 150";
  EXPECT_EQ(game.plan().share_counts()[0], 1);
  game.Do(SubstituteCommand{
      .sign_up = "a",
      .member = 1,
      .person = {.hash = "b", .traits = {.sector = Sector::kCivic}}});
  EXPECT_EQ(game.Pass(150), "a CONFIRMED 2");
  game.Do(leaves(1), 160);
  EXPECT_EQ(game.Pass(160), "") << "fewer than it comes with";
}

TEST(DelegationsTest, GoOnWithoutWhoLeavesThoughAllWereToCome) {
  SeatRules rules = Open(3);
  rules.placeholders_end = At(150);
  rules.start = At(800);
  Game game(rules);
  game.SignUp("a", 3);
  const auto leaves = [](int member) {
    return SubstituteCommand{
        .sign_up = "a", .member = member, .person = {.has_left = true}};
  };
  game.Do(leaves(1), 160);
  EXPECT_EQ(game.Pass(160), "a CONFIRMED 2");
  // Whoever is forgotten on the way stays in the count.
  game.Do(leaves(1), 801);
  EXPECT_EQ(game.Pass(801), "a CONFIRMED 2");
}

// Nobody is asked again, and nobody else comes first, for seats that the party
// has.
TEST(DelegationsTest, GoOnWithWhoWaitsInThePlaceOfWhoLeft) {
  SeatRules rules = Open(4);
  rules.placeholders_end = At(150);
  rules.offer_for = absl::Seconds(50);
  rules.seats_per_organization = 3;
  Game game(rules);
  game.SignUp("z", {.traits = {.organization = "z"}});
  game.SignUp("a", {.count = 5, .least = 3, .traits = {.organization = "o"}});
  game.SignUp("b", {.traits = {.organization = "o"}});
  EXPECT_EQ(game.Show(), "z CONFIRMED, a CONFIRMED 3, b WAITS");
  const auto leaves = [](int member) {
    return SubstituteCommand{
        .sign_up = "a", .member = member, .person = {.has_left = true}};
  };
  game.Do(leaves(1), 160);
  EXPECT_EQ(game.Pass(160), "z CONFIRMED, a CONFIRMED 3, b WAITS");
  game.Do(leaves(3), 170);
  EXPECT_EQ(game.Pass(170), "z CONFIRMED, a CONFIRMED 3, b WAITS");
  EXPECT_EQ(game.plan().waiting(), 1) << "its fourth had no seat to take";
}

// The one who waits counts for a share that is full.
TEST(DelegationsTest, WaitAgainIfNobodyMayTakeThePlaceOfWhoLeft) {
  SeatRules rules = Open(3);
  rules.placeholders_end = At(150);
  rules.shares = ShareBook({ShareOf({.staff = true}, 0, 1)});
  Game game(rules);
  game.SignUp("staff", {.traits = {.staff = true}});
  SignUpCommand party{.party = {.sign_up = "a", .min_members = 2}};
  for (int i = 0; i < 3; ++i) {
    party.party.members.push_back(
        {.hash = absl::StrCat("a", i), .traits = {.staff = i == 2}});
  }
  game.Do(party);
  EXPECT_EQ(game.Show(), "staff CONFIRMED, a CONFIRMED 2");
  game.Do(
      SubstituteCommand{
          .sign_up = "a", .member = 1, .person = {.has_left = true}},
      160);
  EXPECT_EQ(game.Pass(160), "staff CONFIRMED, a WAITS");
  game.Withdraw("staff", 170);
  EXPECT_EQ(game.Show(), "a CONFIRMED 2");
}

TEST(DelegationsTest, TakeNoInvitationsWhenItIsTooLateToAnswer) {
  SeatRules rules = Open(3);
  rules.placeholders_end = At(150);
  Game game(rules);
  game.SignUp("a", 2);
  const SubstituteCommand invited{.sign_up = "a", .member = 1};
  EXPECT_EQ(game.Do(invited, 149), "");
  game.SignUp("b", 1);
  game.SignUp("c", {.count = 2, .least = 1}, 151);
  game.Do(SubstituteCommand{.sign_up = "c", .member = 1}, 152);
  EXPECT_THAT(support::WrongFields(game.last()),
              ElementsAre("person.full_name"));
}

}  // namespace
}  // namespace lagnet::visits
