#ifndef LAGNET_SERVER_DIRECTORY_SEARCHABLE_H_
#define LAGNET_SERVER_DIRECTORY_SEARCHABLE_H_

#include <vector>

#include "absl/time/civil_time.h"
#include "server/directory/organization.h"
#include "server/search/document.h"

namespace lagnet::directory {

// What of the directory can be found, and by what.

// An organisation as the search takes it; `old_names` are those of entries that
// were merged into it. It is found in the networks that it is a member of
// `today`: who becomes one later, at the entry's next change or the server's
// next start. A new field that people should find it by is one line here.
search::Document DocumentOf(const Organization& organization,
                            std::vector<LocalizedText> old_names,
                            absl::CivilDay today);

// Whether it can be found at all, by whomever.
bool CanBeFound(const Organization& organization);

// The names of territories, by code, in several languages.
std::vector<search::Tag> TerritoryTags();

// Organisations, with the names of themes, territories and kinds.
search::Source SearchableOrganizations();

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_SEARCHABLE_H_
