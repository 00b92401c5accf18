// Ids, resource names, and texts in several languages.

#include <set>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/id.h"
#include "server/base/localized_text.h"
#include "server/base/resource_name.h"

namespace lagnet {
namespace {

using testing::Optional;
using testing::Pair;

TEST(IdTest, MakesNamesThatTellNothing) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) ids.insert(RandomId());
  EXPECT_EQ(ids.size(), 1000u);
  for (const std::string& id : ids) {
    EXPECT_EQ(id.size(), 26u);
    EXPECT_EQ(ParseName("signUps", "signUps/" + id), id);
  }
}

TEST(IdTest, WritesBytesInBase32) {
  EXPECT_EQ(Base32(""), "");
  EXPECT_EQ(Base32(absl::string_view("\0", 1)), "00");
  EXPECT_EQ(Base32("\xff\xff\xff\xff\xff"), "zzzzzzzz");
  EXPECT_EQ(Base32("\x08\x42"), "1110");
}

TEST(IdTest, KnowsSlugs) {
  for (const char* good : {"abcd", "a2-3", "lag-kazbegi"}) {
    EXPECT_TRUE(IsSlug(good)) << good;
  }
  for (const char* bad : {"", "abc", "Abcd", "1abc", "abc-", "ab cd", "a_bc"}) {
    EXPECT_FALSE(IsSlug(bad)) << bad;
  }
}

TEST(ResourceNameTest, TakesNamesApart) {
  EXPECT_THAT(ParseName("networks", "networks/ksow"),
              Optional(std::string("ksow")));
  EXPECT_THAT(ParseName("studyVisits", "signUps", "studyVisits/a-1/signUps/b2"),
              Optional(Pair("a-1", "b2")));
}

TEST(ResourceNameTest, RefusesEverythingElse) {
  for (const std::string& name :
       {std::string(), std::string("networks"), std::string("networks/"),
        std::string("networks/KSOW"), std::string("networks/a b"),
        std::string("networks/a/b"), std::string("networks/a/"),
        std::string("/networks/a"), std::string("network/a"),
        std::string("networksx/a"), std::string("networks/ł"),
        std::string("networks/a\0", 11), "networks/" + std::string(64, 'a')}) {
    EXPECT_EQ(ParseName("networks", name), std::nullopt) << name;
  }
  for (const char* name :
       {"studyVisits/a", "studyVisits/a/signUps", "studyVisits/a/signUps/",
        "studyVisits//signUps/b", "studyVisits/a/signUp/b",
        "studyVisits/a/signUps/b/c", "signUps/b"}) {
    EXPECT_EQ(ParseName("studyVisits", "signUps", name), std::nullopt) << name;
  }
}

TEST(ResourceNameTest, LeavesAbsentReferencesAbsent) {
  EXPECT_EQ(MakeName("networks", "ksow"), "networks/ksow");
  EXPECT_EQ(MakeName("networks", ""), "");
  EXPECT_EQ(CollectionOf("studyVisits/a/signUps/b"), "studyVisits");
  EXPECT_EQ(CollectionOf("nothing"), "nothing");
}

TEST(LocalizedTextTest, IsKeptAsJson) {
  const LocalizedText text = {
      {"ka", {.text = "ყაზბეგი \"x\"", .origin = 1, .status = 2}},
      {"pl", {.text = ""}}};
  EXPECT_EQ(LocalizedTextFromJson(ToJson(text)), text);
  EXPECT_EQ(ToJson({}).dump(), "{}");
  EXPECT_EQ(ToJson({{"en", {.text = "a"}}}).dump(), R"({"en":{"text":"a"}})");
}

}  // namespace
}  // namespace lagnet
