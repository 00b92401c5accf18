#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/directory/external_id.h"
#include "tests/directory/import_fixture.h"

namespace lagnet::directory {
namespace {

TEST_F(ImportTest, CreatesWhatIsNewAndLeavesWhatIsEqual) {
  const std::string rows =
      Row(2, kName, kId) + Row(3, "organizations/lag-borjomi");
  EXPECT_THAT(Outcomes(Import(rows)),
              ElementsAre("2 CREATED lag-kazbegi", "3 CREATED lag-borjomi"));
  const auto entry = Get(kName);
  ASSERT_THAT(entry, IsOk());
  EXPECT_EQ(entry->state(), v1::Organization::VERIFIED);
  EXPECT_THAT(*entry, HasProto(kKazbegi));
  EXPECT_THAT(*entry, HasProto(kId));

  const std::string changes = Count("changes.change");
  const std::string history = Count("directory.field_change");
  EXPECT_THAT(Outcomes(Import(rows)), ElementsAre("2 UNCHANGED lag-kazbegi",
                                                  "3 UNCHANGED lag-borjomi"));
  EXPECT_EQ(Get(kName)->etag(), entry->etag());
  EXPECT_EQ(Count("changes.change"), changes);
  EXPECT_EQ(Count("directory.field_change"), history);
}

TEST_F(ImportTest, UpdatesWhatDiffersAndSaysWhichFields) {
  ASSERT_THAT(Import(Row(1, kName)), IsOk());
  auto request = RequestOf(R"pb(
    rows {
      row: 7
      organization {
        name: "organizations/lag-kazbegi"
        email: "new@kazbegi.example.org"
        themes: "water"
      }
    }
    source: "the list of 2026"
    as_of: "2026-01-31"
  )pb");
  EXPECT_THAT(Outcomes(Try(request)),
              ElementsAre("7 UPDATED lag-kazbegi themes email"));
  EXPECT_EQ(Get(kName)->email(), "office@kazbegi.example.org");
  EXPECT_THAT(Outcomes(Import(request)),
              ElementsAre("7 UPDATED lag-kazbegi themes email"));
  EXPECT_EQ(Get(kName)->email(), "new@kazbegi.example.org");
  EXPECT_EQ(Get(kName)->website(), "https://kazbegi.example.org");
  EXPECT_EQ(database().Ask("SELECT source || ' ' || as_of FROM "
                           "directory.field_change WHERE field = 'email' "
                           "ORDER BY field_change_id DESC LIMIT 1"),
            "the list of 2026 2026-01-31");
}

TEST_F(ImportTest, ChangesOnlyWhatTheMaskNames) {
  ASSERT_THAT(Import(Row(1, kName)), IsOk());
  EXPECT_THAT(
      Outcomes(Import(R"pb(
        rows {
          row: 1
          organization {
            name: "organizations/lag-kazbegi"
            email: "not@named.example.org"
            display_name {
              texts {
                key: "ka"
                value { text: "ყაზბეგის ლაგი" }
              }
            }
            strategy { end_year: 2021 }
          }
          update_mask {
            paths: "display_name.texts.ka.text"
            paths: "display_name.texts.pl"
            paths: "description.texts.en.text"
            paths: "strategy.end_year"
            paths: "strategy.website"
            paths: "register_entry.registered_on"
            paths: "funds"
            paths: "state"
          }
        }
      )pb")),
      ElementsAre("1 UPDATED lag-kazbegi display_name.texts.ka "
                  "description.texts.en funds strategy register_entry"));
  const auto entry = Get(kName);
  ASSERT_THAT(entry, IsOk());
  EXPECT_EQ(entry->email(), "office@kazbegi.example.org");
  // What is beside what a path names stays: the origin of a text, the title.
  EXPECT_THAT(*entry, HasProto(R"pb(
    display_name {
      texts {
        key: "en"
        value { text: "Kazbegi \"LAG\"" }
      }
      texts {
        key: "ka"
        value { text: "ყაზბეგის ლაგი" origin: HUMAN }
      }
    }
    register_entry { register: "NAPR" number: "0123" }
  )pb"));
  EXPECT_EQ(entry->strategy().start_year(), 2016);
  EXPECT_EQ(entry->strategy().end_year(), 2021);
  EXPECT_EQ(entry->strategy().website(), "");
  EXPECT_THAT(entry->funds(), IsEmpty());
  EXPECT_THAT(entry->description().texts(), IsEmpty());
}

TEST_F(ImportTest, KnowsAnEntryByItsNameElseByAnExternalId) {
  ASSERT_THAT(Import(Row(1, kName, kId)), IsOk());
  const std::string same =
      "rows { row: 5 organization { external_ids { source: 'leader-ge' "
      "id: '042' } email: 'a@example.org' } }";
  EXPECT_THAT(Outcomes(Import(same)),
              ElementsAre("5 UPDATED lag-kazbegi email"));
  // Another name does not make another organisation of it.
  const auto renamed = Import(
      "rows { row: 5 organization { name: 'organizations/lag-stepantsminda' "
      "external_ids { source: 'leader-ge' id: '042' } } }");
  EXPECT_THAT(Outcomes(renamed), ElementsAre("5 UNCHANGED lag-kazbegi"));
  EXPECT_THAT(Problems(renamed), ElementsAre("5 name RENAMED"));
  EXPECT_FALSE(renamed->results(0).problems(0).error());
}

// As on a server that does not know the old name yet; else the gate has put the
// name that stays into the row.
TEST_F(ImportTest, TakesAnOldNameForTheEntryThatStays) {
  ASSERT_THAT(Import(Row(1, kName) + Row(2, "organizations/lag-old")), IsOk());
  database().Run(
      "UPDATE directory.organization SET state = 7, merged_into = "
      "'lag-kazbegi' WHERE name = 'lag-old'");
  const auto imported =
      Import(RowWithEmail(1, "organizations/lag-old", "a@example.org"));
  EXPECT_THAT(Outcomes(imported), ElementsAre("1 UPDATED lag-kazbegi email"));
  EXPECT_THAT(Problems(imported), ElementsAre("1 name RENAMED"));
  EXPECT_EQ(Get(kName)->email(), "a@example.org");
}

TEST_F(ImportTest, NamesWhatHasOnlyAnExternalId) {
  EXPECT_THAT(Outcomes(Import(Row(1, "", kId))),
              ElementsAre("1 CREATED leader-ge-042"));
  EXPECT_THAT(Outcomes(Import(Row(1, "", kId))),
              ElementsAre("1 UNCHANGED leader-ge-042"));
  EXPECT_THAT(
      Problems(Try(RequestOf(
          Row(1, "") + Row(2, "", "external_ids { source: '1' id: '2' }") +
          Row(3, "organizations/-x") + Row(4, "projects/x")))),
      ElementsAre("1 name INVALID_FIELDS", "2 name INVALID_FIELDS",
                  "3 name INVALID_FIELDS", "4 name INVALID_FIELDS"));
}

TEST_F(ImportTest, AnswersARepeatAsTheFirstCall) {
  ASSERT_THAT(Import(Row(1, kName)), IsOk());
  const auto request = RequestOf(RowWithEmail(1, kName, "b@example.org") +
                                 Row(2, "organizations/lag-b"));
  const auto first = Outcomes(Import(request));
  EXPECT_THAT(first,
              ElementsAre("1 UPDATED lag-kazbegi email", "2 CREATED lag-b"));
  EXPECT_EQ(Outcomes(Import(request)), first);
  auto other = request;
  other.mutable_rows(0)->set_row(9);
  EXPECT_THAT(Import(other), StatusIs(absl::StatusCode::kFailedPrecondition,
                                      "REQUEST_ID_REUSED"));
}

TEST_F(ImportTest, KeepsWhatSomebodyChangedSinceTheDryRun) {
  ASSERT_THAT(Import(Row(1, kName)), IsOk());
  auto request = RequestOf(RowWithEmail(1, kName, "a@example.org"));
  const auto tried = Try(request);
  ASSERT_THAT(tried, IsOk());
  EXPECT_EQ(tried->results(0).etag(), Get(kName)->etag());
  request.mutable_rows(0)->mutable_organization()->set_etag(
      tried->results(0).etag());
  ASSERT_THAT(Update(UpdateOf("email: 'b@example.org'", {"email"})), IsOk());
  EXPECT_THAT(Import(request),
              StatusIs(absl::StatusCode::kFailedPrecondition, "ROWS_REFUSED"));
  EXPECT_EQ(Get(kName)->email(), "b@example.org");
}

TEST_F(ImportTest, TakesAHundredRowsFromTheNetworksStaffOnly) {
  std::string rows;
  for (int i = 0; i < 101; ++i) {
    rows += Row(i, absl::StrCat("organizations/lag-", i));
  }
  auto request = RequestOf(rows);
  EXPECT_THAT(WrongFields(Import(request).status()), ElementsAre("rows"));
  request.mutable_rows()->RemoveLast();
  EXPECT_THAT(
      Import(request, kManager),
      StatusIs(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED"));
  EXPECT_THAT(
      Import(request, "role:NETWORK_EDITOR@network=georgia,region=GE-MM"),
      StatusIs(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED"));
  EXPECT_THAT(Import(request)->results(), SizeIs(100));
}

TEST_F(ImportTest, BeginsEntriesInTheStateAskedFor) {
  auto request = RequestOf(Row(1, kName));
  request.clear_initial_state();
  ASSERT_THAT(Import(request), IsOk());
  EXPECT_EQ(Get(kName, kEditor)->state(), v1::Organization::DRAFT);
  request.set_initial_state(v1::Organization::STALE);
  EXPECT_THAT(WrongFields(Try(request).status()), ElementsAre("initial_state"));
  request = RequestOf(Row(1, kName));
  request.set_as_of("2999-01-01");
  EXPECT_THAT(WrongFields(Import(request).status()), ElementsAre("as_of"));
}

// Two imports of one list at once: each row is created by one of them.
TEST_F(ImportTest, CreatesOnceWhatTwoImportAtOnce) {
  std::string rows, reversed;
  for (int i = 0; i < 40; ++i) {
    const std::string row =
        Row(i, absl::StrCat("organizations/lag-", i),
            absl::StrCat("external_ids { source: 's' id: '", i, "' }"));
    rows += row;
    reversed = row + reversed;
  }
  std::vector<std::thread> callers;
  for (const std::string& text : {rows, reversed, rows, reversed}) {
    callers.emplace_back([this, text] {
      const auto imports = v1::ImportService::NewStub(server_->channel());
      for (int tries = 0; tries < 50; ++tries) {
        if (Call(*imports, &Imports::ImportOrganizations, RequestOf(text),
                 {kEditor})
                .ok()) {
          return;
        }
      }
      ADD_FAILURE() << "never imported";
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(Count("directory.organization"), "40");
  EXPECT_EQ(Count("directory.organization WHERE version > 1"), "0");
  EXPECT_EQ(Count("changes.change WHERE resource LIKE 'organizations/%'"),
            "40");
}

TEST(ExternalIdTest, MakesNamesThatSayWhereTheyAreFrom) {
  EXPECT_EQ(SlugOf({"ksow-lgd", "042"}), "ksow-lgd-042");
  EXPECT_EQ(SlugOf({"NSZM", "MAS/12 b"}), "nszm-mas-12-b");
  EXPECT_EQ(SlugOf({"1", "2"}), "");
  EXPECT_EQ(SlugOf({"list", "ლაგი"}), "");
  EXPECT_EQ(SlugOf({"list", std::string(80, 'x')}), "");
}

}  // namespace
}  // namespace lagnet::directory
