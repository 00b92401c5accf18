#include "server/access/store.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/id.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/changes/log.h"

namespace lagnet::access {
namespace {

constexpr db::Statement kTouchAccount{"access.touch_account", R"sql(
  UPDATE access.account SET version = version + 1 WHERE account_id = $1
  RETURNING version
)sql"};

Account ReadAccount(const db::Row& row) {
  return {.row = row.Get<int64_t>("account_id"),
          .id = row.Get<std::string>("name"),
          .network = row.Get<std::string>("network"),
          .kind = row.Get<AccountKind>("kind"),
          .display_name = row.Get<std::string>("display_name"),
          .certificate_names =
              row.Get<std::vector<std::string>>("certificate_names"),
          .state = row.Get<AccountState>("state"),
          .language = row.Get<std::string>("language"),
          .version = row.Get<int64_t>("version"),
          .create_time = row.Get<absl::Time>("create_time")};
}

}  // namespace

void TouchAccount(db::Tx& tx, const RequestKey& by, const Account& account) {
  const int64_t version =
      tx.Run(kTouchAccount, account.row)[0].Get<int64_t>("version");
  changes::Append(tx, by,
                  {{.network = account.network,
                    .resource = MakeName("accounts", account.id),
                    .version = version}});
}

namespace {

constexpr db::Statement kLoadAccount{"access.load_account", R"sql(
  SELECT * FROM access.account WHERE name = $1
)sql"};

}  // namespace

absl::StatusOr<Account> LoadAccount(db::Tx& tx, const std::string& id) {
  const db::Rows rows = tx.Run(kLoadAccount, id);
  if (rows.empty()) return NoSuch("account", id);
  return ReadAccount(rows[0]);
}

namespace {

constexpr db::Statement kLockAccount{"access.lock_account", R"sql(
  SELECT * FROM access.account WHERE name = $1 FOR UPDATE
)sql"};

}  // namespace

absl::StatusOr<Account> LockAccount(db::Tx& tx, const std::string& id) {
  const db::Rows rows = tx.Run(kLockAccount, id);
  if (rows.empty()) return NoSuch("account", id);
  return ReadAccount(rows[0]);
}

namespace {

constexpr db::Statement kLoadAccounts{"access.load_accounts", R"sql(
  SELECT * FROM access.account AS a
   WHERE ($1::text IS NULL OR a.network = $1) AND a.name > $2
     AND ($4::text IS NULL OR EXISTS (
           SELECT FROM access.grant AS g
            WHERE g.account_id = a.account_id AND g.organization = $4
              AND (g.start_time IS NULL OR g.start_time <= now())
              AND (g.end_time IS NULL OR g.end_time > now())))
   ORDER BY a.name
   LIMIT $3
)sql"};

}  // namespace

std::vector<Account> LoadAccounts(db::Tx& tx, const std::string& network,
                                  const std::string& organization,
                                  const std::string& after, int limit) {
  std::vector<Account> accounts;
  for (const db::Row row :
       tx.Run(kLoadAccounts, db::NullIfEmpty(network), after, limit,
              db::NullIfEmpty(organization))) {
    accounts.push_back(ReadAccount(row));
  }
  return accounts;
}

namespace {

// One at a time from here on, so that two cannot take the same name.
constexpr db::Statement kHoldCertificates{"access.hold_certificates", R"sql(
  SELECT pg_advisory_xact_lock(hashtext('lagnet.certificates')) IS NULL AS held
)sql"};

constexpr db::Statement kFindCertificate{"access.find_certificate", R"sql(
  SELECT proof.name
    FROM access.account AS a, unnest(a.certificate_names) AS proof (name)
   WHERE a.state = 1 AND proof.name = ANY ($1)
   LIMIT 1
)sql"};

// A certificate must prove one account, whoever keeps it.
absl::Status CheckCertificates(db::Tx& tx, const Account& account) {
  if (account.certificate_names.empty()) return absl::OkStatus();
  tx.Run(kHoldCertificates);
  const db::Rows rows = tx.Run(kFindCertificate, account.certificate_names);
  if (rows.empty()) return absl::OkStatus();
  return Error(absl::StatusCode::kAlreadyExists, "NAME_TAKEN",
               "a certificate name proves another account already")
      .With("name", rows[0].Get<std::string>("name"));
}

constexpr db::Statement kInsertAccount{"access.insert_account", R"sql(
  INSERT INTO access.account (name, network, kind, display_name,
                              certificate_names, language)
  VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (name) DO NOTHING
  RETURNING version
)sql"};

}  // namespace

absl::Status InsertAccount(db::Tx& tx, const RequestKey& by,
                           const Account& account) {
  RETURN_IF_ERROR(CheckCertificates(tx, account));
  const db::Rows rows =
      tx.Run(kInsertAccount, account.id, db::NullIfEmpty(account.network),
             account.kind, account.display_name, account.certificate_names,
             account.language);
  const std::string name = absl::StrCat("accounts/", account.id);
  if (rows.empty()) {
    return NameTaken(name);
  }
  changes::Append(tx, by,
                  {{.network = account.network,
                    .resource = name,
                    .version = rows[0].Get<int64_t>("version")}});
  return absl::OkStatus();
}

namespace {

constexpr db::Statement kUpdateAccount{"access.update_account", R"sql(
  UPDATE access.account SET display_name = $2, language = $3
   WHERE account_id = $1
)sql"};

}  // namespace

void UpdateAccount(db::Tx& tx, const RequestKey& by, const Account& account) {
  tx.Run(kUpdateAccount, account.row, account.display_name, account.language);
  TouchAccount(tx, by, account);
}

namespace {

constexpr db::Statement kDisableAccount{"access.disable_account", R"sql(
  UPDATE access.account SET state = 2 WHERE account_id = $1
)sql"};

}  // namespace

void DisableAccount(db::Tx& tx, const RequestKey& by, const Account& account) {
  tx.Run(kDisableAccount, account.row);
  TouchAccount(tx, by, account);
}

namespace {

constexpr db::Statement kEnableAccount{"access.enable_account", R"sql(
  UPDATE access.account SET state = 1 WHERE account_id = $1
)sql"};

}  // namespace

void EnableAccount(db::Tx& tx, const RequestKey& by, const Account& account) {
  tx.Run(kEnableAccount, account.row);
  TouchAccount(tx, by, account);
}

namespace {

constexpr db::Statement kInsertGrant{"access.insert_grant", R"sql(
  INSERT INTO access.grant (name, account_id, role, network, region,
                            organization, project, sign_up, start_time,
                            end_time)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
)sql"};

}  // namespace

std::string InsertGrant(db::Tx& tx, const RequestKey& by,
                        const Account& account, const RoleGrant& grant) {
  const std::string id = RandomId();
  tx.Run(kInsertGrant, id, account.row, grant.role,
         db::NullIfEmpty(grant.network), db::NullIfEmpty(grant.region),
         db::NullIfEmpty(grant.organization), db::NullIfEmpty(grant.project),
         db::NullIfEmpty(grant.sign_up), grant.start, grant.end);
  TouchAccount(tx, by, account);
  changes::Append(
      tx, by,
      {{.network = account.network,
        .resource = absl::StrCat("accounts/", account.id, "/grants/", id),
        .version = 1}});
  return id;
}

namespace {

constexpr db::Statement kDeleteGrant{"access.delete_grant", R"sql(
  DELETE FROM access.grant WHERE grant_id = $1
)sql"};

}  // namespace

void DeleteGrant(db::Tx& tx, const RequestKey& by, const Account& account,
                 const RoleGrant& grant) {
  tx.Run(kDeleteGrant, grant.row);
  TouchAccount(tx, by, account);
}

namespace {

RoleGrant ReadGrant(const db::Row& row) {
  return {.row = row.Get<int64_t>("grant_id"),
          .id = row.Get<std::string>("name"),
          .account = row.Get<std::string>("account"),
          .role = row.Get<RoleKind>("role"),
          .network = row.Get<std::string>("network"),
          .region = row.Get<std::string>("region"),
          .organization = row.Get<std::string>("organization"),
          .project = row.Get<std::string>("project"),
          .sign_up = row.Get<std::string>("sign_up"),
          .start = row.Get<std::optional<absl::Time>>("start_time")
                       .value_or(absl::InfinitePast()),
          .end = row.Get<absl::Time>("end_time")};
}

constexpr db::Statement kLoadGrant{"access.load_grant", R"sql(
  SELECT g.*, a.name AS account
    FROM access.grant AS g JOIN access.account AS a USING (account_id)
   WHERE a.name = $1 AND g.name = $2
)sql"};

}  // namespace

absl::StatusOr<RoleGrant> LoadGrant(db::Tx& tx, const std::string& account,
                                    const std::string& id) {
  const db::Rows rows = tx.Run(kLoadGrant, account, id);
  if (rows.empty()) return NoSuch("grant", id);
  return ReadGrant(rows[0]);
}

namespace {

constexpr db::Statement kLoadGrants{"access.load_grants", R"sql(
  SELECT g.*, a.name AS account
    FROM access.grant AS g JOIN access.account AS a USING (account_id)
   WHERE a.name = $1 AND g.grant_id > $2
   ORDER BY g.grant_id
   LIMIT $3
)sql"};

}  // namespace

std::vector<RoleGrant> LoadGrants(db::Tx& tx, const std::string& account,
                                  int64_t after, int limit) {
  std::vector<RoleGrant> grants;
  for (const db::Row row : tx.Run(kLoadGrants, account, after, limit)) {
    grants.push_back(ReadGrant(row));
  }
  return grants;
}

std::string GrantManager(db::Tx& tx, const RequestKey& by,
                         const Account& account,
                         const std::string& organization) {
  constexpr int kAll = 1000;
  for (const RoleGrant& grant : LoadGrants(tx, account.id, 0, kAll)) {
    if (grant.role == RoleKind::kLagManager &&
        grant.organization == organization && grant.start <= tx.now() &&
        grant.end == absl::InfiniteFuture()) {
      return grant.id;
    }
  }
  return InsertGrant(
      tx, by, account,
      {.role = RoleKind::kLagManager, .organization = organization});
}

namespace {

constexpr db::Statement kCountValidKeys{"access.count_valid_keys", R"sql(
  SELECT count(*) AS valid FROM access.api_key
   WHERE account_id = $1 AND revoke_time IS NULL
     AND (expire_time IS NULL OR expire_time > now())
)sql"};

constexpr db::Statement kInsertApiKey{"access.insert_api_key", R"sql(
  INSERT INTO access.api_key (name, account_id, prefix, hash, expire_time)
  VALUES ($1, $2, $3, $4, $5)
)sql"};

}  // namespace

absl::StatusOr<std::string> InsertApiKey(db::Tx& tx, const RequestKey& by,
                                         const Account& account,
                                         const std::string& secret,
                                         absl::Time expire_time) {
  constexpr int kMostValidKeys = 2;
  if (tx.Run(kCountValidKeys, account.row)[0].Get<int>("valid") >=
      kMostValidKeys) {
    return Error(absl::StatusCode::kFailedPrecondition, "TOO_MANY_KEYS",
                 "two keys of this account are valid; revoke one first");
  }
  const std::string id = RandomId();
  const std::string hash = HashOf(secret);
  tx.Run(kInsertApiKey, id, account.row, PrefixOf(secret), db::Bytes{hash},
         expire_time);
  TouchAccount(tx, by, account);
  return id;
}

namespace {

constexpr db::Statement kRevokeApiKey{"access.revoke_api_key", R"sql(
  UPDATE access.api_key SET revoke_time = now()
   WHERE api_key_id = $1 AND revoke_time IS NULL
)sql"};

}  // namespace

absl::Status RevokeApiKey(db::Tx& tx, const RequestKey& by,
                          const Account& account, const ApiKey& key) {
  if (tx.Run(kRevokeApiKey, key.row).affected() == 0) {
    return Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
                 "the key is revoked already")
        .With("state", "REVOKED");
  }
  TouchAccount(tx, by, account);
  return absl::OkStatus();
}

