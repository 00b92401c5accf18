#include "server/directory/merge.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"

namespace lagnet::directory {
namespace {

// As organizations.proto has them.
constexpr size_t kMostTerritories = 200;
constexpr size_t kMostThemes = 45;
constexpr size_t kMostLanguages = 20;
constexpr size_t kMostMemberships = 40;
constexpr size_t kMostRegistrations = 20;
constexpr size_t kMostFunds = 40;
constexpr size_t kMostBodies = 10;
constexpr size_t kMostExternalIds = 20;

template <typename T>
void Fill(T& mine, const T& theirs) {
  if (mine == T()) mine = theirs;
}

void Fill(LocalizedText& mine, const LocalizedText& theirs) {
  mine.insert(theirs.begin(), theirs.end());
}

// Adds the items that `has` does not find in `mine`.
template <typename T, typename Has>
void Add(std::vector<T>& mine, const std::vector<T>& theirs, size_t most,
         Has has) {
  for (const T& item : theirs) {
    const bool known = std::any_of(
        mine.begin(), mine.end(), [&](const T& own) { return has(own, item); });
    if (!known && mine.size() < most) mine.push_back(item);
  }
}

template <typename T>
void Add(std::vector<T>& mine, const std::vector<T>& theirs, size_t most) {
  Add(mine, theirs, most, std::equal_to<T>());
}

bool EndsBefore(const Day& late, const Day& early) {
  return late && early && *late < *early;
}

bool IsOneMembership(const Membership& a, const Membership& b) {
  return a.network == b.network && !EndsBefore(a.until, b.since) &&
         !EndsBefore(b.until, a.since);
}

void UniteProfiles(Profile& mine, const Profile& theirs) {
  Add(mine.memberships, theirs.memberships, kMostMemberships, IsOneMembership);
  Add(mine.partner_registrations, theirs.partner_registrations,
      kMostRegistrations,
      [](const auto& a, const auto& b) { return a.network == b.network; });
  Add(mine.funds, theirs.funds, kMostFunds);
  Add(mine.bodies, theirs.bodies, kMostBodies);
  Fill(mine.strategy, theirs.strategy);
  Fill(mine.legal_form, theirs.legal_form);
  Fill(mine.founded_on, theirs.founded_on);
  Fill(mine.register_entry, theirs.register_entry);
  Fill(mine.member_counts, theirs.member_counts);
  Fill(mine.area_km2, theirs.area_km2);
  Fill(mine.population, theirs.population);
}

bool IsPublicBody(OrganizationKind kind) {
  return kind == OrganizationKind::kMunicipality ||
         kind == OrganizationKind::kCounty;
}

Error WrongState(OrganizationState state, absl::string_view what) {
  return Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE", what)
      .With("state", NameOf(state));
}

}  // namespace

Organization Unite(const Organization& stays, const Organization& goes) {
  Organization united = stays;
  Fill(united.display_name, goes.display_name);
  // One code in two versions of a list is one place.
  Add(united.territories, goes.territories, kMostTerritories,
      [](const Territory& a, const Territory& b) {
        return a.scheme == b.scheme && a.code == b.code;
      });
  Add(united.themes, goes.themes, kMostThemes);
  Add(united.languages, goes.languages, kMostLanguages);
  Fill(united.position, goes.position);
  Fill(united.email, goes.email);
  Fill(united.website, goes.website);
  Fill(united.description, goes.description);
  // What another network's lists call an entry is known in that network only.
  if (goes.network == stays.network) {
    Add(united.external_ids, goes.external_ids, kMostExternalIds);
  }
  UniteProfiles(united.profile, goes.profile);
  united.life.claim_time =
      std::min(stays.life.claim_time, goes.life.claim_time);
  return united;
}

std::vector<ExternalId> LeftIds(const Organization& united,
                                const Organization& goes) {
  std::vector<ExternalId> left = goes.external_ids;
  if (goes.network != united.network) return left;
  const std::vector<ExternalId>& taken = united.external_ids;
  left.erase(std::remove_if(left.begin(), left.end(),
                            [&](const ExternalId& id) {
                              return std::find(taken.begin(), taken.end(),
                                               id) != taken.end();
                            }),
             left.end());
  return left;
}

absl::Status CheckMerge(const Organization& goes, const Organization& stays) {
  if (goes.id == stays.id) {
    return WrongState(
        goes.life.state,
        absl::StrCat("both names are of one entry, organizations/", stays.id,
                     ": it was merged already"));
  }
  if (goes.life.state == OrganizationState::kMerged) {
    return WrongState(goes.life.state,
                      absl::StrCat("organizations/", goes.id,
                                   " was merged into organizations/",
                                   goes.life.merged_into, " already"));
  }
  if (!IsInDirectory(stays.life.state)) {
    return WrongState(
        stays.life.state,
        absl::StrCat("organizations/", stays.id, " is ",
                     NameOf(stays.life.state),
                     ": merge into an entry that is VERIFIED or STALE"));
  }
  return absl::OkStatus();
}

absl::Status CheckOneKind(const Organization& goes, const Organization& stays) {
  const bool lag_goes = goes.kind == OrganizationKind::kLag;
  const bool lag_stays = stays.kind == OrganizationKind::kLag;
  absl::string_view what;
  if (lag_goes != lag_stays) {
    what = "a LAG";
  } else if (IsPublicBody(goes.kind) != IsPublicBody(stays.kind)) {
    what = "a public body";
  } else {
    return absl::OkStatus();
  }
  const bool goes_is = lag_goes || (!lag_stays && IsPublicBody(goes.kind));
  return Error(
      absl::StatusCode::kFailedPrecondition, "NOT_ONE_KIND",
      absl::StrCat("organizations/", goes_is ? goes.id : stays.id, " is ", what,
                   " and organizations/", goes_is ? stays.id : goes.id,
                   " is none: mend the kind of the one that is "
                   "wrong, and merge then"));
}

}  // namespace lagnet::directory
