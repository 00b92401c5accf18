#ifndef LAGNET_SERVER_DIRECTORY_DOUBLE_H_
#define LAGNET_SERVER_DIRECTORY_DOUBLE_H_

#include <optional>
#include <string>
#include <vector>

#include "server/directory/double_name.h"
#include "server/directory/organization.h"

namespace lagnet::directory {

// Two entries that may be one organisation, and why: pure, so that forms,
// imports and the list for the staff all say the same.
//
// Each sign adds to the score as independent evidence does: a score of s and a
// sign of weight w make 1 - (1 - s)(1 - w). What speaks against takes a share
// away: a gmina is not its LAG, and two KRS numbers are two associations.

// The numbers are those of doubles.proto.
enum class DoubleReason {
  kUnspecified = 0,
  kName = 1,
  kTerritory = 2,
  kMailbox = 3,
  kMailboxDomain = 4,
  kWebsite = 5,
  kRegisterNumber = 6,
  kSeat = 7,
};

// What two entries have in common: the values that met, as each entry has it.
struct DoubleSign {
  DoubleReason reason = DoubleReason::kUnspecified;
  std::string one;
  std::string other;
  double weight = 0;  // From 0 to 1.
};

struct Resemblance {
  double score = 0;               // From 0 to 1.
  std::vector<DoubleSign> signs;  // The weightiest first.
};

// From here on two entries are shown as a likely double.
inline constexpr double kLikelyDouble = 0.5;

// What is compared of an entry, made ready once to be compared often.
struct Traits {
  struct Name {
    std::string text;
    NameWords words;
  };

  explicit Traits(const Organization& organization);
  void AddNames(const LocalizedText& texts);

  std::string id;
  OrganizationKind kind;
  OrganizationState state;
  std::string successor;
  std::string country;
  std::vector<Name> names;
  std::vector<Territory> territories;
  std::string mailbox;         // In lower case.
  std::string mailbox_domain;  // Empty for public mail providers.
  std::string website;         // Host; with the first folder where many share
                               // a host.
  std::string register_name;   // Folded.
  std::string register_number;
  std::optional<Position> position;
};

// Symmetric; nothing resembles an entry more than one that is equal to it.
Resemblance Resemble(const Traits& one, const Traits& other);

// Whether two entries are worth asking about at all: not the same, none merged,
// at least one that is still in use, and not one the successor of the other.
bool MayBeDoubles(const Traits& one, const Traits& other);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_DOUBLE_H_
