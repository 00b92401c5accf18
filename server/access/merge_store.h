#ifndef LAGNET_SERVER_ACCESS_MERGE_STORE_H_
#define LAGNET_SERVER_ACCESS_MERGE_STORE_H_

#include "server/directory/merge_store.h"

namespace lagnet::access {

// Roles that are held over organisations, and claims that they can accept. Of
// two claims that of the organisation that stays counts.
directory::Mover OrganizationMover();

}  // namespace lagnet::access

#endif  // LAGNET_SERVER_ACCESS_MERGE_STORE_H_
