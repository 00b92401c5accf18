// Which entries are taken for one organisation, and which are not.

#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "lagnet/directory/v1/doubles.pb.h"
#include "server/directory/double_finder.h"
#include "server/directory/likely_double.h"
#include "tests/support/matchers.h"

namespace lagnet::directory {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Kind = OrganizationKind;
using Scheme = TerritoryScheme;

Organization Named(const std::string& id, const std::string& language,
                   const std::string& name, const std::string& country = "PL",
                   Kind kind = Kind::kLag) {
  Organization organization{.id = id, .kind = kind, .country = country};
  organization.display_name[language] = {.text = name};
  organization.life.state = OrganizationState::kVerified;
  return organization;
}

double Score(const Organization& one, const Organization& other) {
  return Resemble(Traits(one), Traits(other)).score;
}

std::vector<DoubleReason> Reasons(const Organization& one,
                                  const Organization& other) {
  std::vector<DoubleReason> reasons;
  for (const DoubleSign& sign : Resemble(Traits(one), Traits(other)).signs) {
    reasons.push_back(sign.reason);
  }
  return reasons;
}

TEST(DoubleTest, KnowsANameInOtherAlphabetsSpellingsAndEndings) {
  struct Case {
    const char* country;
    const char* one;
    const char* other;
  };
  const Case cases[] = {
      {"GE", "LAG Lagodekhi", "ლაგოდეხის ადგილობრივი განვითარების ჯგუფი"},
      {"GE", "Lagodekhi Local Action Group", "LAG Lagodechi"},
      {"GE", "LAG Borjomi", "LGD Bordżomi"},
      {"GE", "Khulo LAG", "MAS Chulo"},
      {"GE", "ყაზბეგის ადგილობრივი განვითარების ჯგუფი", "Kazbegi LAG"},
      {"GE", "Tsalka LAG", "ს. წალკა"},
      {"PL", "LGD \"Puszcza Kozienicka\"", "Puszcza Kozienicka LAG"},
      {"PL", "LGD „Puszcza Kozienicka”",
       "Stowarzyszenie LGD Puszcza Kozienicka w Garbatce-Letnisku"},
      {"PL", "Kraina Lasów i Jezior – LGD", "LGD Kraina Lasow i Jezior"},
      {"PL", "Stowarzyszenie Lokalna Grupa Działania Ziemi Kraśnickiej",
       "LGD Ziemi Krasnickiej"},
      {"CZ", "MAS Mikroregionu Telčsko, z.s.", "Mikroregion Telcsko"},
      {"CZ", "MAS Zubří země, o.p.s.", "Místní akční skupina Zubří země"},
      {"CZ", "MAS Český sever, z.s.", "MAS Cesky sever"},
      {"LV", "Liepājas rajona partnerība", "Liepajas rajona partneriba"},
  };
  for (const Case& c : cases) {
    const Organization one = Named("one", "en", c.one, c.country);
    const Organization other = Named("other", "pl", c.other, c.country);
    EXPECT_GE(Score(one, other), kLikelyDouble) << c.one << " / " << c.other;
    EXPECT_THAT(Reasons(one, other), ElementsAre(DoubleReason::kName));
  }
}

TEST(DoubleTest, TellsApartWhatOnlyLooksAlike) {
  struct Case {
    const char* country;
    const char* one;
    const char* other;
    Kind kind = Kind::kLag;
  };
  const Case cases[] = {
      {"GE", "LAG Akhmeta", "LAG Akhalkalaki"},
      {"GE", "LAG Tsalka", "LAG Tskaltubo"},
      {"GE", "LAG Keda", "LAG Khulo"},
      {"GE", "LAG Tetritskaro", "LAG Dedoplistskaro"},
      {"PL", "LGD Ziemi Kraśnickiej", "Powiat Kraśnik", Kind::kCounty},
      {"GE", "LAG Lagodekhi", "Lagodekhi Municipality", Kind::kMunicipality},
      {"PL", "LGD Kotla", "Gmina Kotla", Kind::kMunicipality},
      {"CZ", "MAS Telčsko", "Město Telč", Kind::kMunicipality},
      {"PL", "Stowarzyszenie LGD", "Lokalna Grupa Działania Dolina Raby"},
      {"PL", "LGD Dolina Raby", "LGD Dolina Sanu"},
      {"PL", "LGD Region 1", "LGD Region 2"},
      {"CZ", "MAS Vysočina západ", "MAS Vysočina východ"},
      {"CZ", "MAS Jemnicko, o.p.s.", "MAS Třešťsko, o.p.s."},
      {"LT", "Utenos rajono vietos veiklos grupė",
       "Alytaus rajono vietos veiklos grupė"},
  };
  for (const Case& c : cases) {
    const Organization one = Named("one", "en", c.one, c.country);
    const Organization other = Named("other", "en", c.other, c.country, c.kind);
    EXPECT_LT(Score(one, other), kLikelyDouble) << c.one << " / " << c.other;
  }
}

TEST(DoubleTest, TellsAGminaFromItsLagInOneBuildingWithOneWebSite) {
  Organization lag = Named("lag", "pl", "LGD Kotla");
  lag.territories = {{Scheme::kLau, "2022", "0203032"}};
  lag.email = "lgd@kotla.example.org";
  lag.website = "https://kotla.example.org/lgd";
  lag.position = Position{51.75, 16.03};
  Organization gmina = lag;
  gmina.id = "gmina";
  gmina.kind = Kind::kMunicipality;
  gmina.email = "urzad@kotla.example.org";
  EXPECT_LT(Score(lag, gmina), kLikelyDouble);
}

TEST(DoubleTest, SaysWhyTheWeightiestFirst) {
  Organization one = Named("one", "ka", "ლაგოდეხის ჯგუფი", "GE");
  one.email = "Office@Lagodekhi.example.org";
  one.website = "https://www.lag.ge/ka/";
  one.territories = {{Scheme::kLau, "2024", "LAG-1"}};
  one.position = Position{41.826, 46.276};
  one.profile.register_entry = RegisterEntry{"NAPR", "0012-34", {}};
  Organization other = Named("other", "en", "Lagodekhi LAG", "GE");
  other.email = "office@lagodekhi.example.org";
  other.website = "http://lag.ge";
  other.territories = one.territories;
  other.position = Position{41.827, 46.277};
  other.profile.register_entry = RegisterEntry{"napr", "1234", {}};
  EXPECT_THAT(Reasons(one, other),
              ElementsAre(DoubleReason::kRegisterNumber, DoubleReason::kMailbox,
                          DoubleReason::kName, DoubleReason::kTerritory,
                          DoubleReason::kWebsite, DoubleReason::kSeat));
  const Resemblance resemblance = Resemble(Traits(one), Traits(other));
  EXPECT_GT(resemblance.score, 0.99);
  EXPECT_EQ(resemblance.signs[2].one, "ლაგოდეხის ჯგუფი");
  EXPECT_EQ(resemblance.signs[2].other, "Lagodekhi LAG");
}

TEST(DoubleTest, IsNotMisledByWhatManyShare) {
  Organization one = Named("one", "pl", "LGD Dolina Raby");
  Organization other = Named("other", "pl", "LGD Ziemia Chełmońskiego");
  one.email = "dolina@gmail.com";
  other.email = "chelmonski@gmail.com";
  one.website = "https://www.facebook.com/dolinaraby/";
  other.website = "https://facebook.com/chelmonski";
  one.territories = other.territories = {{Scheme::kNuts, "2021", "PL213"}};
  one.position = other.position = Position{50.06, 19.94};
  EXPECT_THAT(Reasons(one, other),
              ElementsAre(DoubleReason::kTerritory, DoubleReason::kSeat));
  EXPECT_LT(Score(one, other), kLikelyDouble);
}

TEST(DoubleTest, BelievesARegisterMoreThanNames) {
  Organization one = Named("one", "pl", "LGD Dolina Raby");
  one.profile.register_entry = RegisterEntry{"KRS", "0000312844", {}};
  Organization renamed = Named("renamed", "pl", "Podgórze – stowarzyszenie");
  renamed.profile.register_entry = RegisterEntry{"KRS", "312844", {}};
  EXPECT_GT(Score(one, renamed), 0.9);
  Organization twin = one;
  twin.profile.register_entry->number = "0000312845";
  EXPECT_LT(Score(one, twin), kLikelyDouble);
}

TEST(DoubleTest, WeighsTheCountryAndTheArea) {
  const Organization here = Named("here", "en", "LAG Sunny Valley", "PL");
  EXPECT_LT(Score(here, Named("there", "en", "LAG Sunny Valley", "CZ")),
            kLikelyDouble);
  Organization north = here;
  Organization south = here;
  north.territories = {{Scheme::kLau, "2022", "1"}, {Scheme::kLau, "", "2"}};
  south.territories = {{Scheme::kLau, "2022", "3"}};
  EXPECT_LT(Score(north, south), kLikelyDouble);
  south.territories.push_back({Scheme::kLau, "2022", "2"});
  EXPECT_GT(Score(north, south), Score(here, here));
}

TEST(DoubleTest, AsksOnlyWhereAnAnswerMatters) {
  const auto in = [](OrganizationState state, const std::string& id) {
    Organization organization = Named(id, "en", "LAG Keda", "GE");
    organization.life.state = state;
    return Traits(organization);
  };
  using State = OrganizationState;
  const Traits live = in(State::kVerified, "live");
  for (const State state :
       {State::kDraft, State::kSubmitted, State::kVerified, State::kStale,
        State::kArchived, State::kDissolved}) {
    EXPECT_TRUE(MayBeDoubles(live, in(state, "other"))) << NameOf(state);
  }
  EXPECT_FALSE(MayBeDoubles(live, in(State::kMerged, "other")));
  EXPECT_FALSE(MayBeDoubles(live, in(State::kVerified, "live")));
  EXPECT_FALSE(
      MayBeDoubles(in(State::kArchived, "a"), in(State::kDissolved, "b")));
  Traits predecessor = in(State::kDissolved, "other");
  predecessor.successor = "live";
  EXPECT_FALSE(MayBeDoubles(live, predecessor));
  EXPECT_FALSE(MayBeDoubles(predecessor, live));
}

// Entries of random parts, some of which several have.
class Random {
 public:
  explicit Random(unsigned seed) : random_(seed) {}

