#include "server/solver/run.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "server/base/status_macros.h"
#include "server/draw/document.h"
#include "server/draw/fairness.h"
#include "server/solver/child.h"

namespace lagnet::solver {
namespace {

// How long a solver that should be ready may still take.
constexpr absl::Duration kGrace = absl::Seconds(20);

// A lottery over 2,000 types with as many panels has a few megabytes.
constexpr size_t kLargestAnswer = 256 << 20;

// Reads a line of the solver's; others are left alone.
void Hear(const std::string& line, Progress& now) {
  const std::vector<std::string> words = absl::StrSplit(line, ' ');
  int done = 0;
  int panels = 0;
  if (words.size() != 3 || !absl::SimpleAtoi(words[1], &done) ||
      !absl::SimpleAtoi(words[2], &panels)) {
    return;
  }
  now.step = words[0];
  now.done_percent = std::clamp(done, now.done_percent, 100);
  now.panels = panels;
}

// Whoever checks the draw later must not find that it was not fair.
absl::Status CheckIsProven(const draw::Problem& problem,
                           const draw::Lottery& lottery) {
  const absl::Status people = draw::CheckPeople(problem, lottery);
  if (!people.ok()) return absl::DeadlineExceededError(people.message());
  const absl::StatusOr<int64_t> loss = draw::ProvenLoss(problem, lottery);
  if (!loss.ok()) return absl::InternalError(loss.status().message());
  if (*loss <= draw::ToleranceOf(problem, lottery)) return absl::OkStatus();
  return absl::DeadlineExceededError(
      "the chances are not as equal yet as the shares allow");
}

absl::Status Failed(const absl::Status& status) {
  return absl::Status(
      status.code(),
      absl::StrCat("the solver of the draw failed: ", status.message()));
}

}  // namespace

std::string SolverBesideThis() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error)
      .replace_filename("lagnet-solver");
}

absl::StatusOr<draw::Outcome> RunSolver(
    const std::string& path, const draw::Problem& problem, absl::Duration limit,
    const std::function<void(const Progress&)>& progress) {
  RETURN_IF_ERROR(draw::Check(problem));
  const int64_t seconds = std::max<int64_t>(
      1, absl::ToInt64Seconds(absl::Ceil(limit, absl::Seconds(1))));
  const std::string input = draw::Canonical(
      {{"problem", draw::ToJson(problem)}, {"seconds", seconds}});
  const absl::Time start = absl::Now();
  const absl::Time deadline = start + absl::Seconds(seconds) + kGrace;
  ASSIGN_OR_RETURN(Child child, Child::Start({path}, input));
  Progress now;
  const absl::StatusOr<std::string> answer = child.Wait(
      deadline, kLargestAnswer,
      [&](const std::string& line) { Hear(line, now); },
      [&] {
        const absl::Duration gone = absl::Now() - start;
        now.time_percent = static_cast<int>(
            std::clamp<int64_t>(100 * gone / absl::Seconds(seconds), 0, 100));
        progress(now);
      });
  if (!answer.ok()) return Failed(answer.status());
  const absl::StatusOr<nlohmann::json> json = draw::ParseJson(*answer);
  if (!json.ok()) return absl::InternalError("the solver answers no JSON");
  absl::StatusOr<draw::Outcome> outcome = draw::ReadOutcome(problem, *json);
  if (!outcome.ok()) {
    return Failed(absl::InternalError(outcome.status().message()));
  }
  if (const auto* lottery = std::get_if<draw::Lottery>(&*outcome)) {
    const absl::Status valid = draw::CheckPanels(problem, *lottery);
    if (!valid.ok()) return Failed(absl::InternalError(valid.message()));
    const absl::Status proven = CheckIsProven(problem, *lottery);
    if (!proven.ok()) return Failed(proven);
  }
  return outcome;
}

}  // namespace lagnet::solver
