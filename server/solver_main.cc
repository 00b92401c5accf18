// lagnet-solver: finds the lottery for a draw of seats.
//
// Reads {"problem": …, "seconds": N} from standard input and writes the
// outcome to standard output, both as draw/document.h has them. A program of
// its own, so that lagnetd can end it, survives it, and has no solver in its
// memory.
//
// Lines on standard error say how far it is, "panels 42 137": which step
// ("people", "chances", "panels", perhaps "levels"), how much of all is done,
// from 0 to 100, and how many panels were found. After another line
// ("error: …") there is no answer; the code is 75 if time was too short for
// one.

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>
#include <functional>
#include <iostream>
#include <iterator>
#include <string>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "server/base/status_macros.h"
#include "server/draw/document.h"
#include "server/draw/outcome.h"
#include "server/draw/reader.h"
#include "server/leximin/leximin.h"
#include "server/solver/child.h"

namespace lagnet {
namespace {

constexpr int kMaxSeconds = 3'600;

// Writes each line once.
std::function<void(const leximin::Progress&)> Teller() {
  return [last = std::string()](const leximin::Progress& now) mutable {
    const std::string line = absl::StrFormat(
        "%s %d %d\n", now.step, static_cast<int>(now.done * 100), now.panels);
    if (line != last) std::fputs(line.c_str(), stderr);
    last = line;
  };
}

absl::StatusOr<std::string> Answer(const std::string& text) {
  ASSIGN_OR_RETURN(const nlohmann::json input, draw::ParseJson(text));
  draw::Reader reader(input, "the input");
  const nlohmann::json object = reader.Object("problem");
  const int64_t seconds = reader.Int("seconds", 1, kMaxSeconds);
  RETURN_IF_ERROR(reader.status());
  ASSIGN_OR_RETURN(const draw::Problem problem, draw::ReadProblem(object));
  ASSIGN_OR_RETURN(
      const draw::Outcome outcome,
      leximin::Solve(problem, absl::Now() + absl::Seconds(seconds), Teller()));
  return draw::Canonical(draw::ToJson(outcome));
}

int Run() {
  const std::string input{std::istreambuf_iterator<char>(std::cin), {}};
  const absl::StatusOr<std::string> answer = Answer(input);
  if (!answer.ok()) {
    std::fprintf(stderr, "error: %s\n",
                 std::string(answer.status().message()).c_str());
    return absl::IsDeadlineExceeded(answer.status()) ? solver::kTooLate : 1;
  }
  std::cout << *answer << '\n' << std::flush;
  return std::cout.good() ? 0 : 1;
}

}  // namespace
}  // namespace lagnet

int main() {
  // It ends with the thread that waits for it, and lets all others go first.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (nice(10) < 0) std::perror("nice");
  const int code = lagnet::Run();
  std::fflush(nullptr);
  _exit(code);  // The answer is out; what the solver's library holds is left.
}
