// Proofs: that they hold if they are right, and do not if they are not.

#include "server/draw/fairness.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>

#include "absl/strings/str_cat.h"
#include "server/draw/bound.h"
#include "tests/draw/all_panels.h"
#include "tests/draw/example.h"
#include "tests/draw/random_problem.h"
#include "tests/support/matchers.h"

namespace lagnet::draw {
namespace {

using support::IsOk;
using support::IsOkAndHolds;
using support::StatusIs;
using testing::AllOf;
using testing::Ge;
using testing::Le;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

TEST(BoundTest, IsNeverBelowTheBestPanel) {
  RandomProblems problems(1);
  std::mt19937 random(2);
  const auto pick = [&](int64_t least, int64_t most) {
    return std::uniform_int_distribution<int64_t>(least, most)(random);
  };
  int tight = 0;
  for (int i = 0; i < 3'000 && !HasFailure(); ++i) {
    const Problem problem = problems.Small();
    const AllPanels all(problem);
    if (all.empty()) continue;
    Worth worth{all.people(), all.people(), {}, {}};
    for (size_t t = 0; t < problem.types.size(); ++t) {
      worth.gains.push_back(pick(0, 9));
    }
    for (size_t s = 0; s < problem.shares.size(); ++s) {
      worth.prices.shares.push_back(pick(-5, 5));
    }
    worth.prices.people = pick(-5, 5);
    int64_t best = std::numeric_limits<int64_t>::min();
    for (const Composition& panel : all.panels()) {
      best =
          std::max(best, std::inner_product(panel.begin(), panel.end(),
                                            worth.gains.begin(), int64_t{0}));
    }
    EXPECT_GE(Bound(problem, worth), best);
    tight += Bound(problem, worth) == best;
    EXPECT_TRUE(IsBound(problem, worth, best));
    EXPECT_TRUE(IsBound(problem, worth, best + 1));
    EXPECT_FALSE(IsBound(problem, worth, best - 1));
  }
  EXPECT_GT(tight, 0);
}

TEST(BoundTest, GivesUpRatherThanSearchForever) {
  Problem problem{500, {}, {}};
  for (int t = 0; t < 40; ++t) {
    problem.types.push_back({2 * (t + 1), {}, 1, 20});
  }
  // Nobody is worth anything, and 499 people cannot come in twos.
  const Worth worth{499, 499, std::vector<int64_t>(40, 0), {{}, 0}};
  EXPECT_FALSE(IsBound(problem, worth, -1));
}

TEST(FairnessTest, BelievesARightProof) {
  const ClosedList list = ExampleList();
  EXPECT_THAT(CheckPeople(list.problem(), ExampleLottery()), IsOk());
  EXPECT_THAT(ProvenLoss(list.problem(), ExampleLottery()),
              IsOkAndHolds(AllOf(Ge(0), Le(2))));
}

TEST(FairnessTest, BelievesNoWrongProof) {
  const ClosedList list = ExampleList();
  const auto loss_of = [&](auto change) {
    Lottery lottery = ExampleLottery();
    change(lottery);
    return ProvenLoss(list.problem(), lottery);
  };
  EXPECT_THAT(loss_of([](Lottery& l) { l.levels.pop_back(); }),
              StatusIs(kInvalid));
  EXPECT_THAT(loss_of([](Lottery& l) { l.levels[1] = l.levels[0]; }),
              StatusIs(kInvalid));
  EXPECT_THAT(loss_of([](Lottery& l) { l.levels[0].bound = 1; }),
              StatusIs(kInvalid));
  EXPECT_THAT(loss_of([](Lottery& l) {
                l.levels[0].gains = {0, 0};
              }),
              StatusIs(kInvalid));
  EXPECT_THAT(loss_of([](Lottery& l) {
                l.levels[0].gains = {-1, 1};
              }),
              StatusIs(kInvalid));
  EXPECT_THAT(loss_of([](Lottery& l) { l.levels[0].prices.shares = {}; }),
              StatusIs(kInvalid));
  EXPECT_THAT(loss_of([](Lottery& l) {
                l.levels[0].types = {0, 1};
              }),
              StatusIs(kInvalid));
  // A level that aims low takes nothing from what is given.
  EXPECT_THAT(loss_of([](Lottery& l) { l.levels[1].chance /= 2; }),
              IsOkAndHolds(Le(2)));
  // Who could have more is told how much.
  EXPECT_THAT(loss_of([](Lottery& l) { l.levels[1].chance = kTotalWeight; }),
              IsOkAndHolds(Ge(kTotalWeight / 2)));
  EXPECT_THAT(loss_of([](Lottery& l) {
                l.levels[0].bound = 3;
                l.levels[0].prices = {{0}, 1};
              }),
              IsOkAndHolds(Ge(kTotalWeight / 6)));
}

// A lottery with the right panels, but one that is drawn too often.
TEST(FairnessTest, SeesWeightsThatFavour) {
  const Problem problem{1, {}, {{1, {}, 1, 1}, {1, {}, 2, 1}}};
  Lottery lottery{.people = 1,
                  .people_prices = {{}, 1'000'000},
                  .panels = {{kTotalWeight / 3 * 2 + 1, {0, 1}},
                             {kTotalWeight / 3, {1, 0}}},
                  .levels = {{{0, 1}, kTotalWeight / 3, {1, 1}, 1, {{}, 1}}}};
  ASSERT_THAT(CheckPanels(problem, lottery), IsOk());
  EXPECT_THAT(ProvenLoss(problem, lottery), IsOkAndHolds(Le(2)));
  std::swap(lottery.panels[0].weight, lottery.panels[1].weight);
  EXPECT_THAT(ProvenLoss(problem, lottery), IsOkAndHolds(Ge(kTotalWeight / 7)));
}

// Three parties of a type, and one that is to sit on every panel.
TEST(FairnessTest, SeesWhoIsFavouredAtTheCostOfOthers) {
  const Problem problem{2, {{"share", 0, 2}}, {{1, {0}, 1, 3}, {1, {1}, 1, 1}}};
  const Lottery lottery{
      .people = 2,
      .people_prices = {{0}, 1'000'000},
      .panels = {{kTotalWeight, {1, 1}}},
      .levels = {{{1}, kTotalWeight, {0, 1}, 1, {{0}, 0}},
                 {{0}, kTotalWeight / 3, {1, 1}, 2, {{0}, 1}}}};
  ASSERT_THAT(CheckPanels(problem, lottery), IsOk());
  EXPECT_THAT(ProvenLoss(problem, lottery), IsOkAndHolds(Ge(kTotalWeight / 6)));
}

TEST(FairnessTest, SeesWhoIsLeftOut) {
  const Problem problem{3, {{"share", 0, 3}}, {{1, {0}, 1, 3}, {1, {1}, 1, 1}}};
  const Lottery lottery{.people = 3,
                        .people_prices = {{0}, 1'000'000},
                        .panels = {{kTotalWeight, {3, 0}}},
                        .levels = {{{0}, kTotalWeight, {1, 1}, 3, {{0}, 1}},
                                   {{1}, 0, {1, 1}, 3, {{0}, 1}}}};
  ASSERT_THAT(CheckPanels(problem, lottery), IsOk());
  EXPECT_THAT(ProvenLoss(problem, lottery), IsOkAndHolds(Ge(kTotalWeight / 2)));
}

// Forty people share ten seats, a single one and fifty others the rest. The
// single one is said to be worth next to nothing beside the forty, and these to
// have a chance that is a little higher than it can be: so all that there is
// for both seems to be used up.
TEST(FairnessTest, SeesALevelThatAimsTooHigh) {
  const Problem problem{
      50,
      {{"forty", 0, 10}, {"single", 0, 50}},
      {{1, {0, 0}, 1, 50}, {1, {0, 1}, 1, 1}, {1, {1, 0}, 1, 40}}};
  constexpr int64_t kAim = kTotalWeight / 4 + kTotalWeight / 1'000;
  const Lottery lottery{
      .people = 50,
      .people_prices = {{0, 0}, 1'000'000},
      .panels = {{kTotalWeight / 4, {39, 1, 10}},
                 {kTotalWeight / 4 * 3, {40, 0, 10}}},
      .levels = {
          {{1, 2}, kAim, {0, 1, 1'000}, 10'001, {{1'000, 0}, 0}},
          {{0}, kTotalWeight - kAim / 50 * 41, {1, 1, 1}, 50, {{0, 0}, 1}}}};
  ASSERT_THAT(CheckPanels(problem, lottery), IsOk());
  EXPECT_THAT(ProvenLoss(problem, lottery), IsOkAndHolds(Ge(kTotalWeight / 2)));
}

// Built to find out sums that do not fit.
TEST(FairnessTest, StandsTheLargestNumbers) {
  Problem problem{kMaxSeats, {}, {}};
  for (int s = 0; s < kMaxShares; ++s) {
    problem.shares.push_back({absl::StrCat("share-", s), 0, kMaxSeats});
  }
  problem.types = {{kMaxSeats, std::vector<int>(kMaxShares, kMaxSeats),
                    kMaxWeight, kMaxParties}};
  ASSERT_THAT(Check(problem), IsOk());
  for (const int64_t price : {-kMaxGain, kMaxGain}) {
    const Prices prices{std::vector<int64_t>(kMaxShares, price), price};
    const Lottery lottery{
        .people = kMaxSeats,
        .people_prices = prices,
        .panels = {{kTotalWeight, {1}}},
        .levels = {{{0}, kTotalWeight, {kMaxGain}, kMaxBound, prices}}};
    ASSERT_THAT(CheckPanels(problem, lottery), IsOk());
    EXPECT_THAT(CheckPeople(problem, lottery), IsOk());
    EXPECT_THAT(ProvenLoss(problem, lottery),
                IsOkAndHolds(Ge(kTotalWeight / 2)));
  }
}

TEST(FairnessTest, AsksForProofThatNoSeatIsLeftFree) {
  const ClosedList list = ExampleList();
  Lottery lottery = ExampleLottery();
  lottery.people = 2;
  EXPECT_THAT(CheckPeople(list.problem(), lottery), StatusIs(kInvalid));
}

TEST(PanelsTest, AreRefusedIfOneIsWrong) {
  const ClosedList list = ExampleList();
  const auto check = [&](auto change) {
    Lottery lottery = ExampleLottery();
    change(lottery);
    return CheckPanels(list.problem(), lottery);
  };
  EXPECT_THAT(check([](Lottery&) {}), IsOk());
  EXPECT_THAT(check([](Lottery& l) {
                l.panels[0].take = {3, 0};
              }),
              StatusIs(kInvalid));
  EXPECT_THAT(check([](Lottery& l) {
                l.panels[0].take = {1, 1};
              }),
              StatusIs(kInvalid));
  EXPECT_THAT(check([](Lottery& l) { l.panels[0].take = {3}; }),
              StatusIs(kInvalid));
  EXPECT_THAT(check([](Lottery& l) { --l.panels[0].weight; }),
              StatusIs(kInvalid));
  EXPECT_THAT(check([](Lottery& l) { l.panels.clear(); }), StatusIs(kInvalid));
  EXPECT_THAT(check([](Lottery& l) {
                l.panels[0].weight /= 2;
                l.panels.push_back(l.panels[0]);
              }),
              StatusIs(kInvalid));
}

}  // namespace
}  // namespace lagnet::draw
