#include "server/search/analysis.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/search/georgian.h"
#include "tests/search/lemmas.h"
#include "tests/support/captured_log.h"

namespace lagnet::search {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(GeorgianStemTest, FormsOfOneWordMeet) {
  const std::vector<std::vector<const char*>> words = {
      {"ლაგოდეხი", "ლაგოდეხის", "ლაგოდეხში", "ლაგოდეხიდან", "ლაგოდეხს",
       "ლაგოდეხამდე", "ლაგოდეხისთვის", "ლაგოდეხიც", "ლაგოდეხისა"},
      {"ჯგუფი", "ჯგუფის", "ჯგუფმა", "ჯგუფს", "ჯგუფით", "ჯგუფად", "ჯგუფები",
       "ჯგუფების", "ჯგუფებისთვის", "ჯგუფებს", "ჯგუფებთან", "ჯგუფზე"},
      {"ქედა", "ქედის", "ქედაში", "ქედიდან"},
      {"ხულო", "ხულოს", "ხულოში", "ხულოდან", "ხულოსთვის", "ხულომდე"},
      {"გურია", "გურიის", "გურიაში", "გურიიდან"},
      {"ქალი", "ქალები", "ქალების", "ქალთან"},
      {"საქართველო", "საქართველოს", "საქართველომ", "საქართველოში"},
      {"თბილისი", "თბილისის", "თბილისში"},
      {"პროგრამა", "პროგრამის", "პროგრამას", "პროგრამები"},
  };
  for (const auto& forms : words) {
    for (const char* form : forms) {
      EXPECT_EQ(GeorgianStem(form), GeorgianStem(forms.front())) << form;
    }
  }
}

TEST(GeorgianStemTest, VowelsThatFallOutDoNotPartForms) {
  const std::pair<const char*, const char*> words[] = {{"სოფელი", "სოფლის"},
                                                       {"სოფელში", "სოფლები"},
                                                       {"წყალი", "წყლის"},
                                                       {"ბაზარი", "ბაზრის"},
                                                       {"ყვარელი", "ყვარლის"}};
  for (const auto& [one, other] : words) {
    EXPECT_EQ(WithoutSyncope(GeorgianStem(one)),
              WithoutSyncope(GeorgianStem(other)))
        << one;
  }
}

TEST(GeorgianStemTest, LeavesWhatIsShortOrForeign) {
  EXPECT_EQ(GeorgianStem("და"), "და");
  EXPECT_EQ(GeorgianStem("მთა"), "მთ");
  EXPECT_EQ(GeorgianStem("leader"), "leader");
  EXPECT_EQ(GeorgianStem(""), "");
  EXPECT_EQ(WithoutSyncope("თელავ"), "თელავ");
}

TEST(LightStemTest, FormsOfOneNameMeet) {
  const std::vector<std::vector<const char*>> words = {
      {"kozienicka", "kozienickiej", "kozienickich", "kozienickie"},
      {"telcsko", "telcska", "telcsku"},
      {"kozienice", "kozienic", "kozienicach"},
      {"kakheti", "kakhetia", "kakhetie"},
      {"khulo", "khul"},
  };
  for (const auto& forms : words) {
    for (const char* form : forms) {
      EXPECT_EQ(LightStem(form), LightStem(forms.front())) << form;
    }
  }
  EXPECT_EQ(LightStem("las"), "las");
  EXPECT_EQ(LightStem("ego"), "ego");
  EXPECT_EQ(LightStem(""), "");
}

class AnalysisTest : public testing::Test {
 protected:
  // How one word is found by another, the best way; ' ' if it is not.
  char Meet(const std::string& asked, const std::string& language,
            const std::string& found) const {
    const auto left = analysis_.TermsOf(asked, "");
    const auto right = analysis_.TermsOf(found, language);
    for (const char level : {'e', 'l', 't', 's'}) {
      for (const std::string& term : left) {
        if (term[0] == level &&
            std::find(right.begin(), right.end(), term) != right.end()) {
          return level;
        }
      }
    }
    return ' ';
  }

