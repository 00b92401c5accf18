#include "server/projects/project.h"

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace lagnet::projects {
namespace {

using support::IsOk;
using support::MetadataOf;
using support::StatusIs;
using support::WrongFields;
using testing::ElementsAre;

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();

BudgetLine Line(int64_t minor_units, const std::string& partner = "",
                const std::string& currency = "PLN") {
  return {.title = "transport",
          .year = 2026,
          .partner = partner,
          .amount = {.minor_units = minor_units, .currency = currency}};
}

// A project that CheckProject() accepts.
Project Sound() {
  return {.id = "green-paths",
          .network = "ksow",
          .partners = {{"lag-kozienice", PartnerRole::kLead},
                       {"lag-kazbegi", PartnerRole::kPartner}},
          .start_date = absl::CivilDay(2026, 5, 1),
          .end_date = absl::CivilDay(2026, 9, 30),
          .budget = {Line(17607220, "lag-kozienice"), Line(500)}};
}

struct Case {
  const char* what;
  std::function<void(Project&)> change;
  const char* wrong_field = "";
};

void ExpectAccepted(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    Project project = Sound();
    c.change(project);
    EXPECT_THAT(CheckProject(project), IsOk());
  }
}

void ExpectRefused(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    Project project = Sound();
    c.change(project);
    const absl::Status status = CheckProject(project);
    EXPECT_THAT(status,
                StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
    EXPECT_THAT(WrongFields(status), ElementsAre(c.wrong_field));
  }
}

TEST(ProjectTest, AcceptsWhatIsSound) {
  ExpectAccepted({
      {"as it is", [](Project&) {}},
      {"one day long", [](Project& p) { p.end_date = p.start_date; }},
      {"the lead alone",
       [](Project& p) {
         p.partners = {{"lag-kozienice", PartnerRole::kLead}};
       }},
      {"the lead last",
       [](Project& p) { std::swap(p.partners[0], p.partners[1]); }},
      {"no budget", [](Project& p) { p.budget.clear(); }},
      {"a deduction", [](Project& p) { p.budget.push_back(Line(-700)); }},
      {"a sum of nothing",
       [](Project& p) {
         p.budget = {Line(700), Line(-700)};
       }},
      {"the largest sum", [](Project& p) { p.budget = {Line(kMost)}; }},
      {"a sum that is too large only in between",
       [](Project& p) {
         p.budget = {Line(kMost), Line(1), Line(-1)};
       }},
      {"a predecessor", [](Project& p) { p.predecessor = "green-paths-1"; }},
  });
}

TEST(ProjectTest, WantsExactlyOneLeadAndNobodyTwice) {
  ExpectRefused({
      {"no partners",
       [](Project& p) {
         p.partners.clear();
         p.budget.clear();
       },
       "project.partners"},
      {"no lead",
       [](Project& p) { p.partners[0].role = PartnerRole::kPartner; },
       "project.partners"},
      {"two leads", [](Project& p) { p.partners[1].role = PartnerRole::kLead; },
       "project.partners"},
      {"a partner twice",
       [](Project& p) {
         p.partners.push_back({"lag-kazbegi", PartnerRole::kPartner});
       },
       "project.partners[2].organization"},
      {"the lead as a partner too",
       [](Project& p) {
         p.partners.push_back({"lag-kozienice", PartnerRole::kPartner});
       },
       "project.partners[2].organization"},
  });
}

TEST(ProjectTest, WantsABudgetOfItsPartnersInOneCurrency) {
  ExpectRefused({
      {"somebody else spends",
       [](Project& p) { p.budget[1].partner = "lag-achinos"; },
       "project.budget[1].partner"},
      {"two currencies",
       [](Project& p) { p.budget.push_back(Line(1, "", "EUR")); },
       "project.budget[2].amount.currency"},
      {"a negative sum",
       [](Project& p) {
         p.budget = {Line(1), Line(-2)};
       },
       "project.budget"},
      {"a sum that is too large",
       [](Project& p) {
         p.budget = {Line(kMost), Line(1)};
       },
       "project.budget"},
      {"a sum that is too small",
       [](Project& p) {
         p.budget = {Line(kLeast), Line(kLeast)};
       },
       "project.budget"},
  });
}

TEST(ProjectTest, WantsATimeThatRunsForward) {
  ExpectRefused({
      {"ends before it starts",
       [](Project& p) { p.end_date = p.start_date - 1; }, "project.end_date"},
      {"continues itself", [](Project& p) { p.predecessor = p.id; },
       "project.predecessor"},
  });
}

TEST(ProjectTest, SumsTheBudget) {
  Project project = Sound();
  EXPECT_EQ(BudgetTotal(project), (Money{17607720, "PLN"}));
  project.budget = {Line(kMost), Line(kMost), Line(-kMost)};
  EXPECT_EQ(BudgetTotal(project), (Money{kMost, "PLN"}));
  project.budget.clear();
  EXPECT_EQ(BudgetTotal(project), std::nullopt);
}

TEST(ProjectTest, TakesOneStageAfterTheOther) {
  for (int from = 1; from <= 6; ++from) {
    for (int to = 0; to <= 7; ++to) {
      const State present = static_cast<State>(from);
      const absl::Status status = CheckAdvance(present, static_cast<State>(to));
      SCOPED_TRACE(testing::Message() << from << " to " << to);
      if (to == from + 1 && from < 6) {
        EXPECT_THAT(status, IsOk());
        continue;
      }
      EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition,
                                   "WRONG_STATE"));
      EXPECT_EQ(MetadataOf(status, "state"), NameOf(present));
    }
  }
}

TEST(ProjectTest, ChangesNoMoreOnceClosed) {
  for (const State state : {State::kPlanned, State::kApplied, State::kApproved,
                            State::kRunning, State::kSettled}) {
    EXPECT_THAT(CheckChangeable(state), IsOk());
  }
  const absl::Status status = CheckChangeable(State::kClosed);
  EXPECT_THAT(status,
              StatusIs(absl::StatusCode::kFailedPrecondition, "WRONG_STATE"));
  EXPECT_EQ(MetadataOf(status, "state"), "CLOSED");
}

}  // namespace
}  // namespace lagnet::projects
