#ifndef LAGNET_SERVER_DIRECTORY_TERRITORY_DATA_H_
#define LAGNET_SERVER_DIRECTORY_TERRITORY_DATA_H_

#include "absl/strings/string_view.h"

namespace lagnet::directory {

// The files of server/directory/territories, as they were when this program
// was built. README.md there says what their columns hold.
absl::string_view TerritoriesTsv();
absl::string_view OutlinesTsv();
absl::string_view MovesTsv();
absl::string_view NeighboursTsv();
absl::string_view SourcesTsv();

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_TERRITORY_DATA_H_
