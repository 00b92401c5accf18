#ifndef LAGNET_SERVER_VISITS_MERGE_STORE_H_
#define LAGNET_SERVER_VISITS_MERGE_STORE_H_

#include "server/directory/merge_store.h"

namespace lagnet::visits {

// Hosts and stops of study visits, and sign-ups, living or not. Each visit that
// names the organisation takes a decision (ReassignCommand): what seats two
// organisations have together is Decide()'s to say. A visit that forbids it is
// a conflict.
//
// Nobody is on a visit twice after it: that is so for a visit, whoever signed
// people up.
directory::Mover OrganizationMover();

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_MERGE_STORE_H_
