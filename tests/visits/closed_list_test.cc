#include "server/visits/closed_list.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/matchers.h"
#include "tests/visits/plan_text.h"

namespace lagnet::visits {
namespace {

using testing::ElementsAre;

// A visit of six seats that are drawn, of which two have gone already: three
// civic people at least and four at most, and three of one organisation.
SeatRules ToBeDrawn() {
  SeatRules rules{.state = VisitState::kPublished,
                  .seats = 6,
                  .seats_per_organization = 3,
                  .sign_up_end = At(200),
                  .end = At(900),
                  .policy = Policy::kDraw};
  rules.shares =
      ShareBook({{.group = {.sector = Sector::kCivic}, .min = 3, .max = 4},
                 {.group = {.staff = true}, .min = 1},
                 {.group = {.sector = Sector::kPublic}, .max = 1}});
  return rules;
}

Party Waiting(const std::string& id, const std::string& organization, int count,
              Traits traits = {}) {
  static int64_t arrival = 0;
  Party party{.sign_up = id,
              .organization = organization,
              .state = SignUpState::kWaitlisted,
              .arrival = ++arrival};
  for (int i = 0; i < count; ++i) {
    party.members.push_back({.hash = absl::StrCat(id, i), .traits = traits});
  }
  return party;
}

Party WithSeats(Party party, int seats) {
  party.state = SignUpState::kConfirmed;
  party.seats = seats;
  return party;
}

draw::ClosedList ListOf(const SeatPlan& plan) {
  return CloseList(plan, {}, [] { return draw::Digest(); });
}

TEST(ClosedListTest, DrawsOnlyTheSeatsThatAreLeft) {
  const Traits civic{.sector = Sector::kCivic, .staff = true};
  const Traits official{.sector = Sector::kPublic};
  SeatPlan plan(
      1, ToBeDrawn(),
      {WithSeats(Waiting("had", "x", 1, civic), 1),
       WithSeats(Waiting("too", "y", 1, official), 1), Waiting("a", "x", 2),
       Waiting("b", "x", 1), Waiting("c", "z", 2)});
  const draw::Problem problem = ListOf(plan).problem();
  EXPECT_EQ(problem.seats, 4);
  ASSERT_EQ(problem.shares.size(), 4u);
  const auto limits = [](const draw::Share& share) {
    return std::pair(share.min, share.max);
  };
  EXPECT_EQ(limits(problem.shares[0]), std::pair(2, 3));
  EXPECT_EQ(limits(problem.shares[1]), std::pair(0, 4)) << "there is one";
  EXPECT_EQ(limits(problem.shares[2]), std::pair(0, 0)) << "it is full";
  EXPECT_EQ(problem.shares[3].name, "organization/x");
  EXPECT_EQ(limits(problem.shares[3]), std::pair(0, 2)) << "of three, one has";
}

// The others of a party that has some of its seats.
TEST(ClosedListTest, DrawsForThoseWhoHaveNoSeatYet) {
  Party party = Waiting("a", "x", 3, {.sector = Sector::kCivic});
  party.min_members = 1;
  party.members[0].traits.staff = true;
  const SeatPlan plan(1, ToBeDrawn(), {WithSeats(std::move(party), 1)});
  const draw::ClosedList list = ListOf(plan);
  ASSERT_EQ(list.parties().size(), 1u);
  EXPECT_EQ(list.parties()[0].size, 2);
  EXPECT_THAT(list.parties()[0].counts, ElementsAre(2, 0, 0));
}

}  // namespace
}  // namespace lagnet::visits
