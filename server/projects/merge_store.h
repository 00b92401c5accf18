#ifndef LAGNET_SERVER_PROJECTS_MERGE_STORE_H_
#define LAGNET_SERVER_PROJECTS_MERGE_STORE_H_

#include "server/directory/merge_store.h"

namespace lagnet::projects {

// Partners of projects, and who spends which part of the budget. Where both
// organisations are partners of one project they become one, which leads it if
// either did.
directory::Mover OrganizationMover();

}  // namespace lagnet::projects

#endif  // LAGNET_SERVER_PROJECTS_MERGE_STORE_H_
