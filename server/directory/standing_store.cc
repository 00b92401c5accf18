#include "server/directory/standing_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/directory/area.h"
#include "server/directory/life.h"

namespace lagnet::directory {
namespace {

// The gate of each server puts the name that stays in place of an old one as
// soon as it hears of the merge.
absl::Status NameMoved(const std::string& id) {
  return Error(absl::StatusCode::kUnavailable, "NAME_MOVED",
               absl::StrCat("organizations/", id,
                            " was merged into another entry a moment ago; "
                            "try again"))
      .With("name", absl::StrCat("organizations/", id))
      .RetryAfter(absl::Milliseconds(100));
}

}  // namespace

absl::Status CheckInDirectory(db::Tx& tx, absl::string_view field,
                              const std::vector<std::string>& ids,
                              const std::vector<std::string>& already) {
  std::vector<std::string> named;
  for (const std::string& id : ids) {
    if (!id.empty() &&
        std::find(already.begin(), already.end(), id) == already.end()) {
      named.push_back(id);
    }
  }
  if (named.empty()) return absl::OkStatus();
  const auto known = LoadStandings(tx, named);
  for (const std::string& id : named) {
    RETURN_IF_ERROR(CheckStanding(field, id, known));
  }
  return absl::OkStatus();
}

absl::Status CheckStanding(
    absl::string_view field, const std::string& id,
    const std::map<std::string, OrganizationStanding>& known) {
  const std::string name = absl::StrCat("organizations/", id);
  const auto found = known.find(id);
  if (found == known.end() || IsUnpublished(found->second.state)) {
    return UnknownReference(field, name);
  }
  if (IsInDirectory(found->second.state)) return absl::OkStatus();
  if (found->second.state == OrganizationState::kMerged) return NameMoved(id);
  return Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
               absl::StrCat(field, ": ", name, " is ",
                            NameOf(found->second.state),
                            " and can no longer be named"))
      .With("state", NameOf(found->second.state))
      .With("name", name)
      .Field(field, "is no longer in the directory");
}

namespace {

// Of texts such as "1PL81": the scheme is one digit.
std::vector<std::string> RegionsOf(const db::Row& row) {
  std::vector<std::string> regions;
  for (const auto& text : row.Get<std::vector<std::string>>("territories")) {
    AddRegions({.scheme = static_cast<TerritoryScheme>(text[0] - '0'),
                .code = text.substr(1)},
               row.Get<std::string>("country"), regions);
  }
  return regions;
}

constexpr db::Statement kLoadOrganizationOwners{
    "directory.load_organization_owners", R"sql(
  SELECT o.name, o.network, o.country, o.merged_into,
         ARRAY(SELECT t.scheme || t.code
                 FROM directory.organization_territory AS t
                WHERE t.organization_id = o.organization_id) AS territories
    FROM directory.organization AS o
   WHERE cardinality($1::text[]) = 0 OR o.name = ANY ($1::text[])
)sql"};

}  // namespace

std::vector<OrganizationOwner> LoadOrganizationOwners(
    db::Tx& tx, const std::vector<std::string>& ids) {
  std::vector<OrganizationOwner> owners;
  for (const db::Row row : tx.Run(kLoadOrganizationOwners, ids)) {
    owners.push_back({.id = row.Get<std::string>("name"),
                      .network = row.Get<std::string>("network"),
                      .regions = RegionsOf(row),
                      .merged_into = row.Get<std::string>("merged_into")});
  }
  return owners;
}

namespace {

// A merge locks its two rows for itself: whoever reads them here sees what came
// of it, and what is written on the strength of this is there before the next.
constexpr db::Statement kLoadStandings{"directory.load_standings", R"sql(
  SELECT name, kind, state FROM directory.organization
   WHERE name = ANY ($1::text[])
   ORDER BY organization_id
     FOR KEY SHARE
)sql"};

}  // namespace

std::map<std::string, OrganizationStanding> LoadStandings(
    db::Tx& tx, const std::vector<std::string>& ids) {
  std::map<std::string, OrganizationStanding> standings;
  for (const db::Row row : tx.Run(kLoadStandings, ids)) {
    standings[row.Get<std::string>("name")] = {
        .state = row.Get<OrganizationState>("state"),
        .has_area =
            row.Get<OrganizationKind>("kind") == OrganizationKind::kLag};
  }
  return standings;
}

namespace {

constexpr db::Statement kLoadOrganizationTraits{
    "directory.load_organization_traits", R"sql(
  SELECT o.name, o.kind, o.country,
         ARRAY(SELECT t.scheme || t.code
                 FROM directory.organization_territory AS t
                WHERE t.organization_id = o.organization_id) AS territories
    FROM directory.organization AS o
   WHERE o.name = ANY ($1::text[])
)sql"};

}  // namespace

std::map<std::string, OrganizationTraits> LoadOrganizationTraits(
    db::Tx& tx, const std::vector<std::string>& ids) {
  std::map<std::string, OrganizationTraits> traits;
  if (ids.empty()) return traits;
  for (const db::Row row : tx.Run(kLoadOrganizationTraits, ids)) {
    traits[row.Get<std::string>("name")] = {
        .kind = row.Get<OrganizationKind>("kind"), .regions = RegionsOf(row)};
  }
  return traits;
}

absl::Status HoldName(db::Tx& tx, const std::string& id) {
  if (id.empty()) return absl::OkStatus();
  const auto known = LoadStandings(tx, {id});
  const auto found = known.find(id);
  return found != known.end() &&
                 found->second.state == OrganizationState::kMerged
             ? NameMoved(id)
             : absl::OkStatus();
}

}  // namespace lagnet::directory
