#ifndef LAGNET_SERVER_DIRECTORY_PROFILE_H_
#define LAGNET_SERVER_DIRECTORY_PROFILE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "server/base/error.h"
#include "server/base/localized_text.h"

namespace lagnet::directory {

// What an organisation is, beyond how it is found and reached. All of it may
// be unknown. The numbers are those of organizations.proto.

enum class PartnerStatus {
  kUnspecified = 0,
  kApplied = 1,
  kRegistered = 2,
  kEnded = 3,
};
enum class Fund {
  kUnspecified = 0,
  kEafrd = 1,
  kErdf = 2,
  kEsfPlus = 3,
  kEmfaf = 4,
  kEnpard = 5,
  kNational = 6,
  kRegional = 7,
  kDonor = 8,
  kPrivate = 9,
};
enum class Body {
  kUnspecified = 0,
  kAssembly = 1,
  kBoard = 2,
  kAuditBody = 3,
  kDecisionBody = 4,
};

using Day = std::optional<absl::CivilDay>;  // Nothing: not known.

struct Membership {
  std::string network;
  Day since;
  Day until;  // Inclusive; nothing while it lasts.

  bool operator==(const Membership&) const = default;
};

// Whether it holds on a day, as far as its days are known.
bool IsMemberOn(const Membership& membership, absl::CivilDay day);

// The status "registered partner of the network".
struct PartnerRegistration {
  std::string network;
  PartnerStatus status = PartnerStatus::kUnspecified;
  Day applied_on;
  Day registered_on;
  Day ended_on;

  bool operator==(const PartnerRegistration&) const = default;
};

// Calendar years, both inclusive. 0: not known, or open.
struct Years {
  int start = 0;
  int end = 0;

  bool operator==(const Years&) const = default;
};

struct FundPeriod {
  Fund fund = Fund::kUnspecified;
  std::string programme;
  Years years;

  bool operator==(const FundPeriod&) const = default;
};

// A local development strategy, in short.
struct Strategy {
  LocalizedText title;
  Years years;
  std::vector<std::string> themes;
  std::string website;

  bool operator==(const Strategy&) const = default;
};

struct LegalForm {
  std::string text;
  std::string elf_code;  // ISO 20275.

  bool operator==(const LegalForm&) const = default;
};

struct RegisterEntry {
  std::string register_name;  // "KRS".
  std::string number;
  Day registered_on;

  bool operator==(const RegisterEntry&) const = default;
};

// Members by sector. A LAG spans the sectors; each member is of one.
struct MemberCounts {
  int total = 0;
  int public_sector = 0;
  int private_sector = 0;
  int civic_sector = 0;
  int individuals = 0;

  bool operator==(const MemberCounts&) const = default;
};

struct Profile {
  std::vector<Membership> memberships;
  std::vector<PartnerRegistration> partner_registrations;
  std::vector<FundPeriod> funds;
  std::optional<Strategy> strategy;
  std::optional<LegalForm> legal_form;
  Day founded_on;
  std::optional<RegisterEntry> register_entry;
  std::optional<MemberCounts> member_counts;
  std::vector<Body> bodies;
  double area_km2 = 0;     // 0: not known.
  int64_t population = 0;  // 0: not known.

  bool operator==(const Profile&) const = default;
};

// All that is wrong, each INVALID_FIELDS: a time that ends before it begins; a
// network that it is a member of twice at once, or is registered with twice;
// dates that do not fit a registration's status; sectors that do not add up; a
// code that is none of ISO 20275; a theme or a body that is named twice.
Errors CheckProfile(const Profile& profile);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_PROFILE_H_
