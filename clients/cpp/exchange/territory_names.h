#ifndef LAGNET_EXCHANGE_TERRITORY_NAMES_H_
#define LAGNET_EXCHANGE_TERRITORY_NAMES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clients/cpp/exchange/mapping.h"
#include "lagnet/client.h"
#include "lagnet/directory/v1/territories.pb.h"

namespace lagnet::exchange {

// Teaches the columns of a map that hold names of territories (`names_in`) what
// each name means, in any language, by asking the server. What the map itself
// says of a value wins; a name of several territories is not taught. Fails as
// the server does.
absl::Status LearnTerritoryNames(client::Client& client, Mapping& mapping);

// The same of given territories.
void LearnTerritoryNames(
    const std::vector<directory::v1::Territory>& territories, CellRules& rules);

}  // namespace lagnet::exchange

#endif  // LAGNET_EXCHANGE_TERRITORY_NAMES_H_
