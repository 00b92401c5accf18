#include "server/rpc/deny_list.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/matchers.h"

namespace lagnet::rpc {
namespace {

using support::IsOk;
using support::StatusIs;
using testing::HasSubstr;

TEST(DenyListTest, ReadsWhatOpensslPrints) {
  const auto list = DenyList::Parse(
      "# Who was withdrawn, and why.\n"
      "\n"
      "serial=4F1A22\n"
      "  0a:0b:0c  # a laptop, 3 May\r\n"
      "00FF\n"
      "7");
  ASSERT_THAT(list, IsOk());
  EXPECT_EQ(list->size(), 4);
  for (const char* denied :
       {"4F1A22", "4f1a22", "0A0B0C", "A0B0C", "FF", "00FF", "07"}) {
    EXPECT_TRUE(list->Contains(denied)) << denied;
  }
  for (const char* other : {"4F1A2", "F1A22", "0A0B", "FF00", "0", ""}) {
    EXPECT_FALSE(list->Contains(other)) << other;
  }
}

TEST(DenyListTest, DeniesNobodyIfItIsEmpty) {
  for (const char* empty : {"", "\n", "# 01\n", "   \n\t\n"}) {
    const auto list = DenyList::Parse(empty);
    ASSERT_THAT(list, IsOk());
    EXPECT_EQ(list->size(), 0);
    EXPECT_FALSE(list->Contains("01"));
  }
}

// A line that was skipped would let in whom it was to keep out.
TEST(DenyListTest, RefusesALineThatItDoesNotUnderstand) {
  for (const char* bad :
       {"lag.example.org", "serial=", "12 34", "0x12", "-12", "issuer=CN=a",
        "12,13", "serial=12 serial=13", ":", "serial:12",
        // A fingerprint.
        "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF"}) {
    const auto list = DenyList::Parse(std::string("01\n") + bad + "\n02\n");
    EXPECT_THAT(list, StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
    EXPECT_THAT(std::string(list.status().message()), HasSubstr("line 2 "))
        << bad;
  }
}

}  // namespace
}  // namespace lagnet::rpc