  Organization Entry(const std::string& id) {
    Organization entry =
        Named(id, "pl", absl::StrCat(Of(kKinds), Of(kWords), " ", Of(kWords)),
              Pick(4) == 0 ? "CZ" : "PL", static_cast<Kind>(1 + Pick(9)));
    if (Pick(3) == 0) {
      entry.display_name["ka"] = {.text = absl::StrCat(Of(kWords), Of(kWords))};
    }
    if (Pick(2) == 0) {
      entry.email = absl::StrCat("x", Pick(3), "@d", Pick(3), ".example.org");
    }
    if (Pick(3) == 0) {
      entry.website = absl::StrCat("https://d", Pick(3), ".example.org/");
    }
    for (int i = Pick(4); i > 0; --i) {
      entry.territories.push_back({static_cast<Scheme>(1 + Pick(3)), "",
                                   absl::StrCat("PL", Pick(3), Pick(2))});
    }
    if (Pick(3) == 0) {
      entry.position = Position{50.0 + Pick(200) / 100.0, 20};
    }
    if (Pick(4) == 0) {
      entry.profile.register_entry =
          RegisterEntry{"KRS", absl::StrCat(Pick(5)), {}};
    }
    return entry;
  }

 private:
  static constexpr const char* kKinds[] = {"LGD ", "Gmina ", "MAS ", ""};
  static constexpr const char* kWords[] = {"Kraśnik", "Kraśnickiej", "ხულო",
                                           "Chulo",   "Telč",        "Telčsko",
                                           "Raba",    "1",           ""};

