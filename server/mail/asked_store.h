#ifndef LAGNET_SERVER_MAIL_ASKED_STORE_H_
#define LAGNET_SERVER_MAIL_ASKED_STORE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/db/tx.h"

namespace lagnet::mail {

// Bounds the mails that anybody can have sent to anybody: to confirm an
// address, to sign in, to claim an entry. Counted in the database, so that a
// restart or a second server forgets nothing.

inline constexpr int kMostForAnAddress = 3;  // In an hour.
inline constexpr int kMostFromANetwork = 30;

// Counts one more mail for `key`, a keyed hash, unless there were `most` in the
// last hour. Returns how long it is until there may be one; zero: it is
// counted.
absl::Duration CountAsked(db::Tx& tx, const std::string& key, int most);

// The same for who asks: fails with RESOURCE_EXHAUSTED / TOO_MANY_LETTERS.
absl::Status Ask(db::Tx& tx, const std::string& key, int most);

// Deletes at most `limit` counts older than a day; returns how many.
int PurgeAsked(db::Tx& tx, int limit);

}  // namespace lagnet::mail

#endif  // LAGNET_SERVER_MAIL_ASKED_STORE_H_
