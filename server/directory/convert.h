#ifndef LAGNET_SERVER_DIRECTORY_CONVERT_H_
#define LAGNET_SERVER_DIRECTORY_CONVERT_H_

#include "absl/status/statusor.h"
#include "lagnet/directory/v1/networks.pb.h"
#include "lagnet/directory/v1/organizations.pb.h"
#include "server/directory/network.h"
#include "server/directory/organization.h"
#include "server/directory/reader.h"
#include "server/rpc/caller.h"

namespace lagnet::directory {

// Fields that the server sets are not read. `id` is the last part of the name.
Network FromProto(const std::string& id, const v1::Network& network);
v1::Network ToProto(const Network& network);

// Fails with INVALID_FIELDS if `network` is not a network's name.
absl::StatusOr<Organization> FromProto(const std::string& id,
                                       const v1::Organization& organization);
v1::Organization ToProto(const Organization& organization);

absl::StatusOr<OrganizationFilter> FilterOf(
    const v1::ListOrganizationsRequest& request);

// What an organisation belongs to, for the gate.
rpc::Scope ScopeOf(const Organization& organization);

// What the caller may read of drafts.
Reader ReaderOf(const rpc::Call& call);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_CONVERT_H_
