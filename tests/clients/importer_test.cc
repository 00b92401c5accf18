#include "clients/cpp/cli/importer.h"

#include <fstream>

#include "absl/strings/str_cat.h"
#include "clients/cpp/cli/app.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/clients/store_peer.h"

namespace lagnet::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr absl::CivilDay kToday(2026, 12, 30);

constexpr char kDemo[] = R"({
  "signUps": [{"parent": "studyVisits/v", "externalId": "1"}],
  "studyVisits": [{"name": "studyVisits/v", "hosts": ["organizations/a"],
                   "start": "@+9d", "state": "PUBLISHED"},
                  {"name": "studyVisits/off", "state": "CANCELLED",
                   "cancelReason": "flood"}],
  "projects": [{"name": "projects/p", "state": "APPROVED"}],
  "organizations": [{"name": "organizations/a"}]
})";

class ImporterTest : public testing::Test {
 protected:
  // Loads `text`; returns "created/existed/unchecked/failed".
  std::string Import(const std::string& text, bool dry_run = false,
                     absl::CivilDay today = kToday) {
    auto items = *ParseImport("f", text, today);
    std::stable_sort(
        items.begin(), items.end(),
        [](const ImportItem& a, const ImportItem& b) {
          return std::find(kImportKinds.begin(), kImportKinds.end(), a.kind) <
                 std::find(kImportKinds.begin(), kImportKinds.end(), b.kind);
        });
    client::ConnectOptions options;
    options.server = peer_.address();
    const auto client = *client::Client::Connect(options);
    report_ = Importer(*client, dry_run)
                  .Run(items, [](const ImportReport&, const ImportItem&) {});
    ImportReport::Count sum;
    for (const auto& [kind, count] : report_.kinds) {
      sum.created += count.created;
      sum.existed += count.existed;
      sum.unchecked += count.unchecked;
      sum.failed += count.failed;
    }
    return absl::StrCat(sum.created, "/", sum.existed, "/", sum.unchecked, "/",
                        sum.failed);
  }

  StorePeer peer_;
  ImportReport report_;
};

TEST_F(ImporterTest, BringsEverythingToItsStage) {
  EXPECT_EQ(Import(kDemo), "5/0/0/0");
  EXPECT_THAT(
      peer_.log,
      ElementsAre("create organizations/a", "create projects/p",
                  "advance APPLIED", "advance APPROVED", "create studyVisits/v",
                  "PUBLISHED studyVisits/v", "create studyVisits/off",
                  "PUBLISHED studyVisits/off", "create studyVisits/v/signUps/1",
                  "CANCELLED studyVisits/off"));
  EXPECT_EQ(peer_.visits["studyVisits/v"].start(), "2027-01-08");
}

TEST_F(ImporterTest, TakesOrganizationsForVerifiedUnlessTheFileSaysOtherwise) {
  Import(R"({"organizations": [{"name": "organizations/a"},
                               {"name": "organizations/b", "state": "DRAFT"}]})");
  using directory::v1::Organization;
  EXPECT_EQ(peer_.organizations["organizations/a"].state(),
            Organization::VERIFIED);
  EXPECT_EQ(peer_.organizations["organizations/b"].state(),
            Organization::DRAFT);
}

TEST_F(ImporterTest, ChangesNothingWhenRepeatedTodayOrTomorrow) {
  Import(kDemo);
  peer_.log.clear();
  Import(kDemo);
  EXPECT_EQ(Import(kDemo, false, kToday + 1).back(), '0');
  EXPECT_THAT(peer_.log, IsEmpty());
}

TEST_F(ImporterTest, FinishesWhatAnEarlierImportLeftUndone) {
  Import(kDemo);
  peer_.visits["studyVisits/v"].set_state(visits::v1::StudyVisit::DRAFT);
  peer_.projects["projects/p"].set_state(projects::v1::Project::APPLIED);
  peer_.log.clear();
  Import(kDemo, false, kToday + 1);
  EXPECT_THAT(peer_.log,
              ElementsAre("advance APPROVED", "PUBLISHED studyVisits/v"));
}

TEST_F(ImporterTest, LeavesWhatOthersMadeAsItIs) {
  peer_.projects["projects/p"].set_name("projects/p");
  EXPECT_EQ(Import(R"({"projects": [{"name": "projects/p", "state": "CLOSED"}]
                      })"),
            "0/1/0/0");
  EXPECT_THAT(peer_.log, IsEmpty());
}

