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
#include "server/visits/record_store.h"
#include "server/visits/seats.h"
#include "server/visits/sign_up.h"
#include "server/visits/visit.h"

namespace lagnet::visits {

// Where decisions are made; record_store.h keeps them, sign_up_store.h reads
// what came of them.

// Locks visits in the order of their keys, so that batches never deadlock, and
// with them those that they give seats out together with (project_seats.h).
// Visits that do not exist are left out.
std::map<std::string, LockedVisit> LockSeats(
    db::Tx& tx, const std::vector<std::string>& ids);

// Who what had lapsed is settled by: nobody asked for it.
const RequestKey& SettledBy();
Record RecordOf(const LockedVisit& visit, const SeatPlan& plan,
                Decision decision, const RequestKey& by, absl::Time now,
                std::string reason = "");

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

// Forgets the members of at most `limit` sign-ups who lost their places because
// nobody had told who they are: an address that was invited; returns of how
// many. Repeat until it is none.
int ForgetLeftOut(db::Tx& tx, const privacy::Vault& vault, int limit);

// Settles at most `limit` published visits that something is due of; returns
// how many. Repeat until it is none.
int SettleVisits(db::Tx& tx, int limit);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_SEAT_STORE_H_
