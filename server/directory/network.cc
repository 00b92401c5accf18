#include "server/directory/network.h"

#include "server/base/error.h"

namespace lagnet::directory {

absl::Status CheckNetwork(const Network& network) {
  if (network.kind == NetworkKind::kNational && network.countries.size() != 1) {
    return InvalidField("network.countries",
                        "must be one country for a national network");
  }
  if (network.kind == NetworkKind::kTransnational &&
      network.countries.size() < 2) {
    return InvalidField("network.countries",
                        "must be several countries for a transnational "
                        "network");
  }
  return absl::OkStatus();
}

}  // namespace lagnet::directory
