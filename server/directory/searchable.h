#ifndef LAGNET_SERVER_DIRECTORY_SEARCHABLE_H_
#define LAGNET_SERVER_DIRECTORY_SEARCHABLE_H_

#include <vector>

#include "server/directory/organization.h"
#include "server/search/document.h"

namespace lagnet::directory {

// What of the directory can be found, and by what.

// An organisation as the search takes it; `old_names` are those of entries that
// were merged into it. A new field that people should find it by is one line
// here.
search::Document DocumentOf(const Organization& organization,
                            std::vector<LocalizedText> old_names);

// Whether it can be found at all, by whomever.
bool CanBeFound(const Organization& organization);

// The names of territories, by code, in several languages.
std::vector<search::Tag> TerritoryTags();

// Organisations, with the names of themes, territories and kinds.
search::Source SearchableOrganizations();

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_SEARCHABLE_H_
