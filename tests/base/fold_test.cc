#include "server/base/fold.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace lagnet {
namespace {

struct FoldCase {
  const char* text;
  const char* folded;
};

TEST(FoldTest, ComparesAcrossCaseDiacriticsAndAlphabets) {
  const FoldCase cases[] = {
      {"", ""},
      {"Kraśnik, LGD", "krasnik lgd"},
      {"ŁÓDŹ Żółć", "lodz zolc"},
      {"Příliš žluťoučký kůň", "prilis zlutoucky kun"},
      {"Đorđe Ørsted Straße Æther", "dorde orsted strasse aether"},
      {"Liepājas rajona partnerība", "liepajas rajona partneriba"},
      {"ლაგოდეხი", "lagodekhi"},
      {"წყალტუბო, ღვინო", "tsqaltubo ghvino"},
      {"ჟანგბადი ჩაი ჯვარი", "zhangbadi chai jvari"},
      {"ᲚᲐᲒᲝᲓᲔᲮᲘ", "lagodekhi"},  // Mtavruli.
      {"Ⴊაგოდეხი", "lagodekhi"},                  // An Asomtavruli capital.
      {"Ts'alka, K’eda", "tsalka keda"},
      {"Havlíčkův kraj, o.p.s.", "havlickuv kraj ops"},
      {"Garbatka-Letnisko", "garbatka letnisko"},
      {"  – a \t b –  ", "a b"},
      {"ﬁne ＡＢＣ ①", "fine abc 1"},
      {"No. 12", "no 12"},
      {"Лагодехи", "лагодехи"},
  };
  for (const FoldCase& c : cases) EXPECT_EQ(Fold(c.text), c.folded) << c.text;
}

TEST(FoldTest, FoldsWhatIsFoldedToItself) {
  for (const char* text : {"Dedoplists'q'aro", "Žďár nad Sázavou", "ქუთაისი"}) {
    EXPECT_EQ(Fold(Fold(text)), Fold(text));
  }
}

TEST(FoldTest, TakesAnyBytes) {
  EXPECT_EQ(Fold("a\xff\xfe"
                 "b\xe1\x83"),
            "a b");
  EXPECT_EQ(Fold(std::string("a\0b", 3)), "a b");
  EXPECT_EQ(Fold("\u202Elag\u200F"), "lag");
}

bool Meet(const std::string& one, const std::string& other) {
  const std::vector<std::string> left = Skeletons(Fold(one));
  const std::vector<std::string> right = Skeletons(Fold(other));
  return std::any_of(left.begin(), left.end(), [&](const std::string& s) {
    return std::find(right.begin(), right.end(), s) != right.end();
  });
}

TEST(SkeletonsTest, SpellingsOfOneNameMeet) {
  const std::vector<std::vector<const char*>> names = {
      {"ლაგოდეხი", "Lagodekhi", "Lagodechi", "lagodexi", "Lagodehi"},
      {"ბორჯომი", "Borjomi", "Bordżomi", "Bordžomi", "Bordzhomi", "Bordjomi",
       "Bordschomi", "Bordzomi"},
      {"ხულო", "Khulo", "Chulo", "Xulo", "Hulo"},
      {"წყალტუბო", "Tskaltubo", "Tsqaltubo", "Ckaltubo", "Tzkaltubo"},
      {"კახეთი", "Kakheti", "Kachetia", "Kachetie", "Kaxeti"},
      {"ჩოხატაური", "Chokhatauri", "Czochatauri", "Čochatauri", "Coxatauri",
       "Tschochatauri"},
      {"სიღნაღი", "Sighnaghi", "Signagi"},
      {"ყვარელი", "Kvareli", "Qvareli", "Kwareli"},
      {"წალკა", "Tsalka", "Calka", "Ts'alka"},
      {"ჯავახეთი", "Javakheti", "Dżawachetia", "Džavacheti", "Djavakheti"},
      {"შატილი", "Shatili", "Szatili", "Šatili", "Schatili", "Satili"},
      {"ჟინვალი", "Zhinvali", "Żinwali", "Žinvali"},
      {"მცხეთა", "Mtskheta", "Mccheta"},
      {"თუშეთი", "Tusheti", "Tuszetia", "Tušetie"},
  };
  for (const auto& spellings : names) {
    for (const char* spelling : spellings) {
      EXPECT_TRUE(Meet(spellings.front(), spelling)) << spelling;
    }
  }
}

TEST(SkeletonsTest, OtherNamesDoNotMeet) {
  const std::pair<const char*, const char*> names[] = {
      {"Keda", "Kuda"},           {"Telavi", "Tbilisi"}, {"Mestia", "Most"},
      {"Kozienice", "Konin"},     {"Telč", "Teplice"},   {"Gori", "Guria"},
      {"Akhmeta", "Akhalkalaki"},
  };
  for (const auto& [one, other] : names) {
    EXPECT_FALSE(Meet(one, other)) << one << " " << other;
  }
}

TEST(SkeletonsTest, GivesEachReadingOfWhatIsAmbiguous) {
  EXPECT_EQ(Skeletons("chulo"), (std::vector<std::string>{"CULO", "HULO"}));
  EXPECT_LE(Skeletons("chchchchjjchjchjch").size(), 8u);
  EXPECT_TRUE(Skeletons("").empty());
  EXPECT_TRUE(Skeletons("лагодехи").empty());
}

TEST(GeorgianKeysTest, ReadsLatinKeysAsTheyLie) {
  EXPECT_EQ(FromGeorgianKeys("lagodexi"), "ლაგოდეხი");
  EXPECT_EQ(FromGeorgianKeys("walka"), "წალკა");
  EXPECT_EQ(FromGeorgianKeys("yazbegi"), "ყაზბეგი");
  EXPECT_EQ(FromGeorgianKeys("TuSeTi"), "თუშეთი");
  EXPECT_EQ(FromGeorgianKeys("telč"), "");
  EXPECT_EQ(FromGeorgianKeys("a1"), "");
}

TEST(IsGeorgianTest, KnowsTheLetters) {
  EXPECT_TRUE(IsGeorgian("ა"));
  EXPECT_TRUE(IsGeorgian("ᲚᲐ"));
  EXPECT_TRUE(IsGeorgian("LEADER-ის"));
  EXPECT_FALSE(IsGeorgian("ładny"));
  EXPECT_FALSE(IsGeorgian(""));
}

}  // namespace
}  // namespace lagnet
