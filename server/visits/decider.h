#ifndef LAGNET_SERVER_VISITS_DECIDER_H_
#define LAGNET_SERVER_VISITS_DECIDER_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/visits/seats.h"

namespace lagnet::visits {

// How Decide() of seats.h decides: an operator for each command, in
// decide_party.cc what is asked of one party, in decide_visit.cc what touches
// all of them; in decider.cc what they have in common.

absl::Status WrongState(absl::string_view what);
absl::Status ShareExceeded(absl::string_view what);
// Whether the person may come by the rules; of who is not named yet nothing is
// known.
absl::Status CheckEligible(const Person& person, const SeatRules& rules);

// The party as it is, and as it ends.
Event EventOf(const Party& party);
Event EndOf(const Party& party, SignUpState state);

// Makes one decision, on the plan itself.
class Decider {
 public:
  Decider(SeatPlan& plan, absl::Time now) : plan_(plan), now_(now) {}

  absl::Status operator()(const SignUpCommand& command);
  absl::Status operator()(const WithdrawCommand& command);
  absl::Status operator()(const ChangeRulesCommand& command);
  absl::Status operator()(const CancelCommand& command);
  absl::Status operator()(const ReassignCommand& command);
  absl::Status operator()(const ConfirmCommand& command);
  absl::Status operator()(const RefuseCommand& command);
  absl::Status operator()(const AcceptCommand& command);
  absl::Status operator()(const DeclineCommand& command);
  absl::Status operator()(const SubstituteCommand& command);
  absl::Status operator()(const PromoteCommand& command);
  absl::Status operator()(const DrawCommand& command);
  absl::Status operator()(const SettleCommand& command);
  absl::Status operator()(const VerifyCommand& command);
  absl::Status operator()(const RankCommand& command);
  absl::Status operator()(const YieldCommand& command);

  Decision Finish(const Command& command) {
    return {command, ++plan_.version_, std::move(events_)};
  }
  bool has_events() const { return !events_.empty(); }
  static void Replay(const Decision& decision, SeatPlan& plan);

 private:
  // A living sign-up of a visit that is not over yet.
  absl::StatusOr<const Party*> Living(const std::string& sign_up) const;
  void Make(Event event);
  // Gives free seats out, to whoever comes first and fits.
  void Fill();
  void GoThroughQueue();
  // Tries to give seats to a waiting party; returns the seats to hold for it.
  int TryToSeat(const Party& party, int held);
  Event Seated(const Party& party, int seats) const;
  void LapseWhatIsDue();
  void LeaveOutPlaceholders();
  void MoveUpWithin(Event event);
  static void WaitAgain(Event& event);

  static void Become(const Event& event, SeatPlan& plan);
  static void Replace(const SubstituteCommand& command, SeatPlan& plan);

  SeatPlan& plan_;
  const absl::Time now_;
  std::vector<Event> events_;
};

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_DECIDER_H_
