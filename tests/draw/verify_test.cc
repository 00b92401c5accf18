// Whatever is changed in what a draw leaves behind is found out.

#include "server/draw/verify.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/draw/document.h"
#include "tests/draw/example.h"
#include "tests/support/matchers.h"

namespace lagnet::draw {
namespace {

using nlohmann::json;
using support::IsOk;
using support::StatusIs;
using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::Not;

PublicDossier Shown() { return *PublicPartOf(ExampleDossier()); }

std::string WordsOf(const std::vector<Finding>& findings) {
  std::string words;
  for (const Finding& finding : findings) words += finding.words + "\n";
  return words;
}

bool Holds(const json& dossier) {
  const auto read = ReadDossier(dossier);
  return read.ok() && AllPassed(Verify(*read));
}

TEST(VerifyTest, PassesWhatIsRight) {
  const Dossier dossier = ExampleDossier();
  const std::vector<Finding> findings = Verify(dossier);
  EXPECT_TRUE(AllPassed(findings)) << WordsOf(findings);
  EXPECT_EQ(findings.size(), 8u);
  EXPECT_TRUE(AllPassed(Verify(Shown()))) << WordsOf(Verify(Shown()));
  EXPECT_TRUE(VerifyPublished(dossier, Shown()).passed);
  EXPECT_EQ(dossier.result.selected.size(), 3u);
}

TEST(VerifyTest, ReadsWhatItWrites) {
  const Dossier dossier = ExampleDossier();
  const json written = ToJson(dossier);
  ASSERT_OK_AND_ASSIGN(const json parsed, ParseJson(Canonical(written)));
  ASSERT_OK_AND_ASSIGN(const Dossier read, ReadDossier(parsed));
  EXPECT_EQ(ToJson(read), written);
  ASSERT_OK_AND_ASSIGN(const PublicDossier shown,
                       ReadPublicDossier(ToJson(Shown())));
  EXPECT_EQ(shown, Shown());
  const Opening opening = OpeningOf(dossier, 3);
  ASSERT_OK_AND_ASSIGN(const Opening again, ReadOpening(ToJson(opening)));
  EXPECT_EQ(again, opening);
}

// Changes each value of a document, one at a time, and calls `look` on it.
template <typename Look>
void ChangeEach(json& document, json& here, const std::string& where,
                const Look& look) {
  const json kept = here;
  const auto attempt = [&](json other) {
    if (other == kept) return;
    here = std::move(other);
    look(document, where);
    here = kept;
  };
  if (here.is_number()) {
    attempt(here.get<int64_t>() + 1);
    attempt(here.get<int64_t>() - 1);
    attempt(0);
  } else if (here.is_boolean()) {
    attempt(!here.get<bool>());
  } else if (here.is_string()) {
    std::string text = here;
    text.front() = text.front() == '0' ? '1' : '0';
    attempt(text);
    attempt("");
  }
  if (here.is_array() && !here.empty()) {
    json shorter = here;
    shorter.erase(shorter.size() - 1);
    attempt(shorter);
    json longer = here;
    longer.push_back(longer.back());
    attempt(longer);
  }
  if (here.is_object()) {
    json more = here;
    more["more"] = 1;
    attempt(more);
  }
  if (here.is_structured()) {
    for (const auto& item : kept.items()) {
      json& inside =
          here.is_array() ? here[std::stoul(item.key())] : here[item.key()];
      ChangeEach(document, inside, where + "/" + item.key(), look);
    }
  }
}

TEST(VerifyTest, FindsOutEveryChangeOfTheDossier) {
  json document = ToJson(ExampleDossier());
  ASSERT_TRUE(Holds(document));
  int changes = 0;
  ChangeEach(document, document, "",
             [&](const json& changed, const std::string& where) {
               ++changes;
               EXPECT_FALSE(Holds(changed)) << where;
             });
  EXPECT_GT(changes, 200);
  EXPECT_TRUE(Holds(document));
}

TEST(VerifyTest, FindsOutEveryChangeOfWhatIsPublic) {
  const Dossier dossier = ExampleDossier();
  json document = ToJson(Shown());
  ChangeEach(document, document, "",
             [&](const json& changed, const std::string& where) {
               const auto shown = ReadPublicDossier(changed);
               EXPECT_FALSE(shown.ok() && AllPassed(Verify(*shown)) &&
                            VerifyPublished(dossier, *shown).passed)
                   << where;
             });
}

TEST(VerifyTest, FindsOutEveryChangeOfAnOpening) {
  const Dossier dossier = ExampleDossier();
  json document = ToJson(OpeningOf(dossier, 2));
  ChangeEach(document, document, "",
             [&](const json& changed, const std::string& where) {
               const auto opening = ReadOpening(changed);
               if (!opening.ok()) return;
               EXPECT_FALSE(AllPassed(VerifyOpening(dossier, *opening)))
                   << where;
             });
}

// With the public part alone one cannot see the chance, but the entry.
TEST(VerifyTest, LetsEachApplicantFindTheirEntry) {
  const Dossier dossier = ExampleDossier();
  for (size_t i = 0; i < dossier.list.parties().size(); ++i) {
    const Opening opening = OpeningOf(dossier, i);
    EXPECT_TRUE(VerifyOpening(Shown(), opening).passed);
    EXPECT_TRUE(AllPassed(VerifyOpening(dossier, opening)));
    Opening other = opening;
    other.party.application["territory"] = "elsewhere";
    EXPECT_FALSE(VerifyOpening(Shown(), other).passed);
    other = opening;
    other.index = 100;
    EXPECT_FALSE(VerifyOpening(Shown(), other).passed);
    other = opening;
    other.draw = "studyVisits/other";
    EXPECT_FALSE(VerifyOpening(Shown(), other).passed);
  }
}

TEST(VerifyTest, HoldsWithoutWhatSomebodySaidWhoWasErased) {
  Dossier dossier = ExampleDossier();
  const Opening opening = OpeningOf(dossier, 2);
  std::vector<Party> parties = dossier.list.parties();
  parties[2] = Erased(parties[2]);
  const Problem& problem = dossier.list.problem();
  const ClosedList without(problem.seats, problem.shares, parties);
  EXPECT_EQ(without.root(), dossier.list.root());
  dossier.list = without;
  ASSERT_OK_AND_ASSIGN(const Dossier read, ReadDossier(ToJson(dossier)));
  EXPECT_EQ(ToJson(read), ToJson(dossier));
  const json kept = ToJson(read).at("parties").at(2);
  EXPECT_FALSE(kept.contains("application") || kept.contains("salt"));
  const std::vector<Finding> findings = Verify(read);
  EXPECT_TRUE(AllPassed(findings)) << WordsOf(findings);
  EXPECT_THAT(WordsOf(findings), HasSubstr("Of 1 that erased"));
  EXPECT_TRUE(VerifyPublished(read, Shown()).passed);

  // Whoever kept the opening can still show it, and nobody can make one up.
  EXPECT_TRUE(AllPassed(VerifyOpening(read, opening)));
  Opening other = opening;
  other.party.application["territory"] = "elsewhere";
  EXPECT_FALSE(AllPassed(VerifyOpening(read, other)));
  EXPECT_FALSE(AllPassed(VerifyOpening(read, OpeningOf(read, 2))));
  EXPECT_THAT(ReadOpening(ToJson(OpeningOf(read, 2))),
              StatusIs(absl::StatusCode::kInvalidArgument));

  // Who was erased has said nothing, which is not the same as another.
  for (Party& party : parties) party = Erased(party);
  dossier.list = ClosedList(problem.seats, problem.shares, parties);
  EXPECT_TRUE(AllPassed(Verify(dossier))) << WordsOf(Verify(dossier));
}

// Somebody draws anew until the result suits, with everything consistent:
// what was published before the seeds were opened gives it away.
TEST(VerifyTest, ComparesWithWhatWasPublished) {
  const Dossier dossier = ExampleDossier();
  std::vector<Party> parties = dossier.list.parties();
  parties.pop_back();
  const Dossier other = MakeDossier(
      dossier.draw,
      ClosedList(3, dossier.list.problem().shares, std::move(parties)),
      dossier.hosts, dossier.lottery);
  EXPECT_FALSE(VerifyPublished(other, Shown()).passed);
}

// The list is what it is said to be, and yet one counts otherwise than others.
TEST(VerifyTest, SeesWhoIsCountedOtherwise) {
  std::vector<Party> parties = ExampleList().parties();
  for (Party& party : parties) {
    if (party.id == "party-7") party.application["territory"] = "gori";
  }
  const std::string draw = "studyVisits/example";
  const Dossier dossier = MakeDossier(
      draw, ClosedList(3, ExampleList().problem().shares, std::move(parties)),
      ExampleHosts(draw), ExampleLottery());
  const std::vector<Finding> findings = Verify(dossier);
  EXPECT_EQ(std::count_if(findings.begin(), findings.end(),
                          [](const Finding& one) { return !one.passed; }),
            1);
  EXPECT_THAT(findings,
              Contains(AllOf(Field(&Finding::check, "alike"),
                             Field(&Finding::words, HasSubstr("party-7")))));
}

TEST(VerifyTest, SaysWhichSeedIsWrong) {
  Dossier dossier = ExampleDossier();
  dossier.hosts[1].seed = Filled(9);
  EXPECT_THAT(Verify(dossier),
              Contains(Field(&Finding::words,
                             HasSubstr("The seed of organizations/lag-b"))));
}

TEST(VerifyTest, TellsThatADrawWasBegunAnew) {
  const Dossier dossier = RestartedDossier();
  const PublicDossier shown = *PublicPartOf(dossier);
  for (const auto& findings : {Verify(dossier), Verify(shown)}) {
    EXPECT_TRUE(AllPassed(findings)) << WordsOf(findings);
    EXPECT_THAT(findings,
                Contains(Field(&Finding::words,
                               HasSubstr("begun anew once. With 1 of 2 seeds "
                                         "opened, because: lag-b lost its "
                                         "seed."))));
  }
  EXPECT_TRUE(VerifyPublished(dossier, shown).passed);
  ASSERT_OK_AND_ASSIGN(const Dossier read, ReadDossier(ToJson(dossier)));
  EXPECT_EQ(read.restarts, dossier.restarts);
  ASSERT_OK_AND_ASSIGN(const PublicDossier read_shown,
                       ReadPublicDossier(ToJson(shown)));
  EXPECT_EQ(read_shown, shown);
}

TEST(VerifyTest, FindsOutEveryChangeOfARestart) {
  json document = ToJson(RestartedDossier());
  ASSERT_TRUE(Holds(document));
  int changes = 0;
  ChangeEach(document, document["restarts"], "restarts",
             [&](const json& changed, const std::string& where) {
               ++changes;
               EXPECT_FALSE(Holds(changed)) << where;
             });
  EXPECT_GT(changes, 10);
  document.erase("restarts");
  EXPECT_FALSE(Holds(document));
}

// Consistent in itself, and yet not a restart that may be.
TEST(VerifyTest, RefusesARestartThatCouldChoose) {
  const auto why_not = [](Restart restart) {
    const Dossier fair = RestartedDossier();
    return Verify(MakeDossier(fair.draw, fair.list, fair.hosts, fair.lottery,
                              {std::move(restart)}))
        .back()
        .words;
  };
  const Dossier fair = RestartedDossier();
  Restart known = fair.restarts[0];
  known.hosts[1].seed = Filled(0x44);
  EXPECT_THAT(why_not(known), HasSubstr("with its outcome known to all"));
  Restart again = fair.restarts[0];
  again.hosts[1].commitment = fair.hosts[1].commitment;
  EXPECT_THAT(why_not(again), HasSubstr("committed to again"));
  Restart other = fair.restarts[0];
  other.hosts[0].seed = Filled(0x55);
  EXPECT_THAT(why_not(other), HasSubstr("lag-a opened a seed"));
}

TEST(PublicPartTest, HidesSmallGroups) {
  const PublicDossier shown = Shown();
  ASSERT_EQ(shown.groups.size(), 2u);
  EXPECT_EQ(shown.groups[0].applied, 8);
  EXPECT_EQ(shown.groups[0].selected, 3);
  EXPECT_EQ(shown.groups[0].lowest, (Chance{1, 3}));
  EXPECT_TRUE(shown.groups[1].hidden);
  EXPECT_EQ(shown.groups[1].applied, 0);
  EXPECT_THAT(Canonical(ToJson(shown)), Not(HasSubstr("party-")));
}

// Of 30 people, 3, 10 and 17 belong to three shares; everybody comes.
Dossier ThreeGroups(const std::vector<std::string>& shares) {
  std::vector<Party> parties;
  for (int i = 0; i < 30; ++i) {
    parties.push_back({.id = absl::StrCat("party-", i),
                       .counts = {i < 3, i >= 3 && i < 13, i >= 13},
                       .application = {{"group", (i >= 3) + (i >= 13)}},
                       .salt = Filled(static_cast<uint8_t>(i))});
  }
  const ClosedList list(
      30, {{shares[0], 0, 30}, {shares[1], 0, 30}, {shares[2], 0, 30}},
      std::move(parties));
  const Lottery lottery{
      .people = 30,
      .people_prices = {{0, 0, 0}, 0},
      .panels = {{kTotalWeight, {17, 10, 3}}},
      .levels = {{{0, 1, 2}, kTotalWeight, {1, 1, 1}, 30, {{0, 0, 0}, 1}}}};
  return MakeDossier("v", list, ExampleHosts("v"), lottery);
}

// Who knows how many come from the other territories knows it of Kotla.
TEST(PublicPartTest, HidesWhatCouldBeSubtracted) {
  const Dossier dossier = ThreeGroups({"kotla", "gori", "khoni"});
  EXPECT_TRUE(AllPassed(Verify(dossier))) << WordsOf(Verify(dossier));
  ASSERT_OK_AND_ASSIGN(const PublicDossier shown, PublicPartOf(dossier));
  EXPECT_FALSE(shown.groups[0].hidden);
  EXPECT_TRUE(shown.groups[1].hidden);
  EXPECT_TRUE(shown.groups[2].hidden);
  EXPECT_FALSE(shown.groups[3].hidden);
}

// That an organisation has a share at all says that people of it applied.
TEST(PublicPartTest, NamesNoOrganizationThatIsHidden) {
  const Dossier dossier = ThreeGroups(
      {"organization/kotla", "organization/gori", "organization/khoni"});
  ASSERT_OK_AND_ASSIGN(const PublicDossier shown, PublicPartOf(dossier));
  ASSERT_EQ(shown.groups.size(), 4u);
  EXPECT_EQ(shown.shares[0].name, "organization/khoni");
  EXPECT_EQ(shown.groups[1].share, "organization/khoni");
  EXPECT_EQ(shown.groups[1].applied, 17);
  EXPECT_EQ(shown.shares[1].name, "organization-1");
  EXPECT_EQ(shown.groups[2].share, "organization-1");
  EXPECT_EQ(shown.groups[3].share, "organization-2");
  EXPECT_TRUE(shown.groups[2].hidden && shown.groups[3].hidden);
  EXPECT_THAT(Canonical(ToJson(shown)), Not(HasSubstr("gori")));
  ASSERT_OK_AND_ASSIGN(const PublicDossier read,
                       ReadPublicDossier(ToJson(shown)));
  EXPECT_TRUE(VerifyPublished(dossier, read).passed);
}

TEST(ClosedListTest, TellsNothingOfTheOrderOfArrival) {
  std::vector<Party> parties = ExampleList().parties();
  std::reverse(parties.begin(), parties.end());
  const ClosedList list(3, {{"territory/kotla", 1, 1}}, std::move(parties));
  EXPECT_EQ(list.root(), ExampleList().root());
  EXPECT_EQ(list.type_of(), ExampleList().type_of());
}

TEST(DocumentTest, RefusesWhatIsNone) {
  EXPECT_THAT(ParseJson("{"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseJson(std::string(100, '[') + std::string(100, ']')),
              StatusIs(absl::StatusCode::kInvalidArgument));
  for (const char* text : {"1", "null", "[]", "{}", R"({"format":1})"}) {
    const json document = *ParseJson(text);
    EXPECT_EQ(FormatOf(document), "");
    EXPECT_THAT(ReadDossier(document), Not(IsOk())) << text;
    EXPECT_THAT(ReadPublicDossier(document), Not(IsOk())) << text;
    EXPECT_THAT(ReadOpening(document), Not(IsOk())) << text;
    EXPECT_THAT(ReadProblem(document), Not(IsOk())) << text;
  }
  json fraction = ToJson(ExampleDossier());
  fraction["seats"] = 3.0;
  EXPECT_THAT(ReadDossier(fraction), Not(IsOk()));
  fraction["seats"] = 3;
  EXPECT_THAT(ReadDossier(fraction), IsOk());
  fraction["parties"][0]["application"]["age"] = 0.5;
  EXPECT_THAT(ReadDossier(fraction), Not(IsOk()));
  fraction["seats"] = 18446744073709551615u;
  EXPECT_THAT(ReadDossier(fraction), Not(IsOk()));
}

}  // namespace
}  // namespace lagnet::draw
