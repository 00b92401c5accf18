// Who changed what in an entry, and where facts come from, over gRPC.

#include <algorithm>
#include <string>
#include <vector>

#include "tests/directory/fixture.h"

namespace lagnet::directory {
namespace {

using Code = absl::StatusCode;

class HistoryTest : public DirectoryTest {
 protected:
  void SetUp() override {
    DirectoryTest::SetUp();
    auto request = CreationOf("lag-kazbegi");
    request.set_source("https://example.org/lags");
    request.set_as_of("2024-05-01");
    ASSERT_THAT(Create(request), IsOk());
  }
  absl::StatusOr<v1::ListFieldChangesResponse> Changes(
      const std::string& text = "", const char* token = kEditor) {
    auto request = FromText<v1::ListFieldChangesRequest>(text);
    request.set_organization(kName);
    return Call(*changes_, &FieldChanges::ListFieldChanges, request, {token});
  }
  absl::StatusOr<v1::ListFieldSourcesResponse> Sources(
      const std::string& text = "", const char* token = "") {
    auto request = FromText<v1::ListFieldSourcesRequest>(text);
    request.set_organization(kName);
    return Call(*changes_, &FieldChanges::ListFieldSources, request, {token});
  }
};

TEST_F(HistoryTest, TellsWhoChangedWhatAndWhy) {
  auto update = UpdateOf("email: 'new@x.org' website: 'https://x.org'",
                         {"email", "website", "position"});
  update.set_source("a letter of the board");
  update.set_as_of("2025-01-31");
  ASSERT_THAT(Update(update), IsOk());
  const auto changes = Changes("page_size: 3");
  ASSERT_THAT(changes, IsOk());
  ASSERT_EQ(changes->field_changes_size(), 3);
  // The newest first; of one change, the last field first.
  EXPECT_THAT(changes->field_changes(0), HasProto(R"pb(
                field: "website"
                old_value: "\"https://kazbegi.example.org\""
                new_value: "\"https://x.org\""
                actor: "accounts/lag-manager-organization-lag-kazbegi"
                source: "a letter of the board"
                as_of: "2025-01-31"
                etag: "\"2\""
              )pb"));
  EXPECT_EQ(changes->field_changes(0).method(),
            "lagnet.directory.v1.OrganizationService/UpdateOrganization");
  EXPECT_EQ(changes->field_changes(1).field(), "email");
  EXPECT_THAT(changes->field_changes(2), HasProto("field: 'position'"));
  EXPECT_EQ(changes->field_changes(2).new_value(), "");
  EXPECT_EQ(changes->field_changes(2).old_value(),
            R"({"latitude":42.66,"longitude":44.64})");
}

TEST_F(HistoryTest, HasEveryFieldThatWasSetAtTheStart) {
  const auto changes = Changes("page_size: 200");
  ASSERT_THAT(changes, IsOk());
  std::vector<std::string> fields;
  for (const auto& change : changes->field_changes()) {
    fields.push_back(change.field());
    EXPECT_EQ(change.old_value(), "");
    EXPECT_EQ(change.source(), "https://example.org/lags");
    EXPECT_EQ(change.as_of(), "2024-05-01");
    EXPECT_EQ(change.etag(), "\"1\"");
  }
  for (const char* field :
       {"network", "kind", "display_name.texts.ka", "display_name.texts.en",
        "territories", "state", "memberships", "partner_registrations", "funds",
        "strategy", "legal_form", "founded_on", "register_entry",
        "member_counts", "bodies", "area_km2", "population"}) {
    EXPECT_THAT(fields, testing::Contains(field));
  }
}

TEST_F(HistoryTest, PagesAndFilters) {
  ASSERT_THAT(Take(&Organizations::ConfirmOrganization, kManager,
                   "source: 'the office'"),
              IsOk());
  std::vector<std::string> fields;
  std::string token;
  do {
    const auto page =
        Changes(absl::StrCat("page_size: 4 page_token: '", token, "'"));
    ASSERT_THAT(page, IsOk());
    for (const auto& change : page->field_changes()) {
      fields.push_back(change.field());
    }
    token = page->next_page_token();
  } while (!token.empty());
  EXPECT_EQ(fields.front(), "look_time");
  EXPECT_EQ(static_cast<int>(fields.size()),
            Changes("page_size: 200")->field_changes_size());
  const auto names = Changes("field: 'display_name'");
  ASSERT_THAT(names, IsOk());
  EXPECT_EQ(names->field_changes_size(), 2);
  EXPECT_EQ(Changes("field: 'display'")->field_changes_size(), 0);
  EXPECT_EQ(Changes("field: '%'")->field_changes_size(), 0);
  EXPECT_EQ(Changes("field: 'look_time'")->field_changes_size(), 1);
}

TEST_F(HistoryTest, IsForThoseWhomItConcerns) {
  for (const char* token : {kEditor, kAdmin, kManager,
                            "role:NETWORK_EDITOR@network=georgia,"
                            "region=GE-MM"}) {
    EXPECT_THAT(Changes("", token), IsOk()) << token;
  }
  for (const char* token :
       {"role:NETWORK_EDITOR@network=ksow", "role:GATEWAY@network=georgia",
        "role:LAG_MANAGER@organization=lag-keda",
        "role:AUDITOR@project=paths"}) {
    EXPECT_THAT(Changes("", token), StatusIs(Code::kPermissionDenied)) << token;
  }
  EXPECT_THAT(Changes("", ""), StatusIs(Code::kUnauthenticated));
}

TEST_F(HistoryTest, TellsEverybodyWhereFactsComeFrom) {
  auto update = UpdateOf("email: 'new@x.org'", {"email", "description"});
  update.set_source("by phone");
  ASSERT_THAT(Update(update), IsOk());
  const auto sources = Sources("page_size: 200");
  ASSERT_THAT(sources, IsOk());
  std::vector<std::string> fields;
  for (const auto& source : sources->field_sources()) {
    fields.push_back(source.field());
    EXPECT_EQ(source.source(), source.field() == "email"
                                   ? "by phone"
                                   : "https://example.org/lags");
    EXPECT_EQ(source.as_of(), source.field() == "email" ? "" : "2024-05-01");
  }
  EXPECT_TRUE(std::is_sorted(fields.begin(), fields.end()));
  EXPECT_THAT(fields, testing::Contains("display_name.texts.ka"));
  EXPECT_THAT(fields, testing::Not(testing::Contains("description.texts.en")))
      << "it is not set any more";
  const auto first = Sources("page_size: 1");
  const auto second = Sources(absl::StrCat("page_size: 1 page_token: '",
                                           first->next_page_token(), "'"));
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->field_sources(0).field(), fields[1]);
}

TEST_F(HistoryTest, HidesTheSourcesOfDrafts) {
  database().Run("UPDATE directory.organization SET state = 1");
  EXPECT_THAT(Sources(), StatusIs(Code::kNotFound, "NOT_FOUND"));
  EXPECT_THAT(Sources("", kManager), IsOk());
}

TEST_F(HistoryTest, RefusesFactsFromTheFuture) {
  auto update = UpdateOf("email: 'new@x.org'", {"email"});
  update.set_as_of("2999-01-01");
  EXPECT_THAT(WrongFields(Update(update).status()), ElementsAre("as_of"));
  EXPECT_THAT(WrongFields(Take(&Organizations::ConfirmOrganization, kManager,
                               "as_of: '2999-01-01'")
                              .status()),
              ElementsAre("as_of"));
}

TEST_F(HistoryTest, HasNothingOfWhatWasOnlyTried) {
  const int before = Changes("page_size: 200")->field_changes_size();
  auto update = UpdateOf("email: 'new@x.org'", {"email"});
  update.set_validate_only(true);
  ASSERT_THAT(Update(update), IsOk());
  EXPECT_EQ(Changes("page_size: 200")->field_changes_size(), before);
}

}  // namespace
}  // namespace lagnet::directory
