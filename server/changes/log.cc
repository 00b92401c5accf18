#include "server/changes/log.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace lagnet::changes {
namespace {

constexpr db::Statement kAppend{"changes.append", R"sql(
  INSERT INTO changes.change (network, resource, version, removed, actor,
                              method, reason, parts, part_versions)
  SELECT network, resource, version, removed, $6, $7, nullif(reason, ''),
         string_to_array(nullif(parts, ''), ' '),
         string_to_array(nullif(part_versions, ''), ' ')::bigint[]
    FROM unnest($1::text[], $2::text[], $3::bigint[], $4::boolean[],
                $5::text[], $8::text[], $9::text[])
         AS changed (network, resource, version, removed, reason, parts,
                     part_versions)
)sql"};

}  // namespace

void Append(db::Tx& tx, const RequestKey& by,
            const std::vector<Change>& changes) {
  std::vector<absl::string_view> networks, resources, reasons;
  std::vector<int64_t> versions;
  std::vector<bool> removed;
  // SQL has no lists of lists of different lengths.
  std::vector<std::string> parts, part_versions;
  for (const Change& change : changes) {
    networks.push_back(change.network);
    resources.push_back(change.resource);
    versions.push_back(change.version);
    removed.push_back(change.removed);
    reasons.push_back(change.reason);
    parts.push_back(absl::StrJoin(
        change.parts, " ",
        [](std::string* text, const Part& part) { text->append(part.name); }));
    part_versions.push_back(absl::StrJoin(
        change.parts, " ", [](std::string* text, const Part& part) {
          absl::StrAppend(text, part.version);
        }));
  }
  tx.Run(kAppend, networks, resources, versions, removed, reasons, by.caller,
         by.method, parts, part_versions);
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
