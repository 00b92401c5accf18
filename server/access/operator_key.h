#ifndef LAGNET_SERVER_ACCESS_OPERATOR_KEY_H_
#define LAGNET_SERVER_ACCESS_OPERATOR_KEY_H_

#include <string>

#include "absl/status/statusor.h"
#include "server/db/pool.h"

namespace lagnet::access {

// The operator of an installation is the account `accounts/operator`, which
// holds NETWORK_ADMIN over everything. It is made locally, by who may write to
// the data folder, and never over the network.

// Makes a new key for the operator (and the account, if there is none), revokes
// the older ones, writes the key to the file (0600) and returns it.
absl::StatusOr<std::string> MakeOperatorKey(db::Pool& pool,
                                            const std::string& path);

// Sees to it that the file holds a key that works: leaves it alone if it does,
// else makes a new key and writes it (0600).
absl::Status EnsureOperatorKey(db::Pool& pool, const std::string& path);

}  // namespace lagnet::access

#endif  // LAGNET_SERVER_ACCESS_OPERATOR_KEY_H_
