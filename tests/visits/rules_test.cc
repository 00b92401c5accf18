#include "server/visits/rules.h"

#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/visits/visit.h"
#include "tests/support/matchers.h"

namespace lagnet::visits {
namespace {

using support::IsOk;
using support::StatusIs;
using support::WrongFields;
using testing::ElementsAre;

// All that can be laid down.
VisitRules Everything() {
  return {.policy = Policy::kPriorityGroups,
          .who = {.territories = {"PL81", "PL92"},
                  .organization_kinds = {1},
                  .sectors = {Sector::kCivic, Sector::kPublic},
                  .organizations = {"lag-kotla"},
                  .age_bands = {AgeBand::k25To40},
                  .languages = {"pl"}},
          .shares = {{.group = {.organization = "lag-kotla", .staff = true},
                      .min = 1,
                      .max = 2,
                      .min_until = absl::CivilSecond(2026, 5, 1, 12, 0, 0)},
                     {.group = {.territory = "PL81", .sector = Sector::kCivic},
                      .min_percent = 10,
                      .max_percent = 50}},
          .priority_groups = {{.first_timers = true},
                              {.age_band = AgeBand::k25To40, .language = "pl"}},
          .confirm_hours = 72,
          .offer_hours = 48,
          .hold_hours = 24,
          .largest_hold = 5,
          .placeholders_end = absl::CivilSecond(2026, 5, 2, 12, 0, 0),
          .free_withdrawal_end = absl::CivilSecond(2026, 5, 3, 12, 0, 0),
          .draw_weights = {.years = 2, .newcomers = 3, .new_organizations = 4}};
}

TEST(RulesTest, AreTheSameAfterTheyWereKept) {
  const VisitRules rules = Everything();
  EXPECT_EQ(RulesFromJson(ToJson(rules)), rules);
  EXPECT_EQ(ToJson(VisitRules()).dump(), "{}") << "nothing set, nothing kept";
  EXPECT_EQ(RulesFromJson(nlohmann::json::object()), VisitRules());
}

TEST(RulesTest, FollowAnOrganizationThatIsMerged) {
  VisitRules rules = Everything();
  EXPECT_THAT(OrganizationsIn(rules), ElementsAre("lag-kotla", "lag-kotla"));
  Rename("lag-kotla", "lag-new", rules);
  EXPECT_THAT(OrganizationsIn(rules), ElementsAre("lag-new", "lag-new"));
  EXPECT_THAT(TerritoriesIn(rules), ElementsAre("PL81", "PL92", "PL81"));
}

TEST(RulesTest, RoundPerCentInFavourOfTheMinimumAndTheMaximum) {
  const std::vector<Share> shares =
      SharesOf({.shares = {{.min_percent = 33, .max_percent = 33}}}, 40);
  EXPECT_EQ(shares[0].min, 14);
  EXPECT_EQ(shares[0].max, 13);
}

TEST(RulesTest, MustNotContradictThemselves) {
  struct Case {
    const char* what;
    std::function<void(VisitRules&)> spoil;
    std::string field;  // "": good as it is.
  };
  const auto share = [](Group group, int min, int max = 0) {
    return ShareRule{.group = std::move(group), .min = min, .max = max};
  };
  const Case cases[] = {
      {"nothing", [](VisitRules&) {}, ""},
      {"for nobody", [&](VisitRules& r) { r.shares = {share({}, 1)}; },
       "shares[0].group"},
      {"neither",
       [&](VisitRules& r) { r.shares = {share({.staff = true}, 0)}; },
       "shares[0]"},
      {"more at least than at most",
       [&](VisitRules& r) { r.shares = {share({.staff = true}, 3, 2)}; },
       "shares[0]"},
      {"above the seats",
       [&](VisitRules& r) { r.shares = {share({.staff = true}, 11)}; },
       "shares[0]"},
      {"together above the seats",
       [&](VisitRules& r) {
         r.shares = {share({.sector = Sector::kCivic}, 6),
                     share({.staff = true}, 9),
                     share({.sector = Sector::kPublic}, 5)};
       },
       "shares[0]"},
      {"together, in two dimensions",
       [&](VisitRules& r) {
         r.shares = {share({.sector = Sector::kCivic}, 6),
                     share({.organization = "x"}, 5)};
       },
       ""},
      {"inside one that may have less",
       [&](VisitRules& r) {
         r.shares = {share({.organization = "x"}, 0, 2),
                     share({.organization = "x", .staff = true}, 3)};
       },
       "shares[1]"},
      {"inside one that may have less, together",
       [&](VisitRules& r) {
         r.shares = {share({.organization = "x", .sector = Sector::kCivic}, 3),
                     share({.sector = Sector::kCivic}, 0, 5),
                     share({.organization = "y", .sector = Sector::kCivic}, 3)};
       },
       "shares[0]"},
      {"inside one that may have as many, together",
       [&](VisitRules& r) {
         r.shares = {share({.organization = "x", .sector = Sector::kCivic}, 3),
                     share({.sector = Sector::kCivic}, 0, 6),
                     share({.organization = "y", .sector = Sector::kCivic}, 3)};
       },
       ""},
      {"inside one that may have less, of two territories",
       [&](VisitRules& r) {
         r.shares = {share({.territory = "PL81", .sector = Sector::kCivic}, 3),
                     share({.sector = Sector::kCivic}, 0, 5),
                     share({.territory = "PL92", .sector = Sector::kCivic}, 3)};
       },
       ""},
      {"people who may not come",
       [&](VisitRules& r) {
         r.who.sectors = {Sector::kPublic};
         r.shares = {share({.sector = Sector::kCivic}, 1)};
       },
       "shares[0]"},
      {"at most for people who may not come",
       [&](VisitRules& r) {
         r.who.sectors = {Sector::kPublic};
         r.shares = {share({.sector = Sector::kCivic}, 0, 1)};
       },
       ""},
      {"more than one organisation may have",
       [&](VisitRules& r) { r.shares = {share({.organization = "x"}, 5)}; },
       "shares[0]"},
      {"together more than one organisation may have",
       [&](VisitRules& r) {
         r.shares = {
             share({.organization = "x", .sector = Sector::kCivic}, 3),
             share({.organization = "x", .sector = Sector::kPublic}, 2)};
       },
       "shares[0]"},
      {"as much as one organisation may have, in two ways",
       [&](VisitRules& r) {
         r.shares = {share({.organization = "x", .sector = Sector::kCivic}, 3),
                     share({.organization = "x", .staff = true}, 2)};
       },
       ""},
      {"seats and per cent",
       [&](VisitRules& r) {
         r.shares = {{.group = {.staff = true}, .min = 1, .min_percent = 1}};
       },
       "shares[0]"},
      {"an order of no groups",
       [](VisitRules& r) { r.policy = Policy::kPriorityGroups; },
       "priority_groups"},
      {"groups without an order",
       [](VisitRules& r) { r.priority_groups = {{.staff = true}}; }, "policy"},
      {"weights in a draw",
       [](VisitRules& r) {
         r.policy = Policy::kDraw;
         r.draw_weights = {.years = 5, .new_organizations = 10};
       },
       ""},
      {"weights without a draw",
       [](VisitRules& r) {
         r.policy = Policy::kOrderOfArrival;
         r.draw_weights = {.years = 2, .newcomers = 3};
       },
       "draw_weights"},
      {"weights for no time",
       [](VisitRules& r) {
         r.policy = Policy::kDraw;
         r.draw_weights = {.newcomers = 3};
       },
       "draw_weights.years"},
      {"a time without weights",
       [](VisitRules& r) {
         r.policy = Policy::kDraw;
         r.draw_weights = {.years = 2, .newcomers = 1};
       },
       "draw_weights.newcomers"},
      {"a hold for nobody", [](VisitRules& r) { r.hold_hours = 3; },
       "hold_hours"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    VisitRules rules;
    c.spoil(rules);
    const int limit =
        std::string(c.what).find("organisation") != std::string::npos ? 4 : 0;
    const absl::Status status = CheckRules(rules, 10, limit);
    if (c.field.empty()) {
      EXPECT_THAT(status, IsOk());
      continue;
    }
    EXPECT_THAT(status,
                StatusIs(absl::StatusCode::kInvalidArgument, "INVALID_FIELDS"));
    EXPECT_THAT(WrongFields(status),
                ElementsAre("study_visit.seat_rules." + c.field));
  }
}

TEST(RulesTest, SayWhichMinimumsAreTooMuchTogether) {
  VisitRules rules;
  rules.shares = {
      {.group = {.sector = Sector::kCivic}, .max = 5},
      {.group = {.organization = "x", .sector = Sector::kCivic}, .min = 3},
      {.group = {.organization = "y", .sector = Sector::kCivic}, .min = 3}};
  EXPECT_THAT(std::string(CheckRules(rules, 10, 0).message()),
              testing::HasSubstr("asks together with shares[2] for at least 6 "
                                 "seats and with them lies within shares[0], "
                                 "which has at most 5"));
}

// Rules at random, of few people: those that are refused can be kept by nobody.
class SmallRules {
 public:
  explicit SmallRules(unsigned seed) : random_(seed) {
    for (int i = 2 + Pick(3); i > 0; --i) {
      ShareRule share{.group = RandomGroup(), .min = Pick(3)};
      if (share.min == 0 || Pick(2) == 0) share.max = share.min + 1 + Pick(2);
      rules_.shares.push_back(std::move(share));
    }
    limit_ = Pick(3) == 0 ? 1 + Pick(3) : 0;
    for (const char* organization : {"x", "y"}) {
      for (int i = 0; i < 16; ++i) AddKind(organization, i);
    }
  }

  absl::Status Check() const { return CheckRules(rules_, kMany, limit_); }
  // Whether so few people can fill all minimums.
  bool CanBeKept() { return Finds(kinds_.begin(), 0); }
  std::string Text() const { return ToJson(rules_).dump(); }

 private:
  static constexpr int kMany = 100;
  static constexpr int kPeople = 6;

  int Pick(int below) {
    return static_cast<int>(random_() % static_cast<unsigned>(below));
  }
  Group RandomGroup() {
    Group group;
    while (group == Group()) {
      if (Pick(3) == 0) group.organization = Pick(2) == 0 ? "x" : "y";
      if (Pick(3) == 0) group.sector = static_cast<Sector>(1 + Pick(2));
      if (Pick(4) == 0) group.age_band = static_cast<AgeBand>(1 + Pick(2));
      if (Pick(4) == 0) group.territory = Pick(2) == 0 ? "t" : "u";
    }
    return group;
  }
  // People who are alike for these rules, in which a person has one sector and
  // one age, and may have two territories.
  void AddKind(const std::string& organization, int i) {
    Traits person{.organization = organization,
                  .sector = static_cast<Sector>(1 + (i & 1)),
                  .age_band = static_cast<AgeBand>(1 + (i >> 1 & 1))};
    if ((i >> 2 & 1) != 0) person.territories.push_back("t");
    if ((i >> 3 & 1) != 0) person.territories.push_back("u");
    kinds_.emplace(organization, ShareBook(SharesOf(rules_, kMany)).Of(person));
  }
  bool IsKept() const {
    for (size_t i = 0; i < counts_.size(); ++i) {
      if (counts_[i] < rules_.shares[i].min) return false;
    }
    return true;
  }
  // Adds people of this kind or of later ones.
  using Kinds = std::set<std::pair<std::string, ShareSet>>;
  bool Finds(Kinds::const_iterator kind, int people) {
    counts_.resize(rules_.shares.size());
    if (IsKept()) return true;
    if (people == kPeople) return false;
    for (; kind != kinds_.end(); ++kind) {
      const bool fits = Add(*kind, 1);
      const bool finds = fits && Finds(kind, people + 1);
      Add(*kind, -1);
      if (finds) return true;
    }
    return false;
  }
  bool Add(const std::pair<std::string, ShareSet>& kind, int count) {
    int& mine = of_[kind.first];
    mine += count;
    bool fits = kind.second != 0 && (limit_ == 0 || mine <= limit_);
    for (size_t i = 0; i < counts_.size(); ++i) {
      counts_[i] += (kind.second >> i & 1) != 0 ? count : 0;
      const int max = rules_.shares[i].max;
      fits = fits && (max == 0 || counts_[i] <= max);
    }
    return fits;
  }

  std::mt19937 random_;
  VisitRules rules_;
  int limit_ = 0;
  Kinds kinds_;
  std::vector<int> counts_;
  std::map<std::string, int> of_;
};

TEST(RulesTest, AreRefusedOnlyIfNobodyCouldKeepThem) {
  int refused = 0;
  for (unsigned seed = 0; seed < 600; ++seed) {
    SmallRules rules(seed);
    if (rules.Check().ok()) continue;
    ++refused;
    ASSERT_FALSE(rules.CanBeKept())
        << seed << " " << rules.Text() << " " << rules.Check();
  }
  EXPECT_GT(refused, 20);
}

TEST(RulesTest, HaveOneTextThatTellsAllThatBinds) {
  StudyVisit visit{.id = "v",
                   .time_zone = "Europe/Warsaw",
                   .start = absl::CivilSecond(2026, 6, 1, 9, 0, 0),
                   .seats = 10};
  const std::string text = RulesText(visit);
  StudyVisit read{
      .id = "v", .time_zone = visit.time_zone, .start = visit.start};
  visit.rules = Everything();
  visit.seats_per_organization = 3;
  visit.sign_up_end = absl::CivilSecond(2026, 5, 1, 9, 0, 0);
  EXPECT_NE(RulesText(visit), text);
  ReadRulesText(RulesText(visit), read);
  EXPECT_EQ(RulesText(read), RulesText(visit));
  visit.contact_email = "other@example.org";
  EXPECT_EQ(RulesText(read), RulesText(visit)) << "binds nobody";
}

}  // namespace
}  // namespace lagnet::visits
