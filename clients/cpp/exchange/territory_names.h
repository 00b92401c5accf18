#ifndef LAGNET_EXCHANGE_TERRITORY_NAMES_H_
#define LAGNET_EXCHANGE_TERRITORY_NAMES_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cpp/exchange/mapping.h"
#include "lagnet/client.h"
#include "lagnet/directory/v1/territories.pb.h"

namespace lagnet::exchange {

// Teaches the columns of a map that hold names of territories (`names_in`) what
// each name means, in any language, by asking the server. What the map itself
// says of a value wins. A name that several territories have is taught as such,
// so that its cell can be refused with all of them. Fails as the server does.
absl::Status LearnTerritoryNames(client::Client& client, Mapping& mapping);

// The same of given territories.
void LearnTerritoryNames(
    const std::vector<directory::v1::Territory>& territories, CellRules& rules);

// The only territory that is called so, but for case and diacritics, as a cell
// has it. Fails with INVALID_ARGUMENT, as the end of a sentence that begins
// with the name: several are called so, or none.
absl::StatusOr<std::string> TerritoryCalled(const std::string& name,
                                            const CellRules& rules);

}  // namespace lagnet::exchange

#endif  // LAGNET_EXCHANGE_TERRITORY_NAMES_H_