  int Pick(int below) {
    return static_cast<int>(random_() % static_cast<unsigned>(below));
  }
  template <size_t N>
  const char* Of(const char* const (&texts)[N]) {
    return texts[static_cast<size_t>(Pick(static_cast<int>(N)))];
  }

  std::mt19937 random_;
};

TEST(DoubleTest, IsSymmetricAndMostForWhatIsEqual) {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    Random random(seed);
    const Organization one = random.Entry("one");
    const Organization other = random.Entry("other");
    const double score = Score(one, other);
    ASSERT_GE(score, 0) << seed;
    ASSERT_LE(score, 1) << seed;
    ASSERT_DOUBLE_EQ(score, Score(other, one)) << seed;
    ASSERT_LE(score, Score(one, one) + 1e-12) << seed;
  }
}

TEST(DoubleFinderTest, FindsWhatComparingEveryTwoFinds) {
  Random random(7);
  std::vector<Organization> entries;
  for (int i = 0; i < 150; ++i) {
    entries.push_back(random.Entry(absl::StrCat("lag-", i)));
  }
  size_t wanted = 0;
  for (size_t i = 0; i < entries.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      wanted += Score(entries[i], entries[j]) >= kLikelyDouble;
    }
  }
  const auto pairs = DoubleFinder(entries).Pairs();
  EXPECT_GT(wanted, 100u);
  EXPECT_EQ(pairs.size(), wanted);
  EXPECT_TRUE(std::is_sorted(pairs.begin(), pairs.end(),
                             [](const auto& a, const auto& b) {
                               return a.resemblance.score > b.resemblance.score;
                             }));
}

