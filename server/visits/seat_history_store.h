#ifndef LAGNET_SERVER_VISITS_SEAT_HISTORY_STORE_H_
#define LAGNET_SERVER_VISITS_SEAT_HISTORY_STORE_H_

#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "server/db/tx.h"
#include "server/privacy/vault.h"
#include "server/visits/plan.h"
#include "server/visits/sign_up.h"

namespace lagnet::visits {

// Who had a seat, as it is kept for the draws of later visits: of people keyed
// hashes, which fit nothing else. Of organisations their sign-ups tell it.

// Writes down who had seats on at most `limit` visits that are over, once each;
// returns on how many. Before people are forgotten, 30 days after the visit.
int NoteSeats(db::Tx& tx, const privacy::Vault& vault, int limit);

// Deletes at most `limit` rows whose time has passed; returns how many.
int PurgeSeatHistory(db::Tx& tx, int limit);

// What the parties that wait for the draw of a visit count in it, by sign-up;
// those that are not there count 1. Opens who they are, if the rules ask for
// it: never otherwise.
absl::StatusOr<std::map<std::string, int>> WeighParties(
    db::Tx& tx, const privacy::Vault& vault, const std::string& visit,
    const SeatPlan& plan);

// Until which day it is kept that people of a sign-up had seats, or one of them
// had; nothing if it is not. Known by the sign-up, so that it is found when the
// people are forgotten.
std::optional<absl::CivilDay> SeatsKeptUntil(db::Tx& tx,
                                             const privacy::Vault& vault,
                                             const SignUp& sign_up);
std::optional<absl::CivilDay> SeatKeptUntil(db::Tx& tx,
                                            const privacy::Vault& vault,
                                            const std::string& network,
                                            const SignUp& sign_up,
                                            const Member& member);

// Forgets that the people of a sign-up had seats; and of its head that they had
// any on visits of the network, if the head is still known and the address is
// theirs.
void ForgetSeats(db::Tx& tx, const privacy::Vault& vault,
                 const std::string& network, const SignUp& sign_up);
// The same of one person, on all visits of the network.
void ForgetSeatsOf(db::Tx& tx, const privacy::Vault& vault,
                   const std::string& network, const Member& member);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_SEAT_HISTORY_STORE_H_
