#ifndef LAGNET_SERVER_ACCESS_STORE_H_
#define LAGNET_SERVER_ACCESS_STORE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/access/account.h"
#include "server/base/request_key.h"
#include "server/db/tx.h"

namespace lagnet::access {

// Accounts, grants and keys in the database. Every change is logged as one of
// its account, so that whoever follows the change log knows which to read
// again. Reading what does not exist fails with NOT_FOUND / NOT_FOUND.

absl::StatusOr<Account> LoadAccount(db::Tx& tx, const std::string& id);
// Also takes the row's lock.
absl::StatusOr<Account> LockAccount(db::Tx& tx, const std::string& id);
// Those of a network, or (empty) of any; if `organization` is not empty, only
// those who now hold a role over it.
std::vector<Account> LoadAccounts(db::Tx& tx, const std::string& network,
                                  const std::string& organization,
                                  const std::string& after, int limit);
// Fails with ALREADY_EXISTS / NAME_TAKEN, also if another account that is not
// disabled is proved by one of the certificate names.
absl::Status InsertAccount(db::Tx& tx, const RequestKey& by,
                           const Account& account);
// Stores the name and the language.
void UpdateAccount(db::Tx& tx, const RequestKey& by, const Account& account);
// Counts a change of what is kept elsewhere: a mailbox, a session.
void TouchAccount(db::Tx& tx, const RequestKey& by, const Account& account);
void DisableAccount(db::Tx& tx, const RequestKey& by, const Account& account);
void EnableAccount(db::Tx& tx, const RequestKey& by, const Account& account);

// For a locked account. The grant's id is chosen here and returned. It is
// logged as "accounts/A/grants/G", too, for the letter.
std::string InsertGrant(db::Tx& tx, const RequestKey& by,
                        const Account& account, const RoleGrant& grant);
void DeleteGrant(db::Tx& tx, const RequestKey& by, const Account& account,
                 const RoleGrant& grant);
// The id of the grant by which a locked account speaks for an organisation,
// from now on or already.
std::string GrantManager(db::Tx& tx, const RequestKey& by,
                         const Account& account,
                         const std::string& organization);
absl::StatusOr<RoleGrant> LoadGrant(db::Tx& tx, const std::string& account,
                                    const std::string& id);
std::vector<RoleGrant> LoadGrants(db::Tx& tx, const std::string& account,
                                  int64_t after, int limit);

// For a locked account. Returns the key's id. Fails with FAILED_PRECONDITION /
// TOO_MANY_KEYS while two are valid.
absl::StatusOr<std::string> InsertApiKey(db::Tx& tx, const RequestKey& by,
                                         const Account& account,
                                         const std::string& secret,
                                         absl::Time expire_time);
// Fails with FAILED_PRECONDITION / WRONG_STATE if it is revoked already.
absl::Status RevokeApiKey(db::Tx& tx, const RequestKey& by,
                          const Account& account, const ApiKey& key);
absl::StatusOr<ApiKey> LoadApiKey(db::Tx& tx, const std::string& account,
                                  const std::string& id);
// The newest first; behind the key `before` (0: from the start).
std::vector<ApiKey> LoadApiKeys(db::Tx& tx, const std::string& account,
                                int64_t before, int limit);

// Everything that identifies callers, for the roster.
struct AccountFacts {
  Account account;
  std::vector<RoleGrant> grants;
  struct Key {
    std::string hash;
    absl::Time expire_time;
  };
  std::vector<Key> keys;  // Not revoked.
  // By name: those that were ended before their time.
  std::vector<std::string> ended_sessions;
};
std::vector<AccountFacts> LoadAllFacts(db::Tx& tx);

}  // namespace lagnet::access

#endif  // LAGNET_SERVER_ACCESS_STORE_H_
