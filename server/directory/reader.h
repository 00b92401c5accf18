#ifndef LAGNET_SERVER_DIRECTORY_READER_H_
#define LAGNET_SERVER_DIRECTORY_READER_H_

#include <string>
#include <vector>

#include "server/directory/organization.h"

namespace lagnet::directory {

// Which entries that are still being written, or were merged, a caller may
// read. Whoever shows organisations to others than the network's staff asks
// MayRead() for each, or lets the store choose by the same rule
// (LoadOrganizations()).
struct Reader {
  // Staff of a network, or of a region of it (a territory code, "" for all).
  struct Staff {
    std::string network;
    std::string region;
  };

  std::string identity;          // "" for the public.
  bool runs_everything = false;  // The operator of the installation.
  std::vector<Staff> staff;
  std::vector<std::string> organizations;  // Whose LAG_MANAGER it is.
};

bool MayRead(const Reader& reader, const Organization& organization);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_READER_H_
