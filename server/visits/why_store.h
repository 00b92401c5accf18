#ifndef LAGNET_SERVER_VISITS_WHY_STORE_H_
#define LAGNET_SERVER_VISITS_WHY_STORE_H_

#include <string>
#include <vector>

#include "server/db/tx.h"
#include "server/visits/visit.h"
#include "server/visits/why.h"
#include "server/visits/words.h"

namespace lagnet::visits {

// All that was decided about a visit, to be decided again.
History LoadHistory(db::Tx& tx, const StudyVisit& visit);

// What the organisations and territories of its rules are called, and those of
// other groups.
Names LoadNames(db::Tx& tx, const VisitRules& rules,
                const std::string& language,
                const std::vector<Group>& others = {});

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_WHY_STORE_H_
