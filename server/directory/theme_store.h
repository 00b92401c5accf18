#ifndef LAGNET_SERVER_DIRECTORY_THEME_STORE_H_
#define LAGNET_SERVER_DIRECTORY_THEME_STORE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/base/error.h"
#include "server/base/localized_text.h"
#include "server/db/tx.h"

namespace lagnet::directory {

// A theme of the vocabulary.
struct Theme {
  std::string id;
  LocalizedText label;
  std::string broader;
};

// Themes behind `after`, by id.
std::vector<Theme> LoadThemes(db::Tx& tx, const std::string& after, int limit);

// For whoever is tagged with themes; empty ids are passed over. Fails with
// INVALID_ARGUMENT / UNKNOWN_THEME that names `field`, for each.
Errors CheckThemesExist(db::Tx& tx, absl::string_view field,
                        const std::vector<std::string>& ids);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_THEME_STORE_H_
