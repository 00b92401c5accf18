// Seats that are held before an address is confirmed: the rule, and the rules
// that it meets.

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/visits/fit.h"
#include "server/visits/seats.h"
#include "server/visits/visit.h"
#include "tests/support/matchers.h"
#include "tests/visits/plan_text.h"

namespace lagnet::visits {
namespace {

// At most two seats for one network and three for one organisation. Sign-up
// from 0 to 200, the visit ends at 900, addresses are confirmed within 50.
SeatRules FewUnverified(int seats) {
  return {.state = VisitState::kPublished,
          .seats = seats,
          .sign_up_end = At(200),
          .end = At(900),
          .verify_within = absl::Seconds(50),
          .unverified_per_network = 2,
          .unverified_per_organization = 3};
}

// A visit that is read as "a HELD 2, b waits". Parties come at 100.
class Crowd {
 public:
  explicit Crowd(SeatRules rules) : plan_(1, std::move(rules), {}) {}

  struct Comes {
    std::string network = "n";
    std::string organization = "o";
    int count = 1;
    int least = 0;
    bool is_unverified = true;
  };
  void SignUp(const std::string& id, Comes comes) {
    Party party{.sign_up = id,
                .organization = comes.organization,
                .min_members = comes.least,
                .is_unverified = comes.is_unverified,
                .network = comes.is_unverified ? comes.network : ""};
    for (int i = 0; i < comes.count; ++i) {
      party.members.push_back({.hash = absl::StrCat(id, i)});
    }
    Do(SignUpCommand{.party = std::move(party)});
  }
  void SignUp(const std::string& id) { SignUp(id, Comes()); }
  void Verify(const std::string& id) { Do(VerifyCommand{id}); }
  void Do(const Command& command) {
    SeatPlan before = plan_;
    const auto decision = Decide(plan_, command, At(100));
    ASSERT_THAT(decision, support::IsOk());
    Apply(*decision, before);
    EXPECT_EQ(TextOf(plan_), TextOf(before)) << "what is kept tells all";
  }
  void Pass(int now) { Settle(plan_, At(now)); }

  std::string Show() const {
    std::string text;
    for (const Party* party : plan_.parties()) {
      absl::StrAppend(&text, text.empty() ? "" : ", ", party->sign_up, " ",
                      party->seats == 0 ? "waits"
                      : party->state == SignUpState::kHeld
                          ? absl::StrCat("HELD ", party->seats)
                          : absl::StrCat("HAS ", party->seats));
    }
    return text;
  }
  WaitReason Why(const std::string& id) const {
    return WhyWaiting(plan_, *plan_.Find(id), At(100)).why;
  }
  const SeatPlan& plan() const { return plan_; }

