#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/process.h"

namespace lagnet {
namespace {

TEST(PlantedRaceTest, IsFoundWithTheSettingsOfAllTests) {
  if (std::string(LAGNET_SANITIZE) != "thread") {
    GTEST_SKIP() << "races are looked for in the preset tsan";
  }
  const char* options = std::getenv("TSAN_OPTIONS");
  ASSERT_NE(options, nullptr) << "run this test by ctest, which sets them";
  const auto result =
      RunCommand({"/usr/bin/env", absl::StrCat("TSAN_OPTIONS=", options),
                  LAGNET_PLANTED_RACE});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->exit_code, 66) << result->output;
  EXPECT_THAT(
      result->output,
      testing::AllOf(testing::HasSubstr("WARNING: ThreadSanitizer: data race"),
                     testing::HasSubstr("planted_race.cc")));
}

}  // namespace
}  // namespace lagnet
