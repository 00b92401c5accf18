#ifndef LAGNET_SERVER_VISITS_RECORD_STORE_H_
#define LAGNET_SERVER_VISITS_RECORD_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/base/request_key.h"
#include "server/db/tx.h"
#include "server/mail/letter.h"
#include "server/privacy/vault.h"
#include "server/visits/seats.h"
#include "server/visits/sign_up.h"

namespace lagnet::visits {

// Keeps decisions. Everything works on many visits at once: a batch costs as
// many statements as a single sign-up.

// A visit whose row is locked: nobody else decides about it meanwhile.
struct LockedVisit {
  int64_t row = 0;
  std::string id;
  std::string network;
  int64_t version = 0;
  absl::Time update_time;  // When that version was decided.
};

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

// Stores decisions, in their order, with all that they change: sign-ups,
// people, counters, versions, the change log.
void StoreDecisions(db::Tx& tx, const std::vector<Record>& records);

// Puts the people of a sign-up whose visit is locked, who are others than
// before: with a new key, so that whoever left can no longer be read, in
// backups neither.
void ResealSignUp(db::Tx& tx, const SignUp& sign_up,
                  const privacy::Sealed& sealed);

// Forgets one member of a party whose visit is locked and is not decided about
// any more: the place stays, of nobody.
void ForgetMember(db::Tx& tx, const privacy::Vault& vault, int member,
                  SignUp& sign_up);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_RECORD_STORE_H_
