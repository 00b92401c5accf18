#ifndef LAGNET_SERVER_DIRECTORY_ORGANIZATION_H_
#define LAGNET_SERVER_DIRECTORY_ORGANIZATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/error.h"
#include "server/base/localized_text.h"
#include "server/directory/external_id.h"
#include "server/directory/life.h"
#include "server/directory/profile.h"

namespace lagnet::directory {

// The numbers are those of organizations.proto and types.proto.
enum class OrganizationKind {
  kUnspecified = 0,
  kLag = 1,
  kMunicipality = 2,
  kCounty = 3,
  kProtectedArea = 4,
  kCso = 5,
  kSocialEnterprise = 6,
  kBusiness = 7,
  kResearch = 8,
  kNetworkUnit = 9,
};
enum class TerritoryScheme {
  kUnspecified = 0,
  kNuts = 1,
  kIso3166 = 2,
  kLau = 3
};

// A code of a public list of territories.
struct Territory {
  TerritoryScheme scheme = TerritoryScheme::kUnspecified;
  std::string version;
  std::string code;

  bool operator==(const Territory&) const = default;
};

// A point on the earth, WGS 84.
struct Position {
  double latitude = 0;
  double longitude = 0;

  bool operator==(const Position&) const = default;
};

// A LAG, or somebody that LAGs work with.
struct Organization {
  std::string id;  // "lag-kazbegi" of "organizations/lag-kazbegi".
  std::string network;
  OrganizationKind kind = OrganizationKind::kUnspecified;
  LocalizedText display_name;
  std::string country;
  std::vector<Territory> territories;
  std::vector<std::string> themes;
  std::vector<std::string> languages;
  std::optional<Position> position;
  std::string email;
  std::string website;
  LocalizedText description;
  std::vector<ExternalId> external_ids;
  Profile profile;
  Life life;
  int64_t version = 0;
  absl::Time create_time;
  absl::Time update_time;
  int64_t row = 0;  // The database's key.
};

// Which organisations a list shows. Empty means any.
struct OrganizationFilter {
  std::string network;
  OrganizationKind kind = OrganizationKind::kUnspecified;
  std::string country;
  std::string territory;  // A code; finds what lies within, in any list.
  std::string theme;
  std::string language;
  std::vector<OrganizationState> states;  // None: those in the directory.
  absl::Time looked_at_before = absl::InfiniteFuture();
};

// What is wrong with a code of a list, as the end of a sentence; "" if nothing.
// NUTS: two letters, then up to three letters or digits (Regulation (EC)
// 1059/2003); Greece is EL there. ISO 3166-2: country, dash, one to three
// letters or digits, or the country alone. LAU: national, so letters, digits
// and dashes.
std::string WrongTerritory(const Territory& territory);

// All that is wrong: INVALID_FIELDS for territory codes that are none, doubles
// among territories or themes, and what CheckProfile() refuses;
// UNKNOWN_TERRITORY for codes that are not in their list.
Errors CheckOrganization(const Organization& organization);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_ORGANIZATION_H_
