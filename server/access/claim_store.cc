#include "server/access/claim_store.h"

namespace lagnet::access {
namespace {

constexpr db::Statement kPutClaim{"access.put_claim", R"sql(
  INSERT INTO access.claim (organization, name, language, email, expire_time)
  VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (organization) DO UPDATE
     SET name = excluded.name, language = excluded.language,
         email = excluded.email, create_time = now(),
         expire_time = excluded.expire_time
)sql"};

}  // namespace

void PutClaim(db::Tx& tx, const Claim& claim) {
  tx.Run(kPutClaim, claim.organization, claim.name, claim.language, claim.email,
         claim.expire_time);
}

namespace {

std::optional<Claim> ReadClaim(const db::Rows& rows) {
  if (rows.empty()) return std::nullopt;
  return Claim{.name = rows[0].Get<std::string>("name"),
               .organization = rows[0].Get<std::string>("organization"),
               .language = rows[0].Get<std::string>("language"),
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

constexpr db::Statement kLoadClaimByName{"access.load_claim_by_name", R"sql(
  SELECT * FROM access.claim WHERE name = $1
)sql"};

constexpr db::Statement kTakeClaim{"access.take_claim", R"sql(
  DELETE FROM access.claim WHERE name = $1 RETURNING *
)sql"};

}  // namespace

std::optional<Claim> LoadClaimByName(db::Tx& tx, const std::string& name) {
  return ReadClaim(tx.Run(kLoadClaimByName, name));
}

std::optional<Claim> TakeClaim(db::Tx& tx, const std::string& name) {
  return ReadClaim(tx.Run(kTakeClaim, name));
}

}  // namespace lagnet::access
