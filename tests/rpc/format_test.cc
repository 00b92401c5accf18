#include "server/rpc/format.h"

#include <string>

#include "gtest/gtest.h"

namespace lagnet::rpc {
namespace {

using options::v1::Format;

struct Spelling {
  Format format;
  std::string text;
  bool good;
};

std::string Times(int n, const std::string& text) {
  std::string result;
  while (n-- > 0) result += text;
  return result;
}

const Spelling kSpellings[] = {
    {Format::SLUG, "abcd", true},
    {Format::SLUG, "lag-kazbegi-2", true},
    {Format::SLUG, "a" + Times(62, "b"), true},
    {Format::SLUG, "a" + Times(63, "b"), false},
    {Format::SLUG, "abc", false},
    {Format::SLUG, "2abc", false},
    {Format::SLUG, "-abc", false},
    {Format::SLUG, "abc-", false},
    {Format::SLUG, "aBcd", false},
    {Format::SLUG, "ab_cd", false},
    {Format::SLUG, "łódź", false},
    {Format::SLUG, "ab/cd", false},
    {Format::UUID, "0b2a6d0e-3c0c-4c1a-9d0e-5a3b1f6c7d8e", true},
    {Format::UUID, "0B2A6D0E-3C0C-4C1A-9D0E-5A3B1F6C7D8E", true},
    {Format::UUID, "0b2a6d0e3c0c4c1a9d0e5a3b1f6c7d8e", false},
    {Format::UUID, "0b2a6d0e-3c0c-4c1a-9d0e-5a3b1f6c7d8g", false},
    {Format::UUID, "{0b2a6d0e-3c0c-4c1a-9d0e-5a3b1f6c7d8e}", false},
    {Format::EMAIL, "nino@lag.example.org", true},
    {Format::EMAIL, "n.i+x'y@a-b.ge", true},
    {Format::EMAIL, "nino@żółw.pl", true},
    {Format::EMAIL, "nino", false},
    {Format::EMAIL, "nino@", false},
    {Format::EMAIL, "@lag.ge", false},
    {Format::EMAIL, "nino@localhost", false},
    {Format::EMAIL, "a@b@c.ge", false},
    {Format::EMAIL, ".a@b.ge", false},
    {Format::EMAIL, "a.@b.ge", false},
    {Format::EMAIL, "a..b@b.ge", false},
    {Format::EMAIL, "a b@c.ge", false},
    {Format::EMAIL, "a@b..ge", false},
    {Format::EMAIL, "a@-b.ge", false},
    {Format::EMAIL, "a@b-.ge", false},
    {Format::EMAIL, "a@b.ge\nBcc: x@y.zz", false},
    {Format::EMAIL, "Nino <a@b.ge>", false},
    {Format::EMAIL, Times(65, "a") + "@b.ge", false},
    {Format::EMAIL, "a@" + Times(64, "b") + ".ge", false},
    {Format::LANGUAGE, "ka", true},
    {Format::LANGUAGE, "kat", true},
    {Format::LANGUAGE, "sr-Latn-RS", true},
    {Format::LANGUAGE, "KA", false},
    {Format::LANGUAGE, "k", false},
    {Format::LANGUAGE, "georgian", false},
    {Format::LANGUAGE, "ka-", false},
    {Format::LANGUAGE, "ka_GE", false},
    {Format::LANGUAGE, "ka-toolongtag", false},
    {Format::TIME_ZONE, "Asia/Tbilisi", true},
    {Format::TIME_ZONE, "Europe/Warsaw", true},
    {Format::TIME_ZONE, "Europe/Kazbegi", false},
    {Format::TIME_ZONE, "localtime", false},
    {Format::TIME_ZONE, "../etc/passwd", false},
    {Format::TIME_ZONE, "/etc/localtime", false},
    {Format::CURRENCY, "PLN", true},
    {Format::CURRENCY, "pln", false},
    {Format::CURRENCY, "PL", false},
    {Format::CURRENCY, "PLNX", false},
    {Format::LOCAL_DATE_TIME, "2026-09-19T09:00", true},
    {Format::LOCAL_DATE_TIME, "2026-09-19T09:00:30", true},
    {Format::LOCAL_DATE_TIME, "2026-09-19 09:00", false},
    {Format::LOCAL_DATE_TIME, "2026-09-19", false},
    {Format::LOCAL_DATE_TIME, "2026-09-19T25:00", false},
    {Format::LOCAL_DATE_TIME, "2026-09-19T09:00Z", false},
    {Format::LOCAL_DATE, "2026-02-28", true},
    {Format::LOCAL_DATE, "2028-02-29", true},
    {Format::LOCAL_DATE, "2026-02-29", false},
    {Format::LOCAL_DATE, "2026-2-28", false},
    {Format::LOCAL_DATE, "28.02.2026", false},
    {Format::COUNTRY, "GE", true},
    {Format::COUNTRY, "ge", false},
    {Format::COUNTRY, "GEO", false},
    {Format::COUNTRY, "XK", true},
    {Format::COUNTRY, "XX", false},
    {Format::COUNTRY, "QQ", false},
    {Format::URL, "https://lag.example.org/a?b=c#d", true},
    {Format::URL, "http://lag.example.org", true},
    {Format::URL, "ftp://lag.example.org", false},
    {Format::URL, "javascript:alert(1)", false},
    {Format::URL, "https://", false},
    {Format::URL, "https:///etc/passwd", false},
    {Format::URL, "https://a b", false},
    {Format::URL, "https://a\"onclick=", false},
    {Format::URL, "https://a/<script>", false},
    {Format::FORMAT_UNSPECIFIED, "anything at all", true},
};

TEST(FormatTest, KnowsGoodFromBad) {
  for (const Spelling& c : kSpellings) {
    EXPECT_EQ(WrongFormat(c.text, c.format).empty(), c.good)
        << options::v1::Format_Name(c.format) << " " << c.text;
  }
}

TEST(FormatTest, HasCasesForEveryFormat) {
  const auto* formats = options::v1::Format_descriptor();
  for (int i = 0; i < formats->value_count(); ++i) {
    const bool tried = std::any_of(
        std::begin(kSpellings), std::end(kSpellings), [&](const Spelling& c) {
          return c.format == formats->value(i)->number();
        });
    EXPECT_TRUE(tried) << formats->value(i)->name();
  }
}

TEST(CharactersTest, RefusesWhatHidesOrTurnsText) {
  for (const std::string& text :
       {std::string("a\0b", 3), std::string("\x01"), std::string("a\x1b[31m"),
        std::string("\x7f"), std::string("a\xc2\x85z"),
        std::string("\xe2\x80\xae"
                    "abc"),
        std::string("\xe2\x81\xa6"), std::string("\xe2\x80\xaa")}) {
    EXPECT_NE(WrongCharacters(text), "") << text;
  }
}

TEST(CharactersTest, TakesWhatPeopleWrite) {
  for (const char* text :
       {"", "one\ntwo\r\n\tthree", "ყაზბეგი", "Příští", "🌲", "nbsp\xc2\xa0",
        "dash \xe2\x80\x93", "zero\xe2\x80\x8bwidth"}) {
    EXPECT_EQ(WrongCharacters(text), "") << text;
  }
}

TEST(CharactersTest, CountsCodePointsAndNotBytes) {
  EXPECT_EQ(CountCodePoints(""), 0);
  EXPECT_EQ(CountCodePoints("abc"), 3);
  EXPECT_EQ(CountCodePoints("ყაზბეგი"), 7);
  EXPECT_EQ(CountCodePoints("🌲é"), 2);
}

}  // namespace
}  // namespace lagnet::rpc
