#ifndef LAGNET_SERVER_DIRECTORY_NETWORK_STORE_H_
#define LAGNET_SERVER_DIRECTORY_NETWORK_STORE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/request_key.h"
#include "server/db/tx.h"
#include "server/directory/network.h"

namespace lagnet::directory {

// Networks in the database; see store.h for the conventions.

absl::StatusOr<Network> LoadNetwork(db::Tx& tx, const std::string& id);
absl::StatusOr<Network> LockNetwork(db::Tx& tx, const std::string& id);
// Fails with ALREADY_EXISTS / NAME_TAKEN.
absl::Status InsertNetwork(db::Tx& tx, const RequestKey& by,
                           const Network& network);
void SaveNetwork(db::Tx& tx, const RequestKey& by, const Network& network);
// Networks behind `after`, by name.
std::vector<Network> LoadNetworks(db::Tx& tx, const std::string& after,
                                  int limit);

// For whoever refers to a network; an empty id is passed over. Fails with
// INVALID_ARGUMENT / UNKNOWN_REFERENCE that names `field`.
absl::Status CheckNetworkExists(db::Tx& tx, absl::string_view field,
                                const std::string& id);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_NETWORK_STORE_H_
