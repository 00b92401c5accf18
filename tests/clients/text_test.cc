#include "clients/cpp/cli/text.h"

#include <sstream>
#include <string>

#include "clients/cpp/cli/facets.h"
#include "clients/cpp/cli/names.h"
#include "clients/cpp/cli/show.h"
#include "clients/cpp/cli/table.h"
#include "gtest/gtest.h"
#include "lagnet/visits/v1/study_visits.pb.h"

namespace lagnet::cli {
namespace {

types::v1::Money Money(int64_t units, const std::string& currency) {
  types::v1::Money money;
  money.set_minor_units(units);
  money.set_currency(currency);
  return money;
}

types::v1::LocalizedText Text(
    const std::vector<std::pair<std::string, std::string>>& texts) {
  types::v1::LocalizedText text;
  for (const auto& [language, words] : texts) {
    (*text.mutable_texts())[language].set_text(words);
  }
  return text;
}

TEST(TextTest, CountsWhatTheEyeSees) {
  EXPECT_EQ(DisplayWidth("Puszcza"), 7);
  EXPECT_EQ(DisplayWidth("łódź"), 4);
  EXPECT_EQ(DisplayWidth("ყაზბეგი"), 7);
  EXPECT_EQ(DisplayWidth("e\xcc\x81"), 1);  // e and a combining accent
  EXPECT_EQ(DisplayWidth("日本"), 4);
  EXPECT_EQ(DisplayWidth("\xff"), 1);
}

TEST(TextTest, CutsBetweenLetters) {
  EXPECT_EQ(Cut("ყაზბეგი", 4), "ყაზ…");
  EXPECT_EQ(Cut("ყაზბეგი", 7), "ყაზბეგი");
  EXPECT_EQ(Cut("日本語", 4), "日…");
}

TEST(TextTest, LeavesNothingThatCommandsATerminal) {
  EXPECT_EQ(OneLine("a\nb\tc"), "a b c");
  EXPECT_EQ(OneLine("\x1b[31m"), "\xef\xbf\xbd[31m");
  EXPECT_EQ(OneLine("a\xe2\x80\xae"
                    "b"),
            "ab");  // right-to-left override
  EXPECT_EQ(OneLine("\xff"), "\xef\xbf\xbd");
}

TEST(TextTest, PicksTheNearestLanguage) {
  const auto text = Text({{"en", "visit"}, {"pl", "wizyta"}, {"sr", "p"}});
  EXPECT_EQ(Pick(text, "pl"), "wizyta");
  EXPECT_EQ(Pick(text, "sr-Latn"), "p");
  EXPECT_EQ(Pick(text, "ka"), "visit");
  EXPECT_EQ(Pick(Text({{"pl", "b"}, {"cs", "a"}}), "ka"), "a");
  EXPECT_EQ(Pick({}, "ka"), "");
}

TEST(TextTest, ReadsTheLanguageOfTheEnvironment) {
  EXPECT_EQ(LanguageOf("ka_GE.UTF-8"), "ka");
  EXPECT_EQ(LanguageOf("pl"), "pl");
  EXPECT_EQ(LanguageOf("C.UTF-8"), "en");
  EXPECT_EQ(LanguageOf(""), "en");
}

TEST(TextTest, ShowsMoney) {
  EXPECT_EQ(Show(Money(17607220, "PLN")), "176,072.20 PLN");
  EXPECT_EQ(Show(Money(5, "EUR")), "0.05 EUR");
  EXPECT_EQ(Show(Money(-123456, "GEL")), "-1,234.56 GEL");
  EXPECT_EQ(Show(Money(1234567, "JPY")), "1,234,567 JPY");
}

TEST(FacetsTest, SaysWhatLeavesOnlyThese) {
  search::v1::Facets facets;
  const auto add = [](auto* counts, const std::string& value,
                      const std::string& name, int count) {
    search::v1::Facets::Count& added = *counts->Add();
    added.set_value(value);
    added.set_display_name(name);
    added.set_count(count);
  };
  add(facets.mutable_kinds(), "LAG", "Local Action Group", 12);
  add(facets.mutable_networks(), "networks/grdn", "ქსელი\n(GRDN)", 9);
  for (int i = 0; i < 10; ++i) {
    add(facets.mutable_themes(), "t" + std::to_string(i), "Theme", 10 - i);
  }
  std::ostringstream out;
  TableOf(facets).Print(out, 0);
  EXPECT_EQ(out.str(),
            "BY       COUNT  ONLY THESE      NAME\n"
            "kind     12     --kind LAG      Local Action Group\n"
            "network  9      --network grdn  ქსელი (GRDN)\n"
            "theme    10     --theme t0      Theme\n"
            "         9      --theme t1      Theme\n"
            "         8      --theme t2      Theme\n"
            "         7      --theme t3      Theme\n"
            "         6      --theme t4      Theme\n"
            "         5      --theme t5      Theme\n"
            "         4      --theme t6      Theme\n"
            "         3      --theme t7      Theme\n"
            "                --json          … and 2 more\n");
}

TEST(TableTest, AlignsByWidthAndCutsAtTheTerminal) {
  Table table({"ID", "TITLE"});
  table.Add({"ყაზბეგი", "one"});
  table.Add({"łódź", "two three"});
  std::ostringstream whole, narrow;
  table.Print(whole, 0);
  EXPECT_EQ(whole.str(),
            "ID       TITLE\n"
            "ყაზბეგი  one\n"
            "łódź     two three\n");
  table.Print(narrow, 12);
  EXPECT_EQ(narrow.str(), "ID       TI…\nყაზბეგი  one\nłódź     tw…\n");
}

TEST(ShowTest, PutsEachFieldOnALine) {
  visits::v1::StudyVisit visit;
  visit.set_name("studyVisits/a");
  *visit.mutable_title() = Text({{"en", "To Latvia"}});
  visit.add_hosts("organizations/x");
  visit.add_hosts("organizations/y");
  visit.set_state(visits::v1::StudyVisit::PUBLISHED);
  auto* day = visit.add_days();
  day->set_date("2027-05-01");
  *day->add_stops()->mutable_title() = Text({{"en", "Farm"}});
  EXPECT_EQ(ShowFields(visit, "en"),
            "name   studyVisits/a\n"
            "hosts  organizations/x, organizations/y\n"
            "title  To Latvia\n"
            "days\n"
            "  -\n"
            "    date  2027-05-01\n"
            "    stops\n"
            "      -\n"
            "        title  Farm\n"
            "state  PUBLISHED\n");
}

TEST(NamesTest, CompletesShortNames) {
  EXPECT_EQ(*FullName("lagnet/StudyVisit", "a"), "studyVisits/a");
  EXPECT_EQ(*FullName("lagnet/StudyVisit", "studyVisits/a"), "studyVisits/a");
  EXPECT_EQ(*FullName("lagnet/SignUp", "a/b"), "studyVisits/a/signUps/b");
  EXPECT_EQ(*FullName("lagnet/SignUp", "studyVisits/a/signUps/b"),
            "studyVisits/a/signUps/b");
  EXPECT_EQ(*FullName("", "anything"), "anything");
}

TEST(NamesTest, RefusesWhatNamesSomethingElse) {
  EXPECT_FALSE(FullName("lagnet/StudyVisit", "organizations/a").ok());
  EXPECT_FALSE(FullName("lagnet/StudyVisit", "").ok());
  EXPECT_FALSE(FullName("lagnet/SignUp", "a").ok());
  EXPECT_FALSE(FullName("lagnet/SignUp", "a/").ok());
}

TEST(NamesTest, ShortensNames) {
  EXPECT_EQ(ShortName("studyVisits/a/signUps/b"), "a/b");
  EXPECT_EQ(ShortName("organizations/a"), "a");
}

}  // namespace
}  // namespace lagnet::cli
