#include "server/access/mailbox_store.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/access/store.h"
#include "server/base/error.h"
#include "server/base/fold.h"
#include "server/base/id.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/mail/asked_store.h"
#include "server/privacy/store.h"

namespace lagnet::access {
namespace {

constexpr db::Statement kPutEmail{"access.put_email", R"sql(
  UPDATE access.account SET email = $2, address_hash = nullif($3, ''::bytea)
   WHERE name = $1
)sql"};

}  // namespace

void PutEmail(db::Tx& tx, const privacy::Vault& vault, const Account& account) {
  const std::string name = MakeName("accounts", account.id);
  privacy::DeleteSealKeys(tx, {name});
  if (account.email.empty()) {
    tx.Run(kPutEmail, account.id, db::Bytes{""}, db::Bytes{""});
    return;
  }
  const privacy::Sealed sealed = vault.Seal(account.email);
  const std::string hash = vault.AddressHash(account.email);
  tx.Run(kPutEmail, account.id, db::Bytes{sealed.data}, db::Bytes{hash});
  privacy::InsertSealKeys(tx, {{name, sealed.wrapped_key}});
}

namespace {

constexpr db::Statement kLoadEmails{"access.load_emails", R"sql(
  SELECT name, email FROM access.account
   WHERE name = ANY ($1::text[]) AND email <> ''
)sql"};

}  // namespace

absl::Status LoadEmails(db::Tx& tx, const privacy::Vault& vault,
                        const std::vector<Account*>& accounts) {
  std::vector<std::string> ids, names;
  for (const Account* account : accounts) {
    ids.push_back(account->id);
    names.push_back(MakeName("accounts", account->id));
  }
  std::map<std::string, std::string> sealed;
  for (const db::Row row : tx.Run(kLoadEmails, ids)) {
    sealed[row.Get<std::string>("name")] = row.Bytes("email");
  }
  if (sealed.empty()) return absl::OkStatus();
  const auto keys = privacy::LoadSealKeys(tx, names);
  for (size_t i = 0; i < accounts.size(); ++i) {
    const auto data = sealed.find(ids[i]);
    const auto key = keys.find(names[i]);
    if (data == sealed.end() || key == keys.end()) continue;
    ASSIGN_OR_RETURN(accounts[i]->email, vault.Open({.wrapped_key = key->second,
                                                     .data = data->second}));
  }
  return absl::OkStatus();
}

std::vector<Account*> PointersTo(std::vector<Account>& accounts) {
  std::vector<Account*> pointers;
  for (Account& account : accounts) pointers.push_back(&account);
  return pointers;
}

namespace {

constexpr db::Statement kLoadAccountsOf{"access.load_accounts_of", R"sql(
  SELECT name FROM access.account
   WHERE address_hash = $1 AND state = 1
   ORDER BY name
)sql"};

}  // namespace

std::vector<Account> LoadAccountsOf(db::Tx& tx,
                                    const std::string& address_hash) {
  std::vector<Account> accounts;
  for (const db::Row row : tx.Run(kLoadAccountsOf, db::Bytes{address_hash})) {
    absl::StatusOr<Account> account =
        LoadAccount(tx, row.Get<std::string>("name"));
    if (account.ok()) accounts.push_back(*std::move(account));
  }
  return accounts;
}

absl::StatusOr<Account> AccountFor(db::Tx& tx, const RequestKey& by,
                                   const privacy::Vault& vault,
                                   const Account& person) {
  for (const Account& known :
       LoadAccountsOf(tx, vault.AddressHash(person.email))) {
    if (known.network == person.network &&
        Fold(known.display_name) == Fold(person.display_name)) {
      return LockAccount(tx, known.id);
    }
  }
  Account account = person;
  account.id = absl::StrCat("p", RandomId());
  account.kind = AccountKind::kPerson;
  RETURN_IF_ERROR(InsertAccount(tx, by, account));
  PutEmail(tx, vault, account);
  return LockAccount(tx, account.id);
}

absl::Status AskForMail(db::Tx& tx, const privacy::Vault& vault,
                        const std::string& email, const std::string& network) {
  RETURN_IF_ERROR(
      mail::Ask(tx, vault.AddressHash(email), mail::kMostForAnAddress));
  if (network.empty()) return absl::OkStatus();
  return mail::Ask(tx, vault.AddressHash(absl::StrCat("network ", network)),
                   mail::kMostFromANetwork);
}

absl::Status MailIsOff() {
  return Error(absl::StatusCode::kFailedPrecondition, "MAIL_OFF",
               "this server sends no mail: it was started without "
               "--mail-server");
}

}  // namespace lagnet::access
