#ifndef LAGNET_SERVER_VISITS_TRAITS_STORE_H_
#define LAGNET_SERVER_VISITS_TRAITS_STORE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/db/tx.h"
#include "server/directory/standing_store.h"
#include "server/privacy/vault.h"
#include "server/visits/plan.h"
#include "server/visits/rules.h"
#include "server/visits/sign_up.h"

namespace lagnet::visits {

// What rules look at, from the directory.

// Tells each group of the rules in which territories its own lies.
void PlaceGroups(VisitRules& rules);

// Fails with INVALID_ARGUMENT / UNKNOWN_TERRITORY, which names the codes that
// no list has: the first ten.
absl::Status CheckTerritories(const VisitRules& rules);

// Whether the rules ask where people come from, or from which kind of
// organisation: what has to be looked up.
bool AskForOrganizations(const SeatRules& rules);

using OrganizationTraits = std::map<std::string, directory::OrganizationTraits>;

// The members as decisions know them; `hashes` are of who they are, "" for one
// who has no name yet.
std::vector<Person> PeopleOf(const SignUp& sign_up,
                             const OrganizationTraits& organizations,
                             const std::vector<std::string>& hashes);
// The same, after a look into the directory if the rules ask for it.
std::vector<Person> NamePeople(db::Tx& tx, const SignUp& sign_up,
                               const SeatRules& rules,
                               const std::vector<std::string>& hashes);

// By which a plan knows the members again; empty where nobody is named yet.
// Nobody can tell by them who is in two scopes, so each visit has one of its
// own, or shares that of a project that it gives seats out together with.
std::string ScopeOf(const std::string& visit, const SeatRules& rules);
std::vector<std::string> HashesOf(const privacy::Vault& vault,
                                  const std::string& scope,
                                  const std::vector<Member>& members);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_TRAITS_STORE_H_
