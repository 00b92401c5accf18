#include "clients/cpp/exchange/list_import.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/clients/import_peer.h"

namespace lagnet::exchange {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Le;
using testing::SizeIs;

class ListImportTest : public testing::Test {
 protected:
  ListImportTest() {
    auto client = client::Client::Connect({.server = peer_.address()});
    EXPECT_TRUE(client.ok()) << client.status();
    client_ = *std::move(client);
  }

  static Records ListOf(int count, const std::string& website = "") {
    Records records;
    for (int i = 0; i < count; ++i) {
      Record record{.row = i + 2, .mask = {"website"}};
      record.organization.set_name(absl::StrCat("organizations/lag-", i));
      record.organization.set_website(website);
      records.records.push_back(record);
    }
    return records;
  }

  ListImport Planned(const Records& records, bool skip_errors = false) {
    ListImport import(*client_, records,
                      {.network = "networks/a", .skip_errors = skip_errors});
    const absl::Status planned = import.Plan([](int, int) {});
    EXPECT_TRUE(planned.ok()) << planned;
    return import;
  }
  static absl::Status Run(ListImport& import) {
    return import.Import([](int, int) {});
  }

  ImportPeer peer_;
  std::unique_ptr<client::Client> client_;
};

TEST_F(ListImportTest, PlansAllAndThenImportsByTheHundred) {
  const Records records = ListOf(250);
  ListImport import = Planned(records);
  EXPECT_EQ(import.Count(ImportRowResult::CREATED), 250);
  EXPECT_THAT(peer_.entries, SizeIs(0));
  EXPECT_TRUE(Run(import).ok());
  EXPECT_THAT(peer_.sizes, ElementsAre(100, 100, 50));
  EXPECT_THAT(peer_.entries, SizeIs(250));
  ListImport again = Planned(records);
  EXPECT_EQ(again.Count(ImportRowResult::UNCHANGED), 250);
  EXPECT_TRUE(Run(again).ok());
  EXPECT_THAT(peer_.sizes, SizeIs(3));
}

TEST_F(ListImportTest, KeepsCallsBelowTheLimitOfAMessage) {
  const Records records = ListOf(100, std::string(50'000, 'x'));
  ListImport import = Planned(records);
  EXPECT_TRUE(Run(import).ok());
  EXPECT_THAT(peer_.sizes, Each(Le(18)));
  EXPECT_THAT(peer_.entries, SizeIs(100));
}

TEST_F(ListImportTest, GoesOnWhereItWasCutOff) {
  const Records records = ListOf(300);
  peer_.fail_after = 1;
  ListImport cut = Planned(records);
  EXPECT_FALSE(Run(cut).ok());
  EXPECT_TRUE(cut.IsImported(99));
  EXPECT_FALSE(cut.IsImported(100));
  const std::string id = peer_.request_ids.back();
  ListImport rest = Planned(records);
  EXPECT_EQ(rest.Count(ImportRowResult::CREATED), 200);
  EXPECT_TRUE(Run(rest).ok());
  // The call that got no answer is known again.
  EXPECT_EQ(peer_.request_ids[2], id);
  EXPECT_THAT(peer_.entries, SizeIs(300));
}

TEST_F(ListImportTest, IsAnotherCallAfterSomebodysEdit) {
  const Records records = ListOf(1, "https://a.example.org");
  for (int round = 0; round < 2; ++round) {
    peer_.entries["organizations/lag-0"].website = "https://b.example.org";
    ++peer_.entries["organizations/lag-0"].version;
    ListImport import = Planned(records);
    EXPECT_TRUE(Run(import).ok());
  }
  EXPECT_NE(peer_.request_ids[0], peer_.request_ids[1]);
}

TEST_F(ListImportTest, PlansAgainWhatSomebodyChangedMeanwhile) {
  const Records records = ListOf(3, "https://a.example.org");
  peer_.entries["organizations/lag-1"] = {};
  ListImport import = Planned(records);
  bool first = true;
  peer_.before_import = [&] {
    if (first) peer_.entries["organizations/lag-1"].version = 7;
    first = false;
  };
  EXPECT_TRUE(Run(import).ok());
  EXPECT_EQ(peer_.entries["organizations/lag-1"].version, 8);
  EXPECT_EQ(import.Count(ImportRowResult::UPDATED), 1);
}

TEST_F(ListImportTest, StopsAtAnErrorThatCameMeanwhileUnlessItIsSkipped) {
  for (const bool skip : {false, true}) {
    peer_.entries = {{"organizations/lag-1", {}}};
    peer_.archived.clear();
    const Records records = ListOf(3, "https://a.example.org");
    ListImport import = Planned(records, skip);
    peer_.before_import = [&] { peer_.archived = {"organizations/lag-1"}; };
    EXPECT_EQ(Run(import).ok(), skip);
    EXPECT_EQ(import.Count(ImportRowResult::REFUSED), 1);
    EXPECT_THAT(peer_.entries, SizeIs(skip ? 3 : 1));
  }
}

TEST_F(ListImportTest, TellsRowsThatAreOneEntryAcrossCalls) {
  Records records = ListOf(150);
  records.records[149].organization.set_name("organizations/lag-0");
  ListImport import = Planned(records);
  EXPECT_EQ(import.Count(ImportRowResult::REFUSED), 1);
  EXPECT_EQ(import.results()[149].problems(0).message(),
            "is organizations/lag-0, as row 2 is");
  EXPECT_THAT(ToTable(import.results()).rows, SizeIs(150));
}

TEST_F(ListImportTest, AsksWhatElseIsWrongWithARowThatCannotBeRead) {
  Records records = ListOf(4, "https://a.example.org");
  peer_.archived = {"organizations/lag-0", "organizations/lag-1",
                    "organizations/lag-3"};
  records.columns = {{"website", "Strona"}, {"kind", "Typ"}};
  records.records[0].problems = {{"Typ", "\"Verein\" is none", "kind"}};
  records.records[1].problems = {{"Strona", "is odd", "website.part"}};
  records.records[2].problems = {{"Podregiony", "\"radomsky\" is none", ""}};
  // What stands in the wrong columns is nobody's mistake.
  records.records[3].problems = {{"", "has more cells than the header", ""}};
  const ListImport import = Planned(records);
  std::vector<std::string> said;
  for (const ImportRowResult& result : import.results()) {
    EXPECT_EQ(result.outcome(), ImportRowResult::REFUSED);
    for (const auto& problem : result.problems()) {
      said.push_back(absl::StrCat(result.row(), " ", problem.field(), " ",
                                  problem.message()));
    }
  }
  EXPECT_THAT(
      said, ElementsAre("2 Typ \"Verein\" is none", "2 Strona is archived",
                        "3 Strona is odd", "4 Podregiony \"radomsky\" is none",
                        "5  has more cells than the header"));
  EXPECT_THAT(peer_.entries, SizeIs(0));
}

TEST_F(ListImportTest, ImportsNothingOfARowThatCannotBeRead) {
  Records records = ListOf(2);
  records.records[0].problems = {{"Typ", "is none", "kind"}};
  ListImport import = Planned(records, /*skip_errors=*/true);
  EXPECT_TRUE(Run(import).ok());
  EXPECT_THAT(peer_.sizes, ElementsAre(1));
  EXPECT_EQ(peer_.entries.count("organizations/lag-0"), 0u);
}

}  // namespace
}  // namespace lagnet::exchange
