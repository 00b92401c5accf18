#include "server/mail/header.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace lagnet::mail {
namespace {

// What a reader makes of encoded words.
std::string Decode(const std::string& header) {
  std::string text;
  for (absl::string_view word :
       absl::StrSplit(absl::StrReplaceAll(header, {{"\r\n ", "\n"}}), '\n')) {
    EXPECT_LE(word.size(), 75U);
    EXPECT_TRUE(absl::ConsumePrefix(&word, "=?UTF-8?B?")) << word;
    EXPECT_TRUE(absl::ConsumeSuffix(&word, "?=")) << word;
    std::string piece;
    EXPECT_TRUE(absl::Base64Unescape(word, &piece));
    // Each word is whole letters: the first byte starts one.
    EXPECT_NE(static_cast<unsigned char>(piece[0]) >> 6, 2);
    text += piece;
  }
  return text;
}

TEST(HeaderTest, LeavesPlainTextAsItIs) {
  EXPECT_EQ(EncodeHeader("You have a seat: Forest and food"),
            "You have a seat: Forest and food");
}

TEST(HeaderTest, EncodesWhatIsNotPlain) {
  const std::string georgian =
      "თქვენთვის ადგილი გათავისუფლდა: ხულოს ადგილობრივი განვითარების ჯგუფი";
  for (const std::string& text :
       {georgian, std::string("Żołędziowa 7"), std::string(300, 'a'),
        std::string("=?UTF-8?B?bm8=?="), "a" + georgian, "ab" + georgian}) {
    EXPECT_EQ(Decode(EncodeHeader(text)), text);
  }
}

TEST(HeaderTest, AddsNoHeaderByATitle) {
  EXPECT_EQ(EncodeHeader("Forest\r\nBcc: everybody@example.org"),
            "Forest  Bcc: everybody@example.org");
  EXPECT_THAT(Decode(EncodeHeader("ტყე\r\nBcc: everybody@example.org")),
              testing::Not(testing::HasSubstr("\n")));
}

}  // namespace
}  // namespace lagnet::mail
