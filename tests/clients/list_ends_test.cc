#include "clients/cpp/exchange/list_ends.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cpp/exchange/list_import.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/clients/import_peer.h"

namespace lagnet::exchange {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ListEndsTest : public testing::Test {
 protected:
  ListEndsTest() {
    auto client = client::Client::Connect({.server = peer_.address()});
    EXPECT_TRUE(client.ok()) << client.status();
    client_ = *std::move(client);
  }

  // Adds a row to the list.
  void Row(const std::string& id, Organization::State state = {},
           const std::string& successor = "", const std::string& day = "") {
    Record record{.row = static_cast<int>(records_.records.size()) + 2};
    record.organization.set_name("organizations/" + id);
    record.organization.set_state(state);
    if (!successor.empty()) {
      record.organization.set_successor("organizations/" + successor);
    }
    record.organization.set_dissolved_on(day);
    records_.records.push_back(record);
  }

  // Imports the list; returns what became of each row: "row outcome fields
  // problems".
  std::vector<std::string> Import(ListImport::Options options = {}) {
    options.network = "networks/a";
    ListImport import(*client_, records_, options);
    const absl::Status planned = import.Plan([](int, int) {});
    EXPECT_TRUE(planned.ok()) << planned;
    planned_ = Lines(import.results());
    done_ = import.Import([](int, int) {});
    return Lines(import.results());
  }

  static std::vector<std::string> Lines(
      const std::vector<ImportRowResult>& results) {
    std::vector<std::string> lines;
    for (const ImportRowResult& result : results) {
      std::vector<std::string> words = {
          absl::StrCat(result.row()),
          ImportRowResult::Outcome_Name(result.outcome())};
      for (const std::string& field : result.changed_fields()) {
        words.push_back(field);
      }
      for (const auto& problem : result.problems()) {
        words.push_back(absl::StrCat(problem.field(), " ", problem.message()));
      }
      lines.push_back(absl::StrJoin(words, " "));
    }
    return lines;
  }

  ImportPeer peer_;
  std::unique_ptr<client::Client> client_;
  Records records_;
  std::vector<std::string> planned_;
  absl::Status done_;
};

TEST_F(ListEndsTest, ArchivesAndDissolvesWhatTheListSays) {
  Row("a");
  Row("b", Organization::ARCHIVED);
  Row("c", Organization::DISSOLVED, "a", "2024-12-31");
  const std::vector<std::string> wanted = {"2 CREATED", "3 CREATED state",
                                           "4 CREATED state"};
  EXPECT_EQ(Import(), wanted);
  EXPECT_EQ(planned_, wanted);
  EXPECT_TRUE(done_.ok()) << done_;
  EXPECT_THAT(peer_.steps, ElementsAre("archive organizations/b",
                                       "dissolve organizations/c"));
  EXPECT_EQ(peer_.entries["organizations/c"].end.successor(),
            "organizations/a");
  EXPECT_EQ(peer_.entries["organizations/c"].end.dissolved_on(), "2024-12-31");
  EXPECT_THAT(Import(),
              ElementsAre("2 UNCHANGED", "3 UNCHANGED", "4 UNCHANGED"));
  EXPECT_EQ(peer_.steps.size(), 2u);
}

TEST_F(ListEndsTest, EndsWhatAnImportThatWasCutOffLeft) {
  Row("a", Organization::ARCHIVED);
  peer_.unwilling = {"organizations/a"};
  Import();
  EXPECT_FALSE(done_.ok());
  peer_.unwilling.clear();
  EXPECT_THAT(Import(), ElementsAre("2 UPDATED state"));
  EXPECT_THAT(planned_, ElementsAre("2 UPDATED state"));
  EXPECT_TRUE(done_.ok()) << done_;
}

TEST_F(ListEndsTest, EndsAnEntryBeforeItsSuccessor) {
  Row("a", Organization::ARCHIVED);
  Row("b", Organization::DISSOLVED, "a");
  Row("c", Organization::DISSOLVED, "b");
  Row("d", Organization::DISSOLVED, "b");
  Import();
  EXPECT_TRUE(done_.ok()) << done_;
  EXPECT_THAT(
      peer_.steps,
      ElementsAre("dissolve organizations/c", "dissolve organizations/d",
                  "dissolve organizations/b", "archive organizations/a"));
}

TEST_F(ListEndsTest, LeavesTheServerToRefuseACircle) {
  Row("a", Organization::DISSOLVED, "b");
  Row("b", Organization::DISSOLVED, "a");
  EXPECT_THAT(Import({.skip_errors = true}),
              ElementsAre("2 CREATED state", "3 REFUSED state refused"));
}

TEST_F(ListEndsTest, LeavesWhatHasEndedOtherwiseAndSaysSo) {
  Row("a", Organization::ARCHIVED);
  Row("b", Organization::DISSOLVED, "", "2024-12-31");
  Row("c", Organization::ARCHIVED);
  Row("d", Organization::DISSOLVED);
  for (const auto& [id, state] : {std::pair("a", Organization::DISSOLVED),
                                  std::pair("b", Organization::DISSOLVED),
                                  std::pair("c", Organization::DRAFT),
                                  std::pair("d", Organization::ARCHIVED)}) {
    peer_.entries[absl::StrCat("organizations/", id)].end.set_state(state);
  }
  EXPECT_THAT(
      Import(),
      ElementsAre(
          "2 UNCHANGED state is DISSOLVED in the directory, and stays so",
          "3 UNCHANGED state is DISSOLVED with another successor or day "
          "in the directory, and stays so",
          "4 UNCHANGED state is DRAFT in the directory, and stays so",
          "5 UPDATED state"));
  EXPECT_THAT(peer_.steps, ElementsAre("dissolve organizations/d"));
}

TEST_F(ListEndsTest, RefusesWhatCannotBe) {
  Row("a", Organization::DISSOLVED, "nobody");
  EXPECT_THAT(Import(), ElementsAre("2 REFUSED successor there is no "
                                    "organizations/nobody"));
  records_.records.clear();
  Row("b", Organization::ARCHIVED);
  EXPECT_THAT(Import({.initial_state = Organization::DRAFT}),
              ElementsAre("2 REFUSED state is ARCHIVED, which only what begins "
                          "as VERIFIED can become"));
  EXPECT_THAT(peer_.entries, IsEmpty());
  EXPECT_THAT(peer_.steps, IsEmpty());
}

}  // namespace
}  // namespace lagnet::exchange
