// Whose numbers the public does not see.

#include "server/draw/small_groups.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/draw/random_problem.h"
#include "tests/support/matchers.h"

namespace lagnet::draw {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

// Single people of each type.
std::vector<bool> HiddenOf(
    const std::vector<std::string>& shares,
    const std::vector<std::pair<std::vector<int>, int>>& types) {
  Problem problem{10, {}, {}};
  for (const std::string& share : shares) {
    problem.shares.push_back({share, 0, 10});
  }
  for (const auto& [counts, parties] : types) {
    problem.types.push_back({1, counts, 1, parties});
  }
  return HiddenShares(problem);
}

// 50 - 20 - 26 are the four of the first sector, whatever else is hidden.
TEST(SmallGroupsTest, AreHiddenInEachFamilyOfShares) {
  EXPECT_THAT(HiddenOf({"share-1", "share-2", "share-3", "organization/x"},
                       {{{1, 0, 0, 0}, 4},
                        {{0, 1, 0, 0}, 17},
                        {{0, 1, 0, 1}, 3},
                        {{0, 0, 1, 0}, 26}}),
              ElementsAre(true, true, false, true));
}

TEST(SmallGroupsTest, AreNotFoundAmongThoseOfNoShare) {
  EXPECT_THAT(HiddenOf({"share-1", "share-2"},
                       {{{1, 0}, 20}, {{0, 1}, 27}, {{0, 0}, 3}}),
              ElementsAre(true, false));
  EXPECT_THAT(HiddenOf({"share-1", "share-2"},
                       {{{1, 0}, 20}, {{0, 1}, 27}, {{0, 0}, 5}}),
              ElementsAre(false, false));
}

TEST(SmallGroupsTest, AreNotEnoughToHideEachOther) {
  EXPECT_THAT(HiddenOf({"share-1", "share-2", "share-3", "share-4"},
                       {{{1, 0, 0, 0}, 2},
                        {{0, 1, 0, 0}, 2},
                        {{0, 0, 1, 0}, 20},
                        {{0, 0, 0, 1}, 26}}),
              ElementsAre(true, true, true, false));
}

TEST(SmallGroupsTest, AreHiddenAmongAllOrganizations) {
  const std::vector<std::string> shares = {"organization/x", "organization/y"};
  EXPECT_THAT(HiddenOf(shares, {{{1, 0}, 30}, {{0, 1}, 17}, {{0, 0}, 3}}),
              ElementsAre(false, true));
  EXPECT_THAT(HiddenOf(shares, {{{1, 0}, 30}, {{0, 1}, 3}, {{0, 0}, 17}}),
              ElementsAre(false, true));
  EXPECT_THAT(HiddenOf(shares, {{{1, 0}, 30}, {{0, 1}, 3}}),
              ElementsAre(true, true));
}

TEST(SmallGroupsTest, LeaveLargeOnesAsTheyAre) {
  const Problem problem = RandomProblems(22).Large(true);
  EXPECT_THAT(HiddenShares(problem), Not(Contains(true)));
}

// Which families there are is not to be found out in time.
TEST(SmallGroupsTest, AreHiddenWhereNobodyCanTell) {
  Problem problem{10, {}, {}};
  for (int s = 0; s < 30; ++s) {
    problem.shares.push_back({absl::StrCat("share-", s + 1), 0, 10});
  }
  for (int t = 0; t < 15; ++t) {
    std::vector<int> counts(30, 0);
    counts[static_cast<size_t>(2 * t)] =
        counts[static_cast<size_t>(2 * t) + 1] = 1;
    problem.types.push_back({1, counts, 1, 9});
  }
  EXPECT_THAT(HiddenShares(problem), Not(Contains(false)));
}

}  // namespace
}  // namespace lagnet::draw
