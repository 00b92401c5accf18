#ifndef LAGNET_SERVER_VISITS_SHARES_H_
#define LAGNET_SERVER_VISITS_SHARES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace lagnet::visits {

// Shares: how many seats of a visit are for whom, at least and at most.

// The numbers are those of sign_ups.proto.
enum class Sector {
  kUnspecified = 0,
  kPublic = 1,
  kPrivate = 2,
  kCivic = 3,
  kIndividual = 4,
};
// A band, never a birth date: enough to balance a group, and no more.
enum class AgeBand {
  kUnspecified = 0,
  kUpTo17 = 1,
  k18To24 = 2,
  k25To40 = 3,
  k41To64 = 4,
  kFrom65 = 5,
};

// What shares and eligibility look at in one person.
struct Traits {
  std::string organization;  // That the person comes for, or whose area it is.
  int organization_kind = 0;
  // Where the person lives or works, or which area the organisation has: codes
  // such as "PL81", with all territories above them.
  std::vector<std::string> territories;
  Sector sector = Sector::kUnspecified;
  AgeBand age_band = AgeBand::kUnspecified;
  std::vector<std::string> languages;  // That the person speaks, BCP 47.
  bool first_timer = false;            // Never had a seat in this network.
  bool staff = false;                  // Works for the organisation.

  bool operator==(const Traits&) const = default;
};

// Those whom all that is set applies to. Nothing set: everybody.
struct Group {
  std::string organization;
  std::string territory;
  std::vector<std::string> territories_above;  // The territories it lies in.
  Sector sector = Sector::kUnspecified;
  AgeBand age_band = AgeBand::kUnspecified;
  std::string language;
  bool first_timers = false;
  bool staff = false;

  bool operator==(const Group&) const = default;
};
bool Belongs(const Traits& person, const Group& group);
// Whether everybody of `inner` is of `outer`.
bool IsWithin(const Group& inner, const Group& outer);
// Whether seats for one are not seats for the other: they differ in sector,
// age, organisation or territory. (Who has two territories counts for both.)
bool AreApart(const Group& one, const Group& other);

// Who may come: of each list that is not empty, one must be true of a person.
struct WhoMayCome {
  std::vector<std::string> territories;
  std::vector<int> organization_kinds;
  std::vector<Sector> sectors;
  std::vector<std::string> organizations;
  std::vector<AgeBand> age_bands;
  std::vector<std::string> languages;

  bool operator==(const WhoMayCome&) const = default;
};
// What of `who` is not true of a person; kNone if the person may come.
enum class Bar {
  kNone = 0,
  kTerritory = 1,
  kOrganizationKind = 2,
  kSector = 3,
  kOrganization = 4,
  kAgeBand = 5,
  kLanguage = 6,
};
Bar WhyNotEligible(const Traits& person, const WhoMayCome& who);

inline constexpr int kNoLimit = 1'000'000;

// Seats for a group. Those below its minimum are kept free for it until
// `min_until`.
struct Share {
  Group group;
  int min = 0;
  int max = kNoLimit;
  absl::Time min_until = absl::InfiniteFuture();

  bool operator==(const Share&) const = default;
};

// One bit for each share that a person counts for.
using ShareSet = uint32_t;
inline constexpr int kMaxShares = 32;

// All shares of a visit, and the seats that they keep.
//
// Shares of which one lies within the other, or which are apart, make a
// *dimension*: voivodeships are one, sectors another. A person fills one seat
// in each dimension, so that seats kept for two sectors add up, and those for
// a sector and a voivodeship do not: kept are the most that one dimension
// asks for.
class ShareBook {
 public:
  ShareBook() = default;
  explicit ShareBook(std::vector<Share> shares);

  const std::vector<Share>& shares() const { return shares_; }
  ShareSet Of(const Traits& person) const;

  // The seats that must stay free at `now` for shares below their minimum, if
  // `counts` people of each share have seats.
  int Kept(const std::vector<int>& counts, absl::Time now) const;

  // Whether somebody of these shares fills two seats of one dimension with one:
  // who has two territories. What is kept may fall by two then.
  bool CountsTwice(ShareSet person) const;

  // The seats that all minimums of each dimension ask for together, and the
  // shares of the one that asks for the most.
  struct Demand {
    int seats = 0;
    std::vector<int> shares;
  };
  Demand MostAsked() const;

 private:
  int Need(int share, const std::vector<int>& counts, absl::Time now) const;

  std::vector<Share> shares_;
  std::vector<std::vector<int>> within_;   // Of each share, the next smaller.
  std::vector<std::vector<int>> largest_;  // Of each dimension, the widest.
  // Of each share, those of its dimension that have nothing to do with it.
  std::vector<ShareSet> beside_;
};

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_SHARES_H_