TEST_F(ImporterTest, GoesOnAfterAFailureAndNamesIt) {
  EXPECT_EQ(Import(R"({
      "organizations": [{"name": "organizations/x", "colour": "red"},
                        {"name": "organizations/a"}],
      "studyVisits": [{"name": "studyVisits/v", "hosts": ["organizations/x"]}]
      })"),
            "1/0/0/2");
  ASSERT_THAT(report_.failures, SizeIs(2));
  EXPECT_EQ(report_.failures[0].resource, "organizations/x");
  EXPECT_EQ(client::Decode(report_.failures[1].status).reason,
            "UNKNOWN_REFERENCE");
}

TEST_F(ImporterTest, ChangesNothingInADryRun) {
  EXPECT_EQ(Import(R"({
      "organizations": [{"name": "organizations/a"}],
      "studyVisits": [{"name": "studyVisits/v", "hosts": ["organizations/a"]},
                      {"name": "studyVisits/w", "hosts": ["organizations/b"]}]
      })",
                   true),
            "1/0/1/1");
  EXPECT_THAT(peer_.log, IsEmpty());
  EXPECT_EQ(Import(kDemo), "5/0/0/0");
}

TEST_F(ImporterTest, LeavesLikelyDoublesToTheFiles) {
  EXPECT_EQ(Import(R"({"organizations": [
      {"name": "organizations/a", "email": "office@example.org"},
      {"name": "organizations/b", "email": "office@example.org"}]})"),
            "2/0/0/0");
}

TEST_F(ImporterTest, SaysWhereTheFactsComeFrom) {
  const std::string file = testing::TempDir() + "/organizations.json";
  std::ofstream(file) << R"({"organizations": [{"name": "organizations/a"}]})";
  EXPECT_EQ(RunApp({"import", file, "--source", "the list of 2026", "--server",
                    peer_.address()}),
            0);
  EXPECT_EQ(peer_.source, "the list of 2026");
}

using CreateTest = ImporterTest;

TEST_F(CreateTest, SaysWhatItIsLikelyAlreadyAndWhatToDo) {
  Import(R"({"organizations": [
      {"name": "organizations/a", "email": "office@example.org"}]})");
  std::vector<std::string> command = {"org",
                                      "create",
                                      "b",
                                      "--network",
                                      "n",
                                      "--kind",
                                      "lag",
                                      "--country",
                                      "GE",
                                      "--display-name",
                                      "B",
                                      "--email",
                                      "office@example.org",
                                      "--server",
                                      peer_.address()};
  testing::internal::CaptureStderr();
  EXPECT_EQ(RunApp(command), 1);
  EXPECT_EQ(
      testing::internal::GetCapturedStderr(),
      "Nothing was added: it is likely in the directory already.\n"
      "SCORE  ENTRY  STATE     WHY\n"
      "0.70   a      VERIFIED  mailbox: office@example.org\n"
      "`lagnet org get a` shows the first.\nIf it is none of them, repeat "
      "the command with --allow-likely-doubles.\n");
  EXPECT_EQ(peer_.organizations.size(), 1u);
  command.emplace_back("--allow-likely-doubles");
  EXPECT_EQ(RunApp(command), 0);
  EXPECT_EQ(peer_.organizations.size(), 2u);
}

using UpdateTest = ImporterTest;

TEST_F(UpdateTest, KeepsOtherLanguagesAndSendsOnlyWhatWasGiven) {
  Import(R"({"organizations": [{"name": "organizations/a",
             "displayName": {"texts": {"pl": {"text": "Park"}}}}]})");
  peer_.log.clear();
  EXPECT_EQ(RunApp({"org", "update", "a", "--display-name", "en=Reserve",
                    "--server", peer_.address()}),
            0);
  EXPECT_THAT(peer_.log, ElementsAre("update organizations/a display_name"));
  EXPECT_EQ(peer_.organizations["organizations/a"].display_name().texts_size(),
            2);
}

TEST_F(UpdateTest, StartsAnewWhenOvertaken) {
  Import(R"({"organizations": [{"name": "organizations/a"}]})");
  peer_.overtaken = 2;
  EXPECT_EQ(RunApp({"org", "update", "a", "--email", "a@example.org",
                    "--server", peer_.address()}),
            0);
}

TEST_F(UpdateTest, AsksWhatToChange) {
  Import(R"({"organizations": [{"name": "organizations/a"}]})");
  EXPECT_EQ(RunApp({"org", "update", "a", "--server", peer_.address()}), 2);
  EXPECT_EQ(RunApp({"org", "update", "b", "--email", "a@example.org",
                    "--server", peer_.address()}),
            1);
}

}  // namespace
}  // namespace lagnet::cli
