#include "server/directory/life.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"

namespace lagnet::directory {
namespace {

using State = OrganizationState;

// Where a step leads; nothing if it cannot be taken from there.
std::optional<State> Next(LifeStep step, State from, bool overdue) {
  const bool in_directory = IsInDirectory(from);
  switch (step) {
    case LifeStep::kSubmit:
      if (from == State::kDraft) return State::kSubmitted;
      break;
    case LifeStep::kVerify:
      if (from == State::kSubmitted) return State::kVerified;
      break;
    case LifeStep::kReturn:
      if (from == State::kSubmitted) return State::kDraft;
      break;
    case LifeStep::kConfirm:
      if (in_directory) return State::kVerified;
      break;
    case LifeStep::kUpdate:
      if (in_directory) return State::kVerified;
      if (IsUnpublished(from)) return from;
      break;
    case LifeStep::kAge:
      if (from == State::kVerified && overdue) return State::kStale;
      break;
    case LifeStep::kArchive:
      if (in_directory) return State::kArchived;
      break;
    case LifeStep::kRestore:
      if (from == State::kArchived || from == State::kDissolved) {
        return overdue ? State::kStale : State::kVerified;
      }
      break;
    case LifeStep::kDissolve:
      if (in_directory || from == State::kArchived) return State::kDissolved;
      break;
    case LifeStep::kMerge:
      if (from != State::kMerged) return State::kMerged;
      break;
  }
  return std::nullopt;
}

// What cannot be done, and what can be done instead.
absl::string_view Refusal(LifeStep step) {
  switch (step) {
    case LifeStep::kSubmit:
      return "only a draft can be submitted";
    case LifeStep::kVerify:
      return "only what is submitted can be verified; confirm what is verified";
    case LifeStep::kReturn:
      return "only what is submitted can be returned";
    case LifeStep::kConfirm:
      return "only what is in the directory can be confirmed";
    case LifeStep::kUpdate:
      return "restore the entry before you update it";
    case LifeStep::kAge:
      return "the last look still counts";
    case LifeStep::kArchive:
      return "only what is in the directory can be archived";
    case LifeStep::kRestore:
      return "only what is archived or dissolved can be restored";
    case LifeStep::kDissolve:
      return "only what was verified can be dissolved, and once";
    case LifeStep::kMerge:
      return "its name is another name of the one that it was merged into";
  }
  return "";
}

bool IsLook(LifeStep step, State to) {
  return to == State::kVerified &&
         (step == LifeStep::kVerify || step == LifeStep::kConfirm ||
          step == LifeStep::kUpdate);
}

}  // namespace

bool IsOverdue(absl::Time look_time, absl::Time now) {
  return now - look_time >= kLookCounts;
}

absl::Status Take(LifeStep step, absl::Time now, Life& life) {
  const State from = life.state;
  const std::optional<State> to =
      Next(step, from, IsOverdue(life.look_time, now));
  if (!to) {
    return Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
                 absl::StrCat("the organisation is ", NameOf(from), ": ",
                              Refusal(step)))
        .With("state", NameOf(from));
  }
  life.state = *to;
  if (IsLook(step, *to)) life.look_time = now;
  if (*to != State::kDraft) life.return_reason.clear();
  if (*to != State::kDissolved) {
    life.successor.clear();
    life.dissolved_on.reset();
  }
  return absl::OkStatus();
}

bool IsInDirectory(OrganizationState state) {
  return state == State::kVerified || state == State::kStale;
}

bool IsUnpublished(OrganizationState state) {
  return state == State::kDraft || state == State::kSubmitted;
}

bool IsForFew(OrganizationState state) {
  return IsUnpublished(state) || state == State::kMerged;
}

absl::string_view NameOf(OrganizationState state) {
  switch (state) {
    case State::kDraft:
      return "DRAFT";
    case State::kSubmitted:
      return "SUBMITTED";
    case State::kVerified:
      return "VERIFIED";
    case State::kStale:
      return "STALE";
    case State::kArchived:
      return "ARCHIVED";
    case State::kDissolved:
      return "DISSOLVED";
    case State::kMerged:
      return "MERGED";
    case State::kUnspecified:
      break;
  }
  return "STATE_UNSPECIFIED";
}

}  // namespace lagnet::directory