  const Analysis analysis_{&TestLemmas()};
};

TEST_F(AnalysisTest, MeetsEachWayThatItShould) {
  struct Case {
    const char* asked;
    const char* language;
    const char* found;
    char level;
  };
  const Case cases[] = {
      {"LAGODEKHI", "en", "Lagodekhi", 'e'},
      {"telcsko", "cs", "Telčsko", 'e'},
      {"krasnik", "pl", "Kraśnik", 'e'},
      {"lagodekhi", "ka", "ლაგოდეხი", 'e'},
      {"ლაგოდეხი", "en", "Lagodekhi", 'e'},
      {"puszczy", "pl", "puszcza", 'l'},
      {"wsi", "pl", "wieś", 'l'},
      {"stezce", "cs", "stezka", 'l'},
      {"lodí", "cs", "loď", 'l'},
      {"villages", "en", "village", 'l'},
      {"კახეთი", "ka", "კახეთის", 't'},
      {"სოფელი", "ka", "სოფლის", 't'},
      {"Telčska", "cs", "Telčsko", 't'},
      {"Bordżomi", "ka", "ბორჯომის", 's'},
      {"Chulo", "ka", "ხულოს", 's'},
      {"Lagodechi", "en", "Lagodekhi", 's'},
      {"კოტლა", "pl", "Kotla", 'e'},
      {"Kotla", "pl", "Panki", ' '},
      {"Gori", "en", "Guria", ' '},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Meet(c.asked, c.language, c.found), c.level)
        << c.asked << " " << c.found;
  }
}

TEST_F(AnalysisTest, AsksTheDictionaryOfTheTextsLanguageOnly) {
  EXPECT_THAT(analysis_.TermsOf("stezce", "pl"),
              testing::Not(Contains("lstezka")));
  EXPECT_THAT(analysis_.TermsOf("stezce", "cs"), Contains("lstezka"));
  EXPECT_THAT(analysis_.TermsOf("stezce", "cs-CZ"), Contains("lstezka"));
}

TEST_F(AnalysisTest, TakesAnyBytes) {
  EXPECT_THAT(analysis_.TermsOf("", ""), IsEmpty());
  EXPECT_THAT(analysis_.TermsOf("\xff\xfe", ""), IsEmpty());
  EXPECT_THAT(analysis_.TermsOf("–", ""), IsEmpty());
  EXPECT_THAT(analysis_.TermsOf(std::string(5000, 'a'), ""), IsEmpty());
  EXPECT_THAT(SplitWords("\xc3\x28 a\xff b"), testing::Not(IsEmpty()));
}

TEST(SplitWordsTest, FollowsUnicode) {
  const auto words = [](const std::string& text) {
    std::vector<std::string> result;
    for (const Word& word : SplitWords(text)) {
      result.push_back(text.substr(word.begin, word.end - word.begin));
    }
    return result;
  };
  EXPECT_THAT(words("MAS LEADER–Loucko, z.s."),
              ElementsAre("MAS", "LEADER", "Loucko", "z.s"));
  EXPECT_THAT(words("„Puszcza” Ts'alka 333"),
              ElementsAre("Puszcza", "Ts'alka", "333"));
  EXPECT_THAT(words("LEADER-ის"), ElementsAre("LEADER", "ის"));
  EXPECT_THAT(words(" ( ) * "), IsEmpty());
}

TEST(LemmasTest, DoWithoutDictionaries) {
  support::CapturedLog log;
  const Lemmas none("/no/such/folder");
  EXPECT_THAT(none.Of("puszczy", "pl"), IsEmpty());
  EXPECT_THAT(log.LineWith("dictionary_missing"), HasSubstr("pl_PL"));
}

}  // namespace
}  // namespace lagnet::search
