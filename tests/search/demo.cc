#include "tests/search/demo.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "google/protobuf/util/json_util.h"
#include "lagnet/directory/v1/networks.pb.h"
#include "lagnet/directory/v1/organizations.pb.h"
#include "nlohmann/json.hpp"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/db/transact.h"
#include "server/directory/convert.h"
#include "server/directory/network_store.h"
#include "server/directory/store.h"
#include "tests/support/matchers.h"

namespace lagnet::search {
namespace {

template <typename Message>
Message Parse(const nlohmann::json& json) {
  Message message;
  const auto status =
      google::protobuf::util::JsonStringToMessage(json.dump(), &message);
  EXPECT_TRUE(status.ok()) << status.ToString();
  return message;
}

absl::Status Insert(db::Tx& tx, const nlohmann::json& file) {
  for (const auto& entry : file.value("networks", nlohmann::json::array())) {
    const auto network = Parse<directory::v1::Network>(entry);
    RETURN_IF_ERROR(directory::InsertNetwork(
        tx, {},
        directory::FromProto(*ParseName("networks", network.name()), network)));
  }
  for (const auto& entry :
       file.value("organizations", nlohmann::json::array())) {
    const auto proto = Parse<directory::v1::Organization>(entry);
    ASSIGN_OR_RETURN(
        directory::Organization organization,
        directory::FromProto(*ParseName("organizations", proto.name()), proto));
    organization.life.state = directory::OrganizationState::kVerified;
    organization.life.look_time = tx.now();
    RETURN_IF_ERROR(
        directory::InsertOrganization(tx, {}, std::move(organization), {}));
  }
  return absl::OkStatus();
}

}  // namespace

void LoadDemo(db::Pool& pool) {
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(LAGNET_DEMO)) {
    if (file.path().extension() == ".json") files.push_back(file.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& path : files) {
    const nlohmann::json json =
        nlohmann::json::parse(std::ifstream(path), nullptr, true, true);
    const auto insert = [&](db::Tx& tx) { return Insert(tx, json); };
    EXPECT_THAT(db::Transact(pool, absl::Now() + absl::Seconds(20),
                             absl::FunctionRef<absl::Status(db::Tx&)>(insert)),
                support::IsOk())
        << path;
  }
}

}  // namespace lagnet::search
