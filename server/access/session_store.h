#ifndef LAGNET_SERVER_ACCESS_SESSION_STORE_H_
#define LAGNET_SERVER_ACCESS_SESSION_STORE_H_

#include <optional>
#include <string>

#include "server/access/account.h"
#include "server/access/session.h"
#include "server/base/request_key.h"
#include "server/db/tx.h"

namespace lagnet::access {

// Sign-ins and sessions in the database.

// Logged as "signIns/NAME", for the letter.
void InsertSignIn(db::Tx& tx, const RequestKey& by, const SignIn& sign_in);
std::optional<SignIn> LoadSignIn(db::Tx& tx, const std::string& name);
// The same, and holds the row.
std::optional<SignIn> LockSignIn(db::Tx& tx, const std::string& name);
void CountWrongCode(db::Tx& tx, const SignIn& sign_in);
void DeleteSignIn(db::Tx& tx, const SignIn& sign_in);

void InsertSession(db::Tx& tx, const Account& account, const Session& session);
std::optional<Session> LoadSession(db::Tx& tx, const std::string& name);
// Ends a session of a locked account, or (no name) all; returns how many.
// Counts as a change of the account, for the rosters.
int EndSessions(db::Tx& tx, const RequestKey& by, const Account& account,
                const std::string& name);

// Deletes at most `limit` sign-ins and sessions that ended a day ago; returns
// how many.
int PurgeSessions(db::Tx& tx, int limit);

}  // namespace lagnet::access

#endif  // LAGNET_SERVER_ACCESS_SESSION_STORE_H_
