#include "server/draw/draw.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "server/draw/tree.h"
#include "tests/draw/example.h"
#include "tests/support/matchers.h"

namespace lagnet::draw {
namespace {

// The numbers of docs/api/draw.md, which another program in another language
// gave first.
TEST(DrawTest, GivesTheNumbersOfTheDocument) {
  EXPECT_EQ(ToHex(CommitmentTo("studyVisits/example", "organizations/lag-a",
                               Filled(0x11))),
            "6b74eff54a20521f48455ca05ea8ceeb77f6284d5a7d0f43ebdd19db28c6aa5a");
  const Digest key = KeyOf("studyVisits/example", Filled(0xaa), Filled(0xbb),
                           {{"organizations/lag-b", Filled(0x22)},
                            {"organizations/lag-a", Filled(0x11)}});
  EXPECT_EQ(ToHex(key),
            "fafce03ab7c3447d53f48de499d97cfcccf3d1683b45ddec96dbe7e84f460f81");
  Stream stream(key);
  EXPECT_EQ(stream.Below(1'000'000'000'000), 628'614'645'857u);
  for (const uint64_t number : {1, 2, 2, 0}) {
    EXPECT_EQ(stream.Below(6), number);
  }
  const Lottery lottery{
      .people = 3,
      .panels = {{400'000'000'000, {1, 2}}, {600'000'000'000, {2, 1}}}};
  const Result result = Draw(key, {0, 1, 0, 1, 1, 0}, lottery);
  EXPECT_EQ(result.panel, 1u);
  EXPECT_THAT(result.selected, testing::ElementsAre(0, 2, 4));
  EXPECT_THAT(result.waiting, testing::ElementsAre(1, 3, 5));
}

TEST(DrawTest, HashesWhatAPartyAppliedAs) {
  const Party party{.id = "party-1",
                    .counts = {1, 0},
                    .application = {{"territory", "Kotla"}},
                    .salt = Filled(0x33)};
  EXPECT_EQ(LeafData(party),
            R"({"application":{"territory":"Kotla"},"counts":[1,0],)"
            R"("party":"party-1","size":1,"weight":1})");
  EXPECT_EQ(ToHex(LeafOf(party.salt, LeafData(party))),
            "2fdb7ca9df5dda0d4657ab298fcce4e48d02a6df4353e1725c7532f257389feb");
}

TEST(DrawTest, TakesSeedsInAnyOrder) {
  const std::vector<Seed> seeds = {{"a", Filled(1)}, {"b", Filled(2)}};
  const Digest key = KeyOf("v", Filled(3), Filled(4), seeds);
  EXPECT_EQ(KeyOf("v", Filled(3), Filled(4), {seeds[1], seeds[0]}), key);
  EXPECT_NE(KeyOf("w", Filled(3), Filled(4), seeds), key);
  EXPECT_NE(KeyOf("v", Filled(4), Filled(4), seeds), key);
  EXPECT_NE(KeyOf("v", Filled(3), Filled(3), seeds), key);
  EXPECT_NE(KeyOf("v", Filled(3), Filled(4), {seeds[0]}), key);
  EXPECT_NE(KeyOf("v", Filled(3), Filled(4), {{"a", Filled(2)}, seeds[1]}),
            key);
}

// Whoever copies the commitment of another host cannot open it as its own.
TEST(DrawTest, CommitsForOneHostAndOneDraw) {
  EXPECT_NE(CommitmentTo("v", "a", Filled(1)),
            CommitmentTo("v", "b", Filled(1)));
  EXPECT_NE(CommitmentTo("v", "a", Filled(1)),
            CommitmentTo("w", "a", Filled(1)));
  EXPECT_NE(CommitmentTo("va", "", Filled(1)),
            CommitmentTo("v", "a", Filled(1)));
}

TEST(StreamTest, FavoursNoNumber) {
  Stream stream(Filled(7));
  constexpr int kRolls = 60'000;
  std::map<uint64_t, int> seen;
  for (int i = 0; i < kRolls; ++i) ++seen[stream.Below(6)];
  ASSERT_EQ(seen.size(), 6u);
  double chi_square = 0;
  for (const auto& [number, times] : seen) {
    const double off = times - kRolls / 6.0;
    chi_square += off * off / (kRolls / 6.0);
  }
  EXPECT_LT(chi_square, 20.5);  // Five degrees of freedom, one in 1,000.
}

TEST(StreamTest, RejectsWhatWouldFavour) {
  Stream stream(Filled(8));
  const uint64_t limit = (uint64_t{1} << 63) + 1;
  for (int i = 0; i < 1'000; ++i) EXPECT_LT(stream.Below(limit), limit);
  EXPECT_EQ(stream.Below(1), 0u);
}

// Two panels over three types; who gets a seat, over 100,000 seeds.
TEST(DrawTest, GivesEachPartyItsChance) {
  constexpr int kDraws = 100'000;
  const std::vector<int> type_of = {0, 1, 2, 1, 0, 1, 2, 1, 1, 0};
  const Problem problem{4, {}, {{1, {}, 1, 3}, {1, {}, 1, 5}, {2, {}, 1, 2}}};
  const Lottery lottery{.people = 4,
                        .panels = {{250'000'000'000, {0, 2, 1}},
                                   {600'000'000'000, {1, 3, 0}},
                                   {150'000'000'000, {2, 0, 1}}}};
  ASSERT_THAT(CheckPanels(problem, lottery), support::IsOk());
  std::vector<int> seats(type_of.size(), 0);
  std::vector<int> first(type_of.size(), 0);
  for (int i = 0; i < kDraws; ++i) {
    const Digest key =
        KeyOf("v", Digest{}, Digest{},
              {{"host", Sha256({BigEndian(static_cast<uint64_t>(i))})}});
    const Result result = Draw(key, type_of, lottery);
    for (const int party : result.selected) ++seats[static_cast<size_t>(party)];
    ++first[static_cast<size_t>(result.waiting[0])];
    ASSERT_EQ(result.selected.size() + result.waiting.size(), type_of.size());
  }
  const std::vector<int64_t> expected = Expected(problem, lottery);
  double chi_square = 0;
  for (size_t i = 0; i < type_of.size(); ++i) {
    const auto type = static_cast<size_t>(type_of[i]);
    const Chance chance = ChanceOf(expected[type], problem.types[type].parties);
    const double p = static_cast<double>(chance.numerator) /
                     static_cast<double>(chance.denominator);
    const double off = seats[i] - kDraws * p;
    chi_square += off * off / (kDraws * p * (1 - p));
    EXPECT_GT(first[i], 0);
  }
  EXPECT_LT(chi_square, 29.6);  // Ten squares of a normal, one in 1,000.
}

TEST(ChanceTest, IsAFractionInLowestTerms) {
  EXPECT_EQ(ChanceOf(kTotalWeight / 4 * 3, 2), (Chance{3, 8}));
  EXPECT_EQ(ChanceOf(0, 7), (Chance{0, 1}));
  EXPECT_EQ(ToFraction({3, 40}), "3/40");
  EXPECT_EQ(ToPercent({3, 40}), "7.50 %");
}

}  // namespace
}  // namespace lagnet::draw
