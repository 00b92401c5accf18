#ifndef LAGNET_SERVER_DIRECTORY_STANDING_STORE_H_
#define LAGNET_SERVER_DIRECTORY_STANDING_STORE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/db/tx.h"
#include "server/directory/organization.h"

namespace lagnet::directory {

// What other slices ask of organisations that they name; see store.h for the
// conventions.

// For whoever names organisations in something new; empty ids are passed over,
// and so are those in `already`: what was named while it was in the directory
// stays named. Fails, naming `field`, with INVALID_ARGUMENT / UNKNOWN_REFERENCE
// (also for drafts, which do not exist for others), FAILED_PRECONDITION /
// WRONG_STATE (archived or dissolved), or UNAVAILABLE / NAME_MOVED (merged a
// moment ago: the gate does not know it yet). None of them can be merged, or go
// otherwise, before the transaction ends: what it writes names what is there.
absl::Status CheckInDirectory(db::Tx& tx, absl::string_view field,
                              const std::vector<std::string>& ids,
                              const std::vector<std::string>& already = {});

// What organisations belong to, for the gate: the given ones, or (none given)
// all.
struct OrganizationOwner {
  std::string id;
  std::string network;
  std::vector<std::string> regions;  // Codes of its area and all above.
  std::string merged_into;           // Who answers to its name.
};
std::vector<OrganizationOwner> LoadOrganizationOwners(
    db::Tx& tx, const std::vector<std::string>& ids);

// What counts when people sign up for an organisation; those that do not exist
// are left out. Keeps them from being merged until the transaction ends.
struct OrganizationStanding {
  OrganizationState state = OrganizationState::kUnspecified;
  bool has_area = false;  // A LAG: people live and work in its area.
};
std::map<std::string, OrganizationStanding> LoadStandings(
    db::Tx& tx, const std::vector<std::string>& ids);

// What rules about people look at in the organisation that they come for; those
// that do not exist are left out.
struct OrganizationTraits {
  OrganizationKind kind = OrganizationKind::kUnspecified;
  std::vector<std::string> regions;  // Codes of its area and all above.
};
std::map<std::string, OrganizationTraits> LoadOrganizationTraits(
    db::Tx& tx, const std::vector<std::string>& ids);

// For whoever names an organisation in what does not ask for its state, such as
// a role: fails with UNAVAILABLE / NAME_MOVED if it was merged a moment ago,
// and keeps it from being merged until the transaction ends. An empty id, and
// one that does not exist, are passed over.
absl::Status HoldName(db::Tx& tx, const std::string& id);

// OK for an organisation in the directory, else what CheckInDirectory() fails
// with.
absl::Status CheckStanding(
    absl::string_view field, const std::string& id,
    const std::map<std::string, OrganizationStanding>& known);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_STANDING_STORE_H_
