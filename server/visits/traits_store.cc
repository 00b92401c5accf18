#include "server/visits/traits_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/error.h"
#include "server/directory/area.h"
#include "server/directory/territory_catalog.h"

namespace lagnet::visits {
namespace {

void PlaceGroup(Group& group) {
  if (group.territory.empty()) return;
  group.territories_above = directory::CodesAbove(group.territory);
  std::erase(group.territories_above, group.territory);
}

}  // namespace

void PlaceGroups(VisitRules& rules) {
  for (ShareRule& share : rules.shares) PlaceGroup(share.group);
  for (Group& group : rules.priority_groups) PlaceGroup(group);
}

absl::Status CheckTerritories(const VisitRules& rules) {
  constexpr size_t kMostNamed = 10;
  std::vector<std::string> unknown;
  for (const std::string& code : TerritoriesIn(rules)) {
    if (directory::Territories().FindCode(code) == nullptr &&
        std::find(unknown.begin(), unknown.end(), code) == unknown.end()) {
      unknown.push_back(code);
    }
  }
  if (unknown.empty()) return absl::OkStatus();
  if (unknown.size() > kMostNamed) unknown.resize(kMostNamed);
  const std::string codes = absl::StrJoin(unknown, ", ");
  return Error(absl::StatusCode::kInvalidArgument, "UNKNOWN_TERRITORY",
               absl::StrCat("no list of territories has ", codes,
                            "; TerritoryService.ListTerritories shows what "
                            "there is"))
      .Field("study_visit.seat_rules", absl::StrCat("names ", codes));
}

bool AskForOrganizations(const SeatRules& rules) {
  const auto& shares = rules.shares.shares();
  const auto& groups = rules.priority_groups;
  return !rules.who.territories.empty() ||
         !rules.who.organization_kinds.empty() ||
         std::any_of(shares.begin(), shares.end(),
                     [](const Share& share) {
                       return !share.group.territory.empty();
                     }) ||
         std::any_of(groups.begin(), groups.end(), [](const Group& group) {
           return !group.territory.empty();
         });
}

std::vector<Person> PeopleOf(const SignUp& sign_up,
                             const OrganizationTraits& organizations,
                             const std::vector<std::string>& hashes) {
  const auto found = organizations.find(sign_up.organization);
  std::vector<Person> people;
  for (size_t i = 0; i < sign_up.members.size(); ++i) {
    const Member& member = sign_up.members[i];
    std::vector<std::string> places;
    int kind = 0;
    if (found != organizations.end()) {
      places = found->second.regions;
      kind = static_cast<int>(found->second.kind);
    }
    if (!member.territory.empty()) {
      for (std::string& code : directory::CodesAbove(member.territory)) {
        places.push_back(std::move(code));
      }
    }
    people.push_back(
        {.hash = hashes[i],
         .has_left = member.has_left,
         .traits = TraitsOf(sign_up, member, kind, std::move(places))});
  }
  return people;
}

std::vector<Person> NamePeople(db::Tx& tx, const SignUp& sign_up,
                               const SeatRules& rules,
                               const std::vector<std::string>& hashes) {
  OrganizationTraits traits;
  if (AskForOrganizations(rules)) {
    traits = directory::LoadOrganizationTraits(tx, {sign_up.organization});
  }
  return PeopleOf(sign_up, traits, hashes);
}

std::string ScopeOf(const std::string& visit, const SeatRules& rules) {
  return rules.project.empty() ? visit
                               : absl::StrCat("projects/", rules.project);
}

std::vector<std::string> HashesOf(const privacy::Vault& vault,
                                  const std::string& scope,
                                  const std::vector<Member>& members) {
  std::vector<std::string> hashes;
  hashes.reserve(members.size());
  for (const Member& member : members) {
    hashes.push_back(member.full_name.empty()
                         ? ""
                         : absl::BytesToHexString(vault.PersonHash(
                               scope, ReachOf(member), member.full_name)));
  }
  return hashes;
}

}  // namespace lagnet::visits
