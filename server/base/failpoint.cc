#include "server/base/failpoint.h"

#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "absl/random/random.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

namespace lagnet {
namespace {

struct Action {
  bool kill = false;
  int number = 0;
};

std::map<std::string, Action> Parse(const char* text) {
  std::map<std::string, Action> actions;
  if (text == nullptr) return actions;
  for (const auto entry : absl::StrSplit(text, ',', absl::SkipEmpty())) {
    const std::vector<std::string> name_and_action =
        absl::StrSplit(entry, absl::MaxSplits('=', 1));
    if (name_and_action.size() != 2) continue;
    const std::vector<std::string> action =
        absl::StrSplit(name_and_action[1], absl::MaxSplits(':', 1));
    int number = 1;
    if (action.size() == 2 && !absl::SimpleAtoi(action[1], &number)) continue;
    actions[name_and_action[0]] = {action[0] == "kill", number};
  }
  return actions;
}

}  // namespace

void Failpoint(const char* name) {
  static const auto* const actions = new std::map<std::string, Action>(
      Parse(std::getenv("LAGNET_FAILPOINTS")));
  if (actions->empty()) return;
  const auto found = actions->find(name);
  if (found == actions->end()) return;
  const Action action = found->second;
  if (!action.kill) {
    absl::SleepFor(absl::Milliseconds(action.number));
    return;
  }
  thread_local absl::BitGen random;
  if (absl::Uniform(random, 0, action.number) == 0) kill(getpid(), SIGKILL);
}

}  // namespace lagnet