namespace {

ApiKey ReadApiKey(const db::Row& row) {
  return {.row = row.Get<int64_t>("api_key_id"),
          .id = row.Get<std::string>("name"),
          .account = row.Get<std::string>("account"),
          .prefix = row.Get<std::string>("prefix"),
          .create_time = row.Get<absl::Time>("create_time"),
          .expire_time = row.Get<absl::Time>("expire_time"),
          .revoke_time = row.Get<absl::Time>("revoke_time")};
}

constexpr db::Statement kLoadApiKey{"access.load_api_key", R"sql(
  SELECT k.*, a.name AS account
    FROM access.api_key AS k JOIN access.account AS a USING (account_id)
   WHERE a.name = $1 AND k.name = $2
)sql"};

}  // namespace

absl::StatusOr<ApiKey> LoadApiKey(db::Tx& tx, const std::string& account,
                                  const std::string& id) {
  const db::Rows rows = tx.Run(kLoadApiKey, account, id);
  if (rows.empty()) return NoSuch("key", id);
  return ReadApiKey(rows[0]);
}

namespace {

constexpr db::Statement kLoadApiKeys{"access.load_api_keys", R"sql(
  SELECT k.*, a.name AS account
    FROM access.api_key AS k JOIN access.account AS a USING (account_id)
   WHERE a.name = $1 AND ($2::bigint = 0 OR k.api_key_id < $2)
   ORDER BY k.api_key_id DESC
   LIMIT $3
)sql"};

}  // namespace

