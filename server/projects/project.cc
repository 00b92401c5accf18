#include "server/projects/project.h"

#include <limits>
#include <set>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"

namespace lagnet::projects {
namespace {

absl::Status CheckPartners(const Project& project) {
  std::set<std::string> organizations;
  int leads = 0;
  for (size_t i = 0; i < project.partners.size(); ++i) {
    const Partner& partner = project.partners[i];
    if (!organizations.insert(partner.organization).second) {
      return InvalidField(
          absl::StrCat("project.partners[", i, "].organization"),
          "is a partner twice");
    }
    if (partner.role == PartnerRole::kLead) ++leads;
  }
  if (leads != 1) {
    return InvalidField(
        "project.partners",
        absl::StrCat("must have exactly one LEAD and has ", leads));
  }
  return absl::OkStatus();
}

// Exact: 500 amounts of 64 bits.
absl::int128 SumOf(const std::vector<BudgetLine>& budget) {
  absl::int128 sum = 0;
  for (const BudgetLine& line : budget) sum += line.amount.minor_units;
  return sum;
}

absl::Status CheckBudget(const Project& project) {
  std::set<std::string> organizations;
  for (const Partner& partner : project.partners) {
    organizations.insert(partner.organization);
  }
  for (size_t i = 0; i < project.budget.size(); ++i) {
    const BudgetLine& line = project.budget[i];
    const std::string path = absl::StrCat("project.budget[", i, "]");
    if (!line.partner.empty() && organizations.count(line.partner) == 0) {
      return InvalidField(absl::StrCat(path, ".partner"),
                          "is not a partner of the project");
    }
    const std::string& currency = project.budget[0].amount.currency;
    if (line.amount.currency != currency) {
      return InvalidField(
          absl::StrCat(path, ".amount.currency"),
          absl::StrCat("must be ", currency, ", as in the first line"));
    }
  }
  const absl::int128 sum = SumOf(project.budget);
  if (sum < 0) {
    return InvalidField("project.budget", "must not have a negative sum");
  }
  if (sum > std::numeric_limits<int64_t>::max()) {
    return InvalidField("project.budget", "has a sum that is too large");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckProject(const Project& project) {
  if (project.end_date < project.start_date) {
    return InvalidField("project.end_date", "must not be before start_date");
  }
  if (project.predecessor == project.id && !project.id.empty()) {
    return InvalidField("project.predecessor", "must be another project");
  }
  if (absl::Status status = CheckPartners(project); !status.ok()) {
    return status;
  }
  return CheckBudget(project);
}

std::optional<Money> BudgetTotal(const Project& project) {
  if (project.budget.empty()) return std::nullopt;
  return Money{.minor_units = static_cast<int64_t>(SumOf(project.budget)),
               .currency = project.budget[0].amount.currency};
}

absl::Status CheckAdvance(State from, State to) {
  if (from != State::kClosed &&
      static_cast<int>(to) == static_cast<int>(from) + 1) {
    return absl::OkStatus();
  }
  return Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
               absl::StrCat("the project is ", NameOf(from),
                            " and cannot become ", NameOf(to), " next"))
      .With("state", NameOf(from));
}

absl::Status CheckChangeable(State state) {
  if (state != State::kClosed) return absl::OkStatus();
  return Error(absl::StatusCode::kFailedPrecondition, "WRONG_STATE",
               "the project is closed and can only be read")
      .With("state", NameOf(state));
}

absl::string_view NameOf(State state) {
  switch (state) {
    case State::kUnspecified:
      return "STATE_UNSPECIFIED";
    case State::kPlanned:
      return "PLANNED";
    case State::kApplied:
      return "APPLIED";
    case State::kApproved:
      return "APPROVED";
    case State::kRunning:
      return "RUNNING";
    case State::kSettled:
      return "SETTLED";
    case State::kClosed:
      return "CLOSED";
  }
  return "STATE_UNSPECIFIED";
}

}  // namespace lagnet::projects
