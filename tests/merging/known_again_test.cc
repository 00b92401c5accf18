// What was merged is known again: by its old names, and by what other lists
// call it.

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/merging/fixture.h"

namespace lagnet::merging {
namespace {

using support::IsOk;
using testing::ElementsAre;

using directory::v1::ImportRowResult;

class KnownAgainTest : public MergeTest {
 protected:
  void SetIds(const std::string& name, const std::vector<std::string>& ids) {
    std::string text = absl::StrCat("organization { name: '", name, "' ");
    for (const std::string& id : ids) {
      absl::StrAppend(&text, "external_ids { source: 'list' id: '", id, "' } ");
    }
    Must(Do(&Organizations::Stub::UpdateOrganization,
            absl::StrCat(text, "} update_mask { paths: 'external_ids' }")));
  }
  std::vector<std::string> IdsOf(const std::string& name) {
    std::vector<std::string> ids;
    const directory::v1::Organization entry = Must(Get(name));
    for (const auto& id : entry.external_ids()) {
      ids.push_back(id.id());
    }
    return ids;
  }
  // What an import makes of one row: "OUTCOME name reasons of problems".
  std::string Import(const std::string& organization,
                     const std::string& more = "") {
    const auto response = Must(Do(
        &Imports::Stub::ImportOrganizations,
        absl::StrCat("network: '", network_, "' rows { row: 1 organization {",
                     organization, "} }", more)));
    if (response.results_size() != 1) return "no answer";
    const ImportRowResult& result = response.results(0);
    std::string line = absl::StrCat(
        ImportRowResult::Outcome_Name(result.outcome()), " ", result.name());
    for (const auto& problem : result.problems()) {
      absl::StrAppend(&line, " ", problem.reason());
    }
    return line;
  }
  // Whether a search finds `name` within some seconds.
  bool IsFound(const std::string& query, const std::string& name) {
    const absl::Time deadline = absl::Now() + absl::Seconds(10);
    while (absl::Now() < deadline) {
      const auto found = Must(
          Do(&Searches::Stub::Search, absl::StrCat("query: '", query, "'")));
      for (const auto& result : found.results()) {
        if (result.name() == name) return true;
      }
      absl::SleepFor(absl::Milliseconds(20));
    }
    return false;
  }
};

TEST_F(KnownAgainTest, TakesOverWhatOtherListsCallIt) {
  SetIds(old_, {"1", "2"});
  SetIds(new_, {"3"});
  const auto merged = Must(Merge(old_, new_));
  EXPECT_EQ(merged.taken(0).field(), "external_ids");
  EXPECT_THAT(IdsOf(new_), ElementsAre("3", "1", "2"));
  for (const char* id : {"1", "2", "3"}) {
    EXPECT_EQ(Import(absl::StrCat("external_ids { source: 'list' id: '", id,
                                  "' } email: 'office@example.org'"),
                     "validate_only: true"),
              absl::StrCat("UPDATED ", new_));
  }
  // What one list calls it says nothing of what others do.
  EXPECT_EQ(Import("external_ids { source: 'list' id: '1' }"),
            absl::StrCat("UNCHANGED ", new_));
  EXPECT_EQ(Import("external_ids { source: 'list' id: '1' } external_ids { "
                   "source: 'other' id: '4' }"),
            absl::StrCat("UPDATED ", new_));
  EXPECT_THAT(IdsOf(new_), ElementsAre("3", "1", "2", "4"));
  // Given up by the entry that stays, an id is free.
  SetIds(new_, {"3"});
  SetIds(third_, {"1"});
  EXPECT_EQ(Import("external_ids { source: 'list' id: '1' }"),
            absl::StrCat("UNCHANGED ", third_));
}

TEST_F(KnownAgainTest, IsFoundByIdsThatDoNotFit) {
  std::vector<std::string> ids;
  for (int i = 0; i < 19; ++i) ids.push_back(absl::StrCat("n", i));
  SetIds(new_, ids);
  SetIds(old_, {"first", "second"});
  Must(Merge(old_, new_));
  ids.emplace_back("first");
  EXPECT_EQ(IdsOf(new_), ids);
  for (const char* id : {"first", "second"}) {
    EXPECT_EQ(Import(absl::StrCat("external_ids { source: 'list' id: '", id,
                                  "' } "
                                  "email: 'office@example.org'"),
                     "validate_only: true"),
              absl::StrCat("UPDATED ", new_));
  }
}

TEST_F(KnownAgainTest, LeavesIdsOfAnotherNetworkWhereTheyAreKnown) {
  SetIds(old_, {"1"});
  const std::string home = network_;
  network_ = MakeNetwork("far");
  const std::string far = MakeOrganization("far-lag", "Lagodekhi");
  SetIds(far, {"1"});
  ASSERT_THAT(Merge(old_, far), IsOk());
  EXPECT_THAT(IdsOf(far), ElementsAre("1"));
  network_ = home;
  // Known, so not made again; only its own network may change it.
  EXPECT_EQ(
      Import("external_ids { source: 'list' id: '1' }", "validate_only: true"),
      absl::StrCat("REFUSED ", far, " NAME_TAKEN"));
}

TEST_F(KnownAgainTest, IsImportedByAnOldName) {
  Must(Merge(old_, new_));
  Must(Merge(new_, third_));
  EXPECT_EQ(Import(absl::StrCat("name: '", old_, "' email: 'a@example.org'")),
            absl::StrCat("UPDATED ", third_));
  EXPECT_EQ(Must(Get(third_)).email(), "a@example.org");
  EXPECT_EQ(Import(absl::StrCat("name: '", old_, "' email: 'a@example.org'")),
            absl::StrCat("UNCHANGED ", third_));
}

TEST_F(KnownAgainTest, IsFoundByAllItsOldNames) {
  Must(Do(&Organizations::Stub::UpdateOrganization,
          absl::StrCat("organization { name: '", old_, "' ", R"pb(
                         display_name {
                           texts {
                             key: "en"
                             value { text: "Gurjaani Valley" }
                           }
                           texts {
                             key: "pl"
                             value { text: "Dolina Gurdżaani" }
                           }
                         })pb",
                       "} update_mask { paths: 'display_name' }")));
  Must(Merge(old_, new_));
  EXPECT_TRUE(IsFound("Gurjaani Valley", new_)) << "in a language it has";
  EXPECT_TRUE(IsFound("Dolina Gurdżaani", new_));
  Must(Merge(new_, third_));
  EXPECT_TRUE(IsFound("Gurjaani Valley", third_)) << "of a chain, too";
  const auto found =
      Must(Do(&Searches::Stub::Search, "query: 'Gurjaani Valley'"));
  for (const auto& result : found.results()) {
    EXPECT_NE(result.name(), old_);
    EXPECT_NE(result.name(), new_);
  }
}

}  // namespace
}  // namespace lagnet::merging
