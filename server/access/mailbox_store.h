#ifndef LAGNET_SERVER_ACCESS_MAILBOX_STORE_H_
#define LAGNET_SERVER_ACCESS_MAILBOX_STORE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/access/account.h"
#include "server/base/request_key.h"
#include "server/db/tx.h"
#include "server/privacy/vault.h"

namespace lagnet::access {

// Where the people of accounts are written to: sealed in the database with a
// key for each account, and found by a keyed hash.

// Stores `account.email` for an account that is there; none erases it. Whoever
// calls it counts the change.
void PutEmail(db::Tx& tx, const privacy::Vault& vault, const Account& account);

// Fills in `email`.
absl::Status LoadEmails(db::Tx& tx, const privacy::Vault& vault,
                        const std::vector<Account*>& accounts);
std::vector<Account*> PointersTo(std::vector<Account>& accounts);

// The accounts that are not disabled of a mailbox, by name, without `email`.
std::vector<Account> LoadAccountsOf(db::Tx& tx,
                                    const std::string& address_hash);

// The account of a person in `network`, by mailbox and name without regard to
// case, with its row locked; it is made if there is none. Of `person`, its
// network, name, email and language count.
absl::StatusOr<Account> AccountFor(db::Tx& tx, const RequestKey& by,
                                   const privacy::Vault& vault,
                                   const Account& person);

// Counts a mail that somebody asks to have sent to `email`, from a browser in
// `network` ("" if that is not known). Fails with RESOURCE_EXHAUSTED /
// TOO_MANY_LETTERS.
absl::Status AskForMail(db::Tx& tx, const privacy::Vault& vault,
                        const std::string& email, const std::string& network);
absl::Status MailIsOff();

}  // namespace lagnet::access

#endif  // LAGNET_SERVER_ACCESS_MAILBOX_STORE_H_
