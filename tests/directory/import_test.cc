#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/directory/external_id.h"
#include "tests/directory/fixture.h"

namespace lagnet::directory {
namespace {

using testing::HasSubstr;
using testing::UnorderedElementsAre;
using Result = v1::ImportRowResult;

class ImportTest : public DirectoryTest {
 protected:
  // A request with the rows of `text`.
  static v1::ImportOrganizationsRequest RequestOf(const std::string& text) {
    auto request = FromText<v1::ImportOrganizationsRequest>(text);
    request.set_network("networks/georgia");
    request.set_initial_state(v1::Organization::VERIFIED);
    request.set_request_id(FreshRequestId());
    return request;
  }
  // A row that is one whole entry.
  static std::string Row(int number, const std::string& name,
                         const std::string& more = "") {
    return absl::StrCat("rows { row: ", number, " organization { name: '", name,
                        "' ", kKazbegi, more, " } }");
  }
  // The same, with another mailbox.
  static std::string RowWithEmail(int number, const std::string& name,
                                  const std::string& email) {
    return absl::StrReplaceAll(Row(number, name),
                               {{"office@kazbegi.example.org", email}});
  }
  absl::StatusOr<v1::ImportOrganizationsResponse> Import(
      const v1::ImportOrganizationsRequest& request,
      const char* token = kEditor) {
    return Call(*imports_, &Imports::ImportOrganizations, request, {token});
  }
  absl::StatusOr<v1::ImportOrganizationsResponse> Import(
      const std::string& text) {
    return Import(RequestOf(text));
  }
  absl::StatusOr<v1::ImportOrganizationsResponse> Try(
      v1::ImportOrganizationsRequest request) {
    request.set_validate_only(true);
    request.set_request_id(FreshRequestId());
    return Import(request);
  }

