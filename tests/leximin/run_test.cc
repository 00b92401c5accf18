// The solver as a program of its own: what comes of it, whatever it does.

#include "server/solver/run.h"

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "server/solver/child.h"
#include "tests/draw/random_problem.h"
#include "tests/support/matchers.h"
#include "tests/support/script.h"

namespace lagnet::solver {
namespace {

using support::IsOk;
using support::IsOkAndHolds;
using support::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;

const draw::Problem& Problem() {
  static const auto* const problem =
      new draw::Problem{3, {{"kotla", 1, 1}}, {{1, {0}, 1, 6}, {1, {1}, 1, 2}}};
  return *problem;
}

absl::StatusOr<std::string> Shell(const std::string& script,
                                  absl::string_view input = "",
                                  absl::Duration limit = absl::Seconds(60),
                                  std::vector<std::string>* lines = nullptr,
                                  int* ticks = nullptr) {
  absl::StatusOr<Child> child = Child::Start({"/bin/sh", "-c", script}, input);
  if (!child.ok()) return child.status();
  return child->Wait(
      absl::Now() + limit, 1 << 20,
      [lines](const std::string& line) {
        if (lines != nullptr) lines->push_back(line);
      },
      [ticks] {
        if (ticks != nullptr) ++*ticks;
      });
}

TEST(ChildTest, HandsOnWhatIsReadAndWritten) {
  std::vector<std::string> lines;
  EXPECT_THAT(Shell("echo one >&2; cat; echo two >&2", "text",
                    absl::Seconds(60), &lines),
              IsOkAndHolds("text"));
  EXPECT_THAT(lines, ElementsAre("one", "two"));
}

TEST(ChildTest, TakesMoreThanAPipeHolds) {
  const std::string input(900'000, 'x');
  EXPECT_THAT(Shell("sleep 0.1; cat", input), IsOkAndHolds(input));
}

TEST(ChildTest, TicksWhileNothingIsHeard) {
  int ticks = 0;
  EXPECT_THAT(Shell("exec sleep 2.5", "", absl::Seconds(60), nullptr, &ticks),
              IsOk());
  EXPECT_GE(ticks, 3);
}

TEST(ChildTest, TellsHowItEnded) {
  EXPECT_THAT(Shell("echo 'error: no more' >&2; exit 3").status().message(),
              HasSubstr("code 3: error: no more"));
  EXPECT_THAT(Shell("kill -9 $$").status().message(), HasSubstr("signal 9"));
  EXPECT_THAT(Shell("head -c 2000000 /dev/zero"),
              StatusIs(absl::StatusCode::kInternal));
}

TEST(ChildTest, IsKilledWhenTimeIsUp) {
  const absl::Time start = absl::Now();
  EXPECT_THAT(Shell("exec sleep 60", "", absl::Milliseconds(100)),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_LT(absl::Now() - start, absl::Seconds(30));
}

TEST(RunSolverTest, AnswersTheLottery) {
  Progress last;
  ASSERT_OK_AND_ASSIGN(
      const draw::Outcome outcome,
      RunSolver(LAGNET_SOLVER, Problem(), absl::Seconds(30),
                [&](const Progress& now) {
                  EXPECT_GE(now.done_percent, last.done_percent);
                  EXPECT_GE(now.time_percent, last.time_percent);
                  last = now;
                }));
  EXPECT_EQ(std::get<draw::Lottery>(outcome).people, 3);
  EXPECT_EQ(last.step, "panels");
  EXPECT_GE(last.done_percent, 20);
}

// What is not as it should be comes from a solver gone wrong.
TEST(RunSolverTest, TellsWhatItsProgramSays) {
  const support::Script program(
      "echo 'chances 20 0' >&2; echo 'panels 42 137' >&2; echo 'panels 7' >&2; "
      "echo 'panels many 3' >&2; echo 'panels 30 138' >&2; sleep 1.5; exit 1");
  std::vector<Progress> told;
  EXPECT_THAT(RunSolver(program.path(), Problem(), absl::Seconds(3),
                        [&](const Progress& now) { told.push_back(now); }),
              StatusIs(absl::StatusCode::kInternal));
  ASSERT_GE(told.size(), 2U) << "also while the program says nothing";
  EXPECT_EQ(told.back().step, "panels");
  EXPECT_EQ(told.back().done_percent, 42) << "never back";
  EXPECT_EQ(told.back().panels, 138);
  EXPECT_GE(told.back().time_percent, 33);
  EXPECT_LE(told.back().time_percent, 100);
}

TEST(RunSolverTest, AnswersTheConflict) {
  draw::Problem problem = Problem();
  problem.shares[0] = {"kotla", 3, 3};
  ASSERT_OK_AND_ASSIGN(const draw::Outcome outcome,
                       RunSolver(LAGNET_SOLVER, problem, absl::Seconds(30),
                                 [](const Progress&) {}));
  EXPECT_THAT(
      std::get<draw::Conflict>(outcome).demands,
      ElementsAre(draw::Demand{"kotla", draw::Demand::Kind::kMin, 3, 2}));
}

TEST(RunSolverTest, IsNotFooledByItsProgram) {
  const auto run = [](const std::string& path) {
    return RunSolver(path, Problem(), absl::Seconds(1), [](const Progress&) {})
        .status();
  };
  EXPECT_THAT(run("/nowhere/lagnet-solver"),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(run("/bin/false"), StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(run("/bin/true"), StatusIs(absl::StatusCode::kInternal));
  // Says what it was told.
  EXPECT_THAT(run("/bin/cat"), StatusIs(absl::StatusCode::kInternal));
}

// What is found in a second is a lottery, but not one to be called fair.
TEST(RunSolverTest, GivesUpWhereTimeIsTooShortToBeFair) {
  const draw::Problem problem = draw::RandomProblems(22).Large(true);
  EXPECT_THAT(RunSolver(LAGNET_SOLVER, problem, absl::Seconds(1),
                        [](const Progress&) {}),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST(RunSolverTest, RefusesWhatIsNoProblem) {
  EXPECT_THAT(
      RunSolver(LAGNET_SOLVER, {}, absl::Seconds(1), [](const Progress&) {}),
      StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(RunSolverTest, FindsItsProgramBesideThisOne) {
  EXPECT_THAT(SolverBesideThis(), testing::EndsWith("/bin/lagnet-solver"));
}

}  // namespace
}  // namespace lagnet::solver