 private:
  SeatPlan plan_;
};

TEST(UnverifiedTest, MayHoldAPartOfTheSeats) {
  struct Case {
    int seats, per_network, per_organization;
  };
  for (const Case& c :
       {Case{1, 1, 1}, Case{5, 5, 5}, Case{8, 5, 8}, Case{20, 5, 10},
        Case{21, 5, 10}, Case{40, 10, 20}, Case{100, 25, 50}}) {
    StudyVisit visit{.time_zone = "UTC", .seats = c.seats};
    const SeatRules rules = RulesOf(visit);
    EXPECT_EQ(rules.unverified_per_network, c.per_network) << c.seats;
    EXPECT_EQ(rules.unverified_per_organization, c.per_organization) << c.seats;
  }
}

TEST(UnverifiedTest, ConfirmWithinHalfADayOfTheEndIfADrawWaits) {
  struct Case {
    const char* what;
    Policy policy;
    int verify_hours;
    absl::Duration before_the_end;
    absl::Duration has;
  };
  constexpr Policy kDraw = Policy::kDraw;
  for (const Case& c :
       {Case{"long before", kDraw, 0, absl::Hours(100), absl::Hours(24)},
        Case{"half a day before", kDraw, 0, absl::Hours(12), absl::Hours(24)},
        Case{"two hours before", kDraw, 0, absl::Hours(2), absl::Hours(14)},
        Case{"in the last minute", kDraw, 0, absl::Seconds(1),
             absl::Hours(12) + absl::Seconds(1)},
        Case{"many hours", kDraw, 720, absl::Hours(100), absl::Hours(112)},
        Case{"few hours", kDraw, 6, absl::Hours(2), absl::Hours(6)},
        Case{"nobody waits", Policy::kOrderOfArrival, 0, absl::Hours(2),
             absl::Hours(24)}}) {
    StudyVisit visit{
        .time_zone = "UTC",
        .start = absl::CivilSecond(2026, 6, 1, 9, 0, 0),
        .end = absl::CivilSecond(2026, 6, 2, 9, 0, 0),
        .sign_up_end = absl::CivilSecond(2026, 5, 1, 17, 59, 0),
        .seats = 4,
        .state = VisitState::kPublished,
        .rules = {.policy = c.policy, .verify_hours = c.verify_hours}};
    SeatPlan plan(1, RulesOf(visit), {});
    const absl::Time now = InstantsOf(visit).sign_up_end - c.before_the_end;
    const SignUpCommand sign_up{.party = {.sign_up = "a",
                                          .organization = "o",
                                          .members = {{.hash = "a"}},
                                          .is_unverified = true}};
    ASSERT_THAT(Decide(plan, sign_up, now), support::IsOk()) << c.what;
    EXPECT_EQ(plan.Find("a")->due, now + c.has) << c.what;
  }
}

TEST(UnverifiedTest, HoldsSoManySeatsForOneNetworkAndOneOrganisation) {
  struct Case {
    const char* what;
    Crowd::Comes third;
    std::string becomes;
  };
  for (const Case& c :
       {Case{"the same network", {.organization = "other"}, "waits"},
        Case{"another network", {.network = "m"}, "HELD 1"},
        Case{"a network that is not told", {.network = ""}, "HELD 1"},
        Case{"who need not confirm", {.is_unverified = false}, "HAS 1"},
        Case{"too large for the organisation",
             {.network = "m", .count = 2},
             "waits"},
        Case{"another network and organisation",
             {.network = "m", .organization = "other", .count = 2},
             "HELD 2"},
        Case{"some of a party",
             {.network = "m", .count = 2, .least = 1},
             "HELD 1"}}) {
    Crowd crowd(FewUnverified(10));
    crowd.SignUp("a");
    crowd.SignUp("b");
    crowd.SignUp("c", c.third);
    EXPECT_EQ(crowd.Show(), "a HELD 1, b HELD 1, c " + c.becomes) << c.what;
    EXPECT_EQ(crowd.Why("c") == WaitReason::kAddressUnverified,
              c.becomes == "waits" || c.third.least > 0)
        << c.what;
  }
}

TEST(UnverifiedTest, HaveAFreeSeatAsSoonAsTheyConfirm) {
  Crowd crowd(FewUnverified(4));
  for (const char* id : {"a", "b", "c"}) crowd.SignUp(id);
  crowd.SignUp("d", {.is_unverified = false});
  EXPECT_EQ(crowd.Show(), "a HELD 1, b HELD 1, c waits, d HAS 1");
  crowd.Verify("c");
  EXPECT_EQ(crowd.Show(), "a HELD 1, b HELD 1, c HAS 1, d HAS 1");
  EXPECT_EQ(crowd.plan().Find("c")->due, absl::InfiniteFuture());
  EXPECT_EQ(crowd.plan().Find("c")->network, "") << "not needed any more";
}

TEST(UnverifiedTest, MakeRoomForTheNextByConfirmingOrEnding) {
  for (const Command& command :
       {Command(VerifyCommand{"a"}), Command(WithdrawCommand{"a"})}) {
    Crowd crowd(FewUnverified(10));
    for (const char* id : {"a", "b", "c", "d"}) crowd.SignUp(id);
    crowd.Do(command);
    EXPECT_THAT(crowd.Show(), testing::EndsWith("b HELD 1, c HELD 1, d waits"));
  }
  Crowd crowd(FewUnverified(10));
  for (const char* id : {"a", "b", "c", "d"}) crowd.SignUp(id);
  crowd.Verify("d");
  crowd.Pass(150);
  EXPECT_EQ(crowd.Show(), "d HAS 1") << "the others have lapsed";
  EXPECT_EQ(crowd.plan().unverified_from("n"), 0);
  EXPECT_EQ(crowd.plan().unverified_for("o"), 0);
}

TEST(UnverifiedTest, KeepTheirPlaceInTheQueue) {
  Crowd crowd(FewUnverified(4));
  for (const char* id : {"a", "b", "c"}) crowd.SignUp(id);
  crowd.SignUp("d", {.count = 2, .is_unverified = false});
  crowd.SignUp("e", {.is_unverified = false});
  EXPECT_EQ(crowd.Why("c"), WaitReason::kVisitFull);
  crowd.Verify("c");
  EXPECT_EQ(crowd.plan().PositionOf("c"), 1);
  crowd.Do(WithdrawCommand{"a"});
  EXPECT_EQ(crowd.Show(), "b HELD 1, c HAS 1, d HAS 2, e waits");
}

TEST(UnverifiedTest, GiveAFreeSeatUpToWhoHasConfirmed) {
  Crowd crowd(FewUnverified(4));
  for (const char* id : {"a", "b", "c"}) crowd.SignUp(id);
  crowd.SignUp("d", {.count = 2, .is_unverified = false});
  crowd.SignUp("e", {.is_unverified = false});
  crowd.Do(WithdrawCommand{"d"});
  EXPECT_EQ(crowd.Show(), "a HELD 1, b HELD 1, c waits, e HAS 1");
  EXPECT_EQ(crowd.Why("c"), WaitReason::kAddressUnverified);
}

TEST(UnverifiedTest, HaveTheSeatsOfAWholePartyWhenTheyConfirm) {
  Crowd crowd(FewUnverified(10));
  crowd.SignUp("a", {.count = 4});
  crowd.SignUp("b", {.network = "m", .count = 4, .least = 1});
  EXPECT_EQ(crowd.Show(), "a waits, b HELD 2");
  crowd.Verify("b");
  crowd.Verify("a");
  EXPECT_EQ(crowd.Show(), "a HAS 4, b HAS 4");
}

TEST(UnverifiedTest, AreHeldNoSeatsAsAGroup) {
  SeatRules rules = FewUnverified(4);
  rules.unverified_per_network = rules.unverified_per_organization = 4;
  rules.hold_for = absl::Seconds(50);
  rules.largest_hold = 3;
  Crowd crowd(rules);
  crowd.SignUp("a", {.count = 2, .is_unverified = false});
  crowd.SignUp("group", {.count = 3});
  crowd.SignUp("b", {.is_unverified = false});
  EXPECT_EQ(crowd.Show(), "a HAS 2, group waits, b HAS 1");
  crowd.Verify("group");
  crowd.SignUp("c", {.is_unverified = false});
  EXPECT_EQ(crowd.Show(), "a HAS 2, group waits, b HAS 1, c waits");
  EXPECT_EQ(crowd.Why("c"), WaitReason::kHeldForGroup);
}

TEST(UnverifiedTest, AreAskedForNothingMoreThanTheRulesSay) {
  SeatRules rules = FewUnverified(10);
  rules.offer_for = absl::Seconds(50);
  Crowd offered(rules);
  for (const char* id : {"a", "b", "c"}) offered.SignUp(id);
  offered.Verify("c");
  EXPECT_EQ(offered.plan().Find("c")->state, SignUpState::kConfirmed)
      << "it asked for the seat a moment ago";
  rules.confirm_within = absl::Seconds(300);
  Crowd asked(rules);
  for (const char* id : {"a", "b", "c"}) asked.SignUp(id);
  asked.Verify("c");
  EXPECT_EQ(asked.plan().Find("c")->state, SignUpState::kHeld)
      << "now the organisation is asked";
  EXPECT_EQ(asked.plan().Find("c")->due, At(400));
}

TEST(UnverifiedTest, MayBeSeatedByTheHost) {
  Crowd crowd(FewUnverified(10));
  for (const char* id : {"a", "b", "c", "d"}) crowd.SignUp(id);
  crowd.Do(PromoteCommand{"d"});
  EXPECT_EQ(crowd.Show(), "a HELD 1, b HELD 1, c waits, d HELD 1");
  EXPECT_EQ(crowd.plan().unverified_from("n"), 3);
}

TEST(UnverifiedTest, CountTogetherWhenOrganisationsAreMerged) {
  Crowd crowd(FewUnverified(10));
  for (const char* id : {"a", "b"}) crowd.SignUp(id);
  crowd.SignUp("c", {.network = "m", .organization = "other", .count = 2});
  crowd.Do(ReassignCommand{"other", "o", {}});
  EXPECT_EQ(crowd.plan().unverified_for("o"), 4) << "nobody loses a seat";
  EXPECT_EQ(crowd.plan().unverified_for("other"), 0);
  crowd.SignUp("d", {.network = "l"});
  EXPECT_EQ(crowd.Why("d"), WaitReason::kAddressUnverified);
}

}  // namespace
}  // namespace lagnet::visits
