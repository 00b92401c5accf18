#ifndef LAGNET_SERVER_VISITS_SEATS_H_
#define LAGNET_SERVER_VISITS_SEATS_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace lagnet::visits {

// Who gets a seat: one pure function, Decide(), is the only place that knows.
//
//                 ┌──────── a seat is free and the share allows ────────┐
//   sign-up ──────┤                                                     ▼
//                 └─ otherwise ─▶ WAITLISTED ── first that fits ─▶ CONFIRMED
//                                     │                                 │
//                                     └────────▶ WITHDRAWN ◀────────────┘
//                                     └─ visit cancelled ▶ CANCELLED ◀──┘
//
// Whose organisation is merged into another keeps its state and its place.
//
// Order of arrival is the order of decisions. Invariants, whatever the order
// of commands (see seats_property_test.cc): never more confirmed people than
// seats nor than an organisation's share; never a free seat that a waiting
// party could take.

// The numbers are those of study_visits.proto and sign_ups.proto.
enum class VisitState {
  kUnspecified = 0,
  kDraft = 1,
  kPublished = 2,
  kCompleted = 3,
  kCancelled = 4,
};
// As the API spells it: "DRAFT".
absl::string_view NameOf(VisitState state);
enum class SignUpState {
  kUnspecified = 0,
  kPendingConfirmation = 1,
  kHeld = 2,
  kOffered = 3,
  kConfirmed = 4,
  kWaitlisted = 5,
  kDeclined = 6,
  kExpired = 7,
  kWithdrawn = 8,
  kSubstituted = 9,
  kCancelled = 10,
};
enum class WaitReason {
  kNone = 0,
  kVisitFull = 1,
  kOrganizationShare = 2,
};

// A party that has a seat or waits for one.
struct Party {
  std::string sign_up;  // Its id.
  std::string organization;
  int members = 1;
  std::vector<std::string> people;  // Their hashes.
  SignUpState state = SignUpState::kUnspecified;
  int64_t arrival = 0;  // The version of the visit that let it in.
};

// The rules of a visit that bind its seats.
struct SeatRules {
  VisitState state = VisitState::kUnspecified;
  int seats = 0;
  int seats_per_organization = 0;  // 0: no limit.
  absl::Time sign_up_start = absl::InfinitePast();
  absl::Time sign_up_end = absl::InfinitePast();  // The first moment too late.
  absl::Time end = absl::InfiniteFuture();
};

// What deciding needs to know of one visit: its rules and its living parties.
class SeatPlan {
 public:
  SeatPlan() = default;
  SeatPlan(int64_t version, SeatRules rules, std::vector<Party> parties);

  int64_t version() const { return version_; }
  const SeatRules& rules() const { return rules_; }
  int confirmed() const { return confirmed_; }     // People.
  int waiting() const { return waiting_people_; }  // People.
  int confirmed_of(const std::string& organization) const;
  bool has_person(const std::string& hash) const {
    return people_.contains(hash);
  }
  // Null for a sign-up that has ended or never was.
  const Party* Find(const std::string& sign_up) const;
  // Living parties that wait, the longest first.
  const std::vector<std::string>& queue() const { return queue_; }
  std::vector<const Party*> parties() const;

  // The place in the queue, from 1; 0 if the party does not wait.
  int PositionOf(const std::string& sign_up) const;
  // Why a party of `members` for `organization` cannot have seats now; kNone
  // if it can.
  WaitReason WhyNot(const std::string& organization, int members) const;

 private:
  friend void Apply(const struct Decision& decision, SeatPlan& plan);
  void Seat(Party& party);
  void Enqueue(Party& party);
  void End(const std::string& sign_up);
  void Reassign(const std::string& from, const std::string& to);

  int64_t version_ = 0;
  SeatRules rules_;
  int confirmed_ = 0;
  int waiting_people_ = 0;
  absl::flat_hash_map<std::string, Party> parties_;
  absl::flat_hash_map<std::string, int> confirmed_of_;
  absl::flat_hash_set<std::string> people_;
  std::vector<std::string> queue_;
};

// That one sign-up has a new state, another reason to wait, or another
// organisation.
struct Event {
  std::string sign_up;
  SignUpState state = SignUpState::kUnspecified;
  WaitReason reason = WaitReason::kNone;

  bool operator==(const Event&) const = default;
};

// What can be asked for.
struct SignUpCommand {
  Party party;
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
};
using Command = std::variant<SignUpCommand, WithdrawCommand, ChangeRulesCommand,
                             CancelCommand, ReassignCommand>;

// Stored with each decision; never renumber.
enum class CommandKind {
  kSignUp = 1,
  kWithdraw = 2,
  kChangeRules = 3,
  kCancel = 4,
  kReassign = 5,
};
CommandKind KindOf(const Command& command);

// What came of a command: the next version of the visit.
struct Decision {
  Command command;
  int64_t version = 0;
  std::vector<Event> events;
};

// Decides a command; changes nothing. Fails with
//   FAILED_PRECONDITION / SIGN_UP_CLOSED   outside the window, not published
//   ALREADY_EXISTS / ALREADY_SIGNED_UP     somebody of the party is on it
//   INVALID_ARGUMENT / PARTY_TOO_LARGE     more than one person (for now)
//   FAILED_PRECONDITION / WRONG_STATE      the sign-up or the visit has ended
//   FAILED_PRECONDITION / SEATS_TAKEN      fewer seats than confirmed people
//   FAILED_PRECONDITION / SHARE_EXCEEDED   two organisations that are to be one
//                                          have more than one's share
absl::StatusOr<Decision> Decide(const SeatPlan& plan, const Command& command,
                                absl::Time now);

// Makes the plan what the decision made of it.
void Apply(const Decision& decision, SeatPlan& plan);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_SEATS_H_
