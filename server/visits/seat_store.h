#ifndef LAGNET_SERVER_VISITS_SEAT_STORE_H_
#define LAGNET_SERVER_VISITS_SEAT_STORE_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "server/base/request_key.h"
#include "server/db/tx.h"
#include "server/mail/letter.h"
#include "server/privacy/vault.h"
#include "server/visits/project_seats.h"
#include "server/visits/seats.h"
#include "server/visits/sign_up.h"
#include "server/visits/visit.h"

namespace lagnet::visits {

// Where decisions are made and kept; sign_up_store.h reads what came of them.
// Everything works on many visits at once: a batch costs as many statements as
// a single sign-up.

// A visit whose row is locked: nobody else decides about it meanwhile.
struct LockedVisit {
  int64_t row = 0;
  std::string id;
  std::string network;
  int64_t version = 0;
  absl::Time update_time;  // When that version was decided.
};

// Locks visits in the order of their keys, so that batches never deadlock, and
// with them those that they give seats out together with (project_seats.h).
// Visits that do not exist are left out.
std::map<std::string, LockedVisit> LockSeats(
    db::Tx& tx, const std::vector<std::string>& ids);

// A decision as it is stored.
struct Record {
  const LockedVisit* visit = nullptr;
  Decision decision;
  const RequestKey* by = nullptr;
  std::string reason;  // Why, where the method takes a reason.
  // After the decision.
  int confirmed = 0;
  int held = 0;
  int waiting = 0;
  absl::Time due = absl::InfiniteFuture();
  // Set where the people of a sign-up are new, or others than before.
  std::optional<SignUp> sign_up;
  privacy::Sealed sealed;
  std::vector<mail::Letter> letters;  // That nothing else tells of.
};
// Who what had lapsed is settled by: nobody asked for it.
const RequestKey& SettledBy();
Record RecordOf(const LockedVisit& visit, const SeatPlan& plan,
                Decision decision, const RequestKey& by, absl::Time now,
                std::string reason = "");

// Stores decisions, in their order, with all that they change: sign-ups,
// people, counters, versions, the change log.
void StoreDecisions(db::Tx& tx, const std::vector<Record>& records);

// Decides what is due on a visit, before anything else is; and on those that it
// gives seats out together with, whose plans are loaded. All are locked.
void SettleSeats(db::Tx& tx, const std::map<std::string, LockedVisit>& locked,
                 const std::string& visit,
                 std::map<std::string, SeatPlan>& plans,
                 std::vector<Record>& records);
// Decides what follows from a decision on the visits that it gives seats out
// together with, if there are any.
void FollowAcross(db::Tx& tx, const std::map<std::string, LockedVisit>& locked,
                  const std::string& visit,
                  std::map<std::string, SeatPlan>& plans,
                  std::vector<Record>& records);

// Decides one thing outside of the desk: what few ask for. `ask` says what,
// once all that was due is settled. The row of the visit is locked from then
// on.
struct LoneWish {
  Command command;
  // As in Record.
  std::optional<SignUp> sign_up = std::nullopt;
  privacy::Sealed sealed = {};
  std::vector<mail::Letter> letters = {};
};
absl::Status DecideAlone(
    db::Tx& tx, const std::string& visit, const RequestKey& by,
    absl::FunctionRef<absl::StatusOr<LoneWish>(const SeatPlan&)> ask);

// Whether a party is on a visit that has not begun; what has lapsed is ended by
// what settles visits.
bool IsOnVisit(const StudyVisit& visit, const SignUp& sign_up, absl::Time now);

// Forgets one member of a party whose visit is locked and is not decided about
// any more: the place stays, of nobody.
void ForgetMember(db::Tx& tx, const privacy::Vault& vault, int member,
                  SignUp& sign_up);

// Forgets the members of at most `limit` sign-ups who lost their places because
// nobody had told who they are: an address that was invited; returns of how
// many. Repeat until it is none.
int ForgetLeftOut(db::Tx& tx, const privacy::Vault& vault, int limit);

// Settles at most `limit` published visits that something is due of; returns
// how many. Repeat until it is none.
int SettleVisits(db::Tx& tx, int limit);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_SEAT_STORE_H_
