#ifndef LAGNET_SERVER_CHANGES_LOG_H_
#define LAGNET_SERVER_CHANGES_LOG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "server/base/request_key.h"
#include "server/db/tx.h"

namespace lagnet::changes {

// That something below a resource changed.
struct Part {
  std::string name;  // Below the resource: `signUps/...`. Without spaces.
  int64_t version = 0;
};

// That one resource changed: what every store writes to the change log, in
// the transaction of the change.
struct Change {
  std::string network;   // The id of the network that the resource is in.
  std::string resource;  // Its whole name.
  int64_t version = 0;   // Counts the changes of this resource.
  bool removed = false;
  std::string reason;  // Why, where a method takes a reason.
  // What changed below it at once, as the sign-ups of a visit in a rush. They
  // cost a little of one row, where each would cost a row.
  std::vector<Part> parts = {};
};

// Appends to the change log. `by` tells who changed and by which method.
void Append(db::Tx& tx, const RequestKey& by,
            const std::vector<Change>& changes);

// The version that a resource begins with: above all that the log has of its
// name, which may have been used by a draft that was deleted. Not for sign-ups,
// whose names nobody chooses.
int64_t NextVersion(db::Tx& tx, const std::string& resource);

}  // namespace lagnet::changes

#endif  // LAGNET_SERVER_CHANGES_LOG_H_
