#ifndef LAGNET_SERVER_DIRECTORY_AREA_H_
#define LAGNET_SERVER_DIRECTORY_AREA_H_

#include <string>
#include <vector>

#include "server/directory/territory_catalog.h"

namespace lagnet::directory {

// What a LAG covers: places of the catalogue, in any order. Every one of them
// counts with all that lies in it.
using Area = std::vector<const Place*>;

// What the catalogue knows of an organisation's territories: the places
// themselves or, for a gmina that it lacks, the powiat.
Area AreaOf(const Organization& organization);

// Whether `place` lies in the area, wholly.
bool Contains(const Area& area, const Place& place);

// Whether two areas have a place in common.
bool Overlap(const Area& a, const Area& b);

// Both areas in as few places as possible: without those that lie in another
// one, and a region in place of all that it consists of. By code.
Area Join(const Area& a, const Area& b);

// The codes of a territory and of all that it lies in, in every list: what a
// role over a region is compared with. The code alone if it is not known.
std::vector<std::string> CodesAbove(const Territory& territory,
                                    const std::string& country);
// The same for a code of any list, as in filters.
std::vector<std::string> CodesAbove(const std::string& code);
void AddRegions(const Territory& territory, const std::string& country,
                std::vector<std::string>& regions);

// Whether a territory is, or lies in, what `code` stands for in any list. A
// code that is not known finds what starts with it.
bool LiesIn(const Territory& territory, const std::string& country,
            const std::string& code);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_AREA_H_
