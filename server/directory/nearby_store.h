#ifndef LAGNET_SERVER_DIRECTORY_NEARBY_STORE_H_
#define LAGNET_SERVER_DIRECTORY_NEARBY_STORE_H_

#include <optional>
#include <string>
#include <vector>

#include "server/db/tx.h"
#include "server/directory/organization.h"

namespace lagnet::directory {

// Where an organisation is, for distances.
struct Whereabouts {
  std::string id;
  Position position;
  bool is_area = false;  // The middle of its area: no office is known.
};

// Where an organisation's office is or, if that is not known, the middle of the
// smallest place that its area names first. Nothing if neither is known.
std::optional<Whereabouts> WhereaboutsOf(const Organization& organization);

// Where all organisations are that a list shows, of a network and kind unless
// those are empty.
std::vector<Whereabouts> LoadWhereabouts(db::Tx& tx, const std::string& network,
                                         OrganizationKind kind);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_NEARBY_STORE_H_
