#ifndef LAGNET_SERVER_VISITS_SEARCHABLE_H_
#define LAGNET_SERVER_VISITS_SEARCHABLE_H_

#include "server/search/document.h"
#include "server/visits/visit.h"

namespace lagnet::visits {

// A study visit as the search takes it. A draft is found by those who may see
// it: its hosts and its network.
search::Document DocumentOf(const StudyVisit& visit);

// Study visits, and what people call them.
search::Source SearchableVisits();

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_SEARCHABLE_H_