  // What became of each row, one after the other: "row outcome name fields".
  static std::vector<std::string> Outcomes(
      const absl::StatusOr<v1::ImportOrganizationsResponse>& response) {
    EXPECT_THAT(response, IsOk());
    std::vector<std::string> lines;
    if (!response.ok()) return lines;
    for (const Result& result : response->results()) {
      std::string line = absl::StrCat(
          result.row(), " ", Result::Outcome_Name(result.outcome()), " ",
          absl::StrReplaceAll(result.name(), {{"organizations/", ""}}));
      for (const std::string& field : result.changed_fields()) {
        absl::StrAppend(&line, " ", field);
      }
      lines.push_back(line);
    }
    return lines;
  }
  // The problems of all rows: "row field reason". Without likely doubles, as
  // most tests make equal entries.
  static std::vector<std::string> Problems(
      const absl::StatusOr<v1::ImportOrganizationsResponse>& response) {
    EXPECT_THAT(response, IsOk());
    std::vector<std::string> lines;
    if (!response.ok()) return lines;
    for (const Result& result : response->results()) {
      for (const Result::Problem& problem : result.problems()) {
        if (problem.reason() == "LIKELY_DOUBLE") continue;
        lines.push_back(absl::StrCat(result.row(), " ", problem.field(), " ",
                                     problem.reason()));
      }
    }
    return lines;
  }
  // The warnings of likely doubles: "row words".
  static std::vector<std::string> Doubles(
      const absl::StatusOr<v1::ImportOrganizationsResponse>& response) {
    EXPECT_THAT(response, IsOk());
    std::vector<std::string> lines;
    if (!response.ok()) return lines;
    for (const Result& result : response->results()) {
      for (const Result::Problem& problem : result.problems()) {
        if (problem.reason() != "LIKELY_DOUBLE") continue;
        EXPECT_FALSE(problem.error());
        EXPECT_EQ(problem.field(), "name");
        lines.push_back(absl::StrCat(result.row(), " ", problem.message()));
      }
    }
    return lines;
  }
  // A row that knows no more than what the organisation is called.
  static std::string NamedRow(int number, const std::string& id,
                              const std::string& text) {
    return absl::StrCat("rows { row: ", number,
                        " organization { name: 'organizations/", id,
                        "' kind: LAG country: 'GE' display_name { texts { key: "
                        "'en' value { text: '",
                        text, "' } } } } }");
  }
  std::string Count(const std::string& what) {
    return database().Ask("SELECT count(*) FROM " + what);
  }
};

constexpr char kId[] = "external_ids { source: 'leader-ge' id: '042' }";

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

TEST_F(ImportTest, RefusesPathsThatThereAreNot) {
  for (const char* path : {"nam", "funds.fund", "themes.wine", "email.x",
                           "display_name.pl", "display_name.texts.pl.txt"}) {
    auto request = RequestOf(Row(1, kName));
    request.mutable_rows(0)->mutable_update_mask()->add_paths("kind");
    request.mutable_rows(0)->mutable_update_mask()->add_paths(path);
    EXPECT_THAT(Problems(Try(request)),
                ElementsAre("1 update_mask UNKNOWN_FIELD"))
        << path;
  }
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

TEST_F(ImportTest, AnswersEveryRowOfADryRun) {
  ASSERT_THAT(CreateNetwork("other", kGeo), IsOk());
  auto elsewhere = CreationOf("lag-elsewhere");
  elsewhere.mutable_organization()->set_network("networks/other");
  elsewhere.mutable_organization()->clear_memberships();
  ASSERT_THAT(Create(elsewhere, kAdmin), IsOk());
  ASSERT_THAT(Import(Row(1, kName, kId)), IsOk());
  ASSERT_THAT(Archive(), IsOk());
  const auto request = RequestOf(absl::StrCat(
      RowWithEmail(1, kName, "a@example.org"),
      "rows { row: 2 organization { name: 'organizations/lag-b' } }",
      Row(3, "organizations/lag-c", "themes: 'no_such_theme'"),
      Row(5, "organizations/lag-good"), Row(6, "organizations/lag-good"),
      Row(7, "organizations/lag-elsewhere"),
      Row(8, "organizations/lag-e", "memberships { network: 'networks/x' }"),
      Row(9, "organizations/lag-f", "external_ids { source: 'a b' id: '1' }")));
  const auto tried = Try(request);
  EXPECT_THAT(Outcomes(tried),
              ElementsAre("1 REFUSED lag-kazbegi", "2 REFUSED lag-b",
                          "3 REFUSED lag-c", "5 CREATED lag-good",
                          "6 REFUSED lag-good", "7 REFUSED lag-elsewhere",
                          "8 REFUSED lag-e", "9 REFUSED lag-f"));
  EXPECT_THAT(Problems(tried),
              ElementsAre("1  WRONG_STATE", "2 kind INVALID_FIELDS",
                          "2 display_name INVALID_FIELDS",
                          "2 country INVALID_FIELDS", "3 themes UNKNOWN_THEME",
                          "6 name INVALID_FIELDS", "7 name NAME_TAKEN",
                          "8 memberships.network UNKNOWN_REFERENCE",
                          "9 external_ids[0].source INVALID_FIELDS"));
  EXPECT_THAT(Get("organizations/lag-good"),
              StatusIs(absl::StatusCode::kNotFound, "NOT_FOUND"));

  const auto refused = Import(request);
  EXPECT_THAT(refused,
              StatusIs(absl::StatusCode::kFailedPrecondition, "ROWS_REFUSED"));
  EXPECT_THAT(WrongFields(refused.status()),
              testing::Contains("rows[2].organization.themes"));
  EXPECT_THAT(Get("organizations/lag-good"),
              StatusIs(absl::StatusCode::kNotFound, "NOT_FOUND"));
}

TEST_F(ImportTest, SaysAllThatIsWrongWithARowAtOnce) {
  ASSERT_THAT(Import(Row(1, kName, kId) + Row(2, "organizations/lag-b")),
              IsOk());
  static constexpr char kWrong[] = R"pb(
    network: "networks/x"
    country: "Georgia"
    email: "office"
    founded_on: "2015-02-30"
    territories { scheme: NUTS version: "2021" code: "pl81" }
    territories { scheme: ISO_3166_2 code: "GE-XX" }
    themes: "no_such_theme"
    themes: "nor_this"
    themes: "water"
    themes: "water"
    memberships { network: "networks/x" since: "20.9.2026" }
    strategy { start_year: 2020 end_year: 2016 themes: "nor_that" }
    member_counts { total: 10 public_sector: 3 }
  )pb";
  const auto wrong = [](int row, const std::string& name) {
    return absl::StrCat("rows { row: ", row, " organization { name: '", name,
                        "' ", kWrong, kId, " } }");
  };
  const std::vector<std::string> both = {
      "network INVALID_FIELDS",
      "country INVALID_FIELDS",
      "email INVALID_FIELDS",
      "memberships[0].since INVALID_FIELDS",
      "founded_on INVALID_FIELDS",
      "territories[0].code INVALID_FIELDS",
      "territories[1].code UNKNOWN_TERRITORY",
      "themes[3] INVALID_FIELDS",
      "strategy.end_year INVALID_FIELDS",
      "member_counts.total INVALID_FIELDS",
      "external_ids[0] EXTERNAL_ID_TAKEN",
      "themes UNKNOWN_THEME",
      "themes UNKNOWN_THEME",
      "strategy.themes UNKNOWN_THEME"};
  std::vector<std::string> wanted;
  for (const std::string& problem : both) {
    wanted.push_back(absl::StrCat("2 ", problem));
  }
  EXPECT_THAT(Problems(Try(RequestOf(wrong(2, "organizations/lag-b")))),
              testing::UnorderedElementsAreArray(wanted));
  // A new entry is matched by the id, unless it has none; and lacks more.
  auto created = RequestOf(wrong(3, "projects/x"));
  auto& row = *created.mutable_rows(0)->mutable_organization();
  row.clear_external_ids();
  wanted.clear();
  for (const std::string& problem : both) {
    if (problem == "external_ids[0] EXTERNAL_ID_TAKEN") continue;
    wanted.push_back(absl::StrCat("3 ", problem));
  }
  for (const char* field : {"name", "kind", "display_name"}) {
    wanted.push_back(absl::StrCat("3 ", field, " INVALID_FIELDS"));
  }
  EXPECT_THAT(Problems(Try(created)),
              testing::UnorderedElementsAreArray(wanted));
}

TEST_F(ImportTest, SaysAlsoThatWhatIsWrongIsArchived) {
  ASSERT_THAT(Import(Row(1, kName)), IsOk());
  ASSERT_THAT(Archive(), IsOk());
  EXPECT_THAT(
      Problems(Try(RequestOf(
          "rows { row: 1 organization { name: 'organizations/lag-kazbegi' "
          "email: 'office' themes: 'no_such_theme' } }"))),
      ElementsAre("1 email INVALID_FIELDS", "1  WRONG_STATE",
                  "1 themes UNKNOWN_THEME"));
}

TEST_F(ImportTest, RefusesIdsThatAnotherOrganisationHas) {
  ASSERT_THAT(Import(Row(1, kName, kId) + Row(2, "organizations/lag-b")),
              IsOk());
  const auto taken = Try(RequestOf(
      absl::StrCat("rows { row: 2 organization { name: 'organizations/lag-b' ",
                   kId, " } }")));
  EXPECT_THAT(Problems(taken),
              ElementsAre("2 external_ids[0] EXTERNAL_ID_TAKEN"));
  auto update = UpdateOf(kId, {"external_ids"});
  update.mutable_organization()->set_name("organizations/lag-b");
  EXPECT_THAT(Update(update, kEditor),
              StatusIs(absl::StatusCode::kAlreadyExists, "EXTERNAL_ID_TAKEN"));
  // Given up by one, it is free for another.
  EXPECT_THAT(Update(UpdateOf("", {"external_ids"}), kEditor), IsOk());
  update.set_request_id(FreshRequestId());
  EXPECT_THAT(Update(update, kEditor), IsOk());
  EXPECT_THAT(*Get("organizations/lag-b"), HasProto(kId));
}

TEST_F(ImportTest, WarnsOfWhatIsLikelyThereAlready) {
  ASSERT_THAT(Import(NamedRow(1, "lag-keda", "Keda LAG") +
                     NamedRow(2, "lag-vani", "Vani LAG")),
              IsOk());
  auto request = RequestOf(NamedRow(4, "lag-keda", "Keda LAG") +
                           NamedRow(5, "ked-a", "Local Action Group Qeda") +
                           NamedRow(6, "lag-borjomi", "Borjomi LAG") +
                           NamedRow(7, "lgd-bordzomi", "LGD Bordżomi"));
  const std::vector<std::string> wanted = {
      "5 is likely organizations/lag-keda (Keda LAG), by name: if row 4 is the "
      "same, leave one of the two out",
      "7 is likely organizations/lag-borjomi (Borjomi LAG), by name: if row 6 "
      "is the same, leave one of the two out"};
  EXPECT_EQ(Doubles(Try(request)), wanted);
  request.mutable_rows()->DeleteSubrange(0, 1);
  request.set_request_id(FreshRequestId());
  EXPECT_THAT(
      Doubles(Try(request)),
      ElementsAre("5 is likely organizations/lag-keda (Keda LAG), by "
                  "name: if it is, give the row that name, or leave it out",
                  wanted[1]));
  const auto imported = Import(request);
  EXPECT_THAT(Outcomes(imported),
              ElementsAre("5 CREATED ked-a", "6 CREATED lag-borjomi",
                          "7 CREATED lgd-bordzomi"));
  EXPECT_THAT(Doubles(imported), SizeIs(2));
  request.set_request_id(FreshRequestId());
  EXPECT_THAT(Doubles(Import(request)), IsEmpty()) << "nothing new comes";
}

TEST_F(ImportTest, WarnsOfNothingThatTheCallerMayNotSee) {
  ASSERT_THAT(CreateNetwork("other", kGeo), IsOk());
  auto draft = CreationOf("lag-keda");
  draft.mutable_organization()->set_network("networks/other");
  draft.mutable_organization()->clear_memberships();
  draft.set_initial_state(v1::Organization::DRAFT);
  ASSERT_THAT(Create(draft, kAdmin), IsOk());
  auto request = RequestOf(Row(1, kName));
  EXPECT_THAT(Doubles(Try(request)), IsEmpty());
  request.set_validate_only(true);
  EXPECT_THAT(Doubles(Import(request, kAdmin)), SizeIs(1));
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
