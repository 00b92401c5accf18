#include "server/visits/words.h"

#include <string>

#include "tests/support/matchers.h"

namespace lagnet::visits {
namespace {

using testing::AllOf;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::Not;

const char* const kLanguages[] = {"en", "ka", "pl", "cs"};

TEST(WordsTest, AreThereInEveryLanguage) {
  const Messages& messages = VisitMessages();
  for (const char* language : kLanguages) {
    EXPECT_THAT(messages.Keys(language), ElementsAreArray(messages.Keys("en")))
        << language;
    for (const std::string& key : messages.Keys(language)) {
      const std::string said = messages.Say(language, key,
                                            {{"people", int64_t{5}},
                                             {"seats", int64_t{5}},
                                             {"hours", int64_t{5}},
                                             {"min", int64_t{5}},
                                             {"max", int64_t{5}},
                                             {"size", int64_t{5}},
                                             {"network", int64_t{5}},
                                             {"same", int64_t{5}},
                                             {"weight", int64_t{3}},
                                             {"years", int64_t{2}},
                                             {"position", int64_t{5}},
                                             {"name", "N"},
                                             {"group", "G"},
                                             {"groups", "G"},
                                             {"reason", "R"},
                                             {"due", "D"},
                                             {"until", "U"},
                                             {"from", "F"},
                                             {"to", "T"},
                                             {"zone", "Z"},
                                             {"who", "W"},
                                             {"language", "L"},
                                             {"email", "E"},
                                             {"visit", "V"},
                                             {"start", "S"},
                                             {"head", "H"},
                                             {"organization", "O"}});
      EXPECT_NE(said, key) << language << ": a pattern that ICU refuses";
      EXPECT_THAT(said, Not(HasSubstr("{"))) << language << " " << key;
    }
  }
}

StudyVisit VisitByRules() {
  return {.id = "v",
          .time_zone = "Europe/Warsaw",
          .start = absl::CivilSecond(2026, 6, 1, 9, 0, 0),
          .end = absl::CivilSecond(2026, 6, 2, 9, 0, 0),
          .sign_up_end = absl::CivilSecond(2026, 5, 1, 18, 0, 0),
          .seats = 10,
          .contact_email = "visits@example.org",
          .rules = {.shares = {{.group = {.territory = "PL81"}, .min = 2}},
                    .confirm_hours = 72,
                    .offer_hours = 48}};
}

TEST(WordsTest, SayTheRules) {
  const Names names{.territories = {{"PL81", "Lubelskie"}}};
  EXPECT_EQ(
      SayRules("en", VisitByRules(), names),
      "## Rules for the seats\n"
      "\n"
      "* There are 10 seats.\n"
      "* Sign-up: until 1 May 2026 at 18:00 (Europe/Warsaw), the last "
      "minute included.\n"
      "* Whoever signs up first has a seat first.\n"
      "* An organisation may say in which order those of its own who wait "
      "are to have seats.\n"
      "* At least 2 seats are kept for people from Lubelskie, until "
      "1 May 2026 at 18:00; then for everybody.\n"
      "* Whoever signs up on a web page confirms the address within 24 hours "
      "by the link that is mailed; the place counts from when the form was "
      "sent.\n"
      "* Until the address is confirmed, at most 5 seats are held for people "
      "who sent the form over one internet connection, and at most 10 seats "
      "for people of one organisation. Whoever comes after them keeps the "
      "place in the queue, and has a free seat as soon as the address is "
      "confirmed.\n"
      "* Only those come whom an organisation nominates: within 72 hours it "
      "confirms that the person comes for it; otherwise the sign-up lapses. "
      "What it refuses can be corrected within the same time.\n"
      "* A seat that becomes free is offered to whoever is next and held "
      "for 48 hours.\n"
      "* Free seats that are too few for a group go to smaller parties "
      "behind it.\n"
      "* Members of a group have to be named by 1 May 2026 at 18:00; "
      "places without a name are lost then.\n"
      "* Whoever thinks that a decision is wrong can write to "
      "visits@example.org.\n");
  StudyVisit drawn = VisitByRules();
  drawn.rules.policy = Policy::kDraw;
  EXPECT_THAT(SayRules("en", drawn, names),
              HasSubstr("no address is confirmed later than 2 May 2026 at "
                        "06:00.\n"));
  EXPECT_THAT(SayRules("pl", VisitByRules(), names),
              AllOf(HasSubstr("Co najmniej 2 miejsca dla grupy „osoby z "
                              "obszaru Lubelskie”"),
                    HasSubstr("1 maja 2026")));
  for (const char* language : kLanguages) {
    EXPECT_THAT(SayRules(language, VisitByRules(), names),
                HasSubstr("Lubelskie"));
  }
}

TEST(WordsTest, SayWhoCountsMoreInADraw) {
  StudyVisit visit = VisitByRules();
  visit.rules = {.policy = Policy::kDraw,
                 .draw_weights = {.years = 2, .newcomers = 3}};
  EXPECT_THAT(
      SayRules("en", visit, {}),
      AllOf(HasSubstr("none of whose people had a seat on a study visit of "
                      "this network in the 2 years before this one has 3 "
                      "times the chance of others"),
            Not(HasSubstr("organisation that had no seat")),
            Not(HasSubstr("larger number"))));
  visit.rules.draw_weights = {
      .years = 1, .newcomers = 3, .new_organizations = 7};
  EXPECT_THAT(SayRules("en", visit, {}),
              AllOf(HasSubstr("in the year before this one has 7 times"),
                    HasSubstr("the larger number counts")));
  EXPECT_THAT(SayRules("pl", visit, {}), HasSubstr("7 razy"));
  EXPECT_THAT(SayRules("cs", visit, {}), HasSubstr("7krát"));
  EXPECT_THAT(SayRules("ka", visit, {}), HasSubstr("7-ჯერ"));
}

TEST(WordsTest, SayWhySomebodyWaitsAndWhoWentAhead) {
  const Names names{.territories = {{"PL81", "Lubelskie"}}};
  const SignUp sign_up{.state = SignUpState::kWaitlisted,
                       .obstacle = {WaitReason::kSeatsKept, 0},
                       .wait_position = 2};
  const Explanation explanation{
      .first_position = 3,
      .overtaken = {{.obstacle = {WaitReason::kSeatsKept, 0},
                     .groups = {{.territory = "PL81"}},
                     .people = 7},
                    {.by_hand = true, .people = 0}},
      .promote_reasons = {"Interprets"}};
  EXPECT_EQ(
      SayWhy("en", VisitByRules(), sign_up, explanation, names),
      "You are number 2 in the queue.\n"
      "The free seats are kept for people from Lubelskie.\n"
      "When you signed up you were number 3 in the queue.\n"
      "7 people behind you went ahead because of this: The free seats are "
      "kept for people from Lubelskie.\n"
      "The host gave some people behind you a seat out of turn. The "
      "reason given: Interprets");
  EXPECT_THAT(SayWhy("pl", VisitByRules(), sign_up, explanation, names),
              HasSubstr("7 osób za Państwem w kolejce"));
  EXPECT_THAT(SayWhy("cs", VisitByRules(), sign_up, explanation, names),
              HasSubstr("několika lidem"));
  StudyVisit visit = VisitByRules();
  visit.rules.shares.push_back({.group = {.sector = Sector::kCivic}, .min = 1});
  visit.rules.shares.push_back({.group = {.staff = true}, .min = 1});
  SignUp kept = sign_up;
  kept.keepers = 0b011;
  EXPECT_EQ(
      SayWhy("en", visit, kept,
             {.overtaken = {{.obstacle = {WaitReason::kSeatsKept, 0},
                             .groups = {{.territory = "PL81"}, {.staff = true}},
                             .people = 5}}},
             names),
      "You are number 2 in the queue.\n"
      "The free seats are kept for several groups: people from "
      "Lubelskie; civil society.\n"
      "5 people behind you went ahead because of this: The free seats "
      "are kept for several groups: people from Lubelskie; staff.");
  for (const char* language : kLanguages) {
    EXPECT_THAT(SayWhy(language, visit, kept, {}, names),
                AllOf(HasSubstr("Lubelskie"),
                      HasSubstr(SayGroup(language, {.sector = Sector::kCivic},
                                         names))));
  }
  EXPECT_THAT(
      SayWhy("en", VisitByRules(), sign_up, {.is_outranked = true}, names),
      AllOf(HasSubstr("Your organisation put some people who signed up "
                      "for it after you ahead of you."),
            Not(HasSubstr("Nobody"))));
  EXPECT_THAT(SayWhy("pl", VisitByRules(), sign_up,
                     {.is_outranked = true, .ranked_people = 7}, names),
              HasSubstr("7 osób, które zgłosiły się"));
  EXPECT_EQ(
      SayWhy("en", VisitByRules(), {.state = SignUpState::kWithdrawn}, {}, {}),
      "This sign-up does not wait any more.");
}

// What nobody has a text for must reach nobody as the name of a text.
TEST(WordsTest, SayEveryReason) {
  const Names names;
  for (int why = 0; why <= static_cast<int>(WaitReason::kVisitOver); ++why) {
    const Obstacle obstacle{static_cast<WaitReason>(why)};
    const SignUp sign_up{.state = SignUpState::kWaitlisted,
                         .obstacle = obstacle,
                         .wait_position = 2};
    for (const char* language : kLanguages) {
      EXPECT_THAT(
          SayWhy(language, VisitByRules(), sign_up,
                 {.overtaken = {{.obstacle = obstacle, .people = 5}}}, names),
          AllOf(Not(HasSubstr("why.")), Not(HasSubstr("{"))))
          << language << " " << why;
    }
  }
  EXPECT_EQ(SayWhy("en", VisitByRules(),
                   {.state = SignUpState::kWaitlisted,
                    .obstacle = {WaitReason::kVisitOver},
                    .wait_position = 2},
                   {}, names),
            "The visit is over; no more seats are given out.\n"
            "Nobody who came after you has gone ahead of you.");
}

}  // namespace
}  // namespace lagnet::visits
