#ifndef LAGNET_SERVER_PROJECTS_PROJECT_H_
#define LAGNET_SERVER_PROJECTS_PROJECT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "server/base/localized_text.h"

namespace lagnet::projects {

// The numbers are those of projects.proto.
//
//   PLANNED -> APPLIED -> APPROVED -> RUNNING -> SETTLED -> CLOSED
enum class State {
  kUnspecified = 0,
  kPlanned = 1,
  kApplied = 2,
  kApproved = 3,
  kRunning = 4,
  kSettled = 5,
  kClosed = 6,
};
enum class PartnerRole { kUnspecified = 0, kLead = 1, kPartner = 2 };

struct Money {
  int64_t minor_units = 0;  // 17607220 is 176,072.20 PLN.
  std::string currency;     // ISO 4217.

  bool operator==(const Money&) const = default;
};

// An organisation that does the project together with the others.
struct Partner {
  std::string organization;
  PartnerRole role = PartnerRole::kUnspecified;
};

struct BudgetLine {
  std::string title;
  int year = 0;
  std::string partner;  // The organisation that spends it; may be empty.
  Money amount;         // Negative for what is deducted.
};

// A number that the project promised.
struct Indicator {
  std::string title;
  std::string unit;
  int64_t target = 0;
  int64_t actual = 0;
};

// What a funder pays for.
struct Project {
  std::string id;  // "green-paths" of "projects/green-paths".
  std::string network;
  LocalizedText title;
  LocalizedText description;
  std::string programme;
  std::string priority;
  std::string goal;
  std::string action;
  std::string agreement_number;
  std::vector<Partner> partners;
  absl::CivilDay start_date;
  absl::CivilDay end_date;  // Inclusive.
  std::vector<BudgetLine> budget;
  std::vector<Indicator> indicators;
  LocalizedText credit_line;
  std::vector<std::string> logo_urls;
  std::string predecessor;
  State state = State::kPlanned;
  int64_t version = 0;
  absl::Time create_time;
  absl::Time update_time;
  int64_t row = 0;  // The database's key.
};

// Which projects a list shows. Empty means any.
struct ProjectFilter {
  std::string network;
  std::string organization;  // Among the partners.
  State state = State::kUnspecified;
};

// Fails with INVALID_FIELDS unless one partner leads, no organisation is a
// partner twice, who spends a budget line is a partner, the budget is in one
// currency, its sum is neither negative nor too large for an int64, the end is
// not before the start, and the project does not continue itself.
absl::Status CheckProject(const Project& project);

// The sum of the budget lines of a project that CheckProject() accepts;
// nothing if there are none.
std::optional<Money> BudgetTotal(const Project& project);

// Fails with FAILED_PRECONDITION / WRONG_STATE unless `to` follows `from`.
absl::Status CheckAdvance(State from, State to);

// Fails with FAILED_PRECONDITION / WRONG_STATE if nothing may change any more.
absl::Status CheckChangeable(State state);

// As the API spells it: "PLANNED".
absl::string_view NameOf(State state);

}  // namespace lagnet::projects

#endif  // LAGNET_SERVER_PROJECTS_PROJECT_H_
