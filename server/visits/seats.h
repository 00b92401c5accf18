#ifndef LAGNET_SERVER_VISITS_SEATS_H_
#define LAGNET_SERVER_VISITS_SEATS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/visits/plan.h"

namespace lagnet::visits {

// Who gets a seat: one pure function, Decide(), is the only place that knows.
//
//   sign-up ─┬─ has to be confirmed ────────────────▶ PENDING_CONFIRMATION
//            │                                          │ seats  │ confirmed
//            │                                          ▼        │
//            │                                  ┌───── HELD      │
//            │                        confirmed │       │ no     │
//            │                                  │       ▼ answer │
//            │                                  │    EXPIRED     │
//            ├─ no seats for it ─▶ WAITLISTED ◀─┼────────────────┘
//            │                      │     │ seats are free
//            │                seats │     ▼ and have to be accepted
//            │                      │   OFFERED ─▶ DECLINED, EXPIRED
//            │                      ▼     │ accepted
//            └─ seats ──────▶ CONFIRMED ◀─┘
//
// To be confirmed: by the person, who follows the link that was mailed, and
// then, if the rules say so, by the organisation that the party comes for.
//
// From each of these also WITHDRAWN and CANCELLED (the visit), and while the
// organisation has to confirm it REFUSED, which becomes EXPIRED unless it is
// corrected and confirmed in time. A party with fewer seats than members is
// CONFIRMED (or HELD) and keeps its place in the queue for the others.
//
// The order is that of the visit's policy: of arrival (the order of
// decisions), of priority groups, or of the draw. Whoever comes first in it and
// fits gets seats. "Fits" means: within the seats, the organisation's limit and
// the maximum of each share, without the seats that shares below their minimum
// keep, and without those that are held for a group further ahead. Of parties
// that have not confirmed their address yet, only so many of one network or
// organisation have seats: nobody holds a visit with made-up addresses
// (docs/adr/0030-seats-held-unconfirmed.md). A group
// that there are some seats for, but too few, has those held for a time, once:
// it is not passed over for ever by single people, nor does it block them.
//
// Where the visits of a project give seats out together, who has a seat on
// another one comes after all who have none, and gets one only once sign-up has
// ended. Who that is, project_seats.h knows, which sees all of these visits.
//
// Invariants, whatever the order of commands (see seats_property_test.cc):
// never more seats taken than there are, nor more than a maximum; never more
// given to the unverified of one network or organisation than may be; never a
// free seat that a waiting party could take by these rules.

// What became of one sign-up.
struct Event {
  std::string sign_up;
  SignUpState state = SignUpState::kUnspecified;
  Obstacle obstacle;  // Why it has to wait.
  int seats = 0;
  // The members that it has from now on. Unnamed ones are left out first.
  int members = 0;
  absl::Time due = absl::InfiniteFuture();
  absl::Time hold_until = absl::InfinitePast();
  int64_t rank = 0;
  int64_t place = 0;
  bool is_second = false;
  bool is_mark = false;  // Nothing but `is_second` is new.

