// What becomes of the fields of two entries that are one.

#include "server/directory/merge.h"

#include "tests/support/matchers.h"

namespace lagnet::directory {
namespace {

using support::IsOk;
using support::StatusIs;
using testing::ElementsAre;

const absl::CivilDay kDay(2020, 1, 1);

Organization Bare(const std::string& id) {
  return {.id = id,
          .network = "georgia",
          .kind = OrganizationKind::kLag,
          .life = {.state = OrganizationState::kVerified}};
}

Organization Full(const std::string& id, const std::string& word) {
  Organization entry = Bare(id);
  entry.display_name["en"] = {.text = word};
  entry.country = "GE";
  entry.territories = {{TerritoryScheme::kLau, "2024", word}};
  entry.themes = {word};
  entry.languages = {word};
  entry.position = Position{41, 46};
  entry.email = word + "@example.org";
  entry.website = "https://" + word + ".example.org";
  entry.description["en"] = {.text = word};
  entry.profile.memberships = {{.network = word}};
  entry.profile.partner_registrations = {{.network = word}};
  entry.profile.funds = {{.programme = word}};
  entry.profile.strategy = Strategy{.website = word};
  entry.profile.legal_form = LegalForm{.text = word};
  entry.profile.founded_on = kDay;
  entry.profile.register_entry = RegisterEntry{.number = word};
  entry.profile.member_counts = MemberCounts{.total = 7};
  entry.profile.bodies = {Body::kBoard};
  entry.profile.area_km2 = 8;
  entry.profile.population = 9;
  entry.life.claim_time = absl::FromUnixSeconds(5);
  return entry;
}

TEST(UniteTest, FillsWhatIsEmptyFromTheOneThatGoes) {
  const Organization united = Unite(Bare("stays"), Full("goes", "lagodekhi"));
  Organization wanted = Full("stays", "lagodekhi");
  EXPECT_EQ(united.id, "stays");
  EXPECT_EQ(united.network, "georgia");
  EXPECT_EQ(united.country, "") << "an entry has a country";
  EXPECT_EQ(united.display_name, wanted.display_name);
  EXPECT_EQ(united.territories, wanted.territories);
  EXPECT_EQ(united.themes, wanted.themes);
  EXPECT_EQ(united.languages, wanted.languages);
  EXPECT_EQ(united.position, wanted.position);
  EXPECT_EQ(united.email, wanted.email);
  EXPECT_EQ(united.website, wanted.website);
  EXPECT_EQ(united.description, wanted.description);
  EXPECT_EQ(united.profile, wanted.profile);
  EXPECT_EQ(united.life, wanted.life);
}

TEST(UniteTest, ChangesNothingThatIsSet) {
  const Organization stays = Full("stays", "one");
  const Organization united = Unite(stays, Full("goes", "two"));
  EXPECT_EQ(united.email, stays.email);
  EXPECT_EQ(united.website, stays.website);
  EXPECT_EQ(united.display_name, stays.display_name);
  EXPECT_EQ(united.profile.strategy, stays.profile.strategy);
  EXPECT_EQ(united.profile.register_entry, stays.profile.register_entry);
  EXPECT_EQ(Unite(stays, stays).profile, stays.profile);
  EXPECT_EQ(Unite(stays, stays).themes, stays.themes);
}

TEST(UniteTest, TakesExternalIdsOverWithinANetwork) {
  Organization stays = Bare("stays");
  Organization goes = Bare("goes");
  stays.external_ids = {{"list", "1"}};
  goes.external_ids = {{"list", "2"}, {"other", "1"}};
  const Organization united = Unite(stays, goes);
  EXPECT_THAT(united.external_ids,
              ElementsAre(ExternalId{"list", "1"}, ExternalId{"list", "2"},
                          ExternalId{"other", "1"}));
  EXPECT_TRUE(LeftIds(united, goes).empty());

  goes.network = "poland";
  goes.external_ids = {{"list", "1"}};
  EXPECT_EQ(Unite(stays, goes).external_ids, stays.external_ids);
  EXPECT_EQ(LeftIds(stays, goes), goes.external_ids);
}

TEST(UniteTest, LeavesExternalIdsThatDoNotFit) {
  Organization stays = Bare("stays");
  for (int i = 0; i < 19; ++i) {
    stays.external_ids.push_back({"list", std::to_string(i)});
  }
  Organization goes = Bare("goes");
  goes.external_ids = {{"list", "a"}, {"list", "b"}};
  const Organization united = Unite(stays, goes);
  EXPECT_EQ(united.external_ids.size(), 20u);
  EXPECT_THAT(LeftIds(united, goes), ElementsAre(ExternalId{"list", "b"}));
}

TEST(UniteTest, UnitesListsAndLanguages) {
  Organization stays = Full("stays", "one");
  Organization goes = Full("goes", "two");
  goes.display_name = {{"en", {.text = "x"}}, {"ka", {.text = "y"}}};
  goes.themes = {"one", "three"};
  goes.territories = {{TerritoryScheme::kLau, "2025", "one"},
                      {TerritoryScheme::kNuts, "2024", "one"}};
  const Organization united = Unite(stays, goes);
  EXPECT_EQ(united.display_name.at("en").text, "one");
  EXPECT_EQ(united.display_name.at("ka").text, "y");
  EXPECT_THAT(united.themes, ElementsAre("one", "three"));
  EXPECT_THAT(united.languages, ElementsAre("one", "two"));
  ASSERT_EQ(united.territories.size(), 2u);
  EXPECT_EQ(united.territories[0].version, "2024");
  EXPECT_EQ(united.profile.funds.size(), 2u);
  EXPECT_EQ(united.profile.memberships.size(), 2u);
}

TEST(UniteTest, TakesMembershipsAtTimesWhenThereWasNone) {
  Organization stays = Bare("stays");
  Organization goes = Bare("goes");
  stays.profile.memberships = {{.network = "ksow", .since = kDay}};
  goes.profile.memberships = {{.network = "ksow", .until = kDay - 1},
                              {.network = "ksow", .since = kDay + 9},
                              {.network = "galag"}};
  stays.profile.partner_registrations = {{.network = "ksow"}};
  goes.profile.partner_registrations = {
      {.network = "ksow", .status = PartnerStatus::kEnded}};
  const Organization united = Unite(stays, goes);
  EXPECT_EQ(united.profile.memberships.size(), 3u);
  EXPECT_EQ(united.profile.memberships[1].until, kDay - 1);
  EXPECT_EQ(united.profile.memberships[2].network, "galag");
  EXPECT_EQ(united.profile.partner_registrations,
            stays.profile.partner_registrations);
  EXPECT_THAT(CheckProfile(united.profile), IsOk());
}

TEST(CheckMergeTest, MergesIntoWhatIsInTheDirectory) {
  using State = OrganizationState;
  for (const State goes :
       {State::kDraft, State::kSubmitted, State::kVerified, State::kStale,
        State::kArchived, State::kDissolved, State::kMerged}) {
    for (const State stays :
         {State::kDraft, State::kSubmitted, State::kVerified, State::kStale,
          State::kArchived, State::kDissolved, State::kMerged}) {
      Organization one = Bare("one");
      Organization other = Bare("other");
      one.life.state = goes;
      other.life.state = stays;
      const bool good = goes != State::kMerged && IsInDirectory(stays);
      EXPECT_EQ(CheckMerge(one, other).ok(), good)
          << NameOf(goes) << " " << NameOf(stays);
    }
  }
  EXPECT_THAT(CheckMerge(Bare("one"), Bare("one")),
              StatusIs(absl::StatusCode::kFailedPrecondition, "WRONG_STATE"));
}

TEST(CheckMergeTest, KeepsLagsPublicBodiesAndOthersApart) {
  const auto check = [](OrganizationKind one, OrganizationKind other) {
    Organization goes = Bare("one");
    goes.kind = one;
    Organization stays = Bare("other");
    stays.kind = other;
    return CheckOneKind(goes, stays);
  };
  using enum OrganizationKind;
  for (const auto& [one, other] :
       {std::pair(kLag, kCso), std::pair(kLag, kMunicipality),
        std::pair(kCounty, kBusiness)}) {
    EXPECT_THAT(
        check(one, other),
        StatusIs(absl::StatusCode::kFailedPrecondition, "NOT_ONE_KIND"));
    EXPECT_THAT(
        check(other, one),
        StatusIs(absl::StatusCode::kFailedPrecondition, "NOT_ONE_KIND"));
  }
  EXPECT_THAT(check(kLag, kLag), IsOk());
  EXPECT_THAT(check(kCso, kSocialEnterprise), IsOk());
  EXPECT_THAT(check(kMunicipality, kCounty), IsOk());
  EXPECT_THAT(std::string(check(kMunicipality, kCso).message()),
              testing::StartsWith("organizations/one is a public body and "
                                  "organizations/other is none"));
}

}  // namespace
}  // namespace lagnet::directory
