#include "server/directory/network_store.h"

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/changes/log.h"

namespace lagnet::directory {
namespace {

void Log(db::Tx& tx, const RequestKey& by, const Network& network,
         int64_t version) {
  changes::Append(tx, by,
                  {{.network = network.id,
                    .resource = absl::StrCat("networks/", network.id),
                    .version = version}});
}

Network ReadNetwork(const db::Row& row) {
  return Network{
      .id = row.Get<std::string>("name"),
      .kind = row.Get<NetworkKind>("kind"),
      .display_name =
          LocalizedTextFromJson(row.Get<nlohmann::json>("display_name")),
      .countries = row.Get<std::vector<std::string>>("countries"),
      .languages = row.Get<std::vector<std::string>>("languages"),
      .currency = row.Get<std::string>("currency"),
      .time_zone = row.Get<std::string>("time_zone"),
      .jurisdiction_profile = row.Get<std::string>("jurisdiction_profile"),
      .version = row.Get<int64_t>("version"),
      .create_time = row.Get<absl::Time>("create_time"),
      .update_time = row.Get<absl::Time>("update_time"),
  };
}

constexpr db::Statement kGetNetwork{"directory.get_network", R"sql(
  SELECT * FROM directory.network WHERE name = $1
)sql"};

}  // namespace

absl::StatusOr<Network> LoadNetwork(db::Tx& tx, const std::string& id) {
  const db::Rows rows = tx.Run(kGetNetwork, id);
  if (rows.empty()) return NoSuch("network", id);
  return ReadNetwork(rows[0]);
}

namespace {

constexpr db::Statement kLockNetwork{"directory.lock_network", R"sql(
  SELECT * FROM directory.network WHERE name = $1 FOR UPDATE
)sql"};

}  // namespace

absl::StatusOr<Network> LockNetwork(db::Tx& tx, const std::string& id) {
  const db::Rows rows = tx.Run(kLockNetwork, id);
  if (rows.empty()) return NoSuch("network", id);
  return ReadNetwork(rows[0]);
}

namespace {

constexpr db::Statement kInsertNetwork{"directory.insert_network", R"sql(
  INSERT INTO directory.network (name, kind, display_name, countries,
                                 languages, currency, time_zone,
                                 jurisdiction_profile)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
  ON CONFLICT (name) DO NOTHING
  RETURNING version
)sql"};

}  // namespace

absl::Status InsertNetwork(db::Tx& tx, const RequestKey& by,
                           const Network& network) {
  const db::Rows rows =
      tx.Run(kInsertNetwork, network.id, network.kind,
             ToJson(network.display_name), network.countries, network.languages,
             network.currency, network.time_zone, network.jurisdiction_profile);
  if (rows.empty()) return NameTaken(absl::StrCat("networks/", network.id));
  Log(tx, by, network, rows[0].Get<int64_t>("version"));
  return absl::OkStatus();
}

namespace {

constexpr db::Statement kUpdateNetwork{"directory.update_network", R"sql(
  UPDATE directory.network
     SET kind = $2, display_name = $3, countries = $4, languages = $5,
         currency = $6, time_zone = $7, jurisdiction_profile = $8,
         version = version + 1, update_time = now()
   WHERE name = $1
  RETURNING version
)sql"};

}  // namespace

void SaveNetwork(db::Tx& tx, const RequestKey& by, const Network& network) {
  const db::Rows rows =
      tx.Run(kUpdateNetwork, network.id, network.kind,
             ToJson(network.display_name), network.countries, network.languages,
             network.currency, network.time_zone, network.jurisdiction_profile);
  Log(tx, by, network, rows[0].Get<int64_t>("version"));
}

namespace {

constexpr db::Statement kListNetworks{"directory.list_networks", R"sql(
  SELECT * FROM directory.network WHERE name > $1 ORDER BY name LIMIT $2
)sql"};

}  // namespace

std::vector<Network> LoadNetworks(db::Tx& tx, const std::string& after,
                                  int limit) {
  std::vector<Network> networks;
  for (const db::Row row : tx.Run(kListNetworks, after, limit)) {
    networks.push_back(ReadNetwork(row));
  }
  return networks;
}

namespace {

constexpr db::Statement kMissingNetworks{"directory.missing_networks", R"sql(
  SELECT id FROM unnest($1::text[]) AS asked (id)
   WHERE id <> '' AND NOT EXISTS (
     SELECT FROM directory.network WHERE name = id) LIMIT 1
)sql"};

}  // namespace

absl::Status CheckNetworkExists(db::Tx& tx, absl::string_view field,
                                const std::string& id) {
  const db::Rows missing =
      tx.Run(kMissingNetworks, std::vector<std::string>{id});
  if (missing.empty()) return absl::OkStatus();
  return UnknownReference(field, absl::StrCat("networks/", id));
}

}  // namespace lagnet::directory