TEST(DoubleFinderTest, FindsTheDoublesOfANewEntry) {
  const DoubleFinder finder({Named("keda", "en", "LAG Keda", "GE"),
                             Named("kheda", "ka", "ქედა", "GE"),
                             Named("khulo", "en", "LAG Khulo", "GE")});
  std::vector<std::string> ids;
  for (const auto& match :
       finder.Find(Traits(Named("", "en", "Keda Local Action Group", "GE")))) {
    ids.push_back(match.other->id);
  }
  EXPECT_THAT(ids, ElementsAre("keda", "kheda"));
  EXPECT_THAT(finder.Find(Traits(Named("", "en", "LAG Vani", "GE"))),
              IsEmpty());
}

TEST(DoubleFinderTest, FindsWhatIsMadeMeanwhile) {
  DoubleFinder finder({Named("keda", "en", "LAG Keda", "GE")});
  const Traits vani(Named("", "en", "LAG Vani", "GE"));
  EXPECT_THAT(finder.Find(vani), IsEmpty());
  const auto before =
      finder.Find(Traits(Named("", "en", "Keda Local Action Group", "GE")));
  for (int i = 0; i < 100; ++i) {
    finder.Add(Named(absl::StrCat("vani-", i), "en", "Vani LAG", "GE"));
  }
  EXPECT_EQ(finder.Find(vani).size(), 100u);
  EXPECT_EQ(before[0].other->id, "keda") << "stays where it is";
}

TEST(DoubleFinderTest, KnowsTheNamesOfWhatWasMerged) {
  Organization old = Named("old", "en", "Trialeti Highlands LAG", "GE");
  old.life.state = OrganizationState::kMerged;
  old.life.merged_into = "keda";
  Organization hidden = Named("hidden", "en", "Vani LAG", "GE");
  hidden.life.state = OrganizationState::kMerged;
  hidden.life.merged_into = "of-others";
  const DoubleFinder finder(
      {old, Named("keda", "en", "LAG Keda", "GE"), hidden});
  const auto found =
      finder.Find(Traits(Named("", "en", "LAG Trialeti Highlands", "GE")));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(Describe(found[0]),
            "organizations/keda (Trialeti Highlands LAG), by name");
  EXPECT_THAT(finder.Find(Traits(Named("", "en", "LAG Vani", "GE"))),
              IsEmpty());
}

TEST(LikelyDoubleTest, SaysWhatAnEntryMayBeAndWhyWithoutItsMailbox) {
  Organization keda = Named("keda", "en", "Keda LAG", "GE");
  keda.email = "office@keda.example.org";
  keda.life.state = OrganizationState::kArchived;
  Organization wanted = keda;
  wanted.id = "wanted";
  wanted.life.state = OrganizationState::kDraft;
  std::vector<Organization> known = {keda};
  for (int i = 0; i < 5; ++i) {
    known.push_back(Named(absl::StrCat("keda-", i), "ka", "ქედა", "GE"));
  }
  const DoubleFinder finder(known);
  const absl::Status told = CheckNoDoubles(finder.Find(Traits(wanted)));
  EXPECT_THAT(told, support::StatusIs(absl::StatusCode::kAlreadyExists,
                                      "LIKELY_DOUBLE"));
  EXPECT_EQ(told.message(),
            "likely there already: organizations/keda (Keda LAG, ARCHIVED), by "
            "name and mailbox; organizations/keda-0 (ქედა), by name; "
            "organizations/keda-1 (ქედა), by name. Use that entry, or set "
            "allow_likely_doubles if it is another organisation");
  EXPECT_THAT(CheckNoDoubles({}), support::IsOk());
}

TEST(LikelyDoubleTest, CallsReasonsAsTheApiDoes) {
  for (int i = v1::DoubleSign::Reason_MIN + 1; i <= v1::DoubleSign::Reason_MAX;
       ++i) {
    EXPECT_EQ(NameOf(static_cast<DoubleReason>(i)),
              v1::DoubleSign::Reason_Name(i));
  }
}

}  // namespace
}  // namespace lagnet::directory
