// The solver's lottery is the fairest one there is: on small problems, compared
// with what comes of looking at every panel.

#include "server/leximin/leximin.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/draw/document.h"
#include "server/draw/draw.h"
#include "server/draw/fairness.h"
#include "tests/draw/all_panels.h"
#include "tests/draw/random_problem.h"
#include "tests/support/matchers.h"

namespace lagnet::leximin {
namespace {

using draw::AllPanels;
using draw::Conflict;
using draw::Demand;
using draw::Lottery;
using draw::Problem;
using draw::RandomProblems;
using support::IsOk;
using support::StatusIs;
using testing::ElementsAre;

absl::StatusOr<draw::Outcome> SolveSoon(const Problem& problem) {
  return Solve(problem, absl::Now() + absl::Seconds(60),
               [](const Progress&) {});
}

// The chance of each type for each unit of weight.
std::vector<double> ChancesOf(const Problem& problem, const Lottery& lottery) {
  std::vector<double> chances;
  const std::vector<int64_t> expected = draw::Expected(problem, lottery);
  for (size_t t = 0; t < expected.size(); ++t) {
    chances.push_back(static_cast<double>(expected[t]) /
                      static_cast<double>(draw::kTotalWeight) /
                      problem.types[t].parties / problem.types[t].weight);
  }
  return chances;
}

// What a visit's hosts would call fair, worked out by hand.
TEST(LeximinTest, GivesTheChancesThatFollowFromTheShares) {
  // One seat of three is for the two from Kotla, two for the six others.
  const Problem problem{3, {{"kotla", 1, 1}}, {{1, {0}, 1, 6}, {1, {1}, 1, 2}}};
  ASSERT_OK_AND_ASSIGN(const draw::Outcome outcome, SolveSoon(problem));
  const auto& lottery = std::get<Lottery>(outcome);
  EXPECT_EQ(lottery.people, 3);
  const std::vector<double> chances = ChancesOf(problem, lottery);
  EXPECT_NEAR(chances[0], 1.0 / 3, 1e-9);
  EXPECT_NEAR(chances[1], 1.0 / 2, 1e-9);
}

TEST(LeximinTest, GivesTwiceTheWeightTwiceTheChance) {
  const Problem problem{2, {}, {{1, {}, 1, 4}, {1, {}, 2, 2}}};
  ASSERT_OK_AND_ASSIGN(const draw::Outcome outcome, SolveSoon(problem));
  const std::vector<int64_t> expected =
      draw::Expected(problem, std::get<Lottery>(outcome));
  EXPECT_NEAR(static_cast<double>(expected[0]) / 1e12 / 4, 0.25, 1e-9);
  EXPECT_NEAR(static_cast<double>(expected[1]) / 1e12 / 2, 0.5, 1e-9);
}

TEST(LeximinTest, KeepsDelegationsWhole) {
  // Five seats, three delegations of three: one comes, and two of the three
  // singles.
  const Problem problem{5, {}, {{1, {}, 1, 3}, {3, {}, 1, 3}}};
  ASSERT_OK_AND_ASSIGN(const draw::Outcome outcome, SolveSoon(problem));
  const auto& lottery = std::get<Lottery>(outcome);
  EXPECT_EQ(lottery.people, 5);
  ASSERT_EQ(lottery.panels.size(), 1u);
  EXPECT_THAT(lottery.panels[0].take, ElementsAre(2, 1));
}

TEST(LeximinTest, TellsHowFarItIs) {
  // Four seats: both pairs or, in pieces, some of those who are three.
  const Problem problem{4, {}, {{2, {}, 1, 2}, {3, {}, 1, 2}}};
  std::vector<std::string> steps;
  Progress last;
  ASSERT_THAT(Solve(problem, absl::Now() + absl::Seconds(60),
                    [&](const Progress& now) {
                      if (steps.empty() || steps.back() != now.step) {
                        steps.push_back(now.step);
                      }
                      EXPECT_GE(now.done, last.done);
                      EXPECT_LE(now.done, 1);
                      EXPECT_GE(now.panels, last.panels);
                      last = now;
                    }),
              IsOk());
  EXPECT_THAT(steps, ElementsAre("people", "chances", "panels", "levels"));
  EXPECT_EQ(last.panels, 1);
}

TEST(LeximinTest, LeavesOutWhoFitsOnNoPanel) {
  const Problem problem{4, {}, {{1, {}, 1, 6}, {5, {}, 1, 1}}};
  ASSERT_OK_AND_ASSIGN(const draw::Outcome outcome, SolveSoon(problem));
  const auto& lottery = std::get<Lottery>(outcome);
  EXPECT_THAT(draw::ProvenLoss(problem, lottery), IsOk());
  EXPECT_EQ(draw::Expected(problem, lottery)[1], 0);
}

TEST(LeximinTest, TakesEverybodyIfThereIsRoom) {
  const Problem problem{9, {{"women", 1, 9}}, {{1, {0}, 1, 3}, {2, {1}, 1, 2}}};
  ASSERT_OK_AND_ASSIGN(const draw::Outcome outcome, SolveSoon(problem));
  const auto& lottery = std::get<Lottery>(outcome);
  EXPECT_EQ(lottery.people, 7);
  EXPECT_THAT(draw::CheckPeople(problem, lottery), IsOk());
}

TEST(LeximinTest, EqualsALookAtEveryPanel) {
  constexpr int kProblems = 400;
  RandomProblems problems(20);
  int solved = 0;
  for (int i = 0; i < kProblems && !HasFailure(); ++i) {
    const Problem problem = problems.Small();
    const AllPanels all(problem);
    SCOPED_TRACE(draw::ToJson(problem).dump());
    ASSERT_OK_AND_ASSIGN(const draw::Outcome outcome, SolveSoon(problem));
    ASSERT_EQ(std::holds_alternative<Conflict>(outcome), all.empty());
    if (all.empty()) continue;
    ++solved;
    const auto& lottery = std::get<Lottery>(outcome);
    ASSERT_EQ(lottery.people, all.people());
    ASSERT_THAT(draw::CheckPanels(problem, lottery), IsOk());
    ASSERT_THAT(draw::CheckPeople(problem, lottery), IsOk());
    ASSERT_OK_AND_ASSIGN(const int64_t loss,
                         draw::ProvenLoss(problem, lottery));
    EXPECT_LE(loss, draw::kTotalWeight / 100'000);
    const std::vector<double> best = all.Leximin();
    const std::vector<double> chances = ChancesOf(problem, lottery);
    ASSERT_EQ(best.size(), chances.size());
    for (size_t t = 0; t < best.size(); ++t) {
      EXPECT_NEAR(chances[t], best[t], 1e-5) << "type " << t;
    }
  }
  EXPECT_GT(solved, kProblems / 2);
}

// Whoever makes a lottery that suits them makes the levels, too.
class Cheat {
 public:
  Cheat(const Problem& problem, const AllPanels& all, const Lottery& fair,
        unsigned seed)
      : problem_(problem), all_(all), fair_(fair), random_(seed) {}

  Lottery Next() {
    Lottery lottery = fair_;
    if (Below(3) > 0) lottery.panels = Panels();
    if (Below(5) > 0) lottery.levels = Levels(lottery);
    if (Below(4) == 0) {
      std::reverse(lottery.levels.begin(), lottery.levels.end());
    }
    return lottery;
  }

 private:
  int Below(size_t limit) { return static_cast<int>(random_() % limit); }

  // A few panels; often one that favours or starves somebody has all weight.
  std::vector<draw::Panel> Panels() {
    std::map<draw::Composition, int64_t> weights;
    int64_t left = draw::kTotalWeight;
    const int count = 1 + Below(3);
    for (int i = 0; i < count; ++i) {
      const int64_t weight = i + 1 == count ? left : left / 10 * (1 + Below(9));
      weights[all_.panels()[random_() % all_.panels().size()]] += weight;
      left -= weight;
    }
    std::vector<draw::Panel> panels;
    for (const auto& [take, weight] : weights) panels.push_back({weight, take});
    return panels;
  }

  // True bounds throughout, with chances that the lottery has or nearly has.
  std::vector<draw::Level> Levels(const Lottery& lottery) {
    const std::vector<int64_t> expected = draw::Expected(problem_, lottery);
    std::map<int64_t, std::vector<int>> types;
    for (size_t t = 0; t < expected.size(); ++t) {
      const int64_t factor =
          int64_t{problem_.types[t].parties} * problem_.types[t].weight;
      types[Below(9) == 0 ? 0 : expected[t] / factor].push_back(
          static_cast<int>(t));
    }
    const bool aims_high = Below(2) == 0;
    std::vector<draw::Level> levels;
    for (const auto& [chance, mine] : types) {
      draw::Level level{.types = mine, .chance = chance};
      if (aims_high) {
        level.chance += draw::ToleranceOf(problem_, lottery) / 2;
        level.chance = std::min(level.chance, draw::kTotalWeight);
      }
      for (size_t t = 0; t < expected.size(); ++t) {
        level.gains.push_back(Below(2) == 0 ? 1'000 : Below(1'000));
      }
      for (const int t : mine) ++level.gains[static_cast<size_t>(t)];
      level.prices.shares.assign(problem_.shares.size(), 0);
      level.bound = MostWorth(level.gains);
      levels.push_back(std::move(level));
    }
    return levels;
  }

  int64_t MostWorth(const std::vector<int64_t>& gains) const {
    int64_t most = 0;
    for (const draw::Composition& panel : all_.panels()) {
      most = std::max(most, std::inner_product(panel.begin(), panel.end(),
                                               gains.begin(), int64_t{0}));
    }
    return most;
  }

  const Problem& problem_;
  const AllPanels& all_;
  const Lottery& fair_;
  std::mt19937 random_;
};

TEST(LeximinTest, CannotBeCheated) {
  RandomProblems problems(24);
  int unfair = 0;
  int fair = 0;
  for (int i = 0; i < 60 && !HasFailure(); ++i) {
    const Problem problem = problems.Small();
    const AllPanels all(problem);
    if (all.empty() || all.people() == 0) continue;
    ASSERT_OK_AND_ASSIGN(const draw::Outcome outcome, SolveSoon(problem));
    const auto& honest = std::get<Lottery>(outcome);
    const std::vector<double> best = all.Leximin();
    Cheat cheat(problem, all, honest, static_cast<unsigned>(i));
    for (int k = 0; k < 100; ++k) {
      const Lottery lottery = cheat.Next();
      ASSERT_THAT(draw::CheckPanels(problem, lottery), IsOk());
      const std::vector<double> chances = ChancesOf(problem, lottery);
      double lacking = 0;  // What others have more is no more in all.
      for (size_t t = 0; t < best.size(); ++t) {
        lacking = std::max(lacking, best[t] - chances[t]);
      }
      const auto loss = draw::ProvenLoss(problem, lottery);
      const bool passes =
          loss.ok() && *loss <= draw::ToleranceOf(problem, lottery);
      const double tolerance =
          static_cast<double>(draw::ToleranceOf(problem, lottery)) / 1e12;
      unfair += lacking > 5 * tolerance;
      fair += passes;
      EXPECT_FALSE(passes && lacking > 5 * tolerance)
          << draw::ToJson(problem).dump() << "\n"
          << draw::ToJson(lottery).dump() << "\n"
          << lacking;
    }
  }
  EXPECT_GT(unfair, 2'000);
  EXPECT_GT(fair, 50);
}

// From the solver's lottery to who is drawn: with 100,000 seeds, each party
// gets its seats as often as its chance says.
TEST(LeximinTest, HasChancesThatDrawsHave) {
  constexpr int kDraws = 100'000;
  const Problem problem{7,
                        {{"kotla", 2, 3}, {"women", 2, 4}},
                        {{1, {0, 0}, 1, 5},
                         {1, {0, 1}, 2, 4},
                         {1, {1, 0}, 1, 3},
                         {3, {1, 1}, 1, 2}}};
  ASSERT_OK_AND_ASSIGN(const draw::Outcome outcome, SolveSoon(problem));
  const auto& lottery = std::get<Lottery>(outcome);
  std::vector<int> type_of;
  for (size_t t = 0; t < problem.types.size(); ++t) {
    type_of.insert(type_of.end(), static_cast<size_t>(problem.types[t].parties),
                   static_cast<int>(t));
  }
  std::vector<int> drawn(type_of.size(), 0);
  for (uint64_t i = 0; i < kDraws; ++i) {
    const draw::Digest key = draw::Sha256({"seed ", draw::BigEndian(i)});
    for (const int party : draw::Draw(key, type_of, lottery).selected) {
      ++drawn[static_cast<size_t>(party)];
    }
  }
  const std::vector<double> chances = ChancesOf(problem, lottery);
  double chi_square = 0;
  for (size_t i = 0; i < drawn.size(); ++i) {
    const auto type = static_cast<size_t>(type_of[i]);
    const double p = chances[type] * problem.types[type].weight;
    EXPECT_GT(p, 0);
    const double off = drawn[i] - kDraws * p;
    if (p < 1) chi_square += off * off / (kDraws * p * (1 - p));
  }
  EXPECT_LT(chi_square, 36.2);  // 14 squares of a normal, one in 1,000.
}

// Whether there is a panel if only these demands hold.
bool IsPossible(const Problem& problem, const std::vector<Demand>& demands) {
  Problem only = problem;
  for (draw::Share& share : only.shares) {
    share.min = 0;
    share.max = problem.seats;
    for (const Demand& demand : demands) {
      if (demand.share != share.name) continue;
      (demand.kind == Demand::Kind::kMin ? share.min : share.max) =
          demand.asked;
    }
  }
  return !AllPanels(only).empty();
}

TEST(ConflictTest, NeedsEachOfItsDemands) {
  RandomProblems problems(21);
  int conflicts = 0;
  for (int i = 0; i < 1'500 && !HasFailure(); ++i) {
    const Problem problem = problems.Small();
    if (!AllPanels(problem).empty()) continue;
    ++conflicts;
    SCOPED_TRACE(draw::ToJson(problem).dump());
    ASSERT_OK_AND_ASSIGN(const draw::Outcome outcome, SolveSoon(problem));
    const auto& demands = std::get<Conflict>(outcome).demands;
    EXPECT_FALSE(IsPossible(problem, demands));
    for (size_t d = 0; d < demands.size(); ++d) {
      std::vector<Demand> without = demands;
      without.erase(without.begin() + static_cast<std::ptrdiff_t>(d));
      EXPECT_TRUE(IsPossible(problem, without));
    }
  }
  EXPECT_GT(conflicts, 50);
}

TEST(ConflictTest, NamesTheShareThatAsksForTooMany) {
  const Problem problem{4,
                        {{"women", 1, 4}, {"kotla", 2, 4}},
                        {{1, {1, 0}, 1, 9}, {1, {0, 1}, 1, 1}}};
  ASSERT_OK_AND_ASSIGN(const draw::Outcome outcome, SolveSoon(problem));
  EXPECT_THAT(std::get<Conflict>(outcome).demands,
              ElementsAre(Demand{"kotla", Demand::Kind::kMin, 2, 1}));
}

TEST(ConflictTest, NamesTwoSharesThatExcludeEachOther) {
  const Problem problem{4,
                        {{"public", 0, 1}, {"women", 1, 4}, {"kotla", 2, 4}},
                        {{1, {1, 1, 1}, 1, 5}, {1, {0, 1, 0}, 1, 5}}};
  ASSERT_OK_AND_ASSIGN(const draw::Outcome outcome, SolveSoon(problem));
  EXPECT_THAT(std::get<Conflict>(outcome).demands,
              ElementsAre(Demand{"public", Demand::Kind::kMax, 1, 5},
                          Demand{"kotla", Demand::Kind::kMin, 2, 5}));
}

// Of 101 shares each is needed, and there are some 5,000 pairs to try.
TEST(ConflictTest, EndsInTime) {
  Problem problem{100, {}, {}};
  for (size_t s = 0; s < 101; ++s) {
    problem.shares.push_back({absl::StrCat("share", s), 1, 100});
    std::vector<int> counts(101, 0);
    counts[s] = 1;
    problem.types.push_back({1, counts, 1, 2});
  }
  const absl::Time start = absl::Now();
  ASSERT_OK_AND_ASSIGN(
      const draw::Outcome outcome,
      Solve(problem, start + absl::Seconds(2), [](const Progress&) {}));
  EXPECT_LT(absl::Now() - start, absl::Seconds(15));
  EXPECT_EQ(std::get<Conflict>(outcome).demands.size(), 101u);
}

// Three people of each of many organisations, of whom two may come.
TEST(LeximinTest, StandsAShareForEachOfManyOrganizations) {
  constexpr size_t kOrganizations = 101;
  Problem problem{50, {}, {}};
  for (size_t s = 0; s < kOrganizations; ++s) {
    problem.shares.push_back({absl::StrCat("organization/", s), 0, 2});
    std::vector<int> counts(kOrganizations, 0);
    counts[s] = 1;
    problem.types.push_back({1, counts, 1, 3});
  }
  ASSERT_OK_AND_ASSIGN(const draw::Outcome outcome, SolveSoon(problem));
  const auto& lottery = std::get<Lottery>(outcome);
  EXPECT_EQ(lottery.people, 50);
  EXPECT_THAT(draw::CheckPanels(problem, lottery), IsOk());
  EXPECT_THAT(draw::CheckPeople(problem, lottery), IsOk());
  ASSERT_OK_AND_ASSIGN(const int64_t loss, draw::ProvenLoss(problem, lottery));
  EXPECT_LE(loss, draw::ToleranceOf(problem, lottery));
}

TEST(LeximinTest, RefusesWhatIsNoProblem) {
  EXPECT_THAT(SolveSoon({0, {}, {{1, {}, 1, 1}}}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(SolveSoon({3, {{"a", 2, 1}}, {{1, {0}, 1, 1}}}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(LeximinTest, StandsRoundingErrors) {
  RandomProblems problems(23);
  for (const int people : {40, 60, 90, 130, 200, 300}) {
    const Problem problem = problems.Overlapping(people);
    ASSERT_OK_AND_ASSIGN(const draw::Outcome outcome, SolveSoon(problem));
    const auto& lottery = std::get<Lottery>(outcome);
    EXPECT_THAT(draw::CheckPanels(problem, lottery), IsOk());
    EXPECT_THAT(draw::CheckPeople(problem, lottery), IsOk());
    ASSERT_OK_AND_ASSIGN(const int64_t loss,
                         draw::ProvenLoss(problem, lottery));
    EXPECT_LE(loss, draw::ToleranceOf(problem, lottery)) << people;
  }
}

// How long it takes is in the log; that it is fair, is tested.
TEST(LeximinTest, SolvesTwoThousandApplicants) {
  const Problem problem = RandomProblems(22).Large(false);
  const absl::Time start = absl::Now();
  ASSERT_OK_AND_ASSIGN(const draw::Outcome outcome, SolveSoon(problem));
  RecordProperty("seconds", absl::FormatDuration(absl::Now() - start));
  const auto& lottery = std::get<Lottery>(outcome);
  EXPECT_THAT(draw::CheckPanels(problem, lottery), IsOk());
  EXPECT_THAT(draw::CheckPeople(problem, lottery), IsOk());
  ASSERT_OK_AND_ASSIGN(const int64_t loss, draw::ProvenLoss(problem, lottery));
  EXPECT_LE(loss, draw::ToleranceOf(problem, lottery));
}

}  // namespace
}  // namespace lagnet::leximin
