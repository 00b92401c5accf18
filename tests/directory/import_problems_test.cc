// What an import says of rows that are wrong, or worth a look.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/directory/import_fixture.h"

namespace lagnet::directory {
namespace {

using testing::Contains;
using testing::UnorderedElementsAreArray;

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
              Contains("rows[2].organization.themes"));
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
              UnorderedElementsAreArray(wanted));
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
  EXPECT_THAT(Problems(Try(created)), UnorderedElementsAreArray(wanted));
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

}  // namespace
}  // namespace lagnet::directory
