#ifndef LAGNET_SERVER_PRIVACY_STORE_H_
#define LAGNET_SERVER_PRIVACY_STORE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/db/tx.h"
#include "server/privacy/vault.h"

namespace lagnet::privacy {

// The wrapped key of one party's or person's data. `id` is the name of the
// record that it seals.
struct SealKey {
  std::string id;
  std::string wrapped;
};

void InsertSealKeys(db::Tx& tx, const std::vector<SealKey>& keys);

// The wrapped keys that there are; an erased one is missing.
std::map<std::string, std::string> LoadSealKeys(
    db::Tx& tx, const std::vector<std::string>& ids);

// Erases: what the keys sealed cannot be read any more.
void DeleteSealKeys(db::Tx& tx, const std::vector<std::string>& ids);

// That the server's key is the one that this database was begun with: of
// another one, the people that are sealed here could not be read, and a person
// not be known again. Fails with FAILED_PRECONDITION and what to do.
absl::Status CheckServerKey(db::Tx& tx, const Vault& vault);

}  // namespace lagnet::privacy

#endif  // LAGNET_SERVER_PRIVACY_STORE_H_
