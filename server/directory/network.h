#ifndef LAGNET_SERVER_DIRECTORY_NETWORK_H_
#define LAGNET_SERVER_DIRECTORY_NETWORK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/base/localized_text.h"

namespace lagnet::directory {

// The numbers are those of networks.proto.
enum class NetworkKind { kUnspecified = 0, kNational = 1, kTransnational = 2 };

// A network of organisations with staff of its own.
struct Network {
  std::string id;  // "ksow" of "networks/ksow".
  NetworkKind kind = NetworkKind::kUnspecified;
  LocalizedText display_name;
  std::vector<std::string> countries;  // ISO 3166-1.
  std::vector<std::string> languages;  // BCP 47.
  std::string currency;                // ISO 4217.
  std::string time_zone;               // IANA.
  std::string jurisdiction_profile;
  int64_t version = 0;
  absl::Time create_time;
  absl::Time update_time;
};

// Fails with INVALID_FIELDS if a national network spans states or a
// transnational one does not.
absl::Status CheckNetwork(const Network& network);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_NETWORK_H_
