#include "server/base/zoned_time.h"

#include "gtest/gtest.h"

namespace lagnet {
namespace {

constexpr char kWarsaw[] = "Europe/Warsaw";
constexpr char kTbilisi[] = "Asia/Tbilisi";

std::string Utc(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%S", time, absl::UTCTimeZone());
}
absl::CivilSecond At(const char* text) { return *ParseLocalDateTime(text); }

TEST(ZonedTimeTest, ReadsCivilTimesStrictly) {
  EXPECT_EQ(At("2026-09-19T09:00"), absl::CivilSecond(2026, 9, 19, 9));
  EXPECT_EQ(At("2026-09-19T09:00:30"),
            absl::CivilSecond(2026, 9, 19, 9, 0, 30));
  for (const char* text :
       {"", "2026-09-19", "2026-09-19T09", "2026-9-19T09:00",
        "2026-02-30T09:00", "2026-09-19T24:00", "2026-09-19T09:60",
        "2026-09-19T09:00:60", "2026-09-19T09:00Z", " 2026-09-19T09:0",
        "2026-09-19t09:00"}) {
    EXPECT_FALSE(ParseLocalDateTime(text)) << text;
  }
  EXPECT_TRUE(ParseLocalDate("2028-02-29"));
  for (const char* text :
       {"2027-02-29", "2026-13-01", "26-01-01", "2026-1-1"}) {
    EXPECT_FALSE(ParseLocalDate(text)) << text;
  }
}

TEST(ZonedTimeTest, WritesTheShortestForm) {
  EXPECT_EQ(FormatLocalDateTime(At("2026-09-19T09:00")), "2026-09-19T09:00");
  EXPECT_EQ(FormatLocalDateTime(At("2026-09-19T09:00:00")), "2026-09-19T09:00");
  EXPECT_EQ(FormatLocalDateTime(At("2026-09-19T09:00:05")),
            "2026-09-19T09:00:05");
}

TEST(ZonedTimeTest, KnowsItsZones) {
  EXPECT_EQ(Utc(InstantOf(At("2026-01-15T12:00"), kWarsaw, Favour::kLater)),
            "2026-01-15T11:00:00");
  EXPECT_EQ(Utc(InstantOf(At("2026-07-15T12:00"), kWarsaw, Favour::kLater)),
            "2026-07-15T10:00:00");
  EXPECT_EQ(Utc(InstantOf(At("2026-07-15T12:00"), kTbilisi, Favour::kLater)),
            "2026-07-15T08:00:00");
}

// 25 October 2026, 03:00 -> 02:00: 02:30 happens twice.
TEST(ZonedTimeTest, DecidesWhatHappensTwiceInFavourOfPeople) {
  EXPECT_EQ(Utc(InstantOf(At("2026-10-25T02:30"), kWarsaw, Favour::kEarlier)),
            "2026-10-25T00:30:00");
  EXPECT_EQ(Utc(InstantOf(At("2026-10-25T02:30"), kWarsaw, Favour::kLater)),
            "2026-10-25T01:30:00");
}

// 29 March 2026, 02:00 -> 03:00: 02:30 never happens.
TEST(ZonedTimeTest, DecidesWhatNeverHappensInFavourOfPeople) {
  EXPECT_EQ(Utc(InstantOf(At("2026-03-29T02:30"), kWarsaw, Favour::kEarlier)),
            "2026-03-29T00:30:00");
  EXPECT_EQ(Utc(InstantOf(At("2026-03-29T02:30"), kWarsaw, Favour::kLater)),
            "2026-03-29T01:30:00");
}

TEST(ZonedTimeTest, IncludesTheWholeLastMinute) {
  EXPECT_EQ(Utc(EndOfMinute(At("2026-07-15T18:00"), kWarsaw)),
            "2026-07-15T16:01:00");
  EXPECT_EQ(Utc(EndOfMinute(At("2026-07-15T18:00:59"), kWarsaw)),
            "2026-07-15T16:01:00");
}

TEST(ZonedTimeTest, RefusesZonesThatDependOnTheMachine) {
  EXPECT_TRUE(IsTimeZone("UTC"));
  EXPECT_TRUE(IsTimeZone(kTbilisi));
  for (const char* zone : {"", "localtime", "/etc/localtime", "../UTC",
                           "Europe/../UTC", "Europe/Nowhere", "CEST!"}) {
    EXPECT_FALSE(IsTimeZone(zone)) << zone;
  }
}

}  // namespace
}  // namespace lagnet