std::vector<ApiKey> LoadApiKeys(db::Tx& tx, const std::string& account,
                                int64_t before, int limit) {
  std::vector<ApiKey> keys;
  for (const db::Row row : tx.Run(kLoadApiKeys, account, before, limit)) {
    keys.push_back(ReadApiKey(row));
  }
  return keys;
}

namespace {

constexpr db::Statement kAllAccounts{"access.all_accounts", R"sql(
  SELECT * FROM access.account WHERE state = 1
)sql"};

constexpr db::Statement kAllGrants{"access.all_grants", R"sql(
  SELECT g.*, a.name AS account
    FROM access.grant AS g JOIN access.account AS a USING (account_id)
   WHERE a.state = 1 AND (g.end_time IS NULL OR g.end_time > now())
)sql"};

constexpr db::Statement kAllKeys{"access.all_keys", R"sql(
  SELECT a.name AS account, k.hash, k.expire_time
    FROM access.api_key AS k JOIN access.account AS a USING (account_id)
   WHERE a.state = 1 AND k.revoke_time IS NULL
     AND (k.expire_time IS NULL OR k.expire_time > now())
)sql"};

constexpr db::Statement kEndedSessions{"access.ended_sessions", R"sql(
  SELECT a.name AS account, s.name
    FROM access.session AS s JOIN access.account AS a USING (account_id)
   WHERE a.state = 1 AND s.end_time IS NOT NULL AND s.expire_time > now()
)sql"};

}  // namespace

std::vector<AccountFacts> LoadAllFacts(db::Tx& tx) {
  std::map<std::string, AccountFacts> facts;
  for (const db::Row row : tx.Run(kAllAccounts)) {
    Account account = ReadAccount(row);
    facts[account.id].account = account;
  }
  for (const db::Row row : tx.Run(kAllGrants)) {
    RoleGrant grant = ReadGrant(row);
    facts[grant.account].grants.push_back(grant);
  }
  for (const db::Row row : tx.Run(kAllKeys)) {
    facts[row.Get<std::string>("account")].keys.push_back(
        {row.Bytes("hash"), row.Get<absl::Time>("expire_time")});
  }
  for (const db::Row row : tx.Run(kEndedSessions)) {
    facts[row.Get<std::string>("account")].ended_sessions.push_back(
        row.Get<std::string>("name"));
  }
  std::vector<AccountFacts> all;
  for (auto& [id, entry] : facts) all.push_back(std::move(entry));
  return all;
}

}  // namespace lagnet::access
