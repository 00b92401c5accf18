#include "server/visits/seats.h"

#include <optional>
#include <utility>
#include <variant>

#include "server/base/status_macros.h"
#include "server/visits/decider.h"

namespace lagnet::visits {

CommandKind KindOf(const Command& command) {
  return static_cast<CommandKind>(command.index() + 1);
}

bool IsSweeping(CommandKind kind) {
  switch (kind) {
    case CommandKind::kSignUp:
    case CommandKind::kWithdraw:
    case CommandKind::kConfirm:
    case CommandKind::kRefuse:
    case CommandKind::kAccept:
    case CommandKind::kDecline:
    case CommandKind::kSubstitute:
    case CommandKind::kPromote:
    case CommandKind::kSettle:
    case CommandKind::kVerify:
    case CommandKind::kRank:
    case CommandKind::kYield:
      return false;
    default:  // What a newer server may decide, too.
      return true;
  }
}

absl::StatusOr<Decision> Decide(SeatPlan& plan, const Command& command,
                                absl::Time now) {
  Decider decider(plan, now);
  RETURN_IF_ERROR(std::visit(decider, command));
  return decider.Finish(command);
}

std::optional<Decision> Settle(SeatPlan& plan, absl::Time now,
                               std::vector<Mark> marks) {
  if (marks.empty() && plan.IsSettled(now)) return std::nullopt;
  const SettleCommand command{std::move(marks)};
  Decider decider(plan, now);
  if (!decider(command).ok() || !decider.has_events()) return std::nullopt;
  return decider.Finish(command);
}

void Apply(const Decision& decision, SeatPlan& plan) {
  Decider::Replay(decision, plan);
}

}  // namespace lagnet::visits
