#ifndef LAGNET_SERVER_ACCESS_CLAIM_STORE_H_
#define LAGNET_SERVER_ACCESS_CLAIM_STORE_H_

#include <optional>
#include <string>

#include "server/access/claim.h"
#include "server/db/tx.h"

namespace lagnet::access {

// Claims in the database; see store.h for the conventions. The change log gets
// what they do to organisations and accounts.

// Ends the organisation's claim before, if there is one.
void PutClaim(db::Tx& tx, const Claim& claim);

// The organisation's claim, if there is one.
std::optional<Claim> LoadClaim(db::Tx& tx, const std::string& organization);

std::optional<Claim> LoadClaimByName(db::Tx& tx, const std::string& name);

// The claim of this name, which is gone with this; nothing if there is
// none. Of several at once, one transaction gets it; if that is not committed,
// the claim is still there.
std::optional<Claim> TakeClaim(db::Tx& tx, const std::string& name);

}  // namespace lagnet::access

#endif  // LAGNET_SERVER_ACCESS_CLAIM_STORE_H_
