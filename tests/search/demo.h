#ifndef LAGNET_TESTS_SEARCH_DEMO_H_
#define LAGNET_TESTS_SEARCH_DEMO_H_

#include "server/db/pool.h"

namespace lagnet::search {

// Puts the networks and organisations of deploy/demo into the database.
void LoadDemo(db::Pool& pool);

}  // namespace lagnet::search

#endif  // LAGNET_TESTS_SEARCH_DEMO_H_
