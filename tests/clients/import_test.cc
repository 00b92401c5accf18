#include <filesystem>
#include <fstream>

#include "clients/cpp/cli/import_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lagnet::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr absl::CivilDay kDay(2026, 12, 30);

std::string Why(const std::string& text) {
  return std::string(ParseImport("f", text, kDay).status().message());
}

TEST(ImportFileTest, ResolvesDates) {
  EXPECT_EQ(ResolveDate("@+60d", kDay), "2027-02-28");
  EXPECT_EQ(ResolveDate("@-12d", kDay), "2026-12-18");
  EXPECT_EQ(ResolveDate("@+3dT09:00", kDay), "2027-01-02T09:00");
  EXPECT_EQ(ResolveDate("@+0d", kDay), "2026-12-30");
}

TEST(ImportFileTest, LeavesOtherTextsAlone) {
  for (const char* text : {"", "@", "@+d", "@+5", "@5d", "x@+5d",
                           "a@example.org", "@+99999999999d", "@@+5d"}) {
    EXPECT_EQ(ResolveDate(text, kDay), text);
  }
}

TEST(ImportFileTest, FillsDatesInEverywhere) {
  const auto items = ParseImport("f", R"({"studyVisits": [{
      "name": "studyVisits/a", "start": "@+1dT09:00",
      "days": [{"date": "@+1d"}]}]})",
                                 kDay);
  ASSERT_TRUE(items.ok()) << items.status();
  EXPECT_EQ(items->at(0).json["start"], "2026-12-31T09:00");
  EXPECT_EQ(items->at(0).json["days"][0]["date"], "2026-12-31");
}

TEST(ImportFileTest, SendsTheSameRequestIdTomorrow) {
  const std::string text =
      R"({"projects": [{"name": "projects/a", "startDate": "@+1d"}]})";
  const std::string id = ParseImport("f", text, kDay)->at(0).request_id;
  EXPECT_EQ(ParseImport("g", text, kDay + 1)->at(0).request_id, id);
  const std::string other =
      R"({"projects": [{"name": "projects/a", "startDate": "@+2d"}]})";
  EXPECT_NE(ParseImport("f", other, kDay)->at(0).request_id, id);
}

TEST(ImportFileTest, TellsSignUpsForTwoVisitsApart) {
  const auto items = ParseImport("f", R"({"signUps": [
      {"parent": "studyVisits/a", "externalId": "1"},
      {"parent": "b", "externalId": "1"}]})",
                                 kDay);
  ASSERT_TRUE(items.ok()) << items.status();
  EXPECT_EQ(items->at(1).parent, "studyVisits/b");
  EXPECT_FALSE(items->at(0).json.contains("parent"));
  EXPECT_NE(items->at(0).request_id, items->at(1).request_id);
}

TEST(ImportFileTest, SaysWhatIsWrong) {
  EXPECT_THAT(Why("{"), HasSubstr("is not JSON"));
  EXPECT_THAT(Why("[]"), HasSubstr("is not an object"));
  EXPECT_THAT(Why(R"({"visits": []})"), HasSubstr("unknown kind \"visits\""));
  EXPECT_THAT(Why(R"({"networks": {}})"), HasSubstr("is not an array"));
  EXPECT_THAT(Why(R"({"networks": [{}]})"), HasSubstr("networks/ID"));
  EXPECT_THAT(Why(R"({"signUps": [{}]})"), HasSubstr("which visit"));
}

TEST(ImportFileTest, LoadsAFolderByKindThenByName) {
  const std::string folder = testing::TempDir() + "/import";
  std::filesystem::create_directories(folder);
  std::ofstream(folder + "/b.json") << R"({
      "organizations": [{"name": "organizations/b"}],
      "networks": [{"name": "networks/n"}]})";
  std::ofstream(folder + "/a.json")
      << R"({"organizations": [{"name": "organizations/a"}]})";
  std::ofstream(folder + "/notes.txt") << "not JSON";
  const auto items = LoadImport({folder}, kDay);
  ASSERT_TRUE(items.ok()) << items.status();
  std::vector<std::string> names;
  for (const ImportItem& item : *items) names.push_back(item.name);
  EXPECT_THAT(names,
              ElementsAre("networks/n", "organizations/a", "organizations/b"));
}

}  // namespace
}  // namespace lagnet::cli
