#ifndef LAGNET_CLI_FACETS_H_
#define LAGNET_CLI_FACETS_H_

#include "clients/cpp/cli/table.h"
#include "lagnet/search/v1/search.pb.h"

namespace lagnet::cli {

// How many results each value of a filter has: by kind, network, theme and
// territory, the most frequent first, some of each, each with the flag that
// leaves only those.
Table TableOf(const search::v1::Facets& facets);

}  // namespace lagnet::cli

#endif  // LAGNET_CLI_FACETS_H_
