#include "server/access/claim_store.h"

namespace lagnet::access {
namespace {

constexpr db::Statement kPutClaim{"access.put_claim", R"sql(
  INSERT INTO access.claim (organization, token_hash, email, expire_time)
  VALUES ($1, $2, $3, $4)
  ON CONFLICT (organization) DO UPDATE
     SET token_hash = excluded.token_hash, email = excluded.email,
         create_time = now(), expire_time = excluded.expire_time
)sql"};

}  // namespace

void PutClaim(db::Tx& tx, const Claim& claim) {
  tx.Run(kPutClaim, claim.organization, db::Bytes{claim.token_hash},
         claim.email, claim.expire_time);
}

namespace {

std::optional<Claim> ReadClaim(const db::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return Claim{.organization = rows[0].Get<std::string>("organization"),
               .token_hash = rows[0].Bytes("token_hash"),
               .email = rows[0].Get<std::string>("email"),
               .expire_time = rows[0].Get<absl::Time>("expire_time")};
}

constexpr db::Statement kLoadClaim{"access.load_claim", R"sql(
  SELECT * FROM access.claim WHERE organization = $1
)sql"};

}  // namespace

std::optional<Claim> LoadClaim(db::Tx& tx, const std::string& organization) {
  return ReadClaim(tx.Run(kLoadClaim, organization));
}

namespace {

constexpr db::Statement kTakeClaim{"access.take_claim", R"sql(
  DELETE FROM access.claim WHERE token_hash = $1 RETURNING *
)sql"};

}  // namespace

std::optional<Claim> TakeClaim(db::Tx& tx, const std::string& token_hash) {
  return ReadClaim(tx.Run(kTakeClaim, db::Bytes{token_hash}));
}

}  // namespace lagnet::access
