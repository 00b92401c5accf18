#ifndef LAGNET_SERVER_VISITS_SEAT_STORE_H_
#define LAGNET_SERVER_VISITS_SEAT_STORE_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/base/request_key.h"
#include "server/db/tx.h"
#include "server/privacy/vault.h"
#include "server/visits/seats.h"
#include "server/visits/sign_up.h"

namespace lagnet::visits {

// Sign-ups and decisions in the database. Everything works on many visits at
// once: a batch costs as many statements as a single sign-up.

// A visit whose row is locked: nobody else decides about it meanwhile.
struct LockedVisit {
  int64_t row = 0;
  std::string id;
  std::string network;
  int64_t version = 0;
  SeatRules rules;
};

// Locks visits in the order of their keys, so that batches never deadlock.
// Visits that do not exist are left out.
std::map<std::string, LockedVisit> LockSeats(
    db::Tx& tx, const std::vector<std::string>& ids);

// The plans of locked visits, by visit id.
std::map<std::string, SeatPlan> LoadPlans(
    db::Tx& tx, const std::vector<const LockedVisit*>& visits);

// A decision as it is stored.
struct Record {
  const LockedVisit* visit = nullptr;
  Decision decision;
  RequestKey by;
  std::string reason;  // Why, where the method takes a reason.
  int confirmed = 0;   // After the decision.
  int waiting = 0;
  // Set for a new sign-up.
  std::optional<SignUp> sign_up;
  privacy::Sealed sealed;
};

// Stores decisions, in their order, with all that they change: sign-ups,
// people, counters, versions, the change log.
void StoreDecisions(db::Tx& tx, const std::vector<Record>& records);

// A sign-up with its people (none if they were erased). Fails with NOT_FOUND.
absl::StatusOr<SignUp> LoadSignUp(db::Tx& tx, const privacy::Vault& vault,
                                  const std::string& id);

// Erases the people of at most `limit` sign-ups whose visit has been over for
// 30 days; returns of how many. Repeat until it is none.
int ErasePeople(db::Tx& tx, int limit);

// What a sign-up belongs to, without its people. Fails with NOT_FOUND.
struct SignUpOwner {
  std::string visit;
  std::string organization;
};
absl::StatusOr<SignUpOwner> LoadSignUpOwner(db::Tx& tx, const std::string& id);

// Sign-ups of a visit behind (`after_rank`, `after_arrival`): confirmed, then
// waiting, then ended, each in the order of arrival.
struct SignUpPosition {
  int rank = 0;
  int64_t arrival = 0;
};
struct ListedSignUp {
  SignUp sign_up;
  SignUpPosition position;
};
absl::StatusOr<std::vector<ListedSignUp>> LoadSignUps(
    db::Tx& tx, const privacy::Vault& vault, const std::string& visit,
    const SignUpFilter& filter, const SignUpPosition& after, int limit);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_SEAT_STORE_H_
