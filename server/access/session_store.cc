#include "server/access/session_store.h"

#include "server/access/store.h"
#include "server/base/resource_name.h"
#include "server/changes/log.h"

namespace lagnet::access {
namespace {

constexpr db::Statement kInsertSignIn{"access.insert_sign_in", R"sql(
  INSERT INTO access.sign_in (name, address_hash, language, expire_time)
  VALUES ($1, $2, $3, $4)
)sql"};

constexpr db::Statement kLoadSignIn{"access.load_sign_in", R"sql(
  SELECT * FROM access.sign_in WHERE name = $1
)sql"};

constexpr db::Statement kLockSignIn{"access.lock_sign_in", R"sql(
  SELECT * FROM access.sign_in WHERE name = $1 FOR UPDATE
)sql"};

constexpr db::Statement kCountWrongCode{"access.count_wrong_code", R"sql(
  UPDATE access.sign_in SET wrong_codes = wrong_codes + 1 WHERE sign_in_id = $1
)sql"};

constexpr db::Statement kDeleteSignIn{"access.delete_sign_in", R"sql(
  DELETE FROM access.sign_in WHERE sign_in_id = $1
)sql"};

std::optional<SignIn> ReadSignIn(const db::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return SignIn{.row = rows[0].Get<int64_t>("sign_in_id"),
                .name = rows[0].Get<std::string>("name"),
                .address_hash = rows[0].Bytes("address_hash"),
                .language = rows[0].Get<std::string>("language"),
                .wrong_codes = rows[0].Get<int>("wrong_codes"),
                .expire_time = rows[0].Get<absl::Time>("expire_time")};
}

}  // namespace

void InsertSignIn(db::Tx& tx, const RequestKey& by, const SignIn& sign_in) {
  tx.Run(kInsertSignIn, sign_in.name, db::Bytes{sign_in.address_hash},
         sign_in.language, sign_in.expire_time);
  changes::Append(
      tx, by, {{.resource = MakeName("signIns", sign_in.name), .version = 1}});
}

std::optional<SignIn> LoadSignIn(db::Tx& tx, const std::string& name) {
  return ReadSignIn(tx.Run(kLoadSignIn, name));
}

std::optional<SignIn> LockSignIn(db::Tx& tx, const std::string& name) {
  return ReadSignIn(tx.Run(kLockSignIn, name));
}

void CountWrongCode(db::Tx& tx, const SignIn& sign_in) {
  tx.Run(kCountWrongCode, sign_in.row);
}

void DeleteSignIn(db::Tx& tx, const SignIn& sign_in) {
  tx.Run(kDeleteSignIn, sign_in.row);
}

namespace {

constexpr db::Statement kInsertSession{"access.insert_session", R"sql(
  INSERT INTO access.session (name, account_id, expire_time)
  VALUES ($1, $2, $3)
)sql"};

constexpr db::Statement kLoadSession{"access.load_session", R"sql(
  SELECT s.name, a.name AS account, s.expire_time
    FROM access.session AS s JOIN access.account AS a USING (account_id)
   WHERE s.name = $1
)sql"};

constexpr db::Statement kEndSessions{"access.end_sessions", R"sql(
  UPDATE access.session SET end_time = now()
   WHERE account_id = $1 AND ($2::text IS NULL OR name = $2)
     AND end_time IS NULL AND expire_time > now()
)sql"};

constexpr db::Statement kPurgeSignIns{"access.purge_sign_ins", R"sql(
  DELETE FROM access.sign_in
   WHERE sign_in_id IN (SELECT sign_in_id FROM access.sign_in
                         WHERE expire_time < now() - interval '1 day'
                         LIMIT $1)
)sql"};

constexpr db::Statement kPurgeSessions{"access.purge_sessions", R"sql(
  DELETE FROM access.session
   WHERE session_id IN (SELECT session_id FROM access.session
                         WHERE expire_time < now() - interval '1 day'
                         LIMIT $1)
)sql"};

}  // namespace

void InsertSession(db::Tx& tx, const Account& account, const Session& session) {
  tx.Run(kInsertSession, session.name, account.row, session.expire_time);
}

std::optional<Session> LoadSession(db::Tx& tx, const std::string& name) {
  const db::Rows rows = tx.Run(kLoadSession, name);
  if (rows.empty()) return std::nullopt;
  return Session{.name = name,
                 .account = rows[0].Get<std::string>("account"),
                 .expire_time = rows[0].Get<absl::Time>("expire_time")};
}

int EndSessions(db::Tx& tx, const RequestKey& by, const Account& account,
                const std::string& name) {
  const int ended =
      tx.Run(kEndSessions, account.row, db::NullIfEmpty(name)).affected();
  if (ended > 0) TouchAccount(tx, by, account);
  return ended;
}

int PurgeSessions(db::Tx& tx, int limit) {
  return tx.Run(kPurgeSignIns, limit).affected() +
         tx.Run(kPurgeSessions, limit).affected();
}

}  // namespace lagnet::access
