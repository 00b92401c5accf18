#include "server/changes/log.h"

namespace lagnet::changes {
namespace {

constexpr db::Statement kAppend{"changes.append", R"sql(
  INSERT INTO changes.change (network, resource, version, removed, actor,
                              method, reason)
  SELECT network, resource, version, removed, $6, $7, nullif(reason, '')
    FROM unnest($1::text[], $2::text[], $3::bigint[], $4::boolean[],
                $5::text[])
         AS changed (network, resource, version, removed, reason)
)sql"};

}  // namespace

void Append(db::Tx& tx, const RequestKey& by,
            const std::vector<Change>& changes) {
  std::vector<absl::string_view> networks, resources, reasons;
  std::vector<int64_t> versions;
  std::vector<bool> removed;
  for (const Change& change : changes) {
    networks.push_back(change.network);
    resources.push_back(change.resource);
    versions.push_back(change.version);
    removed.push_back(change.removed);
    reasons.push_back(change.reason);
  }
  tx.Run(kAppend, networks, resources, versions, removed, reasons, by.caller,
         by.method);
}

namespace {

constexpr db::Statement kNextVersion{"changes.next_version", R"sql(
  SELECT coalesce(max(version), 0) + 1 AS version
    FROM changes.change
   WHERE resource = $1 AND resource NOT LIKE '%/signUps/%'
)sql"};

}  // namespace

int64_t NextVersion(db::Tx& tx, const std::string& resource) {
  return tx.Run(kNextVersion, resource)[0].Get<int64_t>("version");
}

}  // namespace lagnet::changes
