#include "server/privacy/store.h"

namespace lagnet::privacy {
namespace {

constexpr db::Statement kInsertSealKeys{"privacy.insert_seal_keys", R"sql(
  INSERT INTO privacy.seal_key (seal_key_id, wrapped)
  SELECT * FROM unnest($1::text[], $2::bytea[])
)sql"};

}  // namespace

void InsertSealKeys(db::Tx& tx, const std::vector<SealKey>& keys) {
  std::vector<std::string> ids;
  std::vector<db::Value> wrapped;
  for (const SealKey& key : keys) {
    ids.push_back(key.id);
    wrapped.push_back(db::ToValue(db::Bytes{key.wrapped}));
  }
  tx.Run(kInsertSealKeys, ids, db::Value(db::ArrayLiteral(wrapped)));
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

}  // namespace lagnet::privacy