  bool operator==(const Event&) const = default;
};

// What can be asked for.
struct SignUpCommand {
  Party party;
  bool needs_confirmation = false;
};
struct WithdrawCommand {
  std::string sign_up;
};
// New rules: other seats, another window, published, completed.
struct ChangeRulesCommand {
  SeatRules rules;
};
struct CancelCommand {};
// All sign-ups of one organisation become another's: the two were merged.
struct ReassignCommand {
  std::string from;
  std::string to;
  // Those of them that have ended, as they are: told, and nothing more.
  std::vector<Event> ended;
  // The visit's shares from then on (RenameOrganization() of visit.h); those
  // that it has, under the new name, if not set.
  std::optional<std::vector<Share>> shares = std::nullopt;
};
// The person has followed the link: the address is theirs.
struct VerifyCommand {
  std::string sign_up;
};
// The organisation confirms who comes for it.
struct ConfirmCommand {
  std::string sign_up;
};
struct RefuseCommand {
  std::string sign_up;
};
// The party takes the seats that it was offered, or does not.
struct AcceptCommand {
  std::string sign_up;
};
struct DeclineCommand {
  std::string sign_up;
};
// Another person in the place of one, or a name for a placeholder.
struct SubstituteCommand {
  std::string sign_up;
  int member = 0;  // From 0.
  // If `has_left`, nobody comes, whatever shares who goes counted for.
  Person person;
};
// The host gives a waiting party seats out of turn. They may be ones that are
// kept for a share or held for a group, but neither more than there are nor
// above a maximum.
struct PromoteCommand {
  std::string sign_up;
};
// The draw's order: those with seats, then the queue. All that wait are in it.
struct DrawCommand {
  std::vector<std::string> seated;
  std::vector<std::string> waiting;
};
// That somebody of a party has, or has no longer, a seat on another visit of
// the project.
struct Mark {
  std::string sign_up;
  bool is_second = false;
};
// Time has passed, or seats were given out on other visits of the project: what
// was not answered lapses, what was held is given out.
struct SettleCommand {
  std::vector<Mark> marks;
};
// An organisation says in which order its waiting parties are to get seats:
// these first, then its others as they stood. In each priority group they keep
// the places in the queue that they have together: nobody else's changes.
struct RankCommand {
  std::string organization;
  std::vector<std::string> sign_ups;
};
// The party has a seat on a visit that it would rather be on, and leaves this
// one.
struct YieldCommand {
  std::string sign_up;
};
using Command =
    std::variant<SignUpCommand, WithdrawCommand, ChangeRulesCommand,
                 CancelCommand, ReassignCommand, ConfirmCommand, RefuseCommand,
                 AcceptCommand, DeclineCommand, SubstituteCommand,
                 PromoteCommand, DrawCommand, SettleCommand, VerifyCommand,
                 RankCommand, YieldCommand>;

// Stored with each decision; never renumber.
enum class CommandKind {
  kSignUp = 1,
  kWithdraw = 2,
  kChangeRules = 3,
  kCancel = 4,
  kReassign = 5,
  kConfirm = 6,
  kRefuse = 7,
  kAccept = 8,
  kDecline = 9,
  kSubstitute = 10,
  kPromote = 11,
  kDraw = 12,
  kSettle = 13,
  kVerify = 14,
  kRank = 15,
  kYield = 16,
};
CommandKind KindOf(const Command& command);
// Whether it changes more than the parties that its events tell of.
bool IsSweeping(CommandKind kind);

// What came of a command: the next version of the visit.
struct Decision {
  Command command;
  int64_t version = 0;
  // What the command asked for comes first, then who moves up.
  std::vector<Event> events;
};

// Decides a command and makes the plan what came of it; a refusal leaves the
// plan as it was. What was due before `now` must have been settled. Fails with
//   FAILED_PRECONDITION / SIGN_UP_CLOSED   outside the window, not published
//   ALREADY_EXISTS / ALREADY_SIGNED_UP     somebody of the party is on it
//   FAILED_PRECONDITION / NOT_ELIGIBLE     somebody of the party may not come
//   INVALID_ARGUMENT / PARTY_TOO_LARGE     more people than could ever come
//   FAILED_PRECONDITION / WRONG_STATE      the sign-up or the visit has ended,
//                                          or the command does not fit it
//   FAILED_PRECONDITION / SEATS_TAKEN      fewer seats than are taken, or no
//                                          seats for a promotion
//   FAILED_PRECONDITION / SHARE_EXCEEDED   two organisations that are to be one
//                                          have more than one may, or than a
//                                          share may; or a share forbids it
absl::StatusOr<Decision> Decide(SeatPlan& plan, const Command& command,
                                absl::Time now);

// Decides what has to be before anything else at `now`, if something is due or
// to be marked: what was not answered lapses, what was held is given out.
std::optional<Decision> Settle(SeatPlan& plan, absl::Time now,
                               std::vector<Mark> marks = {});

// Makes a plan what an earlier decision made of it.
void Apply(const Decision& decision, SeatPlan& plan);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_SEATS_H_
