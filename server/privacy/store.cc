#include "server/privacy/store.h"

#include "absl/strings/escaping.h"

namespace lagnet::privacy {
namespace {

constexpr db::Statement kInsertSealKeys{"privacy.insert_seal_keys", R"sql(
  INSERT INTO privacy.seal_key (seal_key_id, wrapped)
  SELECT * FROM unnest($1::text[], $2::bytea[])
)sql"};

}  // namespace

void InsertSealKeys(db::Tx& tx, const std::vector<SealKey>& keys) {
  std::vector<std::string> ids;
  std::vector<db::Bytes> wrapped;
  for (const SealKey& key : keys) {
    ids.push_back(key.id);
    wrapped.push_back({key.wrapped});
  }
  tx.Run(kInsertSealKeys, ids, wrapped);
}

namespace {

constexpr db::Statement kLoadSealKeys{"privacy.load_seal_keys", R"sql(
  SELECT seal_key_id, wrapped FROM privacy.seal_key
   WHERE seal_key_id = ANY ($1::text[])
)sql"};

}  // namespace

std::map<std::string, std::string> LoadSealKeys(
    db::Tx& tx, const std::vector<std::string>& ids) {
  std::map<std::string, std::string> keys;
  for (const db::Row row : tx.Run(kLoadSealKeys, ids)) {
    keys[row.Get<std::string>("seal_key_id")] = row.Bytes("wrapped");
  }
  return keys;
}

namespace {

constexpr db::Statement kDeleteSealKeys{"privacy.delete_seal_keys", R"sql(
  DELETE FROM privacy.seal_key WHERE seal_key_id = ANY ($1::text[])
)sql"};

}  // namespace

void DeleteSealKeys(db::Tx& tx, const std::vector<std::string>& ids) {
  tx.Run(kDeleteSealKeys, ids);
}

namespace {

constexpr db::Statement kKeepProof{"privacy.keep_proof", R"sql(
  INSERT INTO privacy.server_key (proof) VALUES (decode($1, 'hex'))
  ON CONFLICT DO NOTHING
)sql"};

constexpr db::Statement kLoadProof{"privacy.load_proof", R"sql(
  SELECT proof FROM privacy.server_key
)sql"};

}  // namespace

absl::Status CheckServerKey(db::Tx& tx, const Vault& vault) {
  const std::string proof = vault.Proof();
  tx.Run(kKeepProof, absl::BytesToHexString(proof));
  if (tx.Run(kLoadProof)[0].Bytes("proof") == proof) return absl::OkStatus();
  return absl::FailedPreconditionError(
      "the server.key in the data folder is not the one of this database, "
      "whose people it cannot read; put the right one there: from the other "
      "server, or from where the backups of it are kept");
}

}  // namespace lagnet::privacy
