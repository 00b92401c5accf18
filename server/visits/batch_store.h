#ifndef LAGNET_SERVER_VISITS_BATCH_STORE_H_
#define LAGNET_SERVER_VISITS_BATCH_STORE_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/request_key.h"
#include "server/db/tx.h"
#include "server/privacy/vault.h"
#include "server/visits/plan_store.h"
#include "server/visits/seats.h"
#include "server/visits/sign_up.h"

namespace lagnet::visits {

// One wish of one caller: a new sign-up, or something about one that is there.
struct Wish {
  RequestKey request;
  absl::Time deadline;
  std::string visit;
  bool validate_only = false;
  SignUp sign_up;             // Of one that is there: its `id` only.
  bool is_nominated = false;  // New, by who speaks for its organisation.
  std::string network;        // New and unverified: see Party.
  // What is asked of a sign-up that is there.
  std::optional<Command> change;
  std::string etag;                  // The version it must have, or "".
  std::string organization;          // Whose it must be, or "".
  std::optional<Member> substitute;  // For a SubstituteCommand: who comes.
  std::string reason;                // Where the method takes one.
  // Called once, when the answer is durable, from a thread of the desk's; or
  // from Submit(), if there is no room. It must not block.
  std::function<void(absl::StatusOr<SignUp>)> done;

  // Of a new sign-up's people, made by Submit() in the caller's thread: a
  // visit's own thread is what a rush waits for.
  std::vector<std::string> hashes;  // "" for who is not named yet.
  privacy::Sealed sealed;
};

// How a batch is decided.
struct BatchOptions {
  const privacy::Vault* vault = nullptr;
  bool sends_mail = false;  // Members of parties are written to.
  // Whether repeated calls are looked up before anything is decided. Else only
  // those are that are refused, which most repeats are, as what they ask for
  // has been done; one that is not refused cannot store its request id, and the
  // transaction is run again: carefully.
  bool is_careful = false;
};

// What a batch came to, once its transaction is committed.
struct BatchResult {
  std::vector<absl::StatusOr<SignUp>> answers;  // One for each wish.
  std::map<std::string, KnownPlan> plans;       // Of visits to come.
};

// Decides wishes, one after the other, and stores what was decided: a handful
// of statements for all of them. Locks their visits, takes what is known of
// these out of `known` and brings it up to date.
BatchResult DecideBatch(db::Tx& tx, const std::vector<Wish>& wishes,
                        const BatchOptions& options,
                        std::map<std::string, KnownPlan>& known);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_BATCH_STORE_H_
