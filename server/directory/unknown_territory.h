#ifndef LAGNET_SERVER_DIRECTORY_UNKNOWN_TERRITORY_H_
#define LAGNET_SERVER_DIRECTORY_UNKNOWN_TERRITORY_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/directory/territory_catalog.h"

namespace lagnet::directory {

// Fails with INVALID_ARGUMENT / UNKNOWN_TERRITORY, which names `field` and what
// may have been meant, if the catalogue has the list that a code should be in
// and the code is not there. `country` (ISO 3166-1) is whose LAU code it is.
// Codes of other lists pass: they are checked by format only.
absl::Status CheckTerritoryExists(absl::string_view field,
                                  const Territory& territory,
                                  const std::string& country);

// What somebody may have meant by a code that does not exist, the likeliest
// first, at most three: what became of it, places with a name that begins so,
// places with a code like it.
std::vector<const Place*> NearTerritories(const Territory& territory,
                                          const std::string& country);

// "PL91 (Warsaw Capital Region), PL92 (Masovia outside Warsaw)".
std::string Describe(const std::vector<const Place*>& places,
                     TerritoryScheme scheme);

// A name as it is compared: small Latin letters without diacritics; letters of
// other scripts stay.
std::string PlainName(absl::string_view name);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_UNKNOWN_TERRITORY_H_
